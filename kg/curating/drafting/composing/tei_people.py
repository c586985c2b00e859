"""Persons of TEI documents: their elements, and what the list of persons of the volume says of them."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.curating.drafting.finding.gazetteer import Spans, outside
from kg.curating.drafting.finding.name_forms import Mention, family
from kg.curating.drafting.heads.parties import Party
from kg.curating.drafting.source.found import CERTAIN, PROBABLE
from kg.curating.drafting.source.tei_volume import Tag, TeiDocument

_MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
_BOUND = re.compile(
    rf"(?P<word>until|from|after|to|through)\s+(?:(?P<month>{'|'.join(_MONTHS)})\s+)?(?:\d{{1,2}},\s+)?(?P<year>\d{{4}})"
)


def listed_name(document: TeiDocument, tag: Tag) -> str:
    """Return the name of a person in the list of the volume; an empty text if it is not listed there."""
    id_ = tag.attributes.get("corresp", "").rpartition("#")[2]
    own = tag.attributes.get("corresp", "").startswith("#")
    return document.volume.people.get(id_, ("", ""))[0] if own else ""


def mentions(document: TeiDocument, footnotes: Spans) -> list[Mention]:
    """Return the persons that are marked as such outside of footnotes, under the names of the list."""
    found = []
    for tag in document.tagged("persName"):
        if outside(tag.start, tag.end, footnotes):
            written = " ".join(document.source.text[tag.start : tag.end].split()).strip(" ,.()")
            written = re.sub(r"'s$|’s$", "", written)
            written = re.sub(
                r"^(?:Mr|Mrs|Dr|Sir|Lord|General|Colonel|Secretary|President|Captain|Admiral|Senator|Count|Baron|Ambassador|Minister|Miss|Major|Prof|Professor|Comrade|Marshal|Premier|Chairman|Prince|King)\.?\s+(?=[A-Z])",
                "",
                written,
            )
            name = listed_name(document, tag) or _cased(written)
            if re.search(r"[a-z]", name) and not re.search(r"\d", name):
                found.append(Mention(name, tag.start, tag.end, "", CERTAIN))
    return found


def _cased(name: str) -> str:
    return " ".join(w.capitalize() if w.isupper() and len(w) > 3 else w for w in name.split())


def canonical(party: Party, document: TeiDocument, within: Tag | None) -> Party:
    """Return a party under the name of the list, where its words are marked as a person of the list."""
    if within is None or not party.name:
        return party
    for tag in document.tagged("persName", (within.start, within.end)):
        name = listed_name(document, tag)
        if name and family(name).casefold() in party.name.casefold():
            return replace(party, name=name)
    return party


def role_at(party: Party, document: TeiDocument, date: str) -> Party:
    """Return a party with the office that the list gives it at that date, if it has none yet."""
    said = next((words for name, words in document.volume.people.values() if name == party.name), "")
    if party.role or not said:
        return party
    role = office_at(said, date)
    return replace(party, role=role, certainty=PROBABLE) if role else party


def office_at(said: str, date: str) -> str:
    """Return the office that an entry of a list gives for a date, as in `A until May 1962; thereafter B`."""
    after = ""
    for part in re.split(r";\s*", said):
        bound = _BOUND.search(part)
        office = re.sub(
            r"^(?:thereafter|subsequently|later)\s+", "", part[: bound.start()] if bound else part
        ).strip(" ,.")
        word = bound.group("word") if bound else ""
        moment = _moment(bound) if bound else ""
        if word in ("until", "to", "through"):
            if date[:7] <= moment:
                return office
            after = moment
        elif word in ("from", "after"):
            if date[:7] >= moment:
                return office
        elif part.startswith("thereafter") or not after or date[:7] >= after:
            return office
    return ""


def _moment(bound: re.Match[str]) -> str:
    month = _MONTHS.index(bound.group("month")) + 1 if bound.group("month") else 12
    return f"{bound.group('year')}-{month:02d}"
