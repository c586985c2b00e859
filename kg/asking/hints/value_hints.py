"""Hints on literals: the graph has the value with another language tag or datatype, or a similar text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice

import pyoxigraph as ox
from rapidfuzz import fuzz, process

from kg.asking.hints.hint import Hint, hint_at
from kg.asking.hints.lookups import Lookups
from kg.asking.hints.term_hints import Found
from kg.asking.hints.term_names import written
from kg.asking.query_parts.paths import Pattern
from kg.asking.query_parts.query_reader import QueryParts
from kg.errors import did_you_mean
from kg.namespaces import XSD

_SAMPLE = 1_500  # triples of a property that are read
_ALIKE = 60  # of 100
_MOST = 3
_FEW = 20  # triples with a literal, whatever their property
_STRING = f"{XSD}string"
_NUMBERS = tuple(f"{XSD}{name}" for name in ("integer", "decimal", "double"))


@dataclass(frozen=True, slots=True)
class ValueHints:
    """The hints on the literals of the `query` that is read into `parts`."""

    query: str
    parts: QueryParts
    lookups: Lookups

    def all(self) -> Iterator[Found]:
        """Yield a hint for each literal that no triple with its property has, and the literal."""
        for pattern, literal, start in chain(self._objects(), self._compared()):
            if isinstance(pattern.predicate, ox.NamedNode):
                hints = self._on(pattern, pattern.predicate, literal, start)
                yield from ((hint, str(literal)) for hint in hints)

    def _objects(self) -> Iterator[tuple[Pattern, ox.Literal, int]]:
        for pattern in self.parts.patterns:
            if isinstance(pattern.object, ox.Literal):
                yield pattern, pattern.object, pattern.start

    def _compared(self) -> Iterator[tuple[Pattern, ox.Literal, int]]:
        for variable, literal, start in self.parts.equals:
            for pattern in self.parts.patterns:
                if pattern.object == variable:
                    yield pattern, literal, start

    def _on(
        self, pattern: Pattern, predicate: ox.NamedNode, literal: ox.Literal, start: int
    ) -> Iterator[Hint]:
        if self.lookups.matches(pattern, subject="s", object=literal):
            return
        values = [quad.object for quad in self.lookups.some(_SAMPLE, predicate)]
        literals = [value for value in values if isinstance(value, ox.Literal)]
        if not literals:
            return
        name = written(predicate.value)
        forms = sorted({_form(value) for value in literals})
        kind = "literal-language" if any("@" in form for form in forms) else "literal-datatype"
        others = _others(literal, literals)
        same = [shown(other) for other in others if self.lookups.matches(pattern, subject="s", object=other)]
        if same:
            message = f"no {name} is {shown(literal)}; the graph has {' and '.join(same)}"
            yield hint_at(self.query, start, kind, message, same)
            return
        near = self._elsewhere([literal, *others]) or _similar(literal, literals)
        if _form(literal) not in forms:
            rule = f"{shown(literal)} is {_form(literal)}, but {name} is {' or '.join(forms)}"
            yield hint_at(self.query, start, kind, _joined(rule, did_you_mean(near)), near)
        elif near:
            message = _joined(f"no {name} is {shown(literal)}", did_you_mean(near))
            yield hint_at(self.query, start, "nothing-matches", message, near)

    def _elsewhere(self, literals: list[ox.Literal]) -> list[str]:
        """Return the other properties that have one of `literals`, each with it."""
        quads = (quad for literal in literals for quad in self.lookups.quads(None, None, literal))
        found = dict.fromkeys(
            f"{written(quad.predicate.value)} {shown(quad.object)}"
            for quad in islice(quads, _FEW)
            if isinstance(quad.object, ox.Literal)
        )
        return list(found)[:_MOST]


def shown(literal: ox.Literal) -> str:
    """Return a literal as it is written in SPARQL, numbers without quotation marks."""
    datatype = literal.datatype.value
    if datatype in _NUMBERS[:2]:
        return literal.value if datatype == _NUMBERS[0] or "." in literal.value else f"{literal.value}.0"
    if datatype.startswith(XSD) and datatype != _STRING:
        return f'"{literal.value}"^^xsd:{datatype.removeprefix(XSD)}'
    return str(literal)


def _form(literal: ox.Literal) -> str:
    """Return what distinguishes equal texts: the language tag or the datatype, in words."""
    if literal.language:
        return f"in @{literal.language}"
    datatype = literal.datatype.value
    return "without a language tag" if datatype == _STRING else written(datatype)


def _others(literal: ox.Literal, literals: list[ox.Literal]) -> list[ox.Literal]:
    """Return `literal` with each language tag and datatype that `literals` have."""
    tags = sorted({value.language for value in literals if value.language})
    datatypes = sorted({value.datatype.value for value in literals if not value.language})
    tagged = [ox.Literal(literal.value, language=tag) for tag in tags]
    plain = _plain_number(literal)
    typed = [
        ox.Literal(plain if datatype in _NUMBERS else literal.value, datatype=ox.NamedNode(datatype))
        for datatype in datatypes
    ]
    return [other for other in (*tagged, *typed) if other != literal]


def _plain_number(literal: ox.Literal) -> str:
    """Return the value of a number without an exponent; the text of any other literal."""
    try:
        return f"{Decimal(literal.value).normalize():f}"
    except ArithmeticError:
        return literal.value


def _similar(literal: ox.Literal, literals: list[ox.Literal]) -> list[str]:
    """Return those of `literals` whose text resembles or begins with that of `literal`, as in SPARQL."""
    wanted = literal.value.lower()
    texts = {value: value.value.lower() for value in literals}
    found = [value for value, *_ in _most_like(wanted, texts)]
    starting = (value for value, text in texts.items() if wanted and text.startswith(wanted))
    return list(dict.fromkeys(map(shown, (*found, *islice(starting, _MOST)))))[:_MOST]


def _most_like(wanted: str, texts: dict[ox.Literal, str]) -> list[tuple[ox.Literal, float, str]]:
    found = process.extract(wanted, texts, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=2 * _MOST)
    ranked = ((value, score, text) for text, score, value in found)
    return sorted(ranked, key=lambda one: (-one[1], one[0].language != "en", shown(one[0])))


def _joined(*sentences: str) -> str:
    return "; ".join(filter(None, sentences))
