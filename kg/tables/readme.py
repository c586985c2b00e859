"""`csv/README.md`: what lies in the folder, for people, generated from the headers of the tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.tables.about import About
from kg.tables.data_package import described
from kg.tables.rows import Filled
from kg.tables.table import Column


def write(filled: Sequence[Filled], about: About) -> bytes:
    """Return the Markdown, in UTF-8."""
    return "\n".join(_lines(filled, about)).encode()


def _lines(filled: Sequence[Filled], about: About) -> Iterator[str]:
    yield from (f"# Tables of {about.title}", "", about.description, "")
    yield from (f"- {rule}" for rule in about.reading)
    yield ""
    yield f"Licence: {about.licence_title}, <{about.licence_address}>. {about.licence_reach}"
    yield from ("", f"Cite as: {about.citation}", "")
    for one in filled:
        yield from _table(one)


def _table(filled: Filled) -> Iterator[str]:
    table = filled.table
    yield from (f"## {table.name}.csv", "", f"{table.description} Rows: {len(filled.rows)}.", "")
    yield from ("| column | type | meaning |", "|---|---|---|")
    for column in table.columns:
        yield f"| `{column.name}` | {_type(column)} | {_cell(described(column))} |"
    yield ""


def _type(column: Column) -> str:
    return f"{column.type}, in `{column.references}.csv`" if column.references else column.type


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
