"""The records of the head of a document: marks, numbers, dates, parties, enclosures, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.curating.drafting.heads.parties import Party
from kg.curating.drafting.keeping.passages import RENDERING, Record
from kg.curating.drafting.source.found import Found
from kg.curating.drafting.source.tei_volume import TeiDocument
from kg.curating.importing.volumes.actor_names import Actors, name_parts, shortened
from kg.curating.importing.volumes.document_dates import Dated, DocumentDates
from kg.curating.importing.volumes.record_frame import FOUND, RecordFrame, key_of

_FORM = re.compile(r"\[?(?P<form>[A-Z][a-z]+(?:[—-][A-Z][a-z]+)?)\]?")  # [Paraphrase], [Telegram—Translation]
_TITLE = 200  # characters of a title of a person
Posts = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass
class HeadRecords:
    """Writes the records of one head; `kind` is the class of the document, `label` what it is called."""

    frame: RecordFrame
    document: TeiDocument
    actors: Actors
    dates: DocumentDates
    posts: Posts
    kind: str
    label: str

    def write(self) -> None:
        """Write all of them."""
        self._marks()
        self._numbers()
        self._dates()
        self._parties()
        self._copies()
        self._enclosures()
        self._gaps()

    def _marks(self) -> None:
        draft = self.frame.draft
        marks = [(kind, one) for kind in ("classification", "priority") for one in draft.lists.get(kind, [])]
        called = draft.single.get("document_type")
        forms = [called] if called else []
        for note in self.document.tagged("note", rend="inline"):
            words = draft.source.found(note.start, note.end).value
            if (
                note.start < draft.body[0]
                and _FORM.fullmatch(words)
                and not _holds(note.start, note.end, called)
            ):
                forms.append(Found(words, note.start, note.end))
        for kind, found in [*(("form", one) for one in forms), *marks]:
            words = self.frame.words(found.start, found.end)
            record: Record = {"type": "Marking", "markingOf": self.frame.iri, "markingKind": kind}
            self.frame.add(
                "header", f"{kind} {words}", {**record, "asWritten": words}, (found.start, found.end)
            )

    def _numbers(self) -> None:
        """Add the numbers; one that is no whole number is kept as a mark of an undecided kind."""
        draft, iri = self.frame.draft, self.frame.iri
        for numbers in draft.numbers:
            place = numbers.printed.start, numbers.printed.end
            words = self.frame.words(*place)
            if numbers.series == "edition_document":
                continue
            if _is_range(numbers.numbers):
                record: Record = {"type": "DocumentNumber", "numberOf": iri}
                record["inSeries"] = self._series(numbers.series, str(draft.year or ""))
                record |= {"from": _plain(numbers.numbers[0]), "to": _plain(numbers.numbers[-1])}
            else:
                record = {"type": "Marking", "markingOf": iri, "markingKind": "undetermined"}
                record["note"] = f"A number, of the series that is called {numbers.series} here."
            self.frame.add("header", f"number {numbers.series}", {**record, "asWritten": words}, place)

    def _series(self, kind: str, year: str) -> str:
        label, key = series_of(kind, *self.posts, year)
        record: Record = {"type": "NumberSeries", "label": {"en": label}}
        self.actors.things.setdefault("series", {}).setdefault(key, record)
        return f"series:{key}"

    def _dates(self) -> None:
        self._date("date", self.frame.iri, self.dates.sent())
        received = self.dates.received()
        if received is None:
            return
        key = f"receipt-of-{self.frame.name}"
        record: Record = {"type": "Event", "label": {"en": shortened(f"receipt of {self.label}")}}
        record |= {"labelSource": "curator", "kind": "delivery"}
        fact: Record = {
            "type": "Fact",
            "about": f"event:{key}",
            "property": "delivers",
            "value": self.frame.iri,
        }
        if self.frame.add("header", "receipt", fact, received[1]):
            self.actors.things.setdefault("event", {})[key] = record
            self._date("receipt-date", f"event:{key}", received)

    def _date(self, key: str, about: str, dated: Dated | None) -> bool:
        if dated is None:
            return False
        bounds, place = dated
        record: Record = {"type": "TimeExtent", "about": about, "property": "when"}
        record |= {"asWritten": self.frame.words(*place), **bounds, "dateBasis": "stated"}
        return self.frame.add("header", key, record, place)

    def _parties(self) -> None:
        head = next(iter(self.document.tagged("head")), None)
        within = (head.start, head.end) if head else None
        # Who writes what is sent to nobody, such as a memorandum, is its author.
        wrote = "author" if self.kind == "Document" else "sender"
        for side, property_ in (("sender", wrote), ("recipient", "addressee")):
            for party in getattr(self.frame.draft, side):
                if not (party.name or party.role) or party.start < 0:
                    continue
                actor = self.actors.party(party, within)
                record: Record = {
                    "type": "Fact",
                    "about": self.frame.iri,
                    "property": property_,
                    "value": actor,
                }
                if self.frame.add("header", property_, record, (party.start, party.end)):
                    self._named(party, actor, within or (party.start, party.end))

    def _named(self, party: Party, actor: str, within: tuple[int, int]) -> None:
        """Add how the head names a party: by its office, which is the title of a person, or by its name."""
        key = f"party {actor.partition(':')[2]}"
        words = self.frame.words(party.start, party.end)
        parts = name_parts(party.name, words) if party.name and self.actors.is_person(actor) else {}
        self.frame.naming(actor, (party.start, party.end), parts, key)
        at = self.frame.draft.source.plain.find(party.role, *within) if party.name and party.role else -1
        if at >= 0:
            # The whole office, though the quotation that proves it has no more words than any.
            title = " ".join(self.frame.draft.source.text[at : at + len(party.role)].split())
            known: Record = {"title": title} if len(title) <= _TITLE else {}
            self.frame.naming(actor, (at, at + len(party.role)), known, f"office of {key}")

    def _copies(self) -> None:
        """Add the posts to which the document was repeated, which are called by their places."""
        for found in self.frame.draft.lists.get("copies", []):
            post = self.actors.thing(
                "actor", "Group", key_of(f"post in {found.value}"), found.value, "The post there."
            )
            fact: Record = {"type": "Fact", "about": self.frame.iri, "property": "copiedTo", "value": post}
            self.frame.add("header", f"copied to {found.value}", fact, (found.start, found.end))

    def _enclosures(self) -> None:
        """Add the documents that are printed as enclosures, each with its title and, if known, its day."""
        for n, found in enumerate(self.frame.draft.lists.get("enclosures", []), 1):
            key = f"{self.frame.name}-enclosure-{n}"
            fact: Record = {"type": "Fact", "about": self.frame.iri, "property": "transmits"}
            fact["value"] = f"document:{key}"
            if not self.frame.add("header", f"enclosure {n}", fact, (found.start, found.end)):
                continue
            record: Record = {"type": "Document", "label": {"en": shortened(f"enclosure {n}: {found.value}")}}
            record |= {"labelSource": "archive-page", "holding": "held", "depth": "catalogue"}
            self.actors.things.setdefault("document", {})[key] = record
            dated = self.dates.enclosed(found.start)
            if not self._date(f"date of enclosure {n}", f"document:{key}", dated):
                content = "No date was found in the enclosure."
                self._gap(f"no date of enclosure {n}", "date", content, f"document:{key}")

    def _gaps(self) -> None:
        """Add an omission for what a catalogue asks and the document does not give."""
        header = self.frame.files.get("header", {}).values()
        stated = {
            str(record.get("property") or record["type"])
            for record in header
            if record.get("about") in (self.frame.iri, None)
        }
        asked = {"date": "when"}
        if self.kind != "Document":
            asked |= {"sender": "sender", "addressee": "addressee"}
        if self.kind == "Telegram":
            asked["number"] = "DocumentNumber"
        for expected, property_ in asked.items():
            if property_ not in stated:
                content = f"No {expected} was found in the head."
                self._gap(f"no {expected}", expected, content, self.frame.iri)

    def _gap(self, key: str, expected: str, content: str, about: str) -> None:
        head = [f"passage/{p.name}" for p in self.frame.passages if p.voice in ("archive", "header")]
        record: Record = {"type": "Omission", "content": content, "about": about, "expected": expected}
        self.frame.put("header", key, {**record, "searchedIn": head[:4] or [RENDERING], "certainty": FOUND})


def series_of(kind: str, senders: Sequence[str], recipients: Sequence[str], year: str) -> tuple[str, str]:
    """Return label and key of the series of the numbers of one kind, from one post to another in a year."""
    told = [(" from ", senders), (" to ", recipients)]
    label = f"{kind} numbers" + "".join(f"{word}{posts[0]}" for word, posts in told if posts)
    return shortened(f"{label}, {year}" if year else label), key_of(f"{year} {label}")


def _is_range(numbers: Sequence[str]) -> bool:
    """Return whether numbers are whole ones, of which the last is not below the first."""
    return all(number.isdigit() for number in numbers) and int(numbers[0]) <= int(numbers[-1])


def _plain(number: str) -> str:
    return str(int(number))


def _holds(start: int, end: int, found: Found | None) -> bool:
    return found is not None and start <= found.start < end
