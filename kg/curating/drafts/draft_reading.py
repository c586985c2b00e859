"""Records and a draft, read together: their statements, which of them are the draft's, and the texts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from kg.checking import quote_places, quotes, text_copies
from kg.checking.quote_places import PassageText
from kg.curating.drafts.curation_folders import CurationFolders
from kg.namespaces import CG, PREFIXES
from kg.reading import ontology, record_files, triples
from kg.reading.ontology import Ontology
from kg.reading.record_set import Records
from kg.terms import value

_SUBCLASS = PREFIXES["rdfs"] + "subClassOf"


@dataclass(frozen=True)
class DraftReading:
    """Records with a draft, or alone: the ontology, the records, what they state.

    `prefix` stands before the files of the draft; it is empty without a draft.
    """

    schema: Ontology
    records: Records
    quads: list[ox.Quad]
    prefix: str

    @cached_property
    def store(self) -> ox.Store:
        """Return a store with all that is stated."""
        store = ox.Store()
        store.extend(self.quads)
        return store

    @cached_property
    def proposed(self) -> frozenset[str]:
        """Return the IRIs of the records of the draft, nested ones included."""
        found = self.records.things.items()
        return frozenset(iri for iri, at in found if self.prefix and at.file.startswith(self.prefix))

    @property
    def base(self) -> str:
        """Return what the IRIs of the records begin with."""
        return str(self.schema.names.id)

    def path(self, iri: str) -> str:
        """Return the path of a record, as in `telegram/…/body-7/garcia-criticises`."""
        return iri.removeprefix(self.base)

    def texts(self, folder: Path | None) -> dict[str, str]:
        """Return the texts below `folder` by SHA-256; raises TextError if it has none of the renderings'."""
        hashes = quotes.renderings(self.store).values()
        return dict(text_copies.read(folder, hashes).texts) if folder and hashes else {}

    def passages(self, folder: Path | None) -> dict[str, PassageText]:
        """Return the passages by IRI, with their texts where `folder` has them."""
        return quote_places.passages(self.store, self.texts(folder))


def read(folders: CurationFolders, name: str = "", staged: Path | None = None) -> DraftReading:
    """Return the records with the draft `name`, or alone without a name.

    `staged` is a folder to read in place of the draft's. Raises DataError with all findings of both.
    """
    folders.refuse_links_outside()
    schema = ontology.load(folders.sources.ontology, folders.sources.names)
    records = record_files.read(folders.records, schema.keys, schema.names)
    prefix = folders.prefix(name) if name else ""
    if name:
        record_files.add(records, staged or folders.existing(name), schema.keys, prefix, schema.names)
    return DraftReading(schema, records, triples.from_records(records, schema), prefix)


def kinds_below(schema: Ontology, above: str) -> frozenset[str]:
    """Return the local names of the class `above`, as in Statement, and of all narrower ones."""
    narrower = {(value(t.subject), value(t.object)) for t in schema.triples if t.predicate.value == _SUBCLASS}
    found, new = set[str](), {f"{CG}{above}"}
    while new:
        found |= new
        new = {low for low, high in narrower if high in new} - found
    return frozenset(iri.removeprefix(CG) for iri in found)
