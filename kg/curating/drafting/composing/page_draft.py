"""Drafts of pages in plain text, Markdown or HTML."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.composing.finders import Finders
from kg.curating.drafting.composing.form_draft import put_form
from kg.curating.drafting.composing.page_names import put_names, put_parties
from kg.curating.drafting.composing.tei_numbers import number_before, put_number_alone
from kg.curating.drafting.finding.gazetteer import outside
from kg.curating.drafting.finding.number_lists import FILE_NOTE, NumberList, written_out
from kg.curating.drafting.heads.page_layout import Layout
from kg.curating.drafting.heads.signatures import Signature
from kg.curating.drafting.source.found import PROBABLE, Found, SourceText

_SERIES = r"(?:(?:Secto|Tosec|Dulte|Tedul|Polto|Topol|Depto|Cirtel|Delga|Gadel|Usun|Supnu|Todep)\s)?"
_FIRST_NUMBER = re.compile(rf"\s*(?P<list>{_SERIES}\d{{1,5}}(?:\s?[-/]\s?\d{{1,5}})?)\.\s+(?=[A-Z\"(])")
# Before its text a Latin American telegram has its number, the day of the week and the hour.
_NUMBER_AND_WEEKDAY = re.compile(
    r"\s*(?P<list>\d{1,5})\s?-\s?(?:(?:MON|TUES|WEDNES|THURS|FRI|SATUR|SUN)DAY)\b", re.I
)
_BEHIND_TITLE = re.compile(r",\s(?:no|nr|№)\.?\s?(?P<list>\d[\d./-]*\d)", re.IGNORECASE)
_IN_TITLE = re.compile(r"(?:telegram|cable)\s(?:No|Nr|№)\.?\s?(?P<list>\d[\d./]*)(?![\w-])", re.IGNORECASE)
_RECEIVED = re.compile(
    r"\[?\b(?:received|rec'd|recd|получено|recibid[oa])(?:\s+in\s+the\s+department[\w ]*?)?"
    r"(?:\s+(?:on|at))?\s+(?=\d|[A-Z][a-z]+\.?\s\d)",
    re.IGNORECASE,
)


def page_draft(id_: str, source: SourceText, finders: Finders) -> Draft:
    """Return the draft of a page."""
    layout = finders.layouts.read(source)
    signature = finders.signatures.read(source, layout.body)
    draft = Draft(id_, source, body=layout.body, head_end=layout.body[0])
    _title(draft, layout)
    _dates(draft, layout, signature, finders)
    _marks(draft, layout, finders)
    _numbers(draft, layout)
    _mark_in_text(draft, layout, finders)
    put_parties(draft, layout, signature)
    bounds = (layout.title.start, layout.title.end) if layout.title else (0, 0)
    put_form(draft, finders.forms.read(source, bounds), layout, signature, finders)
    _archive(draft, layout, finders)
    _references(draft, layout, finders)
    put_names(draft, layout, signature, finders)
    return draft


def _title(draft: Draft, layout: Layout) -> None:
    title = layout.title
    kind = layout.head.kind
    if title:
        draft.put("title", Found(title.text, title.start, title.end))
        own = title.kind
        if kind and kind.value.lower().endswith(own) and len(kind.value) > len(own):
            draft.put("document_type", replace(kind, value=kind.value.lower()))
        draft.put("document_type", Found(own, title.start, title.start + len(own)))
    elif kind:
        draft.put("document_type", replace(kind, value=kind.value.lower()))


def _dates(draft: Draft, layout: Layout, signature: Signature, finders: Finders) -> None:
    """Set the date: of the head, the title, the page, or beside the signature, in this order."""
    title = layout.title
    near = finders.dates.find(draft.source.plain, max(0, title.start - 40), title.end + 40) if title else []
    in_title = next((found for found in near if title and found.value == title.date), None)
    head = layout.head
    whole = [found for found in head.dates if len(found.value) == 10]
    told = [*whole[:1], *filter(None, (in_title, layout.page_date, signature.date)), *head.table_dates]
    votes = Counter(found.value for found in told)
    draft.put("date", max(told, key=lambda found: votes[found.value], default=None))  # the first of equals
    for found in head.dates[:1]:
        draft.put("date", found)
    draft.signed = signature.date is not None
    for found in head.table_dates:
        if "date" in draft.single and found.value > draft.single["date"].value:
            draft.put("received", found.less_sure(PROBABLE))
    known = draft.single.get("date")
    others = [*head.stamp_dates, *whole, *head.table_dates, *filter(None, (layout.page_date, signature.date))]
    draft.add("other_dates", (found for found in others if known is None or found.value != known.value))


def _marks(draft: Draft, layout: Layout, finders: Finders) -> None:
    for kind, found in layout.head.marks.items():
        draft.add(kind, found)
    draft.put("copy_number", layout.head.copy_number)
    draft.add("distribution", layout.head.distribution)
    for span in filter(None, (layout.page.source_note, layout.page.marks)):
        for kind, mark in finders.marks.listed(draft.source, *span):
            draft.add(kind, [mark])


def _numbers(draft: Draft, layout: Layout) -> None:
    draft.numbers += layout.head.numbers
    number = layout.number
    if number is None and layout.title and layout.title.number:
        number = number_before(draft.source, layout.title.number, layout.title.start)
    if number and (layout.page.source_note or "archive" in layout.page.values):
        draft.numbers.append(NumberList("edition_document", (number.value,), number))
    _file_number(draft, layout)
    _number_of_title(draft, layout)
    weekday = _NUMBER_AND_WEEKDAY.match(draft.source.plain, layout.body[0])
    first = weekday or _FIRST_NUMBER.match(draft.source.plain, layout.body[0])
    printed_series = layout.page.source_note or any(n.series == "file" for n in draft.numbers)
    called = draft.single.get("document_type")
    dated = called is not None and "telegram" in called.value and layout.head.dates and layout.head.place
    counted = first and first.group("list") == "1" and "\n2. " in draft.source.plain
    if first and not counted and (printed_series or dated or weekday) and not _has_telegram(draft):
        printed = draft.source.found(*first.span("list"))
        listed = (printed.value,) if printed.value[0].isalpha() else tuple(written_out(printed.value))
        draft.numbers.append(NumberList("telegram", listed, printed))
    elif any(n.series == "file" for n in draft.numbers):
        put_number_alone(draft, (layout.title.end if layout.title else 0, layout.body[1]), layout.title)
    draft.put("place", layout.head.place)


def _number_of_title(draft: Draft, layout: Layout) -> None:
    """Add the number of a telegram in its title, `Cable No. 3 from …`, or behind it, `…, no. 84.310`."""
    title, plain = layout.title, draft.source.plain
    if title is None or not re.search(r"telegram|cable", title.kind) or _has_telegram(draft):
        return
    match = _BEHIND_TITLE.match(plain, title.end) or _IN_TITLE.search(plain, title.start, title.end)
    if match:
        found = draft.source.found(*match.span("list"))
        draft.numbers.append(NumberList("telegram", (found.value,), found))


def _has_telegram(draft: Draft) -> bool:
    return any(numbers.series == "telegram" for numbers in draft.numbers)


def _mark_in_text(draft: Draft, layout: Layout, finders: Finders) -> None:
    """Add the mark that stands behind the first number, as in `188. Eyes only Ambassador`."""
    first = _FIRST_NUMBER.match(draft.source.plain, layout.body[0])
    mark = finders.marks.mark.match(draft.source.plain, first.end()) if first else None
    if mark and re.match(
        r"\.|\s(?:for\s(?:the\s)?)?(?:Ambassador|Secretary|Acting|Under|Chargé|Minister)",
        draft.source.plain[mark.end() :],
    ):
        draft.add(finders.marks.kind_of(mark.group()), [draft.source.found(*mark.span())])


def _file_number(draft: Draft, layout: Layout) -> None:
    """Set the file number of an old printed series, which stands in a line above the title."""
    above = draft.source.lines(0, layout.title.start if layout.title else 0)
    named = re.search(r": (Telegram|Airgram|Circular Telegram)$", above[-1].text) if above else None
    if named:
        draft.put(
            "document_type", Found(named.group(1).lower(), above[-1].start + named.start(1), above[-1].end)
        )
    match = FILE_NOTE.match(above[-1].text) if above else None
    if match:
        start = above[-1].start + match.start("file")
        found = draft.source.found(start, start + len(match.group("file")))
        draft.numbers.append(NumberList("file", (found.value,), found))


def _archive(draft: Draft, layout: Layout, finders: Finders) -> None:
    for member in ("translator", "archive", "record_id", "record_url"):
        draft.put(member, layout.page.values.get(member))
    received = _RECEIVED.search(draft.source.plain, *(layout.page.source_note or (0, draft.head_end)))
    if received:
        dates = finders.dates.find(draft.source.plain, received.end(), received.end() + 40, draft.year)
        if dates and dates[0].start - received.end() < 25:
            draft.put("received", dates[0])
        elif re.match(r"\d", draft.source.plain[received.end() :]) and "date" in draft.single:
            draft.put(
                "received", Found(draft.single["date"].value, received.start(), received.end(), PROBABLE)
            )


def _references(draft: Draft, layout: Layout, finders: Finders) -> None:
    low = min(layout.title.end if layout.title else 0, layout.body[0], layout.tail[0])
    high = (
        len(draft.source.plain)
        if re.search(r"\n\W*reference\b", draft.source.plain, re.IGNORECASE)
        else layout.body[1]
    )
    own = [*layout.head.spans, *layout.page.spans]
    found = finders.references.find(draft.source, low, high, draft.year)
    mine = {
        part
        for numbers in draft.numbers
        for number in numbers.numbers
        for part in (number, number.split()[-1])
    }
    draft.references = [
        one
        for one in found
        if outside(one.label.start, one.label.end, own)
        and (one.owner or not mine.issuperset(one.numbers or ("",)))
    ]
