"""The hints on the answer to a query: whether it is empty or odd is read from what was written.

An answer with rows costs nothing here, except a short one with an aggregate, which is read again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from functools import partial
from importlib import import_module
from types import MappingProxyType

from pyoxigraph import NamedNode, QueryResultsFormat, QuerySolutions, Store, parse_query_results

from kg.asking.hints.hint import Hint
from kg.terms import value
from server.engine.evaluation.query_request import QueryRequest
from server.web.formats import RESULTS

Dataset = tuple[Sequence[NamedNode], Sequence[NamedNode]]
Table = tuple[bytes, str]

_LARGEST = 64 << 10  # bytes of an answer with aggregates that are read again
# How an answer without rows ends; CSV and TSV have the one line of the columns.
_ENDS: Mapping[QueryResultsFormat, bytes] = MappingProxyType(
    {QueryResultsFormat.JSON: b'"bindings":[]}}', QueryResultsFormat.XML: b"<results></results></sparql>"}
)


def prepare() -> None:
    """Import what hints need; a worker has no files, so it must be done before it starts."""
    import_module("kg.asking.hints.find_hints")
    import_module("kg.asking.hints.text_hints")


def has_no_rows(written: bytes | bytearray, format_: QueryResultsFormat) -> bool:
    """Return whether `written`, a table in that format, has no row."""
    end = _ENDS.get(format_)
    return written.endswith(end) if end else written.find(b"\n") == len(written) - 1


def of(
    store: Store, request: QueryRequest, dataset: Dataset | None, table: Table | None, *, empty: bool
) -> tuple[Hint, ...]:
    """Return the hints on the query of `request` and its answer, which has no result at all if it is `empty`.

    `dataset` are the default and the named graphs, where the request names them. `table` is the answer, if
    it is a table, and its media type.
    """
    # a command that gives no hints does not load it
    from kg.asking.hints import find_hints, text_hints  # noqa: PLC0415

    on_text = text_hints.on_text(request.query, request.names.prefixes)
    if not empty and (table is None or len(table[0]) > _LARGEST or "(" not in request.query):
        return tuple(on_text)  # without a bracket there is no aggregate
    columns = partial(_columns, *table) if table and not empty else None
    return (*on_text, *find_hints.on_answer(store, request.query, columns, dataset, request.names))


def after_completing(query: str, completed: str, hints: Sequence[Hint]) -> tuple[Hint, ...]:
    """Return the hint that `query` lacks declarations that `completed` has, and the `hints` on the latter.

    The places of these become places in `query`.
    """
    from kg.asking.hints import find_hints  # noqa: PLC0415 - see `of`

    added = len(completed) - len(query)
    moved = (hint.moved(-added) if hint.line == 1 else hint for hint in hints)
    return (*find_hints.on_prefixes(query, completed), *moved)


def _columns(body: bytes, media_type: str) -> dict[str, list[str | None]]:
    """Return the texts of each column of the table `body`."""
    format_ = RESULTS[media_type]
    if format_ == QueryResultsFormat.CSV:
        names, *rows = csv.reader(io.StringIO(body.decode(), newline=""))
        # An empty line is a row whose one value is unbound.
        return {name: [row[n] if row else "" for row in rows] for n, name in enumerate(names)}
    solutions = parse_query_results(body, format_)
    assert isinstance(solutions, QuerySolutions)  # noqa: S101 - the kind was checked
    names = [variable.value for variable in solutions.variables]
    table = [[None if term is None else value(term) for term in solution] for solution in solutions]
    return {name: [row[n] for row in table] for n, name in enumerate(names)}
