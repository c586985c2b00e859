"""The frame of the records of one document: passages, anchors of words, and keys that are used once."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from dataclasses import dataclass, field

from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.keeping.passages import MOST_WORDS, Record, passages_of, slug_of, unique

_LONGEST = 70  # characters of a key
FOUND = "found"  # how sure it is what a program wrote


def document_key(volume: str, id_: str) -> str:
    """Return the last part of the identifier of a document: volume and id."""
    return slug_of(f"{volume} {id_}")


def key_of(text: str) -> str:
    """Return a text as the last part of an identifier; one that is cut ends with a hash of the whole."""
    whole = "-".join(filter(None, (slug_of(word) if word.strip("-") else "" for word in text.split())))
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return whole if len(whole) <= _LONGEST else f"{whole[: _LONGEST - 9].rstrip('-')}-{digest}"


@dataclass
class RecordFrame:
    """The record files of a document in the making."""

    draft: Draft
    name: str  # of the document, the last part of its identifier
    files: dict[str, dict[str, Record]] = field(default_factory=dict)
    anchored: bool = False  # whether a name stands in the words of the document itself
    _names: dict[str, set[str]] = field(default_factory=dict)

    @property
    def iri(self) -> str:
        """Return the document as records name it."""
        return f"telegram:{self.name}"

    def begin(self) -> None:
        """Divide the text into passages, which all other records need."""
        self.passages = passages_of(self.draft)
        self._starts = [passage.start for passage in self.passages]
        self.files["passage"] = {passage.name: passage.as_record(self.iri) for passage in self.passages}

    def anchor(self, start: int, end: int) -> Record | None:
        """Return the anchor of words that stand in one passage: at most as many as a quotation may have."""
        at = bisect_right(self._starts, start) - 1
        end = start + len(self.draft.source.text[start:end].rstrip())  # elements may end with white space
        if at < 0 or end <= start or end > self.passages[at].end:
            return None
        words = list(re.finditer(r"\S+", self.draft.source.text[start:end]))[:MOST_WORDS]
        if not words:
            return None
        low, high = start + words[0].start(), start + words[-1].end()
        quote = self.draft.source.text[low:high]
        return {"in": f"passage/{self.passages[at].name}", "quote": quote, "start": low, "end": high}

    def add(self, file: str, key: str, record: Record, place: tuple[int, int]) -> bool:
        """Add a statement with its evidence; return whether its words stand in one passage."""
        anchor = self.anchor(*place)
        if anchor is None:
            return False
        self.put(file, key, {**record, "certainty": FOUND, "evidence": [anchor]})
        return True

    def put(self, file: str, key: str, record: Record) -> None:
        """Add a record under a key that no other of the file has."""
        name = unique(self._names.setdefault(file, set()), slug_of(key))
        self.files.setdefault(file, {})[name] = record

    def naming(self, names: str, place: tuple[int, int], parts: Record | None = None, key: str = "") -> None:
        """Add how a thing is named at a place, with the parts of the name."""
        words = self.words(*place)
        record: Record = {"type": "Naming", "names": names, "asWritten": words, **(parts or {})}
        if self.add("namings", key or f"name {words}", record, place):
            self.anchored = self.anchored or self.spoken(place[0])

    def words(self, start: int, end: int) -> str:
        """Return the words between two places, as many as a quotation may have."""
        return " ".join(self.draft.source.text[start:end].split()[:MOST_WORDS])

    def spoken(self, start: int) -> bool:
        """Return whether a place is in the words of the document itself, not in those of the edition."""
        at = bisect_right(self._starts, start) - 1
        return at >= 0 and self.passages[at].voice in ("header", "writer")
