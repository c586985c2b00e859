"""Sources of an answer: the statements, quotes, passages and telegrams that its rows rest on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from pyoxigraph import Literal, NamedNode

from kg.errors import QueryError, QuerySyntaxError
from kg.namespaces import PREFIXES
from kg.store import keywords, unasserted
from kg.terms import value

Row = Mapping[str, Any]  # the terms of a row by name; unbound variables are left out
Ask = Callable[[str], Sequence[Row]]  # returns the rows of a SELECT query over the union of all graphs

_PROJECTION = re.compile(r"SELECT\b.*?(?=\bWHERE\b|\{)", re.IGNORECASE | re.DOTALL)
MOST = 200  # sources of one answer
_ROWS = 5_000  # rows that are read
_NODES = 2_000  # things whose evidence is read
_PAIRS = 400  # pairs of things whose joining statements are read
_HEAD = f"PREFIX cg: <{PREFIXES['cg']}> PREFIX oa: <{PREFIXES['oa']}> PREFIX skos: <{PREFIXES['skos']}>\n"
_ANCHOR = """
  ?anchor oa:exact ?quote ; cg:inPassage ?passage .
  OPTIONAL { ?anchor oa:start ?start ; oa:end ?end }
  OPTIONAL { ?passage cg:passageOf/cg:renders ?telegram }
  OPTIONAL { ?passage cg:voice ?speaker . ?speaker skos:prefLabel ?voice FILTER (lang(?voice) = "en") }
"""
_RESTS = "cg:evidence|cg:basedOn"
# What no passage asserts joins nothing.
_ASSERTED = f"FILTER NOT EXISTS {{ {unasserted.pattern('statement')} }}"
_COLUMNS = "?statement ?quote ?passage ?telegram ?voice ?start ?end"


def select_all(query: str) -> str | None:
    """Return the SELECT `query` with all variables as columns and without modifiers; None for other forms.

    It is a guess from the text (SPARQL 1.1 section 18.2): ungrouped, unordered and unlimited. The result may
    not be a valid query, so only a worker may parse it.
    """
    declarations = keywords.prologue(query)
    match = _PROJECTION.match(query, len(declarations))
    if match is None:
        return None
    return f"{declarations}SELECT * {query[match.end() : query.rfind('}') + 1]}"


@dataclass(frozen=True, slots=True)
class Source:
    """Words that rows of an answer rest on: the statement, the quote and its place, and whose words they are.

    `standing` is a sentence that says what a statement is that no passage asserts, and otherwise None.
    `start` and `end` are the places of the quote in characters of the text. `rows` counts from 0.
    """

    standing: str | None
    statement: str
    quote: str
    passage: str
    telegram: str | None
    voice: str | None
    start: int | None
    end: int | None
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RowSources:
    """The first sources, their total, and in words why some could not be read."""

    sources: tuple[Source, ...]
    total: int
    problem: str = ""


def of_rows(ask: Ask, query: str, shown: Sequence[Row], most: int = MOST) -> RowSources:
    """Return the sources of the rows `shown`, some of those of the SELECT `query`.

    A row rests on the evidence of the statements that it shows; if it shows none, of those that it binds in
    variables that are not selected; if it binds none, on the statements that join two of its things. Each
    source names its rows, counted from 0.
    """
    try:
        return _of_rows(ask, query, shown, most)
    except QueryError as error:  # the answer itself is complete and useful
        return RowSources((), 0, f"The sources could not be read: {error}")


def of_things(ask: Ask, things: Iterable[str], most: int = MOST) -> RowSources:
    """Return the evidence of the statements, or parts of statements, called `things`."""
    merged = _merged((row, set()) for row in _evidence(ask, sorted(set(things))[:_NODES]))
    return RowSources(tuple(_sources(ask, merged[:most])), len(merged))


def _of_rows(ask: Ask, query: str, shown: Sequence[Row], most: int) -> RowSources:
    rows = _full_rows(ask, query, shown)
    places = _shown_places(shown, rows)
    by_node = _rows_by_thing(places, rows)
    evidence = [(row, by_node[value(row["thing"])]) for row in _evidence(ask, list(by_node)[:_NODES])]
    own = _own_quotes(shown, _of_named_statements(shown, evidence))
    traced = {place for _, places in own for place in places}
    pairs = _pairs(places, rows, traced)
    joined = [(row, pairs[_pair(row)]) for row in _joining(ask, list(pairs)[:_PAIRS])]
    merged = _merged([*own, *joined])
    return RowSources(tuple(_sources(ask, merged[:most])), len(merged))


def _full_rows(ask: Ask, query: str, shown: Sequence[Row]) -> list[Row]:
    """Return the rows of `query` with all their bindings, or `shown` if these cannot be read."""
    wide = select_all(query)
    try:
        return list(ask(f"{wide}\nLIMIT {_ROWS}")) if wide else list(shown)
    except QuerySyntaxError:  # the guess is not a valid query
        return list(shown)


def _shown_places(shown: Sequence[Row], rows: Sequence[Row]) -> list[list[int]]:
    """Return for each of `rows` the places of the rows `shown` that have the same values."""
    columns = sorted({name for row in shown for name in row} & {name for row in rows for name in row})
    by_values: dict[tuple[object, ...], list[int]] = {}
    for place, row in enumerate(shown):
        by_values.setdefault(tuple(row.get(name) for name in columns), []).append(place)
    return [by_values.get(tuple(row.get(name) for name in columns), []) for row in rows]


def _things(row: Row) -> list[str]:
    return sorted({term.value for term in row.values() if isinstance(term, NamedNode)})


def _rows_by_thing(places: list[list[int]], rows: Sequence[Row]) -> dict[str, set[int]]:
    """Return for each thing the places of the shown rows that bind it."""
    rows_by_key: dict[str, set[int]] = {}
    for where, row in zip(places, rows, strict=True):
        for thing in _things(row) if where else ():
            rows_by_key.setdefault(thing, set()).update(where)
    return rows_by_key


def _of_named_statements(
    shown: Sequence[Row], evidence: list[tuple[Row, set[int]]]
) -> list[tuple[Row, set[int]]]:
    """Return `evidence` without that of hidden things for rows that show a statement with evidence."""
    named = [set(_things(row)) for row in shown]
    kept: dict[int, bool] = {}
    for row, places in evidence:
        for place in places:
            kept[place] = kept.get(place, False) or value(row["thing"]) in named[place]
    found = ((row, {p for p in at if not kept[p] or value(row["thing"]) in named[p]}) for row, at in evidence)
    return [(row, places) for row, places in found if places]


def _own_quotes(shown: Sequence[Row], evidence: list[tuple[Row, set[int]]]) -> list[tuple[Row, set[int]]]:
    """Return `evidence` without other quotes for rows that show a quote themselves."""
    texts = [{term.value for term in row.values() if isinstance(term, Literal)} for row in shown]
    quotes = {value(row["quote"]) for row, _ in evidence}
    kept = []
    for row, places in evidence:
        own = {p for p in places if value(row["quote"]) in texts[p] or not texts[p] & quotes}
        if own:
            kept.append((row, own))
    return kept


def _pairs(places: list[list[int]], rows: Sequence[Row], traced: set[int]) -> dict[tuple[str, str], set[int]]:
    """Return the pairs of things in rows without a source, each with the places of these rows."""
    rows_by_key: dict[tuple[str, str], set[int]] = {}
    for where, row in zip(places, rows, strict=True):
        missing = set(where) - traced
        for pair in combinations(_things(row), 2) if missing else ():
            rows_by_key.setdefault(pair, set()).update(missing)
    return rows_by_key


def _pair(row: Row) -> tuple[str, str]:
    first, second = sorted((value(row["a"]), value(row["b"])))
    return first, second


def _evidence(ask: Ask, things: Sequence[str]) -> list[Row]:
    """Return the evidence of `things`, which are statements or anchors, each with its ?thing."""
    if not things:
        return []
    of_statement = f"?thing {_RESTS} ?anchor BIND (?thing AS ?statement)"
    of_anchor = f"?statement {_RESTS} ?thing BIND (?thing AS ?anchor)"
    ways = f"{{ {of_statement} }} UNION {{ {of_anchor} }}"
    listed = " ".join(str(NamedNode(thing)) for thing in things)
    query = f"SELECT DISTINCT ?thing {_COLUMNS} {{ VALUES ?thing {{ {listed} }} {ways} {_ANCHOR} }}"
    return _rows(ask, query)


def _joining(ask: Ask, pairs: Sequence[tuple[str, str]]) -> list[Row]:
    """Return the evidence of the statements that join a pair of things, with these as ?a and ?b."""
    if not pairs:
        return []
    listed = " ".join(f"({NamedNode(a)} {NamedNode(b)})" for a, b in pairs)
    join = f"?statement ?p ?a ; ?q ?b ; {_RESTS} ?anchor . {_ASSERTED}"
    return _rows(
        ask, f"SELECT DISTINCT ?a ?b {_COLUMNS} {{ VALUES (?a ?b) {{ {listed} }} {join} {_ANCHOR} }}"
    )


def _rows(ask: Ask, query: str) -> list[Row]:
    return list(ask(f"{_HEAD}{query} ORDER BY ?passage ?start ?quote ?statement"))


def _merged(evidence: Iterable[tuple[Row, set[int]]]) -> list[tuple[Row, set[int]]]:
    """Return each source once, with all its rows."""
    rows: dict[tuple[str, ...], Row] = {}
    places: dict[tuple[str, ...], set[int]] = {}
    for row, where in evidence:
        key = tuple(value(row[name]) for name in ("statement", "passage", "quote"))
        rows.setdefault(key, row)
        places.setdefault(key, set()).update(where)
    return [(rows[key], places[key]) for key in rows]


def _sources(ask: Ask, merged: Sequence[tuple[Row, set[int]]]) -> Iterator[Source]:
    statements = {value(row["statement"]) for row, _ in merged}
    says = sentences(ask, statements)
    return (_source(row, places, says) for row, places in merged)


def sentences(ask: Ask, statements: Iterable[str]) -> dict[str, str]:
    """Return for each of `statements` that no passage asserts the sentence that says so, by IRI."""
    found = unasserted.read(ask, sorted(statements))
    return {iri: one.sentence for iri, one in found.items()}


def _source(row: Row, rows: Iterable[int], says: Mapping[str, str]) -> Source:
    texts = {name: value(term) for name, term in row.items()}
    return Source(
        standing=says.get(texts["statement"]),
        statement=texts["statement"],
        quote=texts["quote"],
        passage=texts["passage"],
        telegram=texts.get("telegram"),
        voice=texts.get("voice"),
        start=int(texts["start"]) if "start" in texts else None,
        end=int(texts["end"]) if "end" in texts else None,
        rows=tuple(sorted(rows)),
    )
