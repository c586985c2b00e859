"""The records of one document of a volume, at the depth of catalogue and mentions, all found by a program."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.keeping.passages import RENDERING, Record
from kg.curating.drafting.source.found import Found
from kg.curating.drafting.source.tei_volume import TeiDocument
from kg.curating.importing.volumes.actor_names import Actors, name_parts, shortened
from kg.curating.importing.volumes.document_dates import DocumentDates
from kg.curating.importing.volumes.head_records import HeadRecords, Posts
from kg.curating.importing.volumes.place_zones import PlaceZones
from kg.curating.importing.volumes.record_frame import FOUND, RecordFrame, document_key

_TELEGRAM = re.compile(r"telegram|cable", re.IGNORECASE)
_CURATOR = "cablegraph import, a program"


@dataclass
class DocumentRecords:
    """A document with all that its records are made of."""

    document: TeiDocument
    draft: Draft
    posts: Posts
    frame: RecordFrame
    actors: Actors
    dates: DocumentDates

    @classmethod
    def of(cls, document: TeiDocument, draft: Draft, posts: Posts, zones: PlaceZones) -> DocumentRecords:
        """Return the records of a document, of which the passages are written."""
        name = document_key(document.volume.identifier, document.id)
        frame = RecordFrame(draft, name)
        frame.begin()
        dates = DocumentDates(document, draft, zones, posts[1])
        bodies = frozenset(found.value for found in draft.lists.get("organisations", []))
        return cls(document, draft, posts, frame, Actors(document, name, bodies), dates)

    @property
    def kind(self) -> str:
        """Return the class of the document: a telegram, another communication, or a document."""
        called = self.draft.single.get("document_type")
        if called and _TELEGRAM.search(called.value):
            return "Telegram"
        return "Communication" if self.draft.sender and self.draft.recipient else "Document"

    @property
    def label(self) -> str:
        """Return what the document is called: its head and its day."""
        title, date = self.draft.single.get("title"), self.draft.single.get("date")
        called = title.value.rstrip(" .") if title else self.frame.name
        return shortened(f"{called}, {date.value}" if date and date.value[:4] not in called else called)

    def write(self, cited: Sequence[int], day: str) -> None:
        """Write all records but the references, which begin at `cited` and wait for the other documents."""
        files = self.frame.files
        files["rendering"] = {RENDERING.partition("/")[2]: self._rendering()}
        files["curation"] = {"found-by-program": self._curation(day)}
        head = HeadRecords(
            self.frame, self.document, self.actors, self.dates, self.posts, self.kind, self.label
        )
        head.write()
        self._namings()
        deep = self.frame.anchored or any(self.frame.spoken(start) for start in cited)
        files["index"] = {"index": self._index("mentions" if deep else "catalogue")}

    def _index(self, depth: str) -> Record:
        record: Record = {"type": self.kind, "label": {"en": self.label}, "labelSource": "archive-page"}
        return {**record, "holding": "held", "depth": depth}

    def _rendering(self) -> Record:
        url, text = self.draft.single.get("record_url"), self.draft.source.text
        where = f"{self.document.volume.identifier}/{self.document.id}" + (f", {url.value}" if url else "")
        note = f"Taken out of TEI, {where}; places count code points of the text, notes at its end."
        record: Record = {"type": "Rendering", "label": {"en": "text as it was found"}}
        record |= {"renders": self.frame.iri, "textHash": hashlib.sha256(text.encode()).hexdigest()}
        return {**record, "textLength": len(text), "note": note}

    def _curation(self, day: str) -> Record:
        note = "What the program found; nobody has compared it with the words."
        record: Record = {"type": "Curation", "curatedBy": _CURATOR, "curatedOn": day, "curates": RENDERING}
        return {**record, "certainty": FOUND, "note": note}

    def _namings(self) -> None:
        """Add the names: each place that the edition marks as a listed person, and each other name once."""
        tagged = list(self.actors.tagged())
        for tag, words, actor in tagged:
            self.frame.naming(actor, (tag.start, tag.end), name_parts(words.strip(" ,.()"), words))
        spans = [(tag.start, tag.end) for tag, _, _ in tagged]
        for member in ("persons", "organisations", "places"):
            for found in self.draft.lists.get(member, []):
                if found.start >= 0 and not any(low <= found.start < high for low, high in spans):
                    self._named(member, found)

    def _named(self, member: str, found: Found) -> None:
        place = found.start, found.end
        if member == "persons":
            parts = name_parts(found.value, self.frame.words(*place))
            self.frame.naming(self.actors.person(found.value), place, parts)
        else:
            thing = self.actors.place if member == "places" else self.actors.organisation
            self.frame.naming(thing(found.value), place)
