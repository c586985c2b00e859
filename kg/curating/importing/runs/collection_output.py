"""The output of a run as records of a collection, where a person goes on: new documents and things."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import yaml

from kg.curating.importing.references.record_quads import Record
from kg.curating.importing.runs.import_run import Import
from kg.curating.importing.runs.outcome import Outcome, zones
from kg.curating.importing.runs.work_folder import Row
from kg.curating.importing.volumes.place_zones import PlaceZones
from kg.namespaces import PREFIXES
from kg.reading.collection.collection import Collection
from kg.reading.ontology import load
from kg.resources import write_atomically

_ZONES = "imported-zones.ttl"
_WIDTH = 120


class _RecordDumper(yaml.CSafeDumper):
    """Writes what stands in several places each time, for records have no anchors."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - as PyYAML calls it
        """Return that nothing is written as an alias."""
        return True


@dataclass(frozen=True)
class CollectionOutput:
    """Writes the records of a run into the folder of a collection; `place` is that folder."""

    run: Import
    place: Path
    report: Callable[[str], None]

    def write(self) -> None:
        """Write documents that the collection does not hold, their texts, and things that it lacks."""
        outcome = Outcome.of(self.run.chunks, self.run.joined)
        for key, result in self.run.chunks:
            rows = {row["name"]: row for row in result.rows}
            for document in self.run.work.documents(key):
                files = {**document["files"], **outcome.references.of(rows[document["name"]])}
                self._document(document, files)
        for kind, things in outcome.shared().items():
            self._things(kind, things)
        self._zones(outcome.zones())
        self.run.counts.update(outcome.references.counts)

    def _document(self, document: Row, files: Mapping[str, Mapping[str, Record]]) -> None:
        """Write the folder of one document, its index last: without it, a run was stopped there."""
        name = document["name"]
        folder = self.place / "records" / "telegram" / name
        if (folder / "index.yaml").exists():
            self.report(f"{folder}: the collection holds this document; it is left as it is")
            return
        text = self.place / "texts" / f"{name}.txt"
        for parent in (folder, text.parent):
            parent.mkdir(parents=True, exist_ok=True)
        write_atomically(text, document["text"].encode())
        for file, records in files.items():
            if file != "index":
                write_atomically(folder / f"{file}.yaml", _written(records))
        write_atomically(folder / "index.yaml", _written(files["index"]["index"]))
        self.run.counts["written"] += 1

    def _things(self, kind: str, things: Mapping[str, Record]) -> None:
        """Add things to the file of their kind, behind what a person has written there."""
        file = self.place / "records" / f"{kind}.yaml"
        before = file.read_bytes() if file.exists() else b""
        root = yaml.compose(before.decode(), Loader=yaml.CSafeLoader)
        known = {key.value for key, _ in root.value} if root is not None else set()
        held = self.place / "records" / kind
        new = {
            key: record
            for key, record in things.items()
            if key not in known and not (held / key).exists() and not (held / f"{key}.yaml").exists()
        }
        if new:
            end = b"" if not before or before.endswith(b"\n") else b"\n"
            write_atomically(file, before + end + _written(new))

    def _zones(self, used: list[str]) -> None:
        """Add the zones that the ontology does not have, in a file of the collection's own terms."""
        file = self.place / "ontology" / _ZONES
        known = load(Collection.at(self.place).ontology).subjects
        new = [zone for zone in used if f"{PREFIXES['zone']}{zone}" not in known]
        quads = ox.parse("".join(zones(PlaceZones(), new)).encode(), ox.RdfFormat.N_QUADS)
        triples = sorted({quad.triple for quad in quads} | _read(file), key=str)
        if new:
            file.parent.mkdir(exist_ok=True)
            text = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes={"skos": PREFIXES["skos"]})
            write_atomically(file, text or b"")


def _read(file: Path) -> set[ox.Triple]:
    if not file.exists():
        return set()
    return {quad.triple for quad in ox.parse(file.read_bytes(), ox.RdfFormat.TURTLE)}


def _written(records: Mapping[str, object]) -> bytes:
    text: str = yaml.dump(
        dict(records), Dumper=_RecordDumper, sort_keys=False, allow_unicode=True, width=_WIDTH
    )
    return text.encode()
