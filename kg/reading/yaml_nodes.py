"""Parser of YAML files and headers: nodes with line numbers, and a finding for each syntax error.

Record files and headers use a small part of YAML 1.1 (https://yaml.org/spec/1.1/): mappings, lists
and texts. The rest is refused in the stream of events, before nodes are composed: composing recurses
in C, where an alias can make it endless and deep nesting can crash the process.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from kg.errors import Finding
from kg.reading.characters import nfc, wrong_character

DEEPEST = 20
_TOO_DEEP = f"this is nested more than {DEEPEST} deep; close the brackets or indent less"
# libyaml looks ahead for the end of a possible key and refuses deep nesting itself, before it returns the
# events of the levels above (PyYAML 6.0.4 and later).
_PARSER_DEPTH_ERROR = "exceeded maximum nesting depth"
_HINT = 'put quotation marks around text that holds ": " or " #" or begins with a special character'
# Plain scalars that YAML reads as null.
_NOTHING = ("", "~", "null", "Null", "NULL")


def compose(name: str, content: bytes) -> tuple[yaml.MappingNode | None, list[Finding]]:
    """Return the top mapping of a record file, or None if it cannot be used, and the findings.

    Findings are those of `tree`, an empty file, and a file that is not a mapping.
    """
    root, findings = tree(name, content)
    if root is None:
        empty = Finding(name, 0, "the file is empty; write a record or delete the file")
        return None, findings or [empty]
    if not isinstance(root, yaml.MappingNode):
        return None, [Finding(name, line_of(root), "a record file consists of `key: value` lines")]
    return root, findings


def tree(name: str, content: bytes) -> tuple[yaml.Node | None, list[Finding]]:
    """Return the top node of the YAML text `content`, or None if there is none, and the findings.

    Texts are returned in NFC. Findings are: not UTF-8, not YAML, an anchor, alias or tag, nesting deeper
    than DEEPEST, a key that is not a text, a key that is repeated in one mapping, a character that XML
    cannot hold.
    """
    try:
        text = nfc(content.decode("utf-8"))
        refused = [Finding(name, line, message) for line, message in _unsupported(text)]
        # A node with an alias can contain itself, so no nodes are composed.
        root = None if refused else yaml.compose(text, Loader=yaml.CBaseLoader)
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        return None, [Finding(name, *_line_and_message(error, content))]
    if root is None:
        return None, refused
    problems = [*_character_problems(root), *_key_problems(root)]
    return root, [Finding(name, line, message) for line, message in problems]


def plain(node: yaml.Node) -> Any:
    """Return a node of `tree` as texts, lists and dicts; null is an empty text."""
    if isinstance(node, yaml.SequenceNode):
        return [plain(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {key: plain(value) for key, _, value in pairs(node)}
    return "" if is_nothing(node) else node.value


def pairs(node: yaml.MappingNode) -> list[tuple[str, int, yaml.Node]]:
    """Return the key, the line of the key and the value node of each pair; only the first of a key."""
    first: dict[str, tuple[str, int, yaml.Node]] = {}
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode) and key.value:
            first.setdefault(key.value, (key.value, line_of(key), value))
    return list(first.values())


def line_of(node: yaml.Node) -> int:
    """Return the line on which `node` begins, counted from 1."""
    return _line(node)


def is_nothing(node: yaml.Node) -> bool:
    """Return whether a node has no value: null, blank text, an empty list or an empty mapping."""
    if isinstance(node, yaml.ScalarNode) and not node.style:  # plain, not quoted
        return node.value in _NOTHING
    return not (node.value.strip() if isinstance(node, yaml.ScalarNode) else node.value)


def _unsupported(text: str) -> Iterator[tuple[int, str]]:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line = _line(event)
        if isinstance(event, yaml.AliasEvent):
            yield (
                line,
                "aliases (*name) are not supported; write the value out, or quote a text that begins with *",
            )
        elif getattr(event, "anchor", None):
            yield line, "anchors (&name) are not supported; delete it, or quote a text that begins with &"
        elif getattr(event, "tag", None):
            yield line, "tags (!name) are not supported; delete it, or quote a text that begins with !"
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            yield line, _TOO_DEEP
            return


def _key_problems(root: yaml.Node) -> Iterator[tuple[int, str]]:
    for node in _nodes(root):
        if isinstance(node, yaml.MappingNode):
            yield from _key_problems_of(node)


def _character_problems(root: yaml.Node) -> Iterator[tuple[int, str]]:
    """Put each text in NFC, which an escape may have left, and yield what XML cannot hold."""
    for node in _nodes(root):
        if isinstance(node, yaml.ScalarNode):
            node.value = nfc(node.value)
            if problem := wrong_character("this text", node.value):
                yield line_of(node), problem


def _nodes(root: yaml.Node) -> Iterator[yaml.Node]:
    """Yield `root` and all nodes below it, keys of mappings included."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif isinstance(node, yaml.MappingNode):
            waiting += [part for pair in node.value for part in pair]


def _key_problems_of(node: yaml.MappingNode) -> Iterator[tuple[int, str]]:
    lines: dict[str, int] = {}
    for key, _ in node.value:
        line = line_of(key)
        if not isinstance(key, yaml.ScalarNode) or not key.value:
            yield line, "a key must be a text; write `key: value`"
        elif key.value in lines:
            yield (
                line,
                f"{key.value} is repeated, first in line {lines[key.value]}; keep one, or write a list",
            )
        else:
            lines[key.value] = line


def _line_and_message(error: UnicodeDecodeError | yaml.YAMLError, content: bytes) -> tuple[int, str]:
    """Return line and message for an error of the decoder or the YAML parser."""
    if isinstance(error, UnicodeDecodeError):
        return _line_at(content, error.start), "this is not UTF-8; save the file as UTF-8"
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        line = min(error.problem_mark.line, content.count(b"\n")) + 1
        if error.problem == _PARSER_DEPTH_ERROR:
            return line, _TOO_DEEP
        written = content.split(b"\n")[line - 1]
        indent = written[: len(written) - len(written.lstrip())]
        hint = "indent with spaces, not with tabs" if b"\t" in indent else _HINT
        return line, f"this is not YAML: {error.problem}; {hint}"
    # libyaml counts the position in bytes of UTF-8.
    reason, position = getattr(error, "reason", str(error)), getattr(error, "position", 0)
    return _line_at(content, position), f"this is not YAML: {reason}; delete the invisible character"


def _line(part: yaml.Event | yaml.Node) -> int:
    return part.start_mark.line + 1 if part.start_mark else 0


def _line_at(content: bytes, position: int) -> int:
    return content.count(b"\n", 0, position) + 1
