"""The sources of an answer: from its rows to statement, quote, passage and telegram that they rest on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from pyoxigraph import Literal, NamedNode

from kg.errors import QueryError, QuerySyntaxError
from kg.namespaces import PREFIXES
from kg.store import keywords
from server.engine.workers.pool import Pool
from server.model_context.answer_models import SourceModel
from server.site import pool_queries
from server.site.pool_queries import Row, value

_PROJECTION = re.compile(r"SELECT\b.*?(?=\bWHERE\b|\{)", re.IGNORECASE | re.DOTALL)


MOST = 200  # sources of one answer
SECONDS = 3.0  # for each look
_ROWS = 5_000  # rows that are looked through
_NODES = 2_000  # things whose evidence is looked for
_PAIRS = 400  # pairs of things that a statement may join
_HEAD = f"PREFIX cg: <{PREFIXES['cg']}> PREFIX oa: <{PREFIXES['oa']}> PREFIX skos: <{PREFIXES['skos']}>\n"
_ANCHOR = """
  ?anchor oa:exact ?quote ; cg:inPassage ?passage .
  OPTIONAL { ?anchor oa:start ?start ; oa:end ?end }
  OPTIONAL { ?passage cg:passageOf/cg:renders ?telegram }
  OPTIONAL { ?passage cg:voice ?speaker . ?speaker skos:prefLabel ?voice FILTER (lang(?voice) = "en") }
"""
_RESTS = "cg:evidence|cg:basedOn"
_COLUMNS = "?statement ?quote ?passage ?telegram ?voice ?start ?end"


def widened(query: str) -> str | None:
    """Return the pattern of the SELECT `query` with all its variables as columns, without any modifier.

    It is a guess from the text (SPARQL 1.1 section 18.2), ungrouped, unordered and unlimited; what
    comes out need not be a query, and is for a worker to read, never for this process. None for
    what is no SELECT.
    """
    declarations = keywords.prologue(query)
    match = _PROJECTION.match(query, len(declarations))
    if match is None:
        return None
    return f"{declarations}SELECT * {query[match.end() : query.rfind('}') + 1]}"


@dataclass(frozen=True, slots=True)
class RowSources:
    """The first sources, how many there are, and what could not be looked up, in words."""

    sources: tuple[SourceModel, ...]
    total: int
    problem: str = ""


def of_rows(pool: Pool, query: str, shown: Sequence[Row], most: int = MOST) -> RowSources:
    """Return the sources of the rows `shown`, which are some of those that the SELECT `query` gives.

    A row rests on the evidence of the statements that it binds, also in variables that it does not
    show; if it binds none, on the statements that join two of its things. Each source names its
    rows, counted from 0.
    """
    try:
        return _of_rows(pool, query, shown, most)
    except QueryError as error:  # the answer itself is whole and worth having
        return RowSources((), 0, f"The sources could not be looked up: {error}")


def of_things(pool: Pool, things: Iterable[str], most: int = MOST) -> RowSources:
    """Return the evidence of the statements, or parts of statements, called `things`."""
    found = _merged((row, set()) for row in _evidence(pool, sorted(set(things))[:_NODES]))
    return RowSources(tuple(_source(row) for row, _ in found[:most]), len(found))


def _of_rows(pool: Pool, query: str, shown: Sequence[Row], most: int) -> RowSources:
    rows = _behind(pool, query, shown)
    places = _places(shown, rows)
    by_node = _rows_of(places, rows)
    found = [(row, by_node[value(row["thing"])]) for row in _evidence(pool, list(by_node)[:_NODES])]
    told = _told(shown, found)
    traced = {place for _, places in told for place in places}
    pairs = _pairs(places, rows, traced)
    joined = [(row, pairs[_pair(row)]) for row in _joining(pool, list(pairs)[:_PAIRS])]
    merged = _merged([*told, *joined])
    return RowSources(tuple(_source(row, places) for row, places in merged[:most]), len(merged))


def _behind(pool: Pool, query: str, shown: Sequence[Row]) -> list[Row]:
    """Return the rows behind those that are shown, with all that they bind, or these if it cannot be told."""
    wide = widened(query)
    try:
        return pool_queries.rows(pool, f"{wide}\nLIMIT {_ROWS}", SECONDS) if wide else list(shown)
    except QuerySyntaxError:  # what was guessed is no query
        return list(shown)


def _places(shown: Sequence[Row], rows: Sequence[Row]) -> list[list[int]]:
    """Return for each of `rows` which of the rows `shown` it stands behind: those that agree with it."""
    columns = sorted({name for row in shown for name in row} & {name for row in rows for name in row})
    by_values: dict[tuple[object, ...], list[int]] = {}
    for place, row in enumerate(shown):
        by_values.setdefault(tuple(row.get(name) for name in columns), []).append(place)
    return [by_values.get(tuple(row.get(name) for name in columns), []) for row in rows]


def _things(row: Row) -> list[str]:
    return sorted({term.value for term in row.values() if isinstance(term, NamedNode)})


def _rows_of(places: list[list[int]], rows: Sequence[Row]) -> dict[str, set[int]]:
    """Return for each thing the rows that it stands behind."""
    found: dict[str, set[int]] = {}
    for where, row in zip(places, rows, strict=True):
        for thing in _things(row) if where else ():
            found.setdefault(thing, set()).update(where)
    return found


def _told(shown: Sequence[Row], found: list[tuple[Row, set[int]]]) -> list[tuple[Row, set[int]]]:
    """Return what was `found`, less the quotes of rows that quote other words themselves."""
    texts = [{term.value for term in row.values() if isinstance(term, Literal)} for row in shown]
    quotes = {value(row["quote"]) for row, _ in found}
    kept = []
    for row, places in found:
        own = {p for p in places if value(row["quote"]) in texts[p] or not texts[p] & quotes}
        if own:
            kept.append((row, own))
    return kept


def _pairs(places: list[list[int]], rows: Sequence[Row], traced: set[int]) -> dict[tuple[str, str], set[int]]:
    """Return the pairs of things in rows that are not traced yet, with these rows."""
    found: dict[tuple[str, str], set[int]] = {}
    for where, row in zip(places, rows, strict=True):
        missing = set(where) - traced
        for pair in combinations(_things(row), 2) if missing else ():
            found.setdefault(pair, set()).update(missing)
    return found


def _pair(row: Row) -> tuple[str, str]:
    first, second = sorted((value(row["a"]), value(row["b"])))
    return first, second


def _evidence(pool: Pool, things: Sequence[str]) -> list[Row]:
    """Return the evidence of `things`, statements or the anchors of statements, each as ?thing."""
    if not things:
        return []
    of_statement = f"?thing {_RESTS} ?anchor BIND (?thing AS ?statement)"
    of_anchor = f"?statement {_RESTS} ?thing BIND (?thing AS ?anchor)"
    ways = f"{{ {of_statement} }} UNION {{ {of_anchor} }}"
    query = f"SELECT DISTINCT ?thing {_COLUMNS} {{ {pool_queries.values('thing', things)} {ways} {_ANCHOR} }}"
    return _rows(pool, query)


def _joining(pool: Pool, pairs: Sequence[tuple[str, str]]) -> list[Row]:
    """Return the evidence of the statements that join two things, as ?a and ?b."""
    if not pairs:
        return []
    listed = " ".join(f"({NamedNode(a)} {NamedNode(b)})" for a, b in pairs)
    join = f"?statement ?p ?a ; ?q ?b ; {_RESTS} ?anchor ."
    return _rows(
        pool, f"SELECT DISTINCT ?a ?b {_COLUMNS} {{ VALUES (?a ?b) {{ {listed} }} {join} {_ANCHOR} }}"
    )


def _rows(pool: Pool, query: str) -> list[Row]:
    return pool_queries.rows(pool, f"{_HEAD}{query} ORDER BY ?passage ?start ?quote ?statement", SECONDS)


def _merged(found: Iterable[tuple[Row, set[int]]]) -> list[tuple[Row, set[int]]]:
    """Return each source once, with the rows of all its finds."""
    rows: dict[tuple[str, ...], Row] = {}
    places: dict[tuple[str, ...], set[int]] = {}
    for row, where in found:
        key = tuple(value(row[name]) for name in ("statement", "passage", "quote"))
        rows.setdefault(key, row)
        places.setdefault(key, set()).update(where)
    return [(rows[key], places[key]) for key in rows]


def _source(row: Mapping[str, pool_queries.Term], rows: Iterable[int] = ()) -> SourceModel:
    said = {name: value(term) for name, term in row.items()}
    return SourceModel(
        statement=said["statement"],
        quote=said["quote"],
        passage=said["passage"],
        telegram=said.get("telegram"),
        voice=said.get("voice"),
        start=int(said["start"]) if "start" in said else None,
        end=int(said["end"]) if "end" in said else None,
        rows=sorted(rows),
    )
