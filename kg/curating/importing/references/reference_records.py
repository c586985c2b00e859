"""The records of references: what is mentioned, what it answers, and what is known by this alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from kg.curating.drafting.keeping.passages import MOST_WORDS, slug_of, unique
from kg.curating.importing.citing.cited_days import MONTHS
from kg.curating.importing.references.record_quads import Record
from kg.curating.importing.references.reference_index import ReferenceIndex
from kg.curating.importing.volumes.actor_names import shortened
from kg.curating.importing.volumes.head_records import series_of
from kg.curating.importing.volumes.posts import DEPARTMENT
from kg.curating.importing.volumes.record_frame import FOUND, document_key, key_of

Row = dict[str, Any]
# Short words for documents, as in `Deptel` and `reurdes`, and the series of their numbers.
_WHOLE = {"tel": "telegram", "desp": "despatch", "des": "despatch", "inst": "instruction"}
_MONTH = re.compile(MONTHS)  # without it the words tell no whole day, as in `your letter of the 3d`
_SHORT = re.compile(r"(tel|desp|des|inst)s?$")
Sides = tuple[list[str], list[str]]


@dataclass
class ReferenceRecords:
    """Writes the references of documents against the index of all, and counts them."""

    index: ReferenceIndex
    things: dict[str, dict[str, Record]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: {"references": 0, "resolved": 0, "replies": 0})

    def of(self, row: Row) -> dict[str, dict[str, Record]]:
        """Return the record files of the references of one document."""
        records: dict[str, Record] = {}
        names: set[str] = set()
        for cited in row["citations"]:
            for key, record in self._cited(row, cited):
                said: Record = {"certainty": FOUND, "evidence": [cited["anchor"]]}
                records[unique(names, slug_of(f"{key} {cited['words']}"))] = {**record, **said}
        return {"references": records} if records else {}

    def _cited(self, row: Row, cited: Row) -> list[tuple[str, Record]]:
        """Return the records of one reference with the first word of their keys."""
        target = self.index.find(row, cited)
        named = f"telegram:{target['name']}" if target else self._unheld(row, cited)
        self.counts["references"] += 1
        self.counts["resolved"] += target is not None
        record: Record = {"type": "Reference", "mentions": named, "asWritten": cited["words"]}
        if cited.get("not_printed"):
            record["note"] = f"The edition says: {cited['not_printed']}."
        found = [("reference", record)]
        if relation := cited.get("relation"):
            self.counts["replies"] += relation == "repliesTo"
            about = f"telegram:{row['name']}"
            found.append((relation, {"type": "Fact", "about": about, "property": relation, "value": named}))
        # A number such as L–297 is of a series that cannot be counted.
        if not target and cited.get("number", "").isdigit() and _is_told(cited):
            found.append(("number", self._number(row, cited, named)))
        return found

    def _unheld(self, row: Row, cited: Row) -> str:
        """Return the document that no volume here has, and keep its record."""
        kind, key, label = _known_by_reference(row, cited, self._sides(row, cited))
        record: Record = {"type": "Document", "label": {"en": shortened(label)}, "labelSource": "curator"}
        record["holding"] = "not-held"
        if cited.get("not_printed"):
            record["note"] = "An edition says that it is not printed."
        known = self.things.setdefault(kind, {}).get(key)
        if known is None or ("note" in record and "note" not in known):
            self.things[kind][key] = record
        return f"{kind}:{key}"

    def _number(self, row: Row, cited: Row, named: str) -> Record:
        year = str(cited.get("date") or row["date"])[:4]
        label, key = series_of(_series(cited.get("kind", "")), *self._sides(row, cited), year)
        self.things.setdefault("series", {}).setdefault(key, {"type": "NumberSeries", "label": {"en": label}})
        number = str(int(cited["number"]))
        record: Record = {"type": "DocumentNumber", "numberOf": named, "inSeries": f"series:{key}"}
        return {**record, "from": number, "to": number, "asWritten": cited["words"]}

    def _sides(self, row: Row, cited: Row) -> Sides:
        """Return the posts that wrote and got what is cited."""
        mine, theirs = list(row["from"]), list(row["to"])
        if cited.get("side") or not _is_told(cited):
            return (mine, theirs) if cited.get("side") == "from" else (theirs, mine)
        told = cited.get("sender") or DEPARTMENT, cited.get("recipient") or DEPARTMENT
        return [self.index.post(told[0])], [self.index.post(told[1])]


def _known_by_reference(row: Row, cited: Row, sides: Sides) -> tuple[str, str, str]:
    """Return kind, key and label of a cited document: the same for all, where number and day tell it."""
    volume, (senders, recipients) = cited.get("volume") or row["volume"], sides
    if cited.get("document"):
        id_ = cited["document"]
        return "telegram", document_key(volume, id_), f"document {id_} of {volume}"
    if cited.get("number") and cited.get("date") and _is_told(cited) and senders and recipients:
        kind = _singular(cited.get("kind") or "document")
        told = f"{cited['number']} from {senders[0]} to {recipients[0]}, {cited['date']}"
        return "document", key_of(f"cited {_series(kind)} {told}"), f"{kind} {told}"
    if cited.get("volume") and cited.get("page"):
        page = cited["page"]
        label = f"what {volume} prints from page {page.removeprefix('pg_')}"
        return "document", key_of(f"{volume} {page}"), label
    numbers = [one.get("number", "") for one in row["citations"] if one["start"] == cited["start"]]
    key, number = f"{row['name']}-cited-{cited['start']}", cited.get("number", "")
    if len(numbers) == 1:
        return "document", key, f"document cited as {_called(cited)}"
    key = key if number == numbers[0] else key_of(f"{key} {number}")
    return "document", key, f"document {number} cited as {_called(cited)}"


def _called(cited: Row) -> str:
    """Return the words of a reference, with its day where they are cut, and its kind if it is of a list."""
    words, kind, day = cited["words"], str(cited.get("kind", "")), cited.get("date", "")
    if day and kind and kind.rsplit(maxsplit=1)[-1] not in words.lower():
        return f"{kind} of {day}"
    if day and len(words.split()) == MOST_WORDS:
        return f"{words}… {day}"
    return words if not day or _MONTH.search(words) or cited.get("number") else f"{words}, {day}"


def _series(kind: str) -> str:
    """Return the kind of numbers that a document has which is called so: those of telegrams by default."""
    if "gram" in kind or "cable" in kind or not kind or kind == "document":
        return "airgram" if "airgram" in kind else "telegram"
    if " " not in kind and (short := _SHORT.search(kind)):
        return _WHOLE[short.group(1)]
    return _singular(kind.rsplit(maxsplit=1)[-1])


def _singular(kind: str) -> str:
    return re.sub(r"(?<=ch)es$|s$", "", kind)


def _is_told(cited: Row) -> bool:
    """Return whether words tell who wrote what is cited, or to whom."""
    return bool(cited.get("side") or cited.get("sender") or cited.get("recipient"))
