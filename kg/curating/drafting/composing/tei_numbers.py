"""Numbers and references of TEI documents: file number, number of the series, documents of the volume."""

from __future__ import annotations

import re

from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.composing.finders import Finders
from kg.curating.drafting.finding.citations import CitedDocument
from kg.curating.drafting.finding.number_lists import FILE_NOTE, NumberList, written_out
from kg.curating.drafting.heads.title_grammar import Title
from kg.curating.drafting.source.found import Found, SourceText, trimmed
from kg.curating.drafting.source.tei_volume import TeiDocument

# Of an airgram, as in `A-613. For Vane.`
_LETTERED = re.compile(r"\s*(?P<code>(?:CA|[ADG])-\d{1,5})\.\s+(?=[\[\"'(A-Z])")
_ALONE = re.compile(
    r"(?:^|\n)\s*\[?(?:(?P<kind>Despatch|Instruction|Note|Telegram)\s+)?(?:Nos?\.?\s*"
    r"(?P<list>\d{1,5}(?:\s?-\s?\d{1,5})?|(?:[A-Z]{1,3}[\s./-]{0,2})?\d{1,5}(?:[/-][A-Z]{1,2})?)"
    r"|(?P<code>[A-Z]{1,3}[/-]\d{1,5}|\d{1,5}/[A-Z][A-Z/]*))\.?\]?\.?\s*(?=\n)"
)
_CALLED = re.compile(r"\[(Telegram|Circular telegram|Cablegram|Airgram)\.?\]", re.IGNORECASE)
_ABROAD = re.compile(
    r"\b(?:Minister|Ambassador|Chargé|Consul|Legation|Embassy|Consulate|Commissioner|Agent|Mission|Representative|Delegate)\b"
)


def put_numbers(
    draft: Draft,
    document: TeiDocument,
    body: tuple[int, int],
    title: Title | None,
    finders: Finders,
    head_end: int,
) -> None:
    """Set the numbers of a document and, where the file note says telegram, what it is called."""
    kind = _file_number(draft, document)
    source = document.source
    if title and title.number and draft.single.get("title"):
        place = draft.single["title"]
        draft.numbers.append(
            NumberList("edition_document", (title.number,), number_before(source, title.number, place.start))
        )
    first = finders.numbers.first.match(source.plain, body[0])
    lettered = _LETTERED.match(source.plain, body[0])
    bracket = _CALLED.search(source.plain, 0, body[0] + 30)
    if bracket:
        draft.put("document_type", Found(bracket.group(1).lower(), *bracket.span(1)))
    called = draft.single.get("document_type")
    telegram = kind == "telegram" or (
        called is not None and re.search(r"telegram|cable", called.value) is not None
    )
    if any(one.series not in ("file", "edition_document") for one in draft.numbers):
        return  # the title has it
    if first and telegram and not _is_counted(source.plain, first, body):
        printed = source.found(*first.span("list"))
        draft.numbers.append(NumberList("telegram", tuple(written_out(printed.value)), printed))
        _marks_after(draft, first.end(), body[1], finders)
        return
    if lettered and called is not None and "airgram" in called.value:
        printed = source.found(*lettered.span("code"))
        draft.numbers.append(NumberList("airgram", (printed.value,), printed))
        return
    # Beside the dateline, too: old volumes set the number in the opener.
    put_number_alone(draft, (min(head_end, body[0]), body[1]), title, telegram=telegram, high=body[0])


def put_number_alone(
    draft: Draft, body: tuple[int, int], title: Title | None, *, telegram: bool = False, high: int = 0
) -> None:
    """Set the number that has a line of its own at the beginning of a body, as despatches have it.

    It is sought up to 200 characters after the beginning, or after `high` where the text begins later.
    """
    alone = _ALONE.search(draft.source.plain, max(0, body[0] - 1), min(body[1], max(body[0], high) + 200))
    if alone:
        series = (alone.group("kind") or "").lower() or _series(title, telegram)
        printed = draft.source.found(*alone.span("list" if alone.group("list") else "code"))
        numbers = tuple(written_out(printed.value))
        # A number with letters, or with a part that is no end of a range, is one text.
        if re.search(r"[A-Z]", printed.value) or int(numbers[0]) > int(numbers[-1]):
            numbers = (printed.value,)
        draft.numbers.append(NumberList(series, numbers, printed))


def number_before(source: SourceText, number: str, start: int) -> Found:
    """Return the number of the edition with its place, which is just before the title."""
    at = source.plain.rfind(number, max(0, start - 12), start)
    return Found(number, at, at + len(number)) if at >= 0 else Found(number)


def _file_number(draft: Draft, document: TeiDocument) -> str:
    """Set the file number that stands above the head; return the kind of document that it names."""
    note = next(
        (n for n in document.tagged("note", rend="inline") if n.attributes.get("type") == "source"), None
    )
    if note is None:
        return ""
    low, high = trimmed(document.source.plain, note.start, note.end)
    match = FILE_NOTE.match(document.source.plain[low:high])
    if match:
        start, end = match.span("file")
        draft.numbers.append(
            NumberList("file", (match.group("file"),), document.source.found(low + start, low + end))
        )
    named = re.search(r"\b(Telegram|Airgram|Despatch|Circular telegram)\b", document.source.plain[low:high])
    if named:
        draft.put("document_type", Found(named.group().lower(), low + named.start(), low + named.end()))
    lot = match.group("lot") if match else None
    if not match and not re.search(r"No\.\s*\d", document.source.plain[low:high]):
        draft.put("archive", document.source.found(low, low + named.start() if named else high))
    elif lot:
        draft.put("archive", document.source.found(low, low + len(lot.rstrip())))
    return named.group().lower().rpartition(" ")[2] if named else ""


def _is_counted(plain: str, first: re.Match[str], body: tuple[int, int]) -> bool:
    """Return whether the first number only counts the paragraphs, of which a second one follows."""
    return first.group("list") == "1" and re.search(r"\n2\.\s", plain[body[0] : body[1]]) is not None


def _marks_after(draft: Draft, low: int, high: int, finders: Finders) -> None:
    """Add the marks that follow the number of a telegram, as in `52. Confidential for …`."""
    place = low
    while match := finders.marks.mark.match(draft.source.plain, place, high):
        after = draft.source.plain[match.end() : match.end() + 5]
        if not re.match(r"\s*[.;,:]|\s+(?:for|to|from|Amba)", after) or not match.group()[0].isupper():
            return
        draft.add(finders.marks.kind_of(match.group()), [draft.source.found(*match.span())])
        place = match.end() + len(re.match(r"[\s.;,:]*", draft.source.plain[match.end() :]).group())  # type: ignore[union-attr]


def _series(title: Title | None, telegram: bool) -> str:
    """Return the series of a number that stands alone, by who writes to whom."""
    if telegram:
        return "telegram"
    sender = " ".join(f"{p.role} {p.name}" for p in title.senders) if title else ""
    recipient = " ".join(f"{p.role} {p.name}" for p in title.recipients) if title else ""
    home = re.compile(r"Secretary of State|Department of State")
    if home.search(recipient) and re.search(r"\b(?:in|at)\s+[A-Z]", sender) and _ABROAD.search(sender):
        return "despatch"
    if (
        home.search(sender)
        and re.search(r"\b(?:in|at)\s+(?:the\s+)?[A-Z]", recipient)
        and _ABROAD.search(recipient)
    ):
        return "instruction"
    return (
        "note"
        if _ABROAD.search(f"{sender} {recipient}") and (home.search(sender) or home.search(recipient))
        else "despatch"
    )


def put_references(draft: Draft, document: TeiDocument, body: tuple[int, int], finders: Finders) -> None:
    """Set the references in the body by number, and those to documents of the volume in all of it."""
    draft.references = finders.references.find(document.source, *body, draft.year)
    for ref in document.tagged("ref"):
        target = re.fullmatch(r"#(d\d+)(?:fn\d+)?", ref.attributes.get("target", ""))
        label = document.source.found(ref.start, ref.end)
        if target:
            number = re.search(r"[Dd]ocument\s(\d+)", label.value)
            draft.references.append(
                CitedDocument(
                    label, edition_document=number.group(1) if number else "", target=target.group(1)
                )
            )
