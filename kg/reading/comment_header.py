"""The header of a file: the comment lines at its top, read as YAML, with the line of everything in it.

SPARQL files write it after `#+`, SQL files after `--+`, tables of mappings after `#`. Which keys it
may have, its reader says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from kg.errors import DataError, Finding
from kg.reading.yaml_nodes import line_of, pairs, plain, tree

Problem = tuple[int, str]  # line of the file, counted from 1, and what to write instead

SPARQL, SQL = "#+", "--+"
# Where a comment ends in SPARQL (section 19.2) and in what people call a line.
_LINE_END = re.compile(r"\r\n|\r|\n")
# YAML 1.1 ends a line here, too (section 5.4); an editor does not, and lines are to be those of the file.
_BREAKS = dict.fromkeys((0x85, 0x2028, 0x2029), " ")


@dataclass(frozen=True, slots=True)
class Header:
    """What a header says by key, and the line of each key and of each entry of a list below it."""

    said: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[tuple[str, int], int] = field(default_factory=dict)

    def line(self, key: str, entry: int = -1) -> int:
        """Return the line of the entry number `entry` of `key`, or of `key`, or the first one."""
        return self.lines.get((key, entry), self.lines.get((key, -1), 1))

    def text(self, key: str) -> str:
        """Return the text of `key`; an empty one if the header does not say it, or says it as a list."""
        found = self.said.get(key, "")
        return found if isinstance(found, str) else ""


def read(file: str, text: str, mark: str = SPARQL) -> Header:
    """Return the header of `text`, whose lines begin with `mark`; an empty one if there are none.

    Raises DataError, with the lines of `file`, when it is no list of keys or no such YAML as records are.
    """
    lines = [line[len(mark) :] if line.startswith(mark) else "" for line in _LINE_END.split(text)]
    while lines and not lines[-1]:
        lines.pop()
    written = "\n".join(lines).translate(_BREAKS)
    root, findings = tree(file, written.encode("utf-8", "surrogatepass"))
    if findings:
        last = max(len(lines), 1)  # YAML may notice below the last line that a bracket is open
        raise DataError(
            Finding(file, min(one.line, last), f"the header cannot be read; {one.message}")
            for one in findings
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
