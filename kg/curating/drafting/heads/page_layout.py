"""The layout of a page in plain text: which lines are furniture, title, head, body, signature and notes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property

from kg.curating.drafting.finding.dates import DateFinder
from kg.curating.drafting.finding.word_tables import WordTables
from kg.curating.drafting.heads.archive_labels import ArchivePage, LabelReader
from kg.curating.drafting.heads.head_lines import HeadReader
from kg.curating.drafting.heads.head_pieces import Head
from kg.curating.drafting.heads.title_grammar import Title, TitleReader
from kg.curating.drafting.source.found import Found, SourceText, TextLine

_LONGEST_TITLE = 420
_PAGE_PREFIX = re.compile(
    r"^.*?(?:International History Declassified|Digital Archive)\s+(?=[A-Z][a-z]+ \d{1,2}, \d{4})"
)
_EDITION = re.compile(r"^(?:document\s+)?(?:no\.?\s*|№\s*)?(?P<number>(?!19\d\d)\d{1,4})\.?$", re.IGNORECASE)
_TAIL = re.compile(
    (
        r"\n[ ]*(?:source:|associated people|document information|related documents|127 wall street"
        r"|original uploaded date|record id|original classification|the history and public policy program "
        r"welcomes|to enquire about|\[?(?:rf?ef|re)erence[:\s]|author\(s\)|\[source:|справка"
        r"|notes?:?[ ]*\n|back[ ]*\n)"
    ),
    re.IGNORECASE,
)
_SIDES = re.compile(
    r"(?:The|Mr\.|President|Colonel|General|Admiral|King|Premier|Dr\.|Ambassador|Secretary)\s.{5,200}[^.]$"
)
_RANK = r"(?:Admiral|General|Colonel|Marshal|President|Premier|Emperor|King|Ambassador|Secretary|Dr\.|Mr\.)"
_RANKED = re.compile(rf"{_RANK}\s[A-Z].*\sto\s(?:the\s)?{_RANK}\s(?:[A-Z]|of\s)")  # two persons with titles
_SENTENCE = re.compile(
    r"\b(?:is|was|are|were|has|have|had|does|do|did|shall|will|would|you|can|may|must)\b|(?<![A-Z.])[.?!]\s+[A-Z][a-z]+\s[a-z]+\s[a-z]+|[a-z]{3}[.:;?!]$"
)
_LABEL = re.compile(r"[A-Z][A-Za-z]{1,9}(?: No\.?)?:\s|(?:No|Nos|Nr|№)\.?\s*\d")  # or a number
_SUMMARY_FURNITURE = re.compile(r"^(?:subjects?|keywords?|topics?)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """The parts of a page; bounds are places in its text."""

    title: Title | None
    page_date: Found | None
    number: Found | None
    head: Head
    body: tuple[int, int]
    tail: tuple[int, int]
    page: ArchivePage


@dataclass(frozen=True)
class LayoutReader:
    """Divides a page into its parts."""

    tables: WordTables
    dates: DateFinder
    titles: TitleReader
    heads: HeadReader
    labels: LabelReader

    @cached_property
    def _line_of_date(self) -> re.Pattern[str]:
        return re.compile(r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s*)?", re.IGNORECASE)

    def read(self, source: SourceText) -> Layout:
        """Return the parts of a page."""
        page = self.labels.read(source)
        lines = self._lines(source)
        title, at = self._title(source, lines, page)
        start = (
            max(lines[at].end, title.end if title.start < lines[at].end else 0) if title and at >= 0 else 0
        )
        if page.after_citation and (title is None or page.after_citation > start):
            start = page.after_citation
        tail = self._tail(source, start, page)
        below = [line for line in source.lines(start, tail) if not self._is_of_page(line, page, start)]
        head = self.heads.read(source, below, *((title.text, title.kind) if title else ()))
        body = (min(head.body, tail), tail)
        date = self._page_date(source, lines, at)
        number = self._number(source, lines, at)
        return Layout(title, date, number, head, body, (tail, len(source.plain)), page)

    def _lines(self, source: SourceText) -> list[TextLine]:
        """Return the lines without what a page in one line has before its date."""
        found = []
        for line in source.lines():
            prefix = _PAGE_PREFIX.match(line.text) if len(line.text) > 60 else None
            shift = prefix.end() if prefix else 0
            label = re.search(r"\s(?:Citation|Summary):\s", line.text[shift:])
            end = shift + label.start() if label else len(line.text)
            found.append(TextLine(line.start + shift, line.start + end, line.text[shift:end]))
        return found

    def _title(
        self, source: SourceText, lines: list[TextLine], page: ArchivePage
    ) -> tuple[Title | None, int]:
        """Return the title and the line that has it; -1 where only the citation has it."""
        cited = page.citation_title
        from_citation = (
            self.titles.read(source.plain[cited.start : cited.end], cited.start) if cited else None
        )
        for n, line in enumerate(lines[:40]):
            if len(line.text) > _LONGEST_TITLE or (cited and line.start <= cited.start < line.end):
                continue
            title = self._wrapped(source, lines, n) or (self._sides(line) if n < 8 else None)
            if title and (title.complete or title.senders or title.recipients):
                if from_citation and title.text.isupper():
                    return self._in_place_of(title, from_citation), n
                return title, n
        if from_citation:
            return from_citation, -1
        for n, line in enumerate(lines[:6]):
            alone = self._kind_alone(line)
            if alone and any(self.dates.find(near.text) for near in lines[max(0, n - 2) : n + 4]):
                return alone, n
        return None, -1

    def _sides(self, line: TextLine) -> Title | None:
        """Return the title of an old printed series that a line is."""
        shown = _SIDES.match(line.text) and not _SENTENCE.search(line.text)
        title = self.titles.read_sides(line.text, line.start) if shown else None
        return title if title and self._shows_sides(title) else None

    def _kind_alone(self, line: TextLine) -> Title | None:
        """Return the title that a line is which begins with what the document is called, without parties."""
        kind = self.titles.kind.match(line.text)
        named = (
            kind and kind.group()[0].isupper() and len(line.text) < 220 and not _SENTENCE.search(line.text)
        )
        if (
            not kind
            or not named
            or line.text.lower() in self.tables["forms"]["furniture"]
            or len(line.text.split()) < 2
        ):
            return None
        high, date = self.titles.without_date(line.text)
        text = " ".join(line.text[:high].split())
        return Title(text, line.start, line.start + high, " ".join(kind.group().lower().split()), date=date)

    def _shows_sides(self, title: Title) -> bool:
        """Return whether a title without a kind names an office or an organisation on both sides."""
        sides = (title.senders, title.recipients)
        organised = self.titles.parties.is_organisation
        return all(
            side and (side[0].role or organised(side[0].name) or len(side[0].name.split()) > 2)
            for side in sides
        ) or bool(_RANKED.match(title.text))

    def _in_place_of(self, title: Title, cited: Title) -> Title:
        """Return the title as the citation writes it, where the page has it in capitals."""
        return replace(cited, date=title.date or cited.date, number=title.number)

    def _wrapped(self, source: SourceText, lines: list[TextLine], n: int) -> Title | None:
        """Return the title that begins in a line, with the lines that go on without an empty one between."""
        line = lines[n]
        title = self.titles.read(line.text, line.start)
        if title is None:
            return None
        end = line.end
        for more in lines[n + 1 : n + 3]:
            gap = source.plain[end : more.start]
            dated = self.dates.find(more.text, 0, None)
            if gap.count("\n") != 1 or len(line.text) < 40 or len(more.text) > 90 or title.date:
                break
            if (
                (dated and dated[0].start == 0)
                or self.heads.marks.mark.match(more.text)
                or self.heads.numbers.headed.match(more.text)
                or _LABEL.match(more.text)
            ):
                break
            joined = self.titles.read(source.plain[line.start : more.end].replace("\n", " "), line.start)
            if (
                not joined
                or more.text.endswith(".")
                or (
                    title.complete
                    and not joined.date
                    and not re.search(r"\b(?:the|of|to|and|USSR|Soviet|in)$", line.text)
                )
            ):
                break
            title, end = joined, more.end
        return title

    def _page_date(self, source: SourceText, lines: list[TextLine], at: int) -> Found | None:
        """Return the date that stands in a line of its own near the title."""
        near = range(max(0, at - 6), min(len(lines), at + 5)) if at >= 0 else range(min(len(lines), 14))
        for n in near:
            line = lines[n]
            if len(line.text) > 40:
                continue
            lead = self._line_of_date.match(line.text)
            start = line.start + (lead.end() if lead else 0)
            found = self.dates.find(source.plain, start, line.end)
            if (
                found
                and found[0].start == start
                and line.end - found[0].end < 12
                and len(found[0].value) == 10
            ):
                return found[0]
        return None

    def _number(self, source: SourceText, lines: list[TextLine], at: int) -> Found | None:
        """Return the number of the edition, which stands alone in a line beside the title."""
        for n in (at - 1, at + 1) if at >= 0 else ():
            if 0 <= n < len(lines):
                match = _EDITION.match(lines[n].text)
                if match:
                    low, high = match.span("number")
                    return source.found(lines[n].start + low, lines[n].start + high)
        return None

    def _is_of_page(self, line: TextLine, page: ArchivePage, start: int) -> bool:
        """Return whether a line is of the archive's page: a label with its value, or the citation."""
        if _EDITION.match(line.text) and line.start - start < 8:
            return True
        return any(low <= line.start < high for low, high in page.spans) or bool(
            _SUMMARY_FURNITURE.match(line.text)
        )

    def _tail(self, source: SourceText, start: int, page: ArchivePage) -> int:
        """Return where the text of the document ends and notes or the archive's page go on."""
        found = [end for end in _TAIL.finditer(source.plain, start) if not _in_head(source, end, start)]
        ends = [match.start() for match in found[:1]]
        shelf = page.values.get("archive")
        if shelf and shelf.start > start and "archive" not in page.labels and page.citation_title is None:
            ends.append(source.plain.rfind("\n", 0, shelf.start) + 1)
        if page.citation_title and page.citation_title.start > start + 400 and not page.after_citation:
            ends.append(page.citation_title.start)
        return min((end for end in ends if end > start), default=len(source.plain))


def _in_head(source: SourceText, match: re.Match[str], start: int) -> bool:
    """Return whether a line that begins with Reference stands in the head, with the text below it."""
    return "reference" in match.group().lower() and match.start() - start < (len(source.plain) - start) / 2
