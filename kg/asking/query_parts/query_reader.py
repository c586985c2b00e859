"""Reader of a query: which triple patterns it joins, with which literals it compares a variable."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace

import pyoxigraph as ox

from kg.asking.query_parts import paths
from kg.asking.query_parts.paths import Pattern, Slot
from kg.asking.query_parts.token_stream import TokenStream
from kg.asking.query_parts.tokens import Token

_END = ("", "}")
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


@dataclass(slots=True)
class QueryParts:
    """What hints need of a query: `tokens`, `patterns`, and the literals that a variable must equal.

    `properties` and `classes` are the places of terms that stand as such. `graphs` and `named` are those of
    FROM and FROM NAMED.
    """

    tokens: list[Token]
    patterns: list[Pattern] = field(default_factory=list)
    equals: list[tuple[str, ox.Literal, int]] = field(default_factory=list)
    properties: set[int] = field(default_factory=set)
    classes: set[int] = field(default_factory=set)
    graphs: list[ox.NamedNode] = field(default_factory=list)
    named: list[ox.NamedNode] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Around:
    """The surroundings of a pattern: its graph, the groups around it, and whether the answer needs them."""

    graph: Slot | None = None
    groups: tuple[int, ...] = ()
    needed: bool = True


def read(stream: TokenStream) -> QueryParts:
    """Return the parts of the query in `stream`, up to a place that is not understood."""
    reader = _Reader(stream)
    # Only hints are missing then: the engine has accepted the query.
    with suppress(SyntaxError, RecursionError):
        reader.query(_Around())
    return reader.parts


class _Reader:
    """Recursive descent through groups, by the rules of SPARQL 1.1 section 19.8."""

    def __init__(self, stream: TokenStream) -> None:
        self.stream = stream
        self.parts = QueryParts(stream.tokens[stream.place : -1])
        self._fresh = paths.fresh_names()
        self._groups = 0

    def query(self, around: _Around) -> None:
        form = self.stream.step().word
        if form not in _FORMS:
            raise SyntaxError(f"no query begins with {form}")
        if form == "CONSTRUCT" and self.stream.next.word == "{":
            self.stream.skip_brackets()
            self.parts.tokens = self.stream.tokens[self.stream.place : -1]  # the template matches nothing
        while self.stream.next.word != "{":
            if self.stream.take("FROM"):
                named = self.stream.take("NAMED")
                graph = self.stream.variable_or_iri()
                if isinstance(graph, ox.NamedNode):
                    (self.parts.named if named else self.parts.graphs).append(graph)
            else:
                self.stream.skip_term_or_brackets()
        self._group(around)

    def _group(self, around: _Around) -> None:
        """Read a group from its opening brace to its closing one."""
        self._groups += 1
        around = replace(around, groups=(*around.groups, self._groups))
        self.stream.expect("{")
        if self.stream.next.word == "SELECT":  # its variables need not be those of the query around it
            self.query(replace(around, groups=()))
            while self.stream.next.text not in _END:
                self.stream.skip_term_or_brackets()
        while not self.stream.take("}"):
            self._item(around)

    def _item(self, around: _Around) -> None:
        word = self.stream.next.word
        if word == ".":
            self.stream.step()
        elif word == "{":
            self._alternatives(around)
        elif word in ("OPTIONAL", "MINUS"):
            self.stream.step()
            self._group(replace(around, needed=False))
        elif word == "GRAPH":
            self.stream.step()
            self._group(replace(around, graph=self.stream.variable_or_iri()))
        elif word == "SERVICE":
            self.stream.step()
            self.stream.take("SILENT")
            self.stream.variable_or_iri()
            self.stream.skip_brackets()
        elif word in ("FILTER", "BIND", "VALUES"):
            self.stream.step()
            getattr(self, f"_{word.lower()}")(around)
        else:
            self._triples(around)

    def _alternatives(self, around: _Around) -> None:
        """Read one group, or several with UNION between them: if the answer is empty, each of them is."""
        self._group(around)
        while self.stream.take("UNION"):
            self._group(around)

    def _filter(self, around: _Around) -> None:
        self.stream.take("NOT")
        if self.stream.take("EXISTS"):
            self._group(replace(around, needed=False))
        elif self.stream.next.text == "(":
            self._comparisons(self.stream.skip_brackets())
        else:
            self.stream.step()
            self.stream.skip_brackets()

    def _bind(self, _: _Around) -> None:
        self.stream.skip_brackets()

    def _values(self, _: _Around) -> None:
        variable = self.stream.next
        self.stream.skip_term_or_brackets()
        if variable.kind != "variable":
            self.stream.skip_brackets()
            return
        self.stream.expect("{")
        while not self.stream.take("}"):
            self._compare(variable, self.stream.start, self.stream.term())

    def _comparisons(self, tokens: list[Token]) -> None:
        """Note the literals of `?variable = literal` and `literal = ?variable` among `tokens`."""
        behind = self.stream.place
        first = behind - len(tokens) - 1
        for n, token in enumerate(tokens):
            if token.text != "=" or not 0 < n < len(tokens) - 1:
                continue
            if tokens[n - 1].kind == "variable":
                self._literal_at(first + n + 1, tokens[n - 1])
            elif tokens[n + 1].kind == "variable" and tokens[n - 1].kind == "string":
                self._literal_at(first + n - 1, tokens[n + 1])
        self.stream.place = behind

    def _literal_at(self, place: int, variable: Token) -> None:
        self.stream.place = place
        if self.stream.next.kind == "string":
            self._compare(variable, self.stream.start, self.stream.term())

    def _compare(self, variable: Token, start: int, term: Slot) -> None:
        if isinstance(term, ox.Literal):
            self.parts.equals.append((variable.text.lstrip("?$"), term, start))

    def _triples(self, around: _Around) -> None:
        bracketed = self.stream.next.text in ("[", "(")
        subject = self._node(around)
        if not (bracketed and self.stream.next.word in (".", "}")):
            self._properties(subject, around)

    def _properties(self, subject: Slot, around: _Around) -> None:
        while True:
            path = paths.read_path(self.stream)
            self.parts.properties.update(paths.properties(path))
            self._objects(subject, path, around)
            if not self.stream.take(";"):
                return
            while self.stream.take(";"):
                pass
            if self.stream.next.word in (".", "}", "]"):
                return

    def _objects(self, subject: Slot, path: paths.Path, around: _Around) -> None:
        while True:
            start = self.stream.start
            target = self._node(around)
            if path.slot == self.stream.type:
                self.parts.classes.add(start)
            for pattern in paths.needed_patterns(path, subject, target, self._fresh):
                self.parts.patterns.append(
                    replace(pattern, graph=around.graph, groups=around.groups, needed=around.needed)
                )
            if not self.stream.take(","):
                return

    def _node(self, around: _Around) -> Slot:
        """Return the term here; a name that no query has for brackets, whose content is read."""
        if self.stream.next.text == "(":
            self.stream.skip_brackets()
            return next(self._fresh)
        if not self.stream.take("["):
            return self.stream.term()
        name = next(self._fresh)
        if not self.stream.take("]"):
            self._properties(name, around)
            self.stream.expect("]")
        return name
