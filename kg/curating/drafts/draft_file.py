"""A record file of a draft as lines, each of one record, so that records move with every character."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import yaml

from kg.errors import DataError, Finding
from kg.reading.yaml_nodes import compose, line_of, pairs

TEXT = "tag:yaml.org,2002:str"
_WIDTH = 110  # characters of a line that is written


@dataclass(frozen=True)
class DraftFile:
    """The lines of one file, with their ends, and the node and the lines of each of its records."""

    lines: Sequence[str]
    nodes: Mapping[str, yaml.Node]
    spans: Mapping[str, range]

    @classmethod
    def read(cls, name: str, content: bytes) -> DraftFile:
        """Return the file with this content; an empty one has no records.

        Raises DataError with the findings if it is not YAML of records, or if it is a single record.
        """
        if not content.strip():
            return cls((), {}, {})
        root, findings = compose(name, content)
        if root is None or findings:
            raise DataError(findings)
        found = pairs(root)
        if any(key == "type" for key, _, _ in found):
            raise DataError([Finding(name, 1, "in a draft each record stands under a key of its own")])
        if root.flow_style:
            raise DataError(
                [Finding(name, 1, "write each record on lines of its own, without { } around all")]
            )
        lines = content.decode("utf-8").splitlines(keepends=True)
        starts = [line - 1 for _, line, _ in found]
        spans = {
            key: range(a, b)
            for (key, _, _), (a, b) in zip(found, pairwise([*starts, len(lines)]), strict=True)
        }
        return cls(lines, {key: node for key, _, node in found}, spans)

    def only(self, keys: Collection[str]) -> str:
        """Return the text with the lines of all other records empty, so that each line keeps its number."""
        kept = set(self._numbers(keys))
        return "".join(line if n in kept else "\n" for n, line in enumerate(self.lines))

    def without(self, keys: Collection[str]) -> str:
        """Return the text without these records; empty if no record is left."""
        if set(self.spans) <= set(keys):
            return ""
        gone = set(self._numbers(keys))
        return ended("".join(line for n, line in enumerate(self.lines) if n not in gone))

    def text(self, key: str) -> str:
        """Return the lines of one record, with a line end at the end."""
        return ended("".join(self.lines[n] for n in self.spans[key]).rstrip()) if key in self.spans else ""

    def _numbers(self, keys: Collection[str]) -> Iterator[int]:
        for key in keys:
            yield from self.spans.get(key, ())


def read_file(path: Path, name: str) -> DraftFile:
    """Return the file at `path`, which findings call `name`; one without records where there is none."""
    return DraftFile.read(name, path.read_bytes() if path.exists() else b"")


def ended(text: str) -> str:
    """Return `text` with a line end at its end, unless it is empty."""
    return text if not text or text.endswith("\n") else f"{text}\n"


def serialized(records: Mapping[str, yaml.Node]) -> str:
    """Return records as lines of YAML, with the quotation marks that their texts have."""
    items = [(scalar(key), node) for key, node in records.items()]
    root = yaml.MappingNode("tag:yaml.org,2002:map", items, flow_style=False)
    # BaseDumper takes every plain scalar for text, as the reader of records does.
    written = yaml.serialize(root, Dumper=yaml.BaseDumper, allow_unicode=True, width=_WIDTH)
    return str(written)


def scalar(text: str) -> yaml.ScalarNode:
    """Return a node with this text."""
    return yaml.ScalarNode(TEXT, text)


def put(node: yaml.MappingNode, key: str, text: str, after: str = "type") -> None:
    """Give `key` of a record the value `text`; a new key stands after the key `after`, or last."""
    others = [pair for pair in node.value if pair[0].value != key]
    place = next((n for n, pair in enumerate(others, 1) if pair[0].value == after), len(others))
    node.value = [*others[:place], (scalar(key), scalar(text)), *others[place:]]


def mappings(node: yaml.Node) -> Iterator[yaml.MappingNode]:
    """Yield all mappings of `node`, itself included."""
    if isinstance(node, yaml.MappingNode):
        yield node
        for _, _, value in pairs(node):
            yield from mappings(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from mappings(item)


def value_of(node: yaml.Node, key: str) -> str:
    """Return the text of `key` in a mapping; an empty text if there is none."""
    if not isinstance(node, yaml.MappingNode):
        return ""
    found = (value for name, _, value in pairs(node) if name == key)
    return next((str(value.value) for value in found if isinstance(value, yaml.ScalarNode)), "")


def line_numbers(node: yaml.Node, key: str) -> Iterator[tuple[int, str]]:
    """Yield line (from 0) and text of each value of `key` in `node` and the mappings within it."""
    for mapping in mappings(node):
        for name, _, value in pairs(mapping):
            if name == key and isinstance(value, yaml.ScalarNode):
                yield line_of(value) - 1, value.value
