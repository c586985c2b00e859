"""The records of one draft at the depth of catalogue and mentions: marks, numbers, dates, parties, names.

`Form` has what all of them say in the same way; a key that marks what a program found is added there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.finding.number_lists import NumberList
from kg.curating.drafting.heads.parties import Party
from kg.curating.drafting.keeping.named_things import NamedThings
from kg.curating.drafting.keeping.passages import (
    MOST_WORDS,
    DraftPassage,
    Record,
    anchored,
    passages_of,
    slug_of,
    unique,
)
from kg.curating.drafting.source.found import Found

# The zones in which a day begins first and ends last, since nothing tells in which one a date counts.
_FIRST_ZONE, _LAST_ZONE = "+14:00", "-12:00"
_NAMED = (("persons", "Person"), ("organisations", "Body"), ("places", "Place"))
_PROHIBITIONS = ("cop", "reproduc", "коп", "воспрещ")


@dataclass(frozen=True, slots=True)
class ProgramTerms:
    """The terms of the ontology for what a program found; those that it does not have are empty."""

    certainty: str
    depth: str
    zone: str


def program_terms(context: str) -> ProgramTerms:
    """Return the terms that a JSON-LD context has for records by a program.

    Without a depth, what a program found is no more than probable, and days of an unknown zone are left out.
    """
    return (
        ProgramTerms("found", "mentions", "unknown")
        if '"depth"' in context
        else ProgramTerms("probable", "", "")
    )


@dataclass
class Form:
    """The form in which the records of one draft are written."""

    draft: Draft
    document: str
    things: NamedThings
    terms: ProgramTerms
    passages: list[DraftPassage] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def found(self, records: dict[str, Record], name: str, record: Record, place: Found) -> None:
        """Add a statement with its evidence; one whose words stand in no single passage is left out."""
        anchor = anchored(self.draft, self.passages, place)
        if anchor is not None:
            key = unique(self.names, name)
            records[key] = {**record, **self.confirmed_by_nobody(), "evidence": [anchor]}

    def confirmed_by_nobody(self) -> Record:
        """Return the keys which say that a program found a statement and nobody has confirmed it."""
        return {"certainty": self.terms.certainty}

    def words(self, found: Found) -> str:
        """Return the words of a value as the text has them, as many as a quotation may have."""
        return " ".join(self.draft.source.text[found.start : found.end].split()[:MOST_WORDS])


def records_of(
    draft: Draft, document: str, things: NamedThings, terms: ProgramTerms
) -> dict[str, dict[str, Record]]:
    """Return the record files of a draft by name; new things that they name are added to `things`."""
    things.read(_names(draft))
    form = Form(draft, document, things, terms, passages_of(draft))
    files = {
        "passage": {passage.name: passage.as_record(document) for passage in form.passages},
        "header": _header(form),
        "namings": _namings(form),
        "references": _references(form),
    }
    return {name: records for name, records in files.items() if records}


def _names(draft: Draft) -> list[str]:
    found = [found.value for member, _ in _NAMED for found in draft.lists.get(member, [])]
    return found + [party.name or party.role for party in (*draft.sender, *draft.recipient)]


def _header(form: Form) -> dict[str, Record]:
    draft, records = form.draft, dict[str, Record]()
    marks = [
        (mark, _mark_kind(kind, mark.value))
        for kind in ("classification", "priority")
        for mark in draft.lists.get(kind, [])
    ]
    if "copy_number" in draft.single:
        marks.append((draft.single["copy_number"], "copy-number"))
    for mark, kind in marks:
        words = form.words(mark)
        record: Record = {
            "type": "Marking",
            "markingOf": form.document,
            "markingKind": kind,
            "asWritten": words,
        }
        form.found(
            records, slug_of(mark.value if kind != "copy-number" else f"copy {mark.value}"), record, mark
        )
    for numbers in draft.numbers:
        _number(form, records, numbers)
    _date(form, records)
    for side, property_ in (("sender", "sender"), ("recipient", "addressee")):
        for party in getattr(draft, side):
            _party(form, records, party, property_)
    return {**records, **_gaps(form, records)}


def _number(form: Form, records: dict[str, Record], numbers: NumberList) -> None:
    """Add a number of a series; one that is no whole number is kept as a mark of an undecided kind."""
    words = form.words(numbers.printed)
    if all(number.isdigit() for number in numbers.numbers):
        series = form.things.series(numbers.series)
        record: Record = {"type": "DocumentNumber", "numberOf": form.document, "inSeries": series}
        record |= {"from": numbers.numbers[0], "to": numbers.numbers[-1], "asWritten": words}
    else:
        record = {"type": "Marking", "markingOf": form.document, "markingKind": "undetermined"}
        record |= {
            "asWritten": words,
            "note": f"A number, of the series that is called {numbers.series} here.",
        }
    form.found(records, f"number-{slug_of(numbers.series)}", record, numbers.printed)


def _mark_kind(kind: str, words: str) -> str:
    prohibits = kind == "classification" and any(part in words.lower() for part in _PROHIBITIONS)
    return "prohibition" if prohibits else kind


def _date(form: Form, records: dict[str, Record]) -> None:
    date = form.draft.single.get("date")
    if date is None or date.start < 0 or len(date.value) != 10 or not form.terms.zone:
        return
    record: Record = {
        "type": "TimeExtent",
        "property": "when",
        "about": form.document,
        "asWritten": form.words(date),
        "earliest": f"{date.value}T00:00:00{_FIRST_ZONE}",
        "latest": f"{date.value}T23:59:59{_LAST_ZONE}",
        "precision": "day",
        "dateBasis": "stated",
        "zone": form.terms.zone,
    }
    form.found(records, "date", record, date)


def _party(form: Form, records: dict[str, Record], party: Party, property_: str) -> None:
    name = party.name or party.role
    if name:
        persons = {person.value for person in form.draft.lists.get("persons", [])}
        # A post or an office of a ministry is a body; the holder of an office alone is not told from others.
        kind = "Person" if party.name in persons else "Body" if party.name else "Group"
        record: Record = {
            "type": "Fact",
            "property": property_,
            "about": form.document,
            "value": form.things.named(kind, name),
        }
        form.found(records, property_, record, Found(name, party.start, party.end))


def _gaps(form: Form, records: Mapping[str, Record]) -> dict[str, Record]:
    """Return an omission for what a catalogue asks and the head does not give."""
    searched = [f"passage/{p.name}" for p in form.passages if p.voice in ("archive", "header")] or [
        f"passage/{p.name}" for p in form.passages[:1]
    ]
    asked = {
        "sender": ("identity", form.draft.sender, "No sender was found in title, head or signature."),
        "addressee": ("identity", form.draft.recipient, "No addressee was found in title or head."),
        "number": ("number", form.draft.numbers, "No number of a series was found in the head."),
        "date": ("date", "date" in records, "No date was found in the words of title, head or signature."),
    }
    return {
        f"no-{name}": {"type": "Omission", "content": content, "about": form.document, "expected": expected,
                       "searchedIn": searched, **form.confirmed_by_nobody()}
        for name, (expected, found, content) in asked.items()
        if not found
    }  # fmt: skip


def _namings(form: Form) -> dict[str, Record]:
    records: dict[str, Record] = {}
    for member, kind in _NAMED:
        for found in form.draft.lists.get(member, []):
            if anchored(form.draft, form.passages, found):
                written = form.words(found)
                record: Record = {
                    "type": "Naming",
                    "names": form.things.named(kind, found.value),
                    "asWritten": written,
                }
                form.found(records, f"name-{slug_of(found.value)}", record, found)
    return records


def _references(form: Form) -> dict[str, Record]:
    """Return the references by number."""
    records: dict[str, Record] = {}
    for one in form.draft.references:
        number = "-".join(filter(None, [*one.numbers[:1]])) or one.edition_document
        if not number:
            continue
        mentioned = form.things.cited(one, number, form.document)
        record: Record = {"type": "Reference", "mentions": mentioned, "asWritten": form.words(one.label)}
        form.found(records, f"reference-{slug_of(number)}", record, one.label)
    return records
