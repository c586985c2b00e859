"""Reader of record files: YAML files and tables of links become JSON-LD objects with source lines.

Scalars stay text (YAML would turn `0511` into 329 and `no` into False); datatypes come from the
JSON-LD context. The path is the identifier, as `kg/records/README.md` explains.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from kg.errors import Finding, did_you_mean, near
from kg.namespaces import SHIPPED, Namespaces
from kg.reading import sssom_records
from kg.reading.ontology import Key
from kg.reading.patterns import wrong_language, wrong_slug, wrong_value
from kg.reading.record_set import Object, RecordFile, Records, SourceLine
from kg.reading.yaml_nodes import compose, is_nothing, line_of, pairs
from kg.resources import walk

# Files with these endings are read, or refused for the ending; all others are skipped.
_ENDINGS = (".yaml", ".yml", ".tsv")


def read(folder: Traversable, keys: Mapping[str, Key], names: Namespaces = SHIPPED) -> Records:
    """Return the records of all `*.yaml` and `*.sssom.tsv` files below `folder`, read with the `keys`.

    Nothing is raised: `Records.findings` has the mistakes of all files. `kg.reading.triples` raises
    them together with the dangling references.
    """
    return add(Records(), folder, keys, names=names)


def add(
    records: Records,
    folder: Traversable,
    keys: Mapping[str, Key],
    prefix: str = "",
    names: Namespaces = SHIPPED,
) -> Records:
    """Return `records` with those of another folder added, whose findings name files after `prefix`."""
    reader = _RecordReader(keys, records, prefix, names)
    for name, file in walk(folder):
        if is_record_file(name):
            reader.file(name, file.read_bytes())
    return reader.records


def of_file(name: str, content: bytes, keys: Mapping[str, Key], names: Namespaces) -> Records:
    """Return the records of one file by itself."""
    reader = _RecordReader(keys, Records(), "", names)
    reader.file(name, content)
    return reader.records


def is_record_file(name: str) -> bool:
    """Return whether a file is read, or refused for its ending; all others are skipped."""
    return name.lower().endswith(_ENDINGS)


class _RecordReader:
    """Collector of the records and findings of all files, so that one run shows every mistake."""

    def __init__(self, keys: Mapping[str, Key], records: Records, prefix: str, names: Namespaces) -> None:
        self.keys, self.names = keys, names
        self.records = records
        self.prefix = prefix
        self.document = RecordFile("", "")

    def file(self, name: str, content: bytes) -> None:
        if name.endswith(sssom_records.ENDING):
            sssom_records.add(self.records, name, content, self.keys, self.names)
        else:
            self._yaml(name, content)

    def _yaml(self, name: str, content: bytes) -> None:
        stem = name.rpartition(".")[0]
        folder, _, last = stem.rpartition("/")
        path = folder if last == "index" else stem
        base = f"{self.names.id}{folder}/" if folder else str(self.names.id)
        self.document = RecordFile(name, base, prefix=self.prefix)
        self._check_path(name, stem)
        root, findings = compose(self.document.shown, content)
        self.records.findings += findings
        if root is None:
            self.records.unread.append(f"{self.names.id}{path}")
            return
        if any(key == "type" for key, _, _ in pairs(root)):
            self._record(f"{self.names.id}{path}", root, 1)
        else:
            for key, line, value in pairs(root):
                self._check_slug(key, line)
                self._record(f"{self.names.id}{path}/{key}", value, line)
        self.records.documents.append(self.document)

    def _check_path(self, name: str, stem: str) -> None:
        for part in stem.split("/"):
            self._check_slug(part, 0)
        if not name.endswith(".yaml"):
            self._wrong(0, "a record file ends with .yaml, a table of links with .sssom.tsv; rename it")
        if stem == "index":
            self._wrong(0, "index.yaml stands for its folder; move it into one")

    def _check_slug(self, name: str, line: int) -> None:
        problem = wrong_slug(name)
        if problem:
            self._wrong(line, problem)

    def _record(self, iri: str, node: yaml.Node, line: int) -> None:
        if iri in self.records.things:
            first = self.records.things[iri]
            self._wrong(
                line, f"{self._path(iri)} is already in {first.file}:{first.line}; choose another key"
            )
        self.records.things.setdefault(iri, SourceLine(self.document.shown, line))
        if not isinstance(node, yaml.MappingNode):
            self._wrong(line, f"{self._path(iri)} must be a record: indented `key: value` lines under it")
            return
        key_lines = {key: key_line for key, key_line, _ in pairs(node)}
        if "type" not in key_lines:
            self._wrong(line, f"{self._path(iri)} has no type; write for example `type: Position`")
        if "id" in key_lines:
            self._wrong(key_lines["id"], "a record is named by its file and key; delete the line `id`")
        self.document.objects.append(self._object(iri, node))

    def _object(self, iri: str, node: yaml.MappingNode) -> Object:
        result: Object = {"id": iri}
        for key, line, value in pairs(node):
            if key not in self.keys:
                self._wrong(line, self._unknown(key, alone=bool(node.flow_style) and is_nothing(value)))
            elif is_nothing(value):
                self._wrong(line, f"{key} has no value; write one or delete the line")
            else:
                content = self._value(iri, key, value)
                if content is not None and key != "id":
                    result[key] = content
        return result

    def _value(self, iri: str, key: str, node: yaml.Node) -> Any:
        if self.keys[key].takes == "languages":
            return self._languages(iri, key, node)
        if not isinstance(node, yaml.SequenceNode):
            return self._item(iri, key, node, key)
        if key in ("type", "id"):
            self._wrong(line_of(node), f"{key} takes one word, not a list")
        items = [self._item(iri, key, item, f"{key}/{n}") for n, item in enumerate(node.value, 1)]
        return [item for item in items if item is not None]

    def _item(self, iri: str, key: str, node: yaml.Node, fragment: str) -> Any:
        line = line_of(node)
        if isinstance(node, yaml.ScalarNode):
            self._remember(iri, key, line, node.value)
            return node.value if self._is_valid(key, node) else None
        if isinstance(node, yaml.MappingNode) and self.keys[key].takes == "thing":
            return self._nested(iri, key, node, fragment)
        kind = "a list within a list" if isinstance(node, yaml.SequenceNode) else "`key: value` lines"
        hint = "write one list" if isinstance(node, yaml.SequenceNode) else 'quote a text that holds ": "'
        self._wrong(line, f"{key} cannot hold {kind}; {hint}")
        return None

    def _is_valid(self, key: str, node: yaml.ScalarNode) -> bool:
        """Return whether `key` can have this value; what is wrong with it is added to the findings."""
        problem = wrong_value(key, self.keys[key].takes, node.value)
        if is_nothing(node):
            problem = f"{key} has an empty item; write a value or delete the line"
        if problem:
            self._wrong(line_of(node), problem)
        return not problem

    def _nested(self, iri: str, key: str, node: yaml.MappingNode, fragment: str) -> Object:
        id_ = next((str(value.value) for name, _, value in pairs(node) if name == "id"), "")
        # `id` adds statements about a thing that has its record elsewhere; it begins no new record.
        nested = self._resolve(id_) if id_ else f"{iri}{'/' if '#' in iri else '#'}{fragment}"
        if not id_:
            self.records.things.setdefault(nested, SourceLine(self.document.shown, line_of(node)))
        self._remember(iri, key, line_of(node), nested)
        return self._object(nested, node)

    def _resolve(self, name: str) -> str:
        prefix, colon, local = name.partition(":")
        namespace = self.names.prefixes.get(prefix) if colon else None
        return self.document.base + name if namespace is None else namespace + local

    def _languages(self, iri: str, key: str, node: yaml.Node) -> Object:
        result: Object = {}
        if not isinstance(node, yaml.MappingNode):
            self._wrong(
                line_of(node), f"{key} takes a text for each language; write `en: …` on a line under it"
            )
            return result
        self._remember(iri, key, line_of(node), "")
        for language, line, value in pairs(node):
            items = value.value if isinstance(value, yaml.SequenceNode) else [value]
            problem = wrong_language(language)
            if problem:
                self._wrong(line, problem)
            elif not items or not all(isinstance(i, yaml.ScalarNode) and not is_nothing(i) for i in items):
                self._wrong(line, f"{key} takes one text, or one list of texts, for a language")
            else:
                result[language] = [item.value for item in items]
                for item in items:
                    self._remember(iri, key, line_of(item), item.value)
        return result

    def _remember(self, iri: str, key: str, line: int, text: str) -> None:
        self.records.values.setdefault((iri, key), []).append((SourceLine(self.document.shown, line), text))

    def _unknown(self, key: str, *, alone: bool) -> str:
        if alone:
            return f"{key!r} is no key; between {{ }} a comma begins one, so quote a text that holds a comma"
        hint = did_you_mean(near(key, self.keys)) or "kg/records/README.md lists the keys"
        return f"a record has no key {key!r}; {hint}"

    def _wrong(self, line: int, message: str) -> None:
        self.records.findings.append(Finding(self.document.shown, line, message))

    def _path(self, iri: str) -> str:
        return iri.removeprefix(str(self.names.id))
