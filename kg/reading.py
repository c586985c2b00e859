"""Read records: YAML files become JSON-LD objects, and each key remembers its line.

Scalars stay text (YAML would turn `0511` into 329 and `no` into False); datatypes come from the
context. The path is the identifier: see `kg/records/README.md`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib.abc import Traversable
from typing import Any

import yaml

from kg.errors import DataError, Finding
from kg.namespaces import ID

Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is written: file, and line counted from 1."""

    file: str
    line: int


@dataclass
class Document:
    """One record file: its name below the records folder, its base IRI and its JSON-LD objects."""

    file: str
    base: str
    objects: list[Object] = field(default_factory=list)


@dataclass
class Records:
    """All record files, and the place of every record and of every key in it."""

    documents: list[Document] = field(default_factory=list)
    things: dict[str, Place] = field(default_factory=dict)
    values: dict[tuple[str, str], list[tuple[Place, str]]] = field(default_factory=dict)

    def place(self, subject: str, key: str | None = None, value: str | None = None) -> Place | None:
        """Return where `subject` says `key` (with `value`, where given), or where it begins."""
        written = self.values.get((subject, key or ""), [])
        exact = [place for place, text in written if value is not None and _same(text, value)]
        found = exact or [place for place, _ in written]
        return found[0] if found else self.things.get(subject)


def read(folder: Traversable, keys: Mapping[str, str]) -> Records:
    """Read every `*.yaml` file below `folder`; `keys` are the record keys that the context knows.

    Raises DataError with all findings of all files: broken YAML, text that is not UTF-8, an empty
    file, a duplicate or unknown key, a duplicate identifier, a record without type.
    """
    reader = _Reader(keys)
    for name, file in _files(folder, ""):
        reader.file(name, file)
    if reader.findings:
        raise DataError(reader.findings)
    return reader.records


def _files(folder: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir():
            yield from _files(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".yaml"):
            yield prefix + entry.name, entry


class _Reader:
    """Collects records and findings over all files, so that one run shows every mistake."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        self.keys = keys
        self.records = Records()
        self.findings: list[Finding] = []
        self.name = ""

    def file(self, name: str, file: Traversable) -> None:
        self.name = name
        root = self._compose(file)
        if root is None:
            return
        folder, _, stem = name.removesuffix(".yaml").rpartition("/")
        own = folder if stem == "index" else f"{folder}/{stem}".lstrip("/")
        document = Document(name, str(ID) + (f"{folder}/" if folder else ""))
        pairs = self._pairs(root)
        if any(key == "type" for key, _, _ in pairs):
            document.objects.append(self._record(str(ID) + own, root, 1))
        else:
            for key, key_node, value in pairs:
                document.objects.append(self._record(f"{ID}{own}/{key}", value, _line(key_node)))
        self.records.documents.append(document)

    def _compose(self, file: Traversable) -> yaml.MappingNode | None:
        try:
            root = yaml.compose(file.read_bytes().decode("utf-8"), Loader=yaml.CSafeLoader)
        except UnicodeDecodeError as error:
            before = file.read_bytes()[: error.start].count(b"\n") + 1
            return self._wrong(before, "this is not UTF-8; save the file as UTF-8")
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            return self._wrong(mark.line + 1 if mark else 0, f"this is not YAML: {error.problem}; {_HINT}")
        except yaml.YAMLError as error:
            return self._wrong(0, f"this is not YAML: {error}")
        if root is None:
            return self._wrong(0, "the file is empty; write a record or delete the file")
        if not isinstance(root, yaml.MappingNode):
            return self._wrong(_line(root), "a record file is a list of `key: value` lines")
        return root

    def _record(self, iri: str, node: yaml.Node, line: int) -> Object:
        if iri in self.records.things:
            first = self.records.things[iri]
            self._wrong(line, f"{_short(iri)} is already in {first.file}:{first.line}; choose another key")
        self.records.things.setdefault(iri, Place(self.name, line))
        if not isinstance(node, yaml.MappingNode):
            self._wrong(line, f"{_short(iri)} must be a record: indented `key: value` lines under it")
            return {"id": iri}
        if not any(key == "type" for key, _, _ in self._pairs(node)):
            self._wrong(line, f"{_short(iri)} has no type; write for example `type: Position`")
        return self._object(iri, node)

    def _object(self, iri: str, node: yaml.MappingNode) -> Object:
        result: Object = {"id": iri}
        for key, key_node, value in self._pairs(node):
            if key not in self.keys:
                self._wrong(_line(key_node), self._unknown(key))
            elif key in result and key != "id":
                self._wrong(_line(key_node), f"{key} stands twice in one record; write a list")
            else:
                result[key] = self._value(iri, key, value)
        return result

    def _value(self, iri: str, key: str, node: yaml.Node) -> Any:
        if isinstance(node, yaml.SequenceNode):
            return [self._item(iri, key, item, f"#{key}/{n}") for n, item in enumerate(node.value, 1)]
        return self._item(iri, key, node, f"#{key}")

    def _item(self, iri: str, key: str, node: yaml.Node, fragment: str) -> Any:
        place = Place(self.name, _line(node))
        if isinstance(node, yaml.ScalarNode):
            if node.value == "":
                self._wrong(place.line, f"{key} has no value; write one or delete the line")
            self.records.values.setdefault((iri, key), []).append((place, node.value))
            return node.value
        if isinstance(node, yaml.MappingNode):
            if key in ("label", "variant"):
                self.records.values.setdefault((iri, key), []).append((place, ""))
                return self._languages(iri, key, node)
            own = next((str(v.value) for k, _, v in self._pairs(node) if k == "id"), "")
            # `id` says something more of a thing that has a record elsewhere; it begins none.
            nested = f"{ID}{own.replace(':', '/', 1)}" if own else iri.partition("#")[0] + _join(iri, fragment)
            if not own:
                self.records.things.setdefault(nested, place)
            self.records.values.setdefault((iri, key), []).append((place, nested))
            return self._object(nested, node)
        self._wrong(place.line, f"{key} holds a list within a list; write one list")
        return None

    def _languages(self, iri: str, key: str, node: yaml.MappingNode) -> Object:
        result: Object = {}
        for language, key_node, value in self._pairs(node):
            items = value.value if isinstance(value, yaml.SequenceNode) else [value]
            if language in result or not all(isinstance(item, yaml.ScalarNode) for item in items):
                self._wrong(_line(key_node), f"{key} takes one text, or one list of texts, a language")
            else:
                result[language] = [item.value for item in items]
                self.records.values[iri, key] += [(Place(self.name, _line(i)), i.value) for i in items]
        return result

    def _pairs(self, node: yaml.MappingNode) -> list[tuple[str, yaml.Node, yaml.Node]]:
        pairs = [(str(key.value), key, value) for key, value in node.value]
        seen: set[str] = set()
        for key, key_node, _ in pairs:
            finding = Finding(self.name, _line(key_node), f"{key} stands twice here; keep one")
            if key in seen and finding not in self.findings:
                self.findings.append(finding)
            seen.add(key)
        return pairs

    def _unknown(self, key: str) -> str:
        near = get_close_matches(key, self.keys, n=3, cutoff=0.6)
        hint = f"did you mean {' or '.join(near)}?" if near else "kg/records/README.md lists the keys"
        return f"a record has no key {key!r}; {hint}"

    def _wrong(self, line: int, message: str) -> None:
        self.findings.append(Finding(self.name, line, message))


_HINT = 'put quotation marks around text that holds ": " or " #" or begins with a sign'


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _short(iri: str) -> str:
    return iri.removeprefix(str(ID))


def _join(iri: str, fragment: str) -> str:
    """Return the fragment of a nested object below `iri`, itself perhaps nested."""
    _, _, outer = iri.partition("#")
    return f"#{outer}/{fragment[1:]}" if outer else fragment


def _same(written: str, value: str) -> bool:
    return written == value or value.endswith(("/" + written, "#" + written, ":" + written)) or (
        written.partition(":")[2] != "" and value.endswith(written.replace(":", "/"))
    )
