"""Hints on the terms of a query: unknown, unused and retired ones, and misspelt namespaces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kg.asking.hints.foreign_terms import ForeignTerms
from kg.asking.hints.hint import Hint, hint_at
from kg.asking.hints.known_terms import KnownTerms
from kg.asking.hints.lookups import Lookups
from kg.asking.hints.term_names import written
from kg.asking.query_parts.query_reader import QueryParts
from kg.asking.query_parts.token_stream import TokenStream
from kg.asking.query_parts.tokens import Token, iri_of
from kg.errors import did_you_mean
from kg.namespaces import CG, GRAPH, ID, PREFIXES

_SCHEME = re.compile(r"^[a-z]+://(?:www\.)?", re.IGNORECASE)
_NAMESPACES = tuple(PREFIXES.values())
_FEW = 10  # terms that are looked up to see whether a namespace is in use
Found = tuple[Hint, str]  # and the IRI or literal that it is on

_KINDS = {"class": "class", "property": "property", "": "term"}


@dataclass(frozen=True, slots=True)
class TermHints:
    """The hints on the terms of the `query` that is read into `stream` and `parts`."""

    query: str
    stream: TokenStream
    parts: QueryParts
    lookups: Lookups
    known: KnownTerms
    foreign: ForeignTerms

    @property
    def prefixes(self) -> Mapping[str, str]:
        """Return the prefixes that need no declaration."""
        return self.known.names.prefixes

    def all(self) -> Iterator[Found]:
        """Yield a hint for each wrong term, in the order of the query, with its IRI or namespace."""
        declared = list(self._declared())
        yield from declared
        misspelt = tuple(namespace for _, namespace in declared)
        seen, namespaces = set[str](), {*self.prefixes.values()}
        for token in self.parts.tokens:
            node = self.stream.node(token) if token.kind in ("iri", "name") else None
            iri = node.value if node else ""
            if iri and iri not in seen and iri not in namespaces:
                seen.add(iri)
                yield from ((hint, iri) for hint in self._on(token, iri, misspelt))

    def _declared(self) -> Iterator[Found]:
        for prefix, token in self.stream.declared.items():
            namespace = iri_of(token, {})
            near = _is_like(namespace, self.prefixes.get(prefix, ""))
            meant = self.prefixes[prefix] if near else _meant(namespace, self.prefixes)
            if meant and meant != namespace and self._is_nowhere(prefix):
                message = f"{prefix}: stands for <{namespace}>, which nothing has; did you mean <{meant}>?"
                yield hint_at(self.query, token.start, "misspelt-namespace", message, [meant]), namespace

    def _is_nowhere(self, prefix: str) -> bool:
        """Return whether the query uses `prefix`, and the graph has none of the terms that it names so."""
        used = [t for t in self.parts.tokens if t.kind == "name" and t.text.startswith(f"{prefix}:")]
        nodes = [node for token in used[:_FEW] if (node := self.stream.node(token))]
        return bool(used) and not any(map(self.lookups.holds, nodes))

    def _on(self, token: Token, iri: str, misspelt: tuple[str, ...]) -> Iterator[Hint]:
        names = self.known.names
        if iri.startswith((CG, ID, GRAPH, *names.homes, names.graph)):
            yield from self._on_ours(token, iri)
        elif token.kind == "iri" and not iri.startswith(_NAMESPACES):
            namespace = iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]
            meant = _meant(namespace, self.prefixes)
            if meant and meant != namespace:
                better = f"<{meant}{iri.removeprefix(namespace)}>"
                message = f"<{namespace}> is not a namespace of the graph; did you mean {better}?"
                yield hint_at(self.query, token.start, "misspelt-namespace", message, [better])
        elif not iri.startswith(misspelt) and (role := self._role(token)) and not self.foreign.has(iri, role):
            yield from self._of_others(token, iri, role)

    def _of_others(self, token: Token, iri: str, role: str) -> Iterator[Hint]:
        """Yield a hint on a term of another vocabulary, if the graph uses one that is like it."""
        near = [written(other) for other in self.foreign.nearest(iri, role)]
        if near:
            nothing = "no triple has the property" if role == "property" else "nothing is of the class"
            message = f"{nothing} {token.text}; {did_you_mean(near)}"
            yield hint_at(self.query, token.start, "unknown-term", message, near)

    def _on_ours(self, token: Token, iri: str) -> Iterator[Hint]:
        term, role = ox.NamedNode(iri), self._role(token)
        if not self.lookups.holds(term):
            yield self._unknown(token, iri, role)
            return
        successors = self.known.successors(term)
        if successors is not None:
            yield self._retired(token, successors)
        elif role == "property" and not self.lookups.used(term):
            yield self._unused(token, iri, role)

    def _role(self, token: Token) -> str:
        if token.start in self.parts.properties:
            return "property"
        return "class" if token.start in self.parts.classes else ""

    def _unknown(self, token: Token, iri: str, role: str) -> Hint:
        names = self.known.names
        namesakes = self.foreign.namesakes(iri.removeprefix(CG), role) if role and iri.startswith(CG) else []
        near = [written(other, names) for other in (*namesakes, *self.known.nearest(iri, role))]
        graph = iri.startswith(names.graph)
        kind = _KINDS[role] if iri.startswith(CG) else "graph" if graph else "thing"
        message = "; ".join(filter(None, (f"there is no {kind} {token.text}", did_you_mean(near))))
        return hint_at(self.query, token.start, "unknown-term", message, near)

    def _retired(self, token: Token, successors: list[str]) -> Hint:
        names = [written(other, self.known.names) for other in successors]
        instead = f"use {' and '.join(names)}" if names else "nothing replaces it"
        return hint_at(self.query, token.start, "retired-term", f"{token.text} is retired; {instead}", names)

    def _unused(self, token: Token, iri: str, role: str) -> Hint:
        near = [written(other) for other in self.known.nearest(iri, role) if other != iri]
        message = f"{token.text} is a property of the ontology, but no triple has it"
        better = "; ".join(filter(None, (message, did_you_mean(near))))
        return hint_at(self.query, token.start, "unused-term", better, near)


def _is_like(namespace: str, known: str) -> bool:
    """Return whether `namespace` is on the same host as `known`, which is empty for an unknown prefix."""
    return bool(known) and _bare(namespace).partition("/")[0] == _bare(known).partition("/")[0]


def _meant(namespace: str, prefixes: Mapping[str, str]) -> str:
    """Return the known namespace that `namespace` is, but for its scheme, case and end; else empty."""
    namespaces = sorted({*prefixes.values()}, key=len, reverse=True)
    if namespace in namespaces:
        return namespace
    return next((known for known in namespaces if _bare(known) == _bare(namespace)), "")


def _bare(namespace: str) -> str:
    return _SCHEME.sub("", namespace).rstrip("#/").lower()
