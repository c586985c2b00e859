"""Senders, recipients and names of a page in plain text."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.composing.finders import Finders
from kg.curating.drafting.finding.bare_names import named_in_note
from kg.curating.drafting.finding.gazetteer import Spans
from kg.curating.drafting.finding.name_forms import Mention, family
from kg.curating.drafting.finding.same_person import agree
from kg.curating.drafting.heads.page_layout import Layout
from kg.curating.drafting.heads.parties import Party, narrowed
from kg.curating.drafting.heads.signatures import Signature
from kg.curating.drafting.source.found import CERTAIN, PROBABLE, Found, single_spaced

_TRANSLATOR_NOTE = re.compile(
    r"\[(?:translator|editor|note|source|stamp|handwritten)(?:[^\[\]]|\[[^\[\]]*\])*\]", re.IGNORECASE
)


_REPEATED = re.compile(r"\b(?:Repeated|Also sent|Pouched)\s(?:\w+\s)?to\s(?P<posts>[^.]+)")


def put_parties(draft: Draft, layout: Layout, signature: Signature) -> None:
    """Set senders and recipients by the title, the signature and the addressee of the head."""
    title, place = layout.title, draft.single.get("place")
    senders = list(title.senders) if title else []
    for name in signature.names:
        senders = signed_by(senders, _signed(name))
    if place and senders and not any(party.place for party in senders):
        senders[0] = replace(senders[0], place=place.value)
    draft.sender = [narrowed(party, draft.source.text) for party in senders]
    draft.recipient = [narrowed(party, draft.source.text) for party in (title.recipients if title else ())]
    if not any(party.name or party.role for party in draft.recipient):
        draft.recipient = [_addressed(found) for found in layout.head.addressees] or draft.recipient
    if draft.sender and draft.sender[0].place:
        draft.put("place", Found(draft.sender[0].place, draft.sender[0].start, draft.sender[0].end))


def signed_by(senders: list[Party], person: Party) -> list[Party]:
    """Return the senders of a title with the one who signed: him, an office or one more."""
    found = list(senders)
    named = {"name": person.name, "start": person.start, "end": person.end}
    for n, party in enumerate(found):
        if party.name and agree(party.name, person.name):
            fuller = _length(person.name) > _length(party.name)
            found[n] = replace(party, **named) if fuller else party  # type: ignore[arg-type]
            return found
    for party in found:
        if party.name and " " not in person.name and _is_part(person.name, party.name):
            return found
    for n, party in enumerate(found):
        if party.role and not party.name:
            found[n] = replace(party, **named)  # type: ignore[arg-type]
            return found
    other = any(not party.role and party.name == family(party.name) for party in found if party.name)
    return found if other else [person, *found]


def _is_part(word: str, name: str) -> bool:
    """Return whether a signature is one part of a name of several, as `Aldini` of `Aldini di Porto`."""
    return len(word) > 3 and word.casefold() in name.casefold().split()


def _addressed(found: Found) -> Party:
    """Return the addressee that the head names, where the title names none."""
    words = re.sub(r"^(?:to\s+)?(?:the\s+)?(?:comrade\s+)?", "", found.value, flags=re.IGNORECASE)
    name = words.upper() if words.lower() in ("cc cpsu", "mid", "ussr mfa") else words
    return Party(name, "", "", found.start, found.end, PROBABLE)


def _signed(name: Found) -> Party:
    return Party(name.value, "", "", name.start, name.end, name.certainty)


def _length(name: str) -> int:
    return len(re.findall(r"\w+", name))


def _masked(draft: Draft, layout: Layout) -> Spans:
    """Return what names are not looked for in: the archive's words, distribution, notes of translators."""
    notes = [match.span() for match in _TRANSLATOR_NOTE.finditer(draft.source.plain)]
    listed = [(found.start, found.end) for found in layout.head.distribution]
    return [*layout.page.spans, *notes, *listed]


def put_names(draft: Draft, layout: Layout, signature: Signature, finders: Finders) -> None:
    """Set persons, organisations and places."""
    title = layout.title
    regions: Spans = [layout.body]
    if title:
        regions.insert(0, (title.start, title.end))
    reference = re.search(
        r"\n\W*(?:reference|footnotes)\b[^\n]*", draft.source.plain[layout.tail[0] :], re.IGNORECASE
    )
    if reference:
        regions.append((layout.tail[0] + reference.start(), layout.tail[0] + reference.end()))
    regions += _head_regions(draft, title.end if title else 0)
    given = [
        Mention(p.name, p.start, p.end, "", CERTAIN)
        for p in (*draft.sender, *draft.recipient)
        if p.name not in draft.offices and _is_person(p, finders)
    ]
    own = [Mention(name.value, name.start, name.end, "", name.certainty) for name in signature.names]
    if layout.page.source_note:
        own += named_in_note(draft.source.plain, *layout.page.source_note, [])
    more = [span for span in (layout.page.credits, layout.page.source_note) if span]
    masked = [
        span
        for span in _masked(draft, layout)
        if span not in more and not (title and span[0] <= title.start < span[1])
    ]
    summary = [span for label, span in layout.page.labels.items() if label == "summary"]
    masked = [span for span in masked if span not in summary]
    names = finders.names(draft.source, regions, masked, [*_placed(draft, given), *own], more, summary)
    for member, found in (
        ("persons", names.persons),
        ("organisations", names.organisations),
        ("places", names.places),
    ):
        draft.add(member, found)
    if draft.single.get("place"):
        draft.add("places", [draft.single["place"]])
    if layout.page.source_note:
        draft.add(
            "places", finders.places(draft.source, _repeated(draft.source.plain, *layout.page.source_note))
        )
    _add_places(draft, regions, finders)
    add_organised_parties(draft, finders)


def _add_places(draft: Draft, regions: Spans, finders: Finders) -> None:
    """Add the places of a form that its labels tell, and those that no table has."""
    draft.add("places", draft.posts)
    members = ("persons", "organisations", "places")
    taken = [(one.start, one.end) for member in members for one in draft.lists.get(member, [])]
    head = (0, draft.head_end)
    found = finders.unknown_places.find(draft.source, regions, head, taken, form=draft.form)
    names = {one.value for member in members for one in draft.lists.get(member, [])}
    families = {family(one.value) for one in draft.lists.get("persons", [])}
    draft.add("places", [one for one in found if one.value not in names | families])


def _repeated(text: str, low: int, high: int) -> Spans:
    """Return where a source note names the posts to which a telegram was repeated."""
    return [match.span("posts") for match in _REPEATED.finditer(text, low, high)]


def _head_regions(draft: Draft, low: int) -> Spans:
    """Return the head of a form behind its title, in which offices and places are named as well."""
    return [(low, draft.head_end)] if draft.form and draft.head_end > low else []


def add_organised_parties(draft: Draft, finders: Finders) -> None:
    """Add senders and recipients that are organisations to these, unless a longer name has them."""
    known = [found.value.casefold() for found in draft.lists.get("organisations", [])]
    for party in (*draft.sender, *draft.recipient):
        name = party.name
        if (
            name
            and finders.parties.is_organisation(name)
            and not any(name.casefold() in other for other in known)
        ):
            draft.lists["organisations"] = [
                f for f in draft.lists.get("organisations", []) if f.value not in name
            ]
            draft.add("organisations", [Found(name, party.start, party.end, party.certainty)])


def _placed(draft: Draft, given: list[Mention]) -> list[Mention]:
    """Return the mentions with the bounds of the name itself."""
    found = []
    for mention in given:
        at = draft.source.plain.find(mention.name, max(0, mention.start), max(0, mention.end))
        found.append(Mention(mention.name, at, at + len(mention.name), "", CERTAIN) if at >= 0 else mention)
    return found


def _is_person(party: Party, finders: Finders) -> bool:
    """Return whether a party is a person and no organisation."""
    name = single_spaced(party.name)
    if not name or finders.parties.is_organisation(name) or name in finders.tables.places:
        return False
    return bool(party.role) or len(name.split()) < 4
