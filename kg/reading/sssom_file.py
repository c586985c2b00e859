"""Parser of mapping tables in SSSOM/TSV: header and rows, and a finding for each syntax error.

SSSOM 1.1 (https://w3id.org/sssom/): a header in YAML, each line after `#`, then a table with tabs. Cells are
read without quoting, so that a curator sees what the parser reads, and in NFC. Only LF, CR and CRLF end a
line: other characters that Unicode calls line separators may stand in a cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from io import StringIO
from types import MappingProxyType
from typing import Any

import yaml

from kg.errors import DataError, Finding, unknown
from kg.reading import comment_header
from kg.reading.characters import nfc, wrong_character

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
    """The header of a file, its valid rows, and the findings about the others."""

    header: Mapping[str, Any] = field(default_factory=dict)
    rows: list[MappingRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def expand(self, curie: str) -> str:
        """Return the IRI of a CURIE by the file's `curie_map`; an empty text if it lacks the prefix."""
        prefix, _, local = curie.partition(":")
        namespace = self.header.get("curie_map", {}).get(prefix, "")
        return f"{namespace}{local}" if namespace and local else ""


def parse(name: str, content: bytes) -> MappingFile:
    """Return the header, rows and findings of the file `name`; only findings if it cannot be read.

    Findings are: not UTF-8, a header that is not YAML or lacks a field, an unknown, missing or repeated
    column, a row with too many cells, an empty cell in a required column, a quotation mark at the start
    of a cell, a character that XML cannot hold.
    """
    try:
        text = nfc(content.decode("utf-8").removeprefix(_BOM))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return MappingFile(findings=[Finding(name, line, "this is not UTF-8; save the file as UTF-8")])
    lines = [line.removesuffix("\n") for line in StringIO(text, newline=None)]
    head = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    result = MappingFile()
    try:
        header = result.header = _header(name, lines[:head])
    except DataError as error:
        result.findings = list(error.findings)
        return result
    table = enumerate(lines[head:], head + 1)
    columns = lines[head].split("\t") if head < len(lines) else []
    problems = [*_header_problems(header), *_column_problems(columns, head + 1)]
    if not problems:
        next(table)
        rows = [_row(line, text, columns) for line, text in table if text.strip()]
        problems = [problem for row in rows for problem in _cell_problems(row, len(columns))]
        bad = {line for line, _ in problems}
        result.rows = [row for row in rows if row.line not in bad]
    result.findings = [Finding(name, line, message) for line, message in problems]
    return result


def _header(name: str, lines: Sequence[str]) -> Mapping[str, Any]:
    """Return the fields of a header; raises DataError if it is empty or its `curie_map` is not a map."""
    header = comment_header.read(name, "\n".join(lines), "#")
    if not header.values:
        message = "a file of mappings begins with a header; write lines as in `#license: https://…`"
        raise DataError([Finding(name, 1, message)])
    prefixes = header.values.get("curie_map", {})
    if not isinstance(prefixes, dict) or not all(":" in namespace for namespace in prefixes.values()):
        message = "curie_map takes a namespace for each prefix, on a line of its own"
        raise DataError([Finding(name, header.line("curie_map"), message)])
    return header.values


def _header_problems(header: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    for name in RULES["header"]:
        if not header.get(name):
            yield 1, f"the header lacks {name}; write a line `#{name}: …`"


def _column_problems(columns: Sequence[str], line: int) -> Iterator[tuple[int, str]]:
    for name in dict.fromkeys(columns):
        if name not in COLUMNS:
            yield line, unknown("column", name, COLUMNS)
        elif columns.count(name) > 1:
            yield line, f"the column {name} is there twice; keep one"
    for name in sorted(REQUIRED - set(columns)):
        yield line, f"the column {name} is missing"


def _row(line: int, text: str, columns: Sequence[str]) -> MappingRow:
    cells = text.split("\t")
    filled = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if cell.strip()}
    # A surplus of cells is kept under the empty name, for `_cell_problems`.
    return MappingRow(line, filled if len(cells) <= len(columns) else {**filled, "": str(len(cells))})


def _cell_problems(row: MappingRow, width: int) -> Iterator[tuple[int, str]]:
    if "" in row.cells:
        yield row.line, f"this row has {row.cells['']} cells, not {width}; delete the extra tabs"
    for name, cell in row.cells.items():
        if cell.startswith('"'):
            yield row.line, f"{name} begins with a quotation mark; write cells without quotation marks"
        if problem := wrong_character(name, cell):
            yield row.line, problem
    for name in COLUMNS:
        if name in REQUIRED and name not in row.cells:
            yield row.line, f"{name} is empty; write a value"
