"""What the header of a query may say, the `#+` lines at its top, and what is wrong with one.

`KEYS`, `COLUMN_KEYS`, `TYPES` and `SHOWS` are the tables of what a header may say; `queries/README.md`
shows them, and a test compares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from kg.errors import unknown
from kg.reading.comment_header import Header

Problem = tuple[int, str]  # line of the file, counted from 1, and what to write instead

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
COLUMN_KEYS: Mapping[str, str] = MappingProxyType(
    {
        "name": "the variable, without its question mark",
        "label": "what stands above the column",
        "type": "what its values are, see below",
        "about": "what it means, as a sentence",
        "role": "what it is to the view, see Views",
    }
)
TYPES: Mapping[str, str] = MappingProxyType(
    {
        "iri": "the name of a thing",
        "text": "a text, in a language or in none",
        "integer": "a whole number",
        "decimal": "a number",
        "date": "a day",
        "dateTime": "a moment",
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


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an answer: its variable, its heading, the type of its values, meaning and role."""

    name: str
    label: str
    type: str
    about: str
    role: str = ""


def problems(header: Header) -> Iterator[Problem]:
    """Yield what is wrong with the keys of `header` and with their values, parameters apart."""
    for key, value in header.said.items():
        if key not in KEYS:
            yield header.line(key), unknown("header key", key, list(KEYS))
        elif key in ("tags", "evidence") and not _texts(value):
            yield header.line(key), f"{key} is a list of texts, as in `{key}: [one, two]`"
        elif key in ("title", "question", "why") and not isinstance(value, str):
            yield header.line(key), f"{key} is a text; put it in quotation marks"
    if header.said.get("federated", "true") != "true":
        yield header.line("federated"), "federated is `true` or left out"
    yield from _column_problems(header)
    show = str(header.said.get("show", "table"))
    if show not in SHOWS:
        yield header.line("show"), unknown("view", show, list(SHOWS))


def columns(header: Header) -> tuple[Column, ...]:
    """Return the columns of a header that has no problems."""
    return tuple(Column(**entry) for entry in header.said.get("columns", []))


def mismatches(header: Header, projected: Sequence[str]) -> Iterator[Problem]:
    """Yield where the columns of a header without problems do not fit what a query projects, or its view.

    A header that says nothing of columns fits every query that is shown as a table.
    """
    found = columns(header)
    names = [column.name for column in found]
    if found and names != list(projected):
        right = " ".join(f"?{name}" for name in projected) or "no columns, since it gives no table"
        yield header.line("columns"), f"the query gives {right}; describe these and no others, in this order"
    show = SHOWS[header.said.get("show", "table")]
    roles = [column.role for column in found if column.role]
    for role in show.needs:
        if roles.count(role) != 1:
            yield (
                header.line("show"),
                f"show: {header.said['show']} needs one column with `role: {role}`, not {roles.count(role)}",
            )
    for place, column in enumerate(found):
        if column.role and column.role not in (*show.needs, *show.takes):
            view = header.said.get("show", "table")
            yield (
                header.line("columns", place),
                unknown(f"{view} role", column.role, (*show.needs, *show.takes)),
            )


def _column_problems(header: Header) -> Iterator[Problem]:
    entries = header.said.get("columns", [])
    if not isinstance(entries, list):
        yield (
            header.line("columns"),
            "columns is a list of entries like {name: …, label: …, type: …, about: …}",
        )
        return
    for place, entry in enumerate(entries):
        line = header.line("columns", place)
        if not isinstance(entry, dict) or not _texts(list(entry.values())):
            yield line, f"a column is written {{name: …, label: …, type: …, about: …}}, not {entry}"
            continue
        missing = [key for key in COLUMN_KEYS if key not in entry and key != "role"]
        if missing:
            yield line, f"this column lacks {', '.join(missing)}"
        yield from (
            (line, unknown("column key", key, list(COLUMN_KEYS))) for key in entry if key not in COLUMN_KEYS
        )
        if entry.get("type", "text") not in TYPES:
            yield line, unknown("column type", entry["type"], list(TYPES))


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)
