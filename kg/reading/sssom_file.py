"""One file of mappings in SSSOM/TSV: its text becomes rows, and each mistake of form a finding.

SSSOM 1.1 (https://w3id.org/sssom/): a header in YAML, each line after `#`, then a table with tabs. Cells are
read as they stand, without quoting, so that what a curator sees is what is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

from kg.errors import DataError, Finding, unknown
from kg.reading import comment_header

_BOM = "\ufeff"
RULES: Mapping[str, Any] = MappingProxyType(yaml.safe_load((files("kg.reading") / "sssom.yaml").read_bytes()))
COLUMNS: tuple[str, ...] = tuple(RULES["columns"])
REQUIRED = frozenset(COLUMNS) - frozenset(RULES["optional"])


@dataclass(frozen=True, slots=True)
class MappingRow:
    """One mapping: its line, counted from 1, and its cells by column; an empty cell is left out."""

    line: int
    cells: Mapping[str, str]


@dataclass
class MappingFile:
    """The header of a file, its rows of good form, and what is wrong with the form of the rest."""

    header: Mapping[str, Any] = field(default_factory=dict)
    rows: list[MappingRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def expand(self, curie: str) -> str:
        """Return the IRI of a CURIE by the file's `curie_map`; an empty text if its prefix is not there."""
        prefix, _, local = curie.partition(":")
        namespace = self.header.get("curie_map", {}).get(prefix, "")
        return f"{namespace}{local}" if namespace and local else ""


def parse(name: str, content: bytes) -> MappingFile:
    """Return what the file `name` holds; of a file that cannot be read only the findings.

    Findings are: not UTF-8, a header that is no YAML or lacks a field, an unknown, missing or double
    column, a row with too many cells, an empty cell where one must say something, a quotation mark
    at the start of a cell.
    """
    try:
        lines = content.decode("utf-8").removeprefix(_BOM).splitlines()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return MappingFile(findings=[Finding(name, line, "this is not UTF-8; save the file as UTF-8")])
    head = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    result = MappingFile()
    try:
        header = result.header = _header(name, lines[:head])
    except DataError as error:
        result.findings = list(error.findings)
        return result
    table = enumerate(lines[head:], head + 1)
    columns = lines[head].split("\t") if head < len(lines) else []
    wrong = [*_fields(header), *_columns(columns, head + 1)]
    if not wrong:
        next(table)
        rows = [_row(line, text, columns) for line, text in table if text.strip()]
        wrong = [problem for row in rows for problem in _cells(row, len(columns))]
        bad = {line for line, _ in wrong}
        result.rows = [row for row in rows if row.line not in bad]
    result.findings = [Finding(name, line, message) for line, message in wrong]
    return result


def _header(name: str, lines: Sequence[str]) -> Mapping[str, Any]:
    """Return the fields of a header; raises DataError for what is none."""
    header = comment_header.read(name, "\n".join(lines), "#")
    if not header.said:
        message = "a file of mappings begins with a header: lines as in `#license: https://…`"
        raise DataError([Finding(name, 1, message)])
    prefixes = header.said.get("curie_map", {})
    if not isinstance(prefixes, dict) or not all(":" in namespace for namespace in prefixes.values()):
        message = "curie_map takes a namespace for each prefix, on a line of its own"
        raise DataError([Finding(name, header.line("curie_map"), message)])
    return header.said


def _fields(header: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    for name in RULES["header"]:
        if not header.get(name):
            yield 1, f"the header does not say {name}; write a line `#{name}: …`"


def _columns(columns: Sequence[str], line: int) -> Iterator[tuple[int, str]]:
    for name in dict.fromkeys(columns):
        if name not in COLUMNS:
            yield line, unknown("column", name, COLUMNS)
        elif columns.count(name) > 1:
            yield line, f"the column {name} stands twice; keep one"
    for name in sorted(REQUIRED - set(columns)):
        yield line, f"the column {name} is missing"


def _row(line: int, text: str, columns: Sequence[str]) -> MappingRow:
    cells = text.split("\t")
    found = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if cell.strip()}
    return MappingRow(line, found if len(cells) <= len(columns) else {**found, "": str(len(cells))})


def _cells(row: MappingRow, width: int) -> Iterator[tuple[int, str]]:
    if "" in row.cells:
        yield row.line, f"this row has {row.cells['']} cells and not {width}; take out tabs"
    for name, cell in row.cells.items():
        if cell.startswith('"'):
            yield row.line, f"{name} begins with a quotation mark; cells are written without"
    for name in COLUMNS:
        if name in REQUIRED and name not in row.cells:
            yield row.line, f"{name} is empty; write a value"
