"""Drafts of documents in TEI: what the elements say, and the rules for plain text where they say nothing."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.composing.finders import Finders
from kg.curating.drafting.composing.page_names import add_organised_parties
from kg.curating.drafting.composing.tei_heads import HeadWords, enclosures
from kg.curating.drafting.composing.tei_numbers import put_numbers, put_references
from kg.curating.drafting.composing.tei_people import canonical, mentions, role_at
from kg.curating.drafting.finding.bare_names import named_in_note
from kg.curating.drafting.finding.gazetteer import Spans
from kg.curating.drafting.finding.number_lists import NumberList
from kg.curating.drafting.finding.same_person import agree, initialled
from kg.curating.drafting.heads.archive_labels import archive_of_note
from kg.curating.drafting.heads.parties import Party, narrowed
from kg.curating.drafting.heads.title_grammar import Title
from kg.curating.drafting.source.found import PROBABLE, Found, trimmed
from kg.curating.drafting.source.tei_volume import Tag, TeiDocument

_SERIES = re.compile(r"frus\d{4}")
# Before a signature: who signs does not write, as in `For the Secretary of State:`.
_FOR_ANOTHER = re.compile(r"(?:^|\n)[ (\[]*For (?:the |H\. ?M\. |His |Her )?[A-Z][\w. ]+[:)\]]*\s*$")
_EDITION_NUMBER = re.compile(r"(?=No\.|\d+\.)(?:No\.\s)?(\d{1,4})\.?\s+")  # of a document, before its title
_NEAR = 80  # characters between a head and the dateline of the same document
_WHEN = ("when", "from", "notBefore")
_ADDRESS = "https://history.state.gov/historicaldocuments/"


def tei_draft(document: TeiDocument, finders: Finders) -> Draft:
    """Return the draft of one document of a volume."""
    inner = _Parts(document)
    words = HeadWords(document.source, finders)
    marks, begun = words.marked(inner.head.end if inner.head else 0, inner.body)
    inner.body = (begun, inner.body[1])
    draft = Draft(document.id, document.source, body=inner.body, head_end=inner.body[0])
    for kind, mark in marks:
        draft.add(kind, [mark])
    title = _title(draft, document, inner, finders)
    _dates(draft, document, inner, finders)
    _source_note(draft, document, inner, finders)
    _parties(draft, document, inner, title)
    put_numbers(draft, document, inner.body, title, finders, inner.head.end if inner.head else 0)
    put_references(draft, document, inner.body, finders)
    _names(draft, document, inner, finders)
    _identity(draft, document)
    return draft


class _Parts:
    """Bounds of the parts of a document: head, body with signature, source note, footnotes, attachments."""

    def __init__(self, document: TeiDocument) -> None:
        text = document.source.plain
        notes = document.tagged("note")
        self.attachments = [(tag.start, tag.end) for tag in document.tagged("attachment")]
        outer = [tag for tag in document.tagged("head") if not self.attached(tag)]
        self.head: Tag | None = outer[0] if outer else None
        self.source = next((tag for tag in notes if tag.attributes.get("type") == "source"), None)
        self.inline = [t for t in notes if t.attributes.get("rend") == "inline"]
        self.footnotes: Spans = [
            (t.start, t.end) for t in notes if t is not self.source and t.attributes.get("rend") != "inline"
        ]
        low = self.head.end if self.head else 0
        ends = [low for low, _ in self.footnotes]
        if self.source and self.source not in self.inline and self.source.start > low:
            ends.append(self.source.start)
        self.datelines = [tag for tag in document.tagged("dateline") if not self.attached(tag)]
        begun = [tag.end for tag in self.datelines if tag.start - low < _NEAR]
        openers = document.tagged("opener")
        begun += [t.end for t in document.tagged("seg") if _holding(t, openers) and not self.attached(t)]
        self.body = (max([low, *begun]), min(ends, default=len(text)))

    def attached(self, tag: Tag) -> bool:
        """Return whether an element is of an enclosure."""
        return any(low <= tag.start < high for low, high in self.attachments)


def _holding(tag: Tag, others: list[Tag]) -> bool:
    """Return whether an element lies within one of the others."""
    return any(other.start <= tag.start and tag.end <= other.end for other in others)


def _title(draft: Draft, document: TeiDocument, inner: _Parts, finders: Finders) -> Title | None:
    if not inner.head:
        return None
    low, high = trimmed(document.source.plain, inner.head.start, inner.head.end)
    line = document.source.plain[low:high].replace("\n", " ")
    title = finders.titles.read(line, low) or finders.titles.read_sides(
        _unnumbered(line), low + len(line) - len(_unnumbered(line))
    )
    number = _EDITION_NUMBER.match(line)
    shift = number.end() if number else 0
    text = title.text if title and title.kind else line[shift:]
    text = " ".join(document.source.text[low + shift : high].split()) if not (title and title.date) else text
    draft.put("title", Found(text, low + shift, high))
    kind = finders.titles.kind.match(line, shift)
    if title and title.kind:
        words = (
            " ".join(kind.group().lower().split()) if kind else title.kind
        )  # with the number, if it has one
        called, counted = HeadWords(document.source, finders).numbered(words, low + shift)
        draft.put("document_type", Found(called, low + shift, low + shift + len(called)))
        draft.numbers += [counted] if counted else []
    elif kind:
        draft.put("document_type", Found(kind.group().lower(), low + kind.start(), low + kind.end()))
    return title if title is None or title.number or not number else replace(title, number=number.group(1))


def _unnumbered(line: str) -> str:
    return _EDITION_NUMBER.sub("", line, count=1)


def _dates(draft: Draft, document: TeiDocument, inner: _Parts, finders: Finders) -> None:
    """Set date, place and arrival: from datelines, else the head or the end, else what the edition gives."""
    for line in inner.datelines:
        _dateline(draft, document, (line.start, line.end), finders)
    source = document.source
    if inner.head and "date" not in draft.single:
        ends = [(line.start, line.end) for line in source.lines(*inner.body)[-3:] if len(line.text) < 60]
        spans = [(inner.head.start, inner.head.end), *ends]
        found = [one for span in spans for one in finders.dates.find(source.plain, *span)]
        date = next((one for one in found if len(one.value) == 10), None)
        draft.put("date", date)
        if date and date.end <= inner.head.end and "place" not in draft.single:
            words = HeadWords(source, finders)
            draft.put("place", words.place(inner.head.start, date.start, known=True))
    first, last = document.dates
    if first[:10] and first[:10] == last[:10]:
        draft.put("date", Found(first[:10], certainty=PROBABLE))


def _dateline(draft: Draft, document: TeiDocument, within: tuple[int, int], finders: Finders) -> None:
    source, words = document.source, HeadWords(document.source, finders)
    for place in document.tagged("placeName", within):
        draft.put("place", source.found(*trimmed(source.plain, place.start, place.end, " ,.[]\n")))
    for date in document.tagged("date", within):
        when = next((date.attributes[key] for key in _WHEN if key in date.attributes), "")
        if re.match(r"\d{4}-\d\d", when):
            draft.put("date", Found(when[:10], date.start, date.end))
    dates = document.tagged("date", within)
    if "place" not in draft.single and dates:
        draft.put("place", words.place(within[0], dates[0].start, known=False))
    words.received(draft, *within)
    arrived = draft.single.get("received")
    # What follows `Received` is no date of the document: an undated one has none.
    high = arrived.start if arrived and within[0] <= arrived.start < within[1] else within[1]
    for found in finders.dates.find(source.plain, within[0], high)[:1]:
        draft.put("date", found)


def _source_note(draft: Draft, document: TeiDocument, inner: _Parts, finders: Finders) -> None:
    note = inner.source
    if note is None or note in inner.inline:
        return
    label = re.match(r"\s*Source:\s*", document.source.plain[note.start : note.end])
    low = note.start + (label.end() if label else 0)
    for member, found in archive_of_note(document.source, low, note.end).items():
        draft.put(member, found)
    if place := finders.numbers.filed(document.source.plain, low, note.end):
        filed = document.source.found(*place)
        draft.numbers.append(NumberList("file", (filed.value,), filed))
    for kind, mark in finders.marks.listed(document.source, low, note.end):
        draft.add(kind, [mark])
    if "received" not in draft.single:
        HeadWords(document.source, finders).received(draft, low, note.end)


def _parties(draft: Draft, document: TeiDocument, inner: _Parts, title: Title | None) -> None:
    senders = [canonical(party, document, inner.head) for party in title.senders] if title else []
    draft.recipient = [canonical(party, document, inner.head) for party in title.recipients] if title else []
    body = inner.body
    signed = [tag for tag in document.tagged("signed", body) if not inner.attached(tag)]
    for tag in signed[:3]:
        if _FOR_ANOTHER.search(document.source.plain, max(body[0], tag.start - _NEAR), tag.start):
            continue
        person = canonical(_signature(document, tag), document, tag)
        if not person.name or len(person.name) > 60:
            continue
        same = [n for n, party in enumerate(senders) if party.name and agree(party.name, person.name)]
        same = same or [n for n, party in enumerate(senders) if initialled(person.name, party.name)]
        offices = [n for n, party in enumerate(senders) if not party.name and party.role]
        if same:
            fuller = max(senders[same[0]].name, person.name, key=len)
            senders[same[0]] = replace(senders[same[0]], name=fuller)
        elif offices:
            senders[offices[0]] = replace(
                senders[offices[0]], name=person.name, start=person.start, end=person.end
            )
        elif not any(party.role for party in senders):
            senders.insert(0, person)
    day, text = draft.written_by, document.source.text
    draft.sender = [narrowed(role_at(party, document, day), text) for party in senders]
    draft.recipient = [narrowed(party, text) for party in draft.recipient]
    place = draft.single.get("place")
    if place and draft.sender:
        draft.sender[0] = replace(draft.sender[0], place=place.value)


def _signature(document: TeiDocument, tag: Tag) -> Party:
    low, high = trimmed(document.source.plain, tag.start, tag.end, " \n.,[]")
    name = re.sub(
        r"[\[\]]", "", document.source.text[low:high].split("\n")[0].rstrip(" ,")
    )  # added by the edition
    name = re.sub(r",\s+(?:Secretary|Minister|Ambassador|Chargé|Consul).*$", "", name)
    return Party(
        " ".join(w.capitalize() if w.isupper() and len(w) > 3 else w for w in name.split()),
        "",
        "",
        low,
        low + len(name),
    )


def _names(draft: Draft, document: TeiDocument, inner: _Parts, finders: Finders) -> None:
    regions: Spans = [(inner.head.start, inner.head.end)] if inner.head else []
    low = (
        inner.datelines[0].start
        if inner.datelines and inner.datelines[0].start < inner.body[0]
        else inner.body[0]
    )
    regions.append((low, inner.body[1]))
    more: Spans = list(inner.footnotes)
    if inner.source and inner.source not in inner.inline:
        more.append((inner.source.start, inner.source.end))
    own = mentions(document, inner.footnotes)
    if inner.source and inner.source not in inner.inline:
        tagged = [(tag.start, tag.end) for tag in document.tagged("persName")]
        own += named_in_note(document.source.plain, inner.source.start, inner.source.end, tagged)
    names = finders.names(document.source, regions, inner.attachments, own, more)
    draft.add("persons", names.persons)
    draft.add("organisations", names.organisations)
    place = draft.single.get("place")
    draft.add("places", [*([place] if place else []), *names.places])
    draft.add("enclosures", enclosures(document))
    add_organised_parties(draft, finders)


def _identity(draft: Draft, document: TeiDocument) -> None:
    """Set identifier and address where the volume says which series it is of."""
    volume = document.volume.identifier
    if volume and document.id and _SERIES.match(volume):
        draft.put("record_id", Found(f"{volume}/{document.id}"))
        draft.put("record_url", Found(f"{_ADDRESS}{volume}/{document.id}"))
