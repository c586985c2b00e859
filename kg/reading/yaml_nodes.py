"""YAML that people write, as nodes with their lines, and each mistake of form as a finding.

Record files and headers use a small part of YAML 1.1 (https://yaml.org/spec/1.1/): mappings, lists
and texts. The rest is refused while the text is still a flat run of events, because nodes are made by
recursion in C: an alias can make it endless and deep nesting can crash the process.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from kg.errors import Finding

DEEPEST = 20
_TOO_DEEP = f"this is nested more than {DEEPEST} deep; close the brackets or indent less"
# libyaml looks ahead for the end of a possible key and refuses deep nesting of its own accord, before the
# events of the levels above are given out (PyYAML 6.0.4 and later).
_DEEPER_THAN_THE_PARSER_READS = "exceeded maximum nesting depth"
_HINT = 'put quotation marks around text that holds ": " or " #" or begins with a sign'
# Plain scalars that YAML reads as "nothing".
_NOTHING = ("", "~", "null", "Null", "NULL")


def compose(name: str, content: bytes) -> tuple[yaml.MappingNode | None, list[Finding]]:
    """Return the top mapping of a record file, None if it cannot be used, and what is wrong with its form.

    Findings are those of `tree`, and an empty file or one that is no mapping.
    """
    root, findings = tree(name, content)
    if root is None:
        nothing = Finding(name, 0, "the file is empty; write a record or delete the file")
        return None, findings or [nothing]
    if not isinstance(root, yaml.MappingNode):
        return None, [Finding(name, line_of(root), "a record file is a list of `key: value` lines")]
    return root, findings


def tree(name: str, content: bytes) -> tuple[yaml.Node | None, list[Finding]]:
    """Return the top node of the YAML text `content`, None if there is none, and what is wrong with its form.

    Findings are: not UTF-8, no YAML, an anchor, alias or tag, nesting deeper than DEEPEST, a key that
    is no text, a key that stands twice in one mapping.
    """
    try:
        text = content.decode("utf-8")
        refused = [Finding(name, line, message) for line, message in _refused(text)]
        # A file with an alias can hold itself, so no nodes are made of it.
        root = None if refused else yaml.compose(text, Loader=yaml.CBaseLoader)
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        return None, [Finding(name, *_explained(error, content))]
    if root is None:
        return None, refused
    return root, [Finding(name, line, message) for line, message in _keys(root)]


def plain(node: yaml.Node) -> Any:
    """Return what a node of `tree` says as texts, lists and dicts; what has no value is an empty text."""
    if isinstance(node, yaml.SequenceNode):
        return [plain(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {key: plain(value) for key, _, value in pairs(node)}
    return "" if is_nothing(node) else node.value


def pairs(node: yaml.MappingNode) -> list[tuple[str, int, yaml.Node]]:
    """Return key, line of the key and value node of each pair; of a key that stands twice the first."""
    first: dict[str, tuple[str, int, yaml.Node]] = {}
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode) and key.value:
            first.setdefault(key.value, (key.value, line_of(key), value))
    return list(first.values())


def line_of(node: yaml.Node) -> int:
    """Return the line on which `node` begins, counted from 1."""
    return _line(node)


def is_nothing(node: yaml.Node) -> bool:
    """Return whether a node has no value: no text, blanks alone, `~`, an empty list or mapping."""
    if isinstance(node, yaml.ScalarNode) and not node.style:  # plain, not quoted
        return node.value in _NOTHING
    return not (node.value.strip() if isinstance(node, yaml.ScalarNode) else node.value)


def _refused(text: str) -> Iterator[tuple[int, str]]:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line = _line(event)
        if isinstance(event, yaml.AliasEvent):
            yield (
                line,
                "aliases (*name) are not read; write the value out, or quote a text that begins with *",
            )
        elif getattr(event, "anchor", None):
            yield line, "anchors (&name) are not read; leave it out, or quote a text that begins with &"
        elif getattr(event, "tag", None):
            yield line, "tags (!name) are not read; leave it out, or quote a text that begins with !"
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            yield line, _TOO_DEEP
            return


def _keys(root: yaml.Node) -> Iterator[tuple[int, str]]:
    nodes = [root]
    while nodes:
        node = nodes.pop()
        if isinstance(node, yaml.SequenceNode):
            nodes += node.value
        elif isinstance(node, yaml.MappingNode):
            nodes += [value for _, value in node.value]
            yield from _own_keys(node)


def _own_keys(node: yaml.MappingNode) -> Iterator[tuple[int, str]]:
    lines: dict[str, int] = {}
    for key, _ in node.value:
        line = line_of(key)
        if not isinstance(key, yaml.ScalarNode) or not key.value:
            yield line, "a key must be a text; write `key: value`"
        elif key.value in lines:
            yield (
                line,
                f"{key.value} stands twice here, first in line {lines[key.value]}; keep one, or write a list",
            )
        else:
            lines[key.value] = line


def _explained(error: UnicodeDecodeError | yaml.YAMLError, content: bytes) -> tuple[int, str]:
    """Return line and message for an error of the decoder or the YAML parser."""
    if isinstance(error, UnicodeDecodeError):
        return _line_at(content, error.start), "this is not UTF-8; save the file as UTF-8"
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        line = min(error.problem_mark.line, content.count(b"\n")) + 1
        if error.problem == _DEEPER_THAN_THE_PARSER_READS:
            return line, _TOO_DEEP
        written = content.split(b"\n")[line - 1]
        indent = written[: len(written) - len(written.lstrip())]
        hint = "indent with spaces, not with tabs" if b"\t" in indent else _HINT
        return line, f"this is not YAML: {error.problem}; {hint}"
    # libyaml counts the position in bytes of UTF-8.
    reason, position = getattr(error, "reason", str(error)), getattr(error, "position", 0)
    return _line_at(
        content, position
    ), f"this is not YAML: {reason}; delete the character that cannot be seen"


def _line(part: yaml.Event | yaml.Node) -> int:
    return part.start_mark.line + 1 if part.start_mark else 0


def _line_at(content: bytes, position: int) -> int:
    return content.count(b"\n", 0, position) + 1
