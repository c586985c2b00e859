"""Header of a saved query, the `#+` lines at its top: its keys and views, and problems with them.

`KEYS` and `SHOWS` are the tables of its keys and of its views. `queries/README.md` shows them, and a test
compares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from kg.asking.questions import columns
from kg.asking.questions.columns import QUERY_COLUMN
from kg.errors import unknown
from kg.reading.comment_header import Header, Problem

KEYS: Mapping[str, str] = MappingProxyType(
    {
        "title": "the title of the query",
        "question": "the question that it answers, one sentence with a question mark",
        "why": "why somebody asks it",
        "tags": "a list of words by which it is found",
        "parameters": "a list, see Parameters",
        "columns": "a list, see Columns",
        "show": "the view that suits the answer, see Views; `table` by default",
        "federated": "`true` if it calls another service with SERVICE, otherwise left out",
        "evidence": "a list of texts: where identifiers of other data sets in the query are evidenced",
    }
)


@dataclass(frozen=True, slots=True)
class Show:
    """One view of an answer: the roles that it needs among the columns, and those that it takes besides."""

    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()


SHOWS: Mapping[str, Show] = MappingProxyType(
    {
        "table": Show(),
        "timeline": Show(("date", "label"), ("until", "written")),
        "network": Show(("source", "target", "label"), ("way",)),
        "matrix": Show(("row", "column", "cell")),
    }
)


def problems(header: Header) -> Iterator[Problem]:
    """Yield line and message of each problem with the keys of `header` and their values, not parameters."""
    for key, value in header.values.items():
        if key not in KEYS:
            yield header.line(key), unknown("header key", key, list(KEYS))
        elif key in ("tags", "evidence") and not _texts(value):
            yield header.line(key), f"{key} must be a list of texts, as in `{key}: [one, two]`"
        elif key in ("title", "question", "why") and not isinstance(value, str):
            yield header.line(key), f"{key} must be a text; put it in quotation marks"
    if header.values.get("federated", "true") != "true":
        yield header.line("federated"), "federated must be `true` or left out"
    yield from columns.problems(header, QUERY_COLUMN)
    show = str(header.values.get("show", "table"))
    if show not in SHOWS:
        yield header.line("show"), unknown("view", show, list(SHOWS))


def mismatches(header: Header, projected: Sequence[str]) -> Iterator[Problem]:
    """Yield where the columns of a `header` without problems do not fit the query or the view.

    `projected` are the variables of the query. A header without columns fits every query that is shown
    as a table.
    """
    described = columns.columns(header, QUERY_COLUMN)
    if described:
        yield from columns.mismatch(header, described, projected)
    show = SHOWS[header.values.get("show", "table")]
    roles = [column.role for column in described if column.role]
    for role in show.needs:
        if roles.count(role) != 1:
            yield (
                header.line("show"),
                f"show: {header.values['show']} needs one column with `role: {role}`, "
                f"not {roles.count(role)}",
            )
    for place, column in enumerate(described):
        if column.role and column.role not in (*show.needs, *show.takes):
            view = header.values.get("show", "table")
            yield (
                header.line("columns", place),
                unknown(f"{view} role", column.role, (*show.needs, *show.takes)),
            )


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)
