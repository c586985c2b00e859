"""Pages that are no documents: lists, results of a search, tables of contents, errors, front matter."""

from __future__ import annotations

import re

from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.composing.finders import Finders

_SEARCH = re.compile(
    (
        r"\b(?:search results?|results:\s*\d+|results? for\b|\d[\d,]*\s+results?\b|showing \d+|refine "
        r"(?:your )?search|no results|sort by|results per page|page \d+ of \d+|next page|advanced search"
        r"|filter by|displaying \d+)"
    ),
    re.IGNORECASE,
)
_ERROR = re.compile(
    (
        r"\b(?:404|page not found|not found|403 forbidden|access denied|internal server error|page you "
        r"(?:requested|are looking for)|does not exist|no longer available|temporarily unavailable|enable "
        r"javascript)\b"
    ),
    re.IGNORECASE,
)
_LISTS = re.compile(
    (
        r"^\W*(?:table of contents|contents|index|list of (?:names|persons|papers|abbreviations|documents"
        r"|sources|terms)|preface|foreword|introduction|sources|about (?:this|the) (?:collection|series"
        r"|volume|archive)|bibliography|acknowledg\w+|collections?|browse|finding aid|abbreviations(?: "
        r"and terms)?|errata|chronology)\W*$"
    ),
    re.IGNORECASE,
)
_SHELF = re.compile(r"^(?:[A-Z]{1,6}\s?\d[\d/.-]+|Ф\.\s?\d+)\s{2,}\S")
_BLANK = re.compile(r"_{4,}|\.{8,}")
_PAGE_AT_END = re.compile(r"(?:\.{3,}|\s{2,}|\t|,\s)(?:\d{1,4}(?:[-,\s]+\d{1,4})*|[ivxl]+)$")


def why_no_document(draft: Draft, finders: Finders) -> str:
    """Return why a page is no document; an empty text if it is one."""
    lines = [line.text for line in draft.source.lines()]
    text = draft.source.plain
    if len(re.findall(r"\w+", text)) < 12:
        return "it has hardly any words"
    if _ERROR.search(text[:400]) and len(text) < 2500 and not _shows_document(draft):
        return "it tells of an error of a server"
    if len(_BLANK.findall(text)) > 4 and _prose(lines) == 0:
        return "it is a form that nobody has filled in"
    if sum(bool(_SHELF.match(line)) for line in lines) > 2 and _prose(lines) < 2:
        return "it is a list of an archive: its lines begin with shelf marks"
    return _why_list(draft, lines, finders) or _why_other(draft, lines)


def _why_list(draft: Draft, lines: list[str], finders: Finders) -> str:
    """Return why a page is a list of documents; an empty text if it is none."""
    text = draft.source.plain
    headed = bool(draft.sender and draft.recipient and "date" in draft.single)
    titles = [line.lower()[:70] for line in lines if _is_title(line, finders)]
    prose, distinct = _prose(lines), len(set(titles))
    if len({found.lower() for found in _SEARCH.findall(text)}) > 2:
        return "it is a list that a search found"
    if prose == 0 and sum(_ends_dated(line, finders) for line in lines) > 3:
        return "it is a list: its lines end with dates"
    if _SEARCH.search(text) and (len(titles) > 1 or prose == 0 or not (titles or headed)):
        return "it is a list that a search found"
    no_text = distinct > 1 and prose == 0 and _dated(lines, finders) > 1
    if no_text or (distinct > 3 and prose < distinct):
        return f"it is a list: {distinct} lines are titles of documents"
    return ""


def _why_other(draft: Draft, lines: list[str]) -> str:
    """Return why a page is a table of contents, front matter or something else that is no document."""
    if sum(bool(_PAGE_AT_END.search(line)) for line in lines) > max(4, 0.4 * len(lines)):
        return "its lines end with pages, as those of a table of contents or an index do"
    if _shows_document(draft):
        return ""
    if any(_LISTS.match(line) for line in lines[:8]):
        return "it is headed as front matter or a list, and has no head of a document"
    if _may_lack_head(draft, lines):
        return ""
    return "it has neither a title, marks or a number of a document, nor date and signature"


def _is_title(line: str, finders: Finders) -> bool:
    title = finders.titles.read(line) if len(line) < 300 else None
    return title is not None and bool(title.senders)


def _dated(lines: list[str], finders: Finders) -> int:
    """Return how many lines are nothing but a date."""
    return len({found.value for line in lines if len(line) < 30 for found in finders.dates.find(line)[:1]})


def _ends_dated(line: str, finders: Finders) -> bool:
    """Return whether a line is some words and then a date, as in a list of documents."""
    found = finders.dates.find(line) if 30 < len(line) < 200 else []
    return bool(found) and found[-1].end >= len(line) - 1 and found[-1].start > 20


def _prose(lines: list[str]) -> int:
    """Return how many lines are of running text."""
    return sum(
        len(line) > 140 or (len(line) > 60 and line.count(" ") > 9 and bool(re.search(r"[a-z,]$", line)))
        for line in lines
    )


def _shows_document(draft: Draft) -> bool:
    """Return whether the page has what only documents have: parties, marks, or a number of a series."""
    marks = [mark for kind in ("classification", "priority") for mark in draft.lists.get(kind, [])]
    numbered = [
        n
        for n in draft.numbers
        if n.series not in ("edition_document", "file") and n.printed.certainty == "certain"
    ]
    titled = "title" in draft.single and bool(draft.sender or draft.recipient or "date" in draft.single)
    return titled or bool(marks) or bool(numbered)


def _may_lack_head(draft: Draft, lines: list[str]) -> bool:
    """Return whether the text may be a document whose first page is missing: prose with a signature."""
    return (
        _prose(lines) > 0
        and bool(draft.sender)
        and len(lines) > 2
        and bool(draft.references or draft.signed or "archive" in draft.single)
    )
