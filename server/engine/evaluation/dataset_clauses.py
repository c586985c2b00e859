"""The graphs that FROM names in a query, taken out of its text, to be sent as fields of the protocol.

A store whose default graph is the union of its graphs may ignore FROM, as Oxigraph does, but not the fields.
The engine's parser decides what is a keyword, as in `keywords`, and which IRI a name stands for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from pyoxigraph import NamedNode, QuerySolutions, Store

from kg.store import keywords

_MOST = 60  # words in one query; each costs a parse
_WORD = re.compile(r"(?<![\w:?$@./-])from(?![\w:-])", re.IGNORECASE)
_CLAUSE = re.compile(
    rf"from{keywords.SPACE}*+(?P<named>named{keywords.SPACE}*+)?"
    r"(?P<graph><[^<>\s]*>|[^\s:<>{}#]*:(?:[^\s<>{}#]*[^\s<>{}#.])?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DatasetGraphs:
    """The default graphs and the named graphs of a query, and no others."""

    default: Sequence[NamedNode]
    named: Sequence[NamedNode]


def split(query: str, base: str | None = None) -> tuple[str, DatasetGraphs | None]:
    """Return `query` without its clauses FROM and FROM NAMED, and the graphs that they name.

    A query without any, or in which they cannot be told for sure, is returned as it is, and no graphs.
    """
    parse = partial(keywords.parse, base=base)
    if not keywords.has_keyword("from", query, parse):
        return query, None
    clauses = list(_clauses(query, parse))
    without = query
    for clause in reversed(clauses):
        without = f"{without[: clause.start()]} {without[clause.end() :]}"
    if not keywords.parses(without, parse) or keywords.has_keyword("from", without, parse):
        return query, None
    graphs: tuple[list[NamedNode], list[NamedNode]] = ([], [])
    for clause in clauses:
        graphs[bool(clause["named"])].append(_graph(query, clause["graph"], base))
    return without, DatasetGraphs(*graphs)


def _clauses(query: str, parse: keywords.Parse) -> Iterator[re.Match[str]]:
    words = [match.start() for match in _WORD.finditer(query)]
    for place in words[:_MOST]:
        marked = query[:place] + keywords.MASKS["from"] + query[place + len("from") :]
        if not keywords.parses(marked, parse) and (clause := _CLAUSE.match(query, place)):
            yield clause


def _graph(query: str, name: str, base: str | None) -> NamedNode:
    """Return the IRI that `name`, of a graph in `query`, stands for."""
    text = f"{keywords.prologue(query)} SELECT ?g {{ VALUES ?g {{ {name} }} }}"
    found = Store().query(text, base_iri=base)
    assert isinstance(found, QuerySolutions)  # noqa: S101 - of that query
    graph = next(found)["g"]
    assert isinstance(graph, NamedNode)  # noqa: S101 - by the pattern
    return graph
