"""The view of a result that `?view=` names, drawn of its rows; what a page needs to offer the others."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from kg.asking.questions.columns import Column
from kg.namespaces import Namespaces
from kg.terms import Value, python_value
from server.engine.evaluation.query_request import QueryAnswer
from server.pages.questions.answer_table import AnswerRow, AnswerTable
from server.pages.questions.network import network
from server.pages.questions.timeline import timeline
from server.pages.questions.views import matrix
from server.pages.results import column_roles
from server.pages.results.bar_chart import chart
from server.pages.results.column_roles import CHART, MATRIX, NETWORK, TIMELINE, RoleField
from server.site.cells import Cell, json_cell
from server.site.result_pages import excerpt
from server.site.result_rows import NUMBERS, RAW, TABLE, Binding, Pivot
from server.web.http_errors import RequestError

MOST = 200  # rows; a drawing of more is unreadable. A chart is of all rows.
GRAPH = ("subject", "predicate", "object")  # the columns of a graph


@dataclass(frozen=True, slots=True)
class Result:
    """An answer as rows, and the parameters that ask for its page."""

    columns: Sequence[str]
    rows: Sequence[Binding]
    page: str
    kept: Sequence[tuple[str, str]]
    is_graph: bool = False

    @property
    def views(self) -> tuple[str, ...]:
        """The views that it can have, the one that it has by default first."""
        found = column_roles.possible(self.columns, _drawable(self)) if self.rows else (TABLE, RAW)
        return (RAW, *(view for view in found if view != RAW)) if self.is_graph else found


def wanted(result: Result, name: str) -> str:
    """Return the view that `name` asks for, by default the first; raises RequestError if there is none."""
    if name and name not in column_roles.ROLES:
        raise RequestError(f"view must be {' or '.join(column_roles.ROLES)}, not {name!r}.")
    return name or result.views[0]


def of_graph(turtle: bytes) -> list[Binding]:
    """Return the triples of a graph as rows with the columns of `GRAPH`, in their order."""
    triples = (quad.triple for quad in parse(turtle, RdfFormat.TURTLE))
    return [dict(zip(GRAPH, map(_term, (t.subject, t.predicate, t.object)), strict=True)) for t in triples]


def _term(term: NamedNode | BlankNode | Literal | Triple) -> dict[str, str]:
    """Return `term` as SPARQL 1.1 Query Results JSON has it; a triple as a text."""
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, Triple):
        return {"type": "literal", "value": str(term)}
    own = {"xml:lang": term.language} if term.language else {"datatype": term.datatype.value}
    return {"type": "literal", "value": term.value, **own}


def _drawable(result: Result) -> Sequence[Binding]:
    """Return the rows that a drawing may show: of a graph those that lead from one thing to another."""
    if not result.is_graph:
        return result.rows
    return [row for row in result.rows if row["object"]["type"] != "literal"]


class ResultViews:
    """Draws results: addresses begin with `root`, `names` are the namespaces, `labels` names by IRI."""

    def __init__(self, root: str, names: Namespaces, labels: Mapping[str, str]) -> None:
        self._root, self._names, self._labels = root, names, labels

    def pivot(self, result: Result, name: str, given: Mapping[str, str], answer: QueryAnswer) -> Pivot:
        """Return the view `name` of `result`; `given` has columns by role. Without rows it is a table."""
        others = {view: _with(result.page, view=view) for view in result.views if result.page}
        rows = result.rows if name in (TABLE, RAW) else _drawable(result)
        found = column_roles.fields(name, result.columns, rows, given) if rows or name == RAW else None
        if found is None:
            return Pivot(TABLE, others=others, lacking=name if result.rows and name != TABLE else "")
        content, table = self._content(result, name, found, rows, answer)
        kept = [*result.kept, ("view", name)] if found else ()
        return Pivot(name, content, table, others, found, kept, drawn=min(len(rows), MOST))

    def _content(
        self,
        result: Result,
        name: str,
        found: Sequence[RoleField],
        rows: Sequence[Binding],
        answer: QueryAnswer,
    ) -> tuple[object, AnswerTable | None]:
        """Return what the template of the view needs, and the table that is drawn."""
        if name == RAW:
            text = answer.body.decode()
            return excerpt(text if result.is_graph else _indented(text)), None
        if name == TABLE:
            return None, None
        if name == CHART:
            return self._chart(found, rows), None
        table = self._table(result.columns, found, rows[:MOST])
        draw: Any = {TIMELINE: timeline, NETWORK: network, MATRIX: matrix}[name]
        return draw(table), table

    def _chart(self, found: Sequence[RoleField], rows: Sequence[Binding]) -> object:
        bar, length = (field.column for field in found)
        pairs = [(self._cell(row.get(bar)), _number(row.get(length))) for row in rows]
        return chart(pairs, bar, length)

    def _table(
        self, columns: Sequence[str], found: Sequence[RoleField], rows: Sequence[Binding]
    ) -> AnswerTable:
        """Return `rows` with a column for each role that is `found` and one for each other column."""
        # The view of a network cannot do without the column that names the ties, even if it is empty.
        roles = [(f.column, f.role.name) for f in found if f.column or f.role.name == "label"]
        others = [(name, "") for name in columns if name not in {name for name, _ in roles}]
        made = [*roles, *others]
        return AnswerTable(
            tuple(Column(name, name, "text", "", role) for name, role in made),
            tuple(self._row(values, row, made) for values, row in zip(_values(rows), rows, strict=True)),
        )

    def _row(self, values: Mapping[str, Value], row: Binding, made: Iterable[tuple[str, str]]) -> AnswerRow:
        names = [name for name, _ in made]
        return AnswerRow(
            tuple(values.get(name) for name in names), tuple(self._cell(row.get(name)) for name in names)
        )

    def _cell(self, term: Mapping[str, Any] | None) -> Cell:
        cell = json_cell(term, self._root, self._names)
        label = self._labels.get(cell.full, "")
        return Cell(label, cell.href, "en", full=cell.full) if label else cell


def _values(rows: Sequence[Binding]) -> Iterator[dict[str, Value]]:
    """Yield the values of each row as Python values, by column."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    document = {"head": {"vars": names}, "results": {"bindings": list(rows)}}
    solutions = parse_query_results(json.dumps(document).encode(), QueryResultsFormat.JSON)
    assert isinstance(solutions, QuerySolutions)  # noqa: S101 - it was written as such
    for solution in solutions:
        yield {name: python_value(solution[name]) for name in names}


def _number(term: Mapping[str, Any] | None) -> float | None:
    try:
        return float(term["value"]) if term and term.get("datatype") in NUMBERS else None
    except ValueError:  # a literal may have any text
        return None


def _indented(results: str) -> str:
    return json.dumps(json.loads(results), ensure_ascii=False, indent=1)


def _with(address: str, **parameters: str) -> str:
    return f"{address}&{urlencode(parameters)}"
