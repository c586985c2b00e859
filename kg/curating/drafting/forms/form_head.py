"""The head of a form as a whole: labels, marks, numbers, dates and sides, of which each may be missing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from kg.curating.drafting.finding.dates import DateFinder
from kg.curating.drafting.finding.number_lists import NUMBER_LIST, NUMBER_SIGN, NumberList, written_out
from kg.curating.drafting.finding.word_tables import WordTables
from kg.curating.drafting.forms.formulas import Courtesy, FormulaReader
from kg.curating.drafting.forms.head_cells import HeadCell, divided, foot_cells, head_cells
from kg.curating.drafting.forms.labelled import LabelFinder, Labelled
from kg.curating.drafting.heads.head_lines import HeadReader
from kg.curating.drafting.heads.head_pieces import Head
from kg.curating.drafting.source.found import PROBABLE, Found, SourceText

_FROM_TO = re.compile(r"(?:FROM|DE)\s+(?P<from>[A-ZÁÉÍÓÚ].+?)\s+(?:TO|PARA)\s+(?P<to>[A-Z].+)$")
_FROM = re.compile(
    r"(?:FROM|ИЗ|DE)\s+(?P<from>(?:THE\s)?[A-ZА-ЯЁ][\w' -]+?)(?:\s+(?:№|No\.?)\s*(?P<number>\d{3,6}))?$"
)
_TO = re.compile(r"(?:(?:TELEGRAM|DESPATCH|CABLE)\s)?TO\s+(?P<to>[A-Z][A-Z' -]+)$")
_SIGNED_NUMBER = re.compile(
    rf"{NUMBER_SIGN}\s*(?P<list>[A-Z]-\d+|{NUMBER_LIST}|\d+/\d+)(?P<rest>.*)", re.IGNORECASE
)
_SIR = re.compile(r"(?:Mr|Mrs|Miss|Sir|Lord)\.?\s(?P<name>(?:[A-Z][\w'.-]+\s){0,2}[A-Z][\w'-]+)")
_PRECEDENCE = re.compile(r"(?P<mark>[A-Z][A-Z ]+?)\s+(?P<number>\d{1,5})")  # behind an addressee
_FILE = re.compile(r"\((?P<file>[\w.]+/[\w./]*\d)\)")
_STAMPED = re.compile(r"(?P<month>[A-Z][a-z]{2,8})\s(?P<day>\d{1,2})\b.*?'(?P<year>\d\d)$")


@dataclass
class FormHead:
    """What the head of a form says."""

    head: Head = field(default_factory=Head)
    labels: Labelled = field(default_factory=Labelled)
    courtesy: Courtesy = field(default_factory=Courtesy)
    title: Found | None = None
    senders: list[Found] = field(default_factory=list)
    recipients: list[Found] = field(default_factory=list)
    received: list[Found] = field(default_factory=list)
    numbers: list[Found] = field(default_factory=list)
    file: Found | None = None
    office: Found | None = None  # the office that the paper is headed with
    signed: Found | None = None  # the name that stands alone in the head, as British telegrams have it

    @property
    def shown(self) -> bool:
        """Return whether the text is a form: two of sides and number, or a formula, or a kind and a date."""
        sides = bool(self.senders) + bool(self.recipients) + bool(self.numbers or self.head.numbers)
        return sides > 1 or self.courtesy.kind is not None or (bool(self.head.kind) and bool(self.head.dates))


@dataclass(frozen=True)
class FormReader:
    """Reads the head of a form, cell by cell."""

    tables: WordTables
    dates: DateFinder
    heads: HeadReader

    @cached_property
    def _labels(self) -> LabelFinder:
        return LabelFinder(self.tables)

    @cached_property
    def _arrival(self) -> re.Pattern[str]:
        return re.compile(rf"(?:{self.tables.pattern('labels', 'arrival')})|\bR\.\s", re.IGNORECASE)

    def read(self, source: SourceText, title: tuple[int, int] = (0, 0)) -> FormHead:
        """Return the head of the text, whose title has these bounds."""
        tables, cells = divided(head_cells(source, title))
        form = FormHead(labels=self._labels.read(cells), courtesy=FormulaReader(self.tables).read(source))
        for cell in tables:
            own = Head()
            self.heads.pieces(source, cell.start, cell.end, own)
            form.head.numbers += own.numbers
        lines: dict[int, str] = {}
        for cell in cells:
            lines[cell.line] = f"{lines.get(cell.line, '')} {cell.text}"
        self._labelled(source, form)
        for number, line in lines.items():
            self._stamped(line, next(c for c in cells if c.line == number), form)
        for cell in form.labels.free:
            self._free(source, cell, form, lines[cell.line])
        kept = {cell.line for cell in cells}
        for cell in foot_cells(source):
            if cell.line not in kept:
                self._below(source, cell, form)
        return form

    def _labelled(self, source: SourceText, form: FormHead) -> None:
        found = form.labels.values
        form.senders += [source.found(c.start, c.end) for c in found.get("from", [])[:1]]
        for cell in found.get("to", []):
            self._sent_to(source, cell, form)
        for cell in found.get("number", []):
            match = re.match(
                rf"{NUMBER_SIGN}?\s*(?P<list>[A-Z]-\d+|{NUMBER_LIST}(?:\s+to\s+\d+)?)", cell.text, re.I
            )
            if match:
                start = cell.start + match.start("list")
                form.numbers.append(source.found(start, cell.start + match.end("list")))
                form.head.dates += self._dates(source, cell.start + match.end(), cell.end)
        for cell in found.get("incoming", [])[:1]:
            if re.fullmatch(r"\d{1,6}", cell.text):
                form.head.numbers.append(numbered("incoming", source.found(cell.start, cell.end)))
        for cell in found.get("date", []):
            form.head.dates = [*self._dates(source, cell.start, cell.end), *form.head.dates]
        for cell in found.get("received", []):
            form.received += self._dates(source, cell.start, cell.end)
        subject = form.labels.first("subject")
        form.title = source.found(subject.start, subject.end) if subject else None

    def _sent_to(self, source: SourceText, cell: HeadCell, form: FormHead) -> None:
        """Take a recipient, or the number of a circular that stands in its place."""
        own = Head()
        sent = _PRECEDENCE.fullmatch(cell.text)
        if sent and self.heads.marks.kind_of(sent["mark"]):
            form.head.marks.setdefault("priority", []).append(_part(source, cell, sent, "mark"))
            form.numbers.append(_part(source, cell, sent, "number"))
            return
        circular = re.fullmatch(r"(?P<kind>CIRCULAR)\s+(?P<number>\d{1,5})", cell.text, re.IGNORECASE)
        if circular:
            form.head.kind = _part(source, cell, circular, "kind")
            form.head.numbers.append(numbered("circular", _part(source, cell, circular, "number")))
        elif self.heads.pieces(source, cell.start, cell.end, own) >= cell.end and not own.place:
            _merge(form.head, own)
        else:
            form.recipients.append(source.found(cell.start, cell.end))

    def _dates(self, source: SourceText, low: int, high: int) -> list[Found]:
        year = next(
            (int(y) for y in re.findall(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)", source.plain[:2500])), None
        )
        return [d for d in self.dates.find(source.plain, low, high, year) if len(d.value) == 10]

    def _free(self, source: SourceText, cell: HeadCell, form: FormHead, line: str) -> None:
        """Take what a cell without a label says, if it says nothing else."""
        if self._arrival.search(line) and (dates := self._dates(source, cell.start, cell.end)):
            form.received += dates
            return
        sides = _FROM_TO.fullmatch(cell.text)
        if sides:
            form.title = form.title or source.found(cell.start, cell.end)
            form.senders.append(_part(source, cell, sides, "from"))
            form.recipients.append(_part(source, cell, sides, "to"))
            return
        named = _SIR.fullmatch(cell.text)
        if named:
            form.signed = _part(source, cell, named, "name")
            return
        if self._side(source, cell, form) or self._numbered(source, cell, form, line):
            return
        if self._headed(source, cell, form):
            return
        self._pieces(source, cell, form)

    def _headed(self, source: SourceText, cell: HeadCell, form: FormHead) -> bool:
        """Take the office that the paper is headed with."""
        words = cell.text.strip(" ,.")
        cased = words.title() if words.isupper() else words
        place = cased.rpartition(", ")
        office = place[0] or cased
        fits = len(words.split()) < 9 and not re.search(r"[.:;]\s|\d", words)
        if form.office or not fits or not self.heads.titles.parties.is_organisation(office):
            return False
        form.office = source.found(cell.start, cell.start + len(words))
        return True

    def _stamped(self, line: str, cell: HeadCell, form: FormHead) -> None:
        """Take the date and time that a machine stamps, as in `Nov 22  8 14 PM '61`."""
        stamped = _STAMPED.search(line)
        if stamped:
            written = f"{stamped['month']} {stamped['day']}, 19{stamped['year']}"
            form.head.dates += [Found(d.value, cell.start, cell.end) for d in self.dates.find(written)]

    def _side(self, source: SourceText, cell: HeadCell, form: FormHead) -> bool:
        sender, recipient = _FROM.fullmatch(cell.text), _TO.fullmatch(cell.text)
        if sender:
            form.senders.append(_part(source, cell, sender, "from"))
            if sender.group("number"):
                form.head.numbers.append(numbered("incoming", _part(source, cell, sender, "number")))
        elif recipient:
            form.recipients.append(_part(source, cell, recipient, "to"))
        if (sender or recipient) and cell.text.split()[0] not in ("ИЗ", "DE"):
            form.title = form.title or source.found(cell.start, cell.end, PROBABLE)
        return bool(sender or recipient)

    def _numbered(self, source: SourceText, cell: HeadCell, form: FormHead, line: str) -> bool:
        """Take a number with nothing but a sign before it, and a file number in brackets."""
        file, match = _FILE.fullmatch(cell.text), _SIGNED_NUMBER.fullmatch(cell.text)
        if file:
            form.file = _part(source, cell, file, "file")
        elif match and re.match(r"\s*(?:ИЗ|FROM)\s", line):
            form.head.numbers.append(numbered("incoming", _part(source, cell, match, "list")))
        elif match and len(match.group("rest")) < 12:
            form.numbers.append(_part(source, cell, match, "list"))
        return bool(file or match)

    def _pieces(self, source: SourceText, cell: HeadCell, form: FormHead) -> None:
        """Take marks, dates, copies, numbers with their series, and what the document is called."""
        own = Head()
        end = self.heads.pieces(source, cell.start, cell.end, own)
        dated = bool(own.dates) and end > cell.start and len(cell.text) < 60
        if end >= cell.end - 1 or dated or (own.kind and end > cell.start + 4 and len(cell.text) < 60):
            _merge(form.head, own)
        elif len(cell.text) < 45 and not re.search(r"\s[a-z]{3,}\s[a-z]{3,}", cell.text):
            form.head.dates += self._dates(source, cell.start, cell.end)

    def _below(self, source: SourceText, cell: HeadCell, form: FormHead) -> None:
        """Take marks below the text, and a place with a date where the head has none."""
        own = Head()
        end = self.heads.pieces(source, cell.start, cell.end, own)
        if end < cell.end - 1:
            return
        own.kind, own.copy_number, own.numbers = None, None, []
        if form.head.dates or not re.search(r"\d{4}", cell.text):
            own.dates = []
        _merge(form.head, own)


def _part(source: SourceText, cell: HeadCell, match: re.Match[str], group: str) -> Found:
    return source.found(cell.start + match.start(group), cell.start + match.end(group))


def _merge(head: Head, own: Head) -> None:
    """Add the pieces of a cell to those of the head."""
    for kind, marks in own.marks.items():
        known = {mark.value.lower() for mark in head.marks.get(kind, [])}
        head.marks.setdefault(kind, []).extend(m for m in marks if m.value.lower() not in known)
    head.numbers += own.numbers
    head.dates += [found for found in own.dates if len(found.value) == 10]
    head.table_dates += own.table_dates
    head.spans += own.spans
    head.place, head.kind = head.place or own.place, head.kind or own.kind
    head.copy_number = head.copy_number or own.copy_number


def numbered(series: str, found: Found) -> NumberList:
    """Return the numbers that a form prints, of a series; `5701 to 5704` is a range."""
    words = re.sub(r"\s+to\s+", "-", found.value)
    listed = (
        (words,) if series == "airgram" or "/" in words or words[0].isalpha() else tuple(written_out(words))
    )
    return NumberList(series, listed, found)
