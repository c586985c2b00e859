"""YAML headers in the comment lines at the top of SPARQL, SQL and SSSOM files, with line numbers.

SPARQL files write the header after `#+`, SQL files after `--+`, tables of mappings after `#`. Each caller
checks which keys it may have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from kg.errors import DataError, Finding
from kg.reading.yaml_nodes import line_of, pairs, plain, tree

Problem = tuple[int, str]  # line of the file, counted from 1, and message

SPARQL, SQL = "#+", "--+"
# The characters that end a comment in SPARQL (section 19.2) and a line in editors.
_LINE_END = re.compile(r"\r\n|\r|\n")
# YAML 1.1 also ends a line at these (section 5.4); editors do not, and line numbers must match theirs.
_BREAKS = dict.fromkeys((0x85, 0x2028, 0x2029), " ")


@dataclass(frozen=True, slots=True)
class Header:
    """The values of a header by key, and the line of each key and of each entry of its list."""

    values: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[tuple[str, int], int] = field(default_factory=dict)

    def line(self, key: str, entry: int = -1) -> int:
        """Return the line of entry number `entry` (from 0) of `key`; else the line of `key`; else 1."""
        return self.lines.get((key, entry), self.lines.get((key, -1), 1))

    def text(self, key: str) -> str:
        """Return the text of `key`; an empty one if the header lacks the key or its value is not a text."""
        value = self.values.get(key, "")
        return value if isinstance(value, str) else ""


def read(file: str, text: str, mark: str = SPARQL) -> Header:
    """Return the header of `text`, whose lines begin with `mark`; an empty one if there are none.

    Raises DataError, with lines of `file`, if it is not a YAML mapping or uses more YAML than records may.
    """
    lines = [line[len(mark) :] if line.startswith(mark) else "" for line in _LINE_END.split(text)]
    while lines and not lines[-1]:
        lines.pop()
    written = "\n".join(lines).translate(_BREAKS)
    root, findings = tree(file, written.encode("utf-8", "surrogatepass"))
    if findings:
        last = max(len(lines), 1)  # YAML reports an open bracket below the last line
        raise DataError(
            Finding(file, min(finding.line, last), f"the header cannot be read; {finding.message}")
            for finding in findings
        )
    if root is None:
        return Header()
    if not isinstance(root, yaml.MappingNode):
        raise DataError([Finding(file, line_of(root), f"write the header as lines like `{mark} title: …`")])
    return Header(plain(root), dict(_lines(root)))


def _lines(root: yaml.MappingNode) -> Iterator[tuple[tuple[str, int], int]]:
    for key, line, value in pairs(root):
        yield (key, -1), line
        if isinstance(value, yaml.SequenceNode):
            yield from (((key, n), line_of(entry)) for n, entry in enumerate(value.value))
