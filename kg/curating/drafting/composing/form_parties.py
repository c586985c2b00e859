"""Senders and recipients of a form: those of formulas and labels, the letterhead, and who signed."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.composing.finders import Finders
from kg.curating.drafting.composing.page_names import signed_by
from kg.curating.drafting.forms.form_head import FormHead
from kg.curating.drafting.heads.page_layout import Layout
from kg.curating.drafting.heads.parties import Party
from kg.curating.drafting.heads.signatures import Signature
from kg.curating.drafting.source.found import PROBABLE, Found

_RECEIVED = re.compile(r"\b(?:RECIBID[OA]|RECEIVED|ВХОДЯЩ(?:АЯ|ИЙ|ЕЕ)|REÇU|EINGANG)\b")
_HEAD = 300  # characters


def put_form_parties(
    draft: Draft, form: FormHead, layout: Layout, signature: Signature, finders: Finders
) -> None:
    """Set the sides, except one that the title names."""
    senders, recipients = _senders(draft, form, signature, finders), _recipients(draft, form, finders)
    place = senders[0].place if senders else ""
    place = place or (form.head.place.value if form.head.place else "")
    if not (layout.title and layout.title.senders):
        draft.sender = [party for party in senders if party.name or party.role] or draft.sender
    if not (layout.title and layout.title.recipients):
        draft.recipient = recipients or draft.recipient
    if place:
        said = form.head.place or _at(draft, form.senders[0] if form.senders else form.office, place)
        draft.single["place"] = said
    sides = (*form.courtesy.senders, *form.courtesy.recipients)
    draft.offices |= {party.name for party in sides if _is_office(party.name, finders)}


def _senders(draft: Draft, form: FormHead, signature: Signature, finders: Finders) -> list[Party]:
    """Return the senders, of whom the first has the place from which the document comes."""
    labelled = [_role_of(_side(found, finders), finders) for found in form.senders[:1]]
    place = next((party.place for party in labelled), "") or (
        form.head.place.value if form.head.place else ""
    )
    senders = [*form.courtesy.senders, *(party for party in labelled if party.name or party.role)]
    if form.office and _sends(draft, form):
        office = _side(form.office, finders)
        labelled, place = [*labelled, office], place or office.place
        senders = [*senders, replace(office, place="")]
    draft.offices |= {party.name for party in labelled}
    names = list(signature.names) if not form.courtesy.senders else []
    if form.signed and form.senders:
        names.append(form.signed)
    for name in names:
        senders = signed_by(senders, Party(name.value, "", "", name.start, name.end, name.certainty))
    if senders and not senders[0].place:
        senders[0] = replace(senders[0], place=place)
    return senders or ([Party("", "", place)] if place else [])


def _recipients(draft: Draft, form: FormHead, finders: Finders) -> list[Party]:
    """Return the recipients; a post that has a place alone goes by the name of this place."""
    sides = [_role_of(party, finders) for party in form.courtesy.recipients]
    for found in form.recipients:
        party = _role_of(_side(found, finders), finders)
        sides.append(party if party.name or party.role else replace(party, name=party.place))
        draft.offices.add(sides[-1].name)
        if party.place:
            draft.posts.append(_at(draft, found, party.place))
    return sides


def _sends(draft: Draft, form: FormHead) -> bool:
    """Return whether the office that the paper is headed with is the one that writes."""
    if _RECEIVED.search(draft.source.plain[:_HEAD]):  # the paper of the ministry to which it came
        return False
    called = draft.single["document_type"].value if "document_type" in draft.single else ""
    return not form.senders and (
        called.startswith(("outgoing", "despatch", "circular", "telegram")) or bool(form.recipients)
    )


def _role_of(party: Party, finders: Finders) -> Party:
    """Return a party whose name is an office alone with that as its role."""
    office = finders.parties.office.match(party.name) and not finders.parties.is_organisation(party.name)
    return replace(party, name="", role=party.name) if office and not party.role else party


def _side(found: Found, finders: Finders) -> Party:
    """Return the party that a value is: an office with its place behind a comma, or a place alone."""
    words = re.sub(r"^(?:the)\s+", "", found.value, flags=re.IGNORECASE).strip(" ,.;")
    words = re.sub(r",?\s(?:with\s(?:an?\s)?)?cop(?:y|ies)\s(?:to\b|:).*", "", words)
    first, *more = (part.strip() for part in words.split(","))
    if more and finders.parties.office.match(re.sub(r"^(?:the)\s+", "", more[0], flags=re.IGNORECASE)):
        return Party(first, ", ".join(more), "", found.start, found.end, PROBABLE)  # `I. Barsov, Chief of …`
    if len(more) > 1 and more[-1].title() in finders.tables.places:
        return Party(first, "", more[-1].title(), found.start, found.end, PROBABLE)
    name, comma, place = words.rpartition(",")
    if comma and len(place.split()) < 4:
        return Party(name.strip(), "", place.strip(), found.start, found.end, PROBABLE)
    post = re.match(
        r"(?:Amembassy|Amconsul\w*|Amlegation|Embassy|USMission)\s(?P<place>[A-Z][\w ]+)$", words, re.I
    )
    if post:
        return Party(words, "", post.group("place").title(), found.start, found.end, PROBABLE)
    if words.title() in finders.tables.places or not _is_office(words, finders):
        return Party("", "", words, found.start, found.end, PROBABLE)
    return Party(words, "", "", found.start, found.end, PROBABLE)


def _at(draft: Draft, found: Found | None, place: str) -> Found:
    """Return a place with its bounds within a value."""
    start = draft.source.text.find(place, found.start, found.end) if found else -1
    return (
        Found(place, start, start + len(place), PROBABLE) if start >= 0 else Found(place, certainty=PROBABLE)
    )


def _is_office(words: str, finders: Finders) -> bool:
    """Return whether words name an office or an organisation, in whatever case."""
    cased = words.title() if words.isupper() and len(words) > 5 else words
    if finders.parties.is_organisation(words):
        return True
    return finders.parties.is_organisation(cased) or bool(finders.parties.office.search(words))
