"""The output of a run as one file of N-Quads, written completely or not at all."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from kg.curating.importing.references.record_quads import QuadWriter
from kg.curating.importing.runs.chunk_work import packed
from kg.curating.importing.runs.drawn_quads import DrawnQuads, Say, without_collector
from kg.curating.importing.runs.import_run import Import
from kg.curating.importing.runs.outcome import Outcome, zones
from kg.curating.importing.volumes.place_zones import PlaceZones
from kg.inference.columns import inferring
from kg.reading.collection.collection import Collection
from kg.reading.ontology import parse_context
from kg.resources import folder, replaced


@dataclass(frozen=True)
class QuadOutput:
    """Writes the quads of a run that has drafted all documents."""

    run: Import
    say: Say = field(default=lambda _: None)

    def write(self, out: Path) -> None:
        """Write all quads to a file, and what follows from them, compressed if its name ends with `.gz`.

        What shapes and axioms find is reported; the file is written all the same, as the input of a person.
        """
        drawing = DrawnQuads(Collection.in_base(self.run.base), self.say, out.parent)
        with (
            replaced(out) as temporary,
            closing(drawing),
            temporary.open("wb") as stream,
            without_collector(),
        ):
            for plain, member in self._all_members(drawing):
                stream.write(member if out.suffix == ".gz" else plain)
            stream.flush()
            os.fsync(stream.fileno())

    def _all_members(self, drawing: DrawnQuads) -> Iterator[tuple[bytes, bytes]]:
        """Yield each part, plain and compressed: what is stated, then what is drawn from it."""
        for member in self._members():
            plain = gzip.decompress(member)
            drawing.read(plain, member)
            yield plain, member
        layers, findings = drawing.drawn()
        for finding in findings:
            if finding.severity == "violation":
                self.run.report(str(finding))
            self.run.counts[finding.severity] += 1
        for name, statements in layers:
            self.run.counts["inferred"] += len(statements)
            lines = list(inferring.lines({name: statements}))
            yield "".join(lines).encode(), packed(lines)

    def _members(self) -> Iterator[bytes]:
        """Yield the compressed parts: the documents with their references, then what they share."""
        run, outcome = self.run, Outcome.of(self.run.chunks, self.run.joined)
        writer = QuadWriter(parse_context(folder("ontology") / "context.jsonld"), run.base)
        references = outcome.references
        for key, result in run.chunks:
            lines = [line for row in result.rows for line in writer.document(row["name"], references.of(row))]
            run.counts["quads"] += len(lines)
            yield run.work.quads(key) + packed(lines)
        shared = [line for kind, things in outcome.shared().items() for line in writer.things(kind, things)]
        run.counts.update(references.counts)
        run.counts["quads"] += len(shared)
        yield packed(shared) + packed(list(zones(PlaceZones(), outcome.zones())))
