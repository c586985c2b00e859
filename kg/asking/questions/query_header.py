"""What the header of a query may say, the `#+` lines at its top, and what is wrong with one.

`KEYS` and `SHOWS` are the tables of what it may say beside its columns; `queries/README.md` shows them,
and a test compares.
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
        "title": "what the query is called",
        "question": "what it asks, as one sentence that ends in a question mark",
        "why": "why somebody asks that",
        "tags": "a list of words that it is found under",
        "parameters": "a list, see Parameters",
        "columns": "a list, see Columns",
        "show": "the view that serves its reader, see Views; `table` if nothing is said",
        "federated": "`true` if it asks another service with SERVICE, else left out",
        "evidence": "where identifiers of others in the query are evidenced: a list of texts",
    }
)


@dataclass(frozen=True, slots=True)
class Show:
    """One way to show an answer: the roles that columns must have for it, and those that they may have."""

    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()


SHOWS: Mapping[str, Show] = MappingProxyType(
    {
        "table": Show(),
        "timeline": Show(("date", "label"), ("until", "written")),
        "network": Show(("source", "target", "label")),
        "matrix": Show(("row", "column", "cell")),
    }
)


def problems(header: Header) -> Iterator[Problem]:
    """Yield what is wrong with the keys of `header` and with their values, parameters apart."""
    for key, value in header.values.items():
        if key not in KEYS:
            yield header.line(key), unknown("header key", key, list(KEYS))
        elif key in ("tags", "evidence") and not _texts(value):
            yield header.line(key), f"{key} is a list of texts, as in `{key}: [one, two]`"
        elif key in ("title", "question", "why") and not isinstance(value, str):
            yield header.line(key), f"{key} is a text; put it in quotation marks"
    if header.values.get("federated", "true") != "true":
        yield header.line("federated"), "federated is `true` or left out"
    yield from columns.problems(header, QUERY_COLUMN)
    show = str(header.values.get("show", "table"))
    if show not in SHOWS:
        yield header.line("show"), unknown("view", show, list(SHOWS))


def mismatches(header: Header, projected: Sequence[str]) -> Iterator[Problem]:
    """Yield where the columns of a header without problems do not fit what a query projects, or its view.

    A header that says nothing of columns fits every query that is shown as a table.
    """
    found = columns.columns(header, QUERY_COLUMN)
    if found:
        yield from columns.mismatch(header, found, projected)
    show = SHOWS[header.values.get("show", "table")]
    roles = [column.role for column in found if column.role]
    for role in show.needs:
        if roles.count(role) != 1:
            yield (
                header.line("show"),
                f"show: {header.values['show']} needs one column with `role: {role}`, "
                f"not {roles.count(role)}",
            )
    for place, column in enumerate(found):
        if column.role and column.role not in (*show.needs, *show.takes):
            view = header.values.get("show", "table")
            yield (
                header.line("columns", place),
                unknown(f"{view} role", column.role, (*show.needs, *show.takes)),
            )


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)
