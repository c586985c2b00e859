"""What became of a run: its documents in order, references resolved among all, and what they share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kg.curating.importing.people.joined_people import JoinedPeople
from kg.curating.importing.references.record_quads import Record
from kg.curating.importing.references.reference_index import ReferenceIndex
from kg.curating.importing.references.reference_records import ReferenceRecords
from kg.curating.importing.runs.chunk_work import preferred
from kg.curating.importing.runs.work_folder import ChunkResult, Row
from kg.curating.importing.volumes.place_zones import GREENWICH, UNKNOWN, PlaceZones
from kg.namespaces import BASE, GRAPH, PREFIXES

Things = dict[str, dict[str, Record]]


@dataclass
class Outcome:
    """The results of all chunks, with the index of their documents."""

    chunks: Sequence[tuple[str, ChunkResult]]
    references: ReferenceRecords
    joined: JoinedPeople = field(default_factory=JoinedPeople)
    held: set[str] = field(default_factory=set)  # documents

    @classmethod
    def of(cls, chunks: Sequence[tuple[str, ChunkResult]], joined: JoinedPeople) -> Outcome:
        """Return the outcome of the chunks of a run, with the people who are one."""
        volumes: dict[str, list[Row]] = {}
        for _, result in chunks:
            for row in result.rows:
                volumes.setdefault(row["volume"], []).append(row)
        index = ReferenceIndex()
        for rows in volumes.values():
            index.add(rows)
        held = {row["name"] for rows in volumes.values() for row in rows}
        return cls(chunks, ReferenceRecords(index), joined, held)

    def shared(self) -> Things:
        """Return what documents share, by kind and key; call it after the references are written."""
        things: Things = {}
        for more in (*(result.things for _, result in self.chunks), self.references.things):
            for kind, records in more.items():
                known = things.setdefault(kind, {})
                for key, record in records.items():
                    known[key] = preferred(known.get(key), record)
        if "actor" in things:
            things["actor"] = self.joined.actors(things["actor"])
        return {
            kind: {key: things[kind][key] for key in sorted(things[kind]) if key not in self.held}
            for kind in sorted(things)
        }

    def zones(self) -> list[str]:
        """Return the zones that documents use, without Greenwich and the unknown, which the ontology has."""
        found = {zone for _, result in self.chunks for row in result.rows for zone in row["zones"]}
        return sorted(found - {UNKNOWN, GREENWICH})


def zones(known: PlaceZones, used: Sequence[str]) -> Iterator[str]:
    """Yield the quads of the zones that documents use, as values of the list `zone` of the ontology."""
    rdf, rdfs, skos = (PREFIXES[name] for name in ("rdf", "rdfs", "skos"))
    for zone in used:
        place, name = known.concept(zone)
        told = {
            f"{rdf}type": f"<{skos}Concept>",
            f"{skos}inScheme": f"<{BASE}id/zone>",
            f"{skos}notation": f'"{name}"',
            f"{skos}prefLabel": f'"{place}, assumed"@en',
            f"{skos}definition": f'"Bounds are in the time of {place}; the passage names no zone."@en',
            f"{rdfs}isDefinedBy": f"<{BASE}ontology>",
        }
        for property_, value in told.items():
            yield f"<{BASE}id/zone/{zone}> <{property_}> {value} <{GRAPH}ontology> .\n"
