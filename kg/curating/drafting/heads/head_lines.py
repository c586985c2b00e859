"""The lines between title and body: marks, numbers, stamp, table, distribution, place and date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from kg.curating.drafting.finding.dates import DateFinder
from kg.curating.drafting.finding.number_lists import NUMBER_SIGN, NumberFinder, NumberList, written_out
from kg.curating.drafting.finding.word_tables import WordTables, alternatives
from kg.curating.drafting.heads.head_pieces import (
    ADDRESSEE,
    AFTER_DATE,
    BARE,
    BEHIND_PLACE,
    BRACKET,
    DATELINE,
    DISTRIBUTION,
    KIND,
    LONG_DATELINE,
    LOOSE_TABLE,
    REFERS,
    SPACE,
    STAMP,
    TABLE,
    TIME,
    TOLD,
    Head,
    in_capitals,
    names_of,
)
from kg.curating.drafting.heads.line_kinds import LineKinds
from kg.curating.drafting.heads.markings import MarkFinder, unspaced_mark
from kg.curating.drafting.heads.title_grammar import TitleReader
from kg.curating.drafting.source.found import CERTAIN, PROBABLE, Found, SourceText, TextLine


@dataclass(frozen=True)
class HeadReader:
    """Reads the head piece by piece, as long as pieces of a head follow each other."""

    tables: WordTables
    dates: DateFinder
    titles: TitleReader
    marks: MarkFinder
    numbers: NumberFinder

    @cached_property
    def _kinds(self) -> LineKinds:
        return LineKinds(self.tables, self.titles)

    @cached_property
    def _place(self) -> re.Pattern[str]:
        return re.compile(rf"(?:{alternatives(self.tables.places)})(?!\w)")

    def read(self, source: SourceText, lines: list[TextLine], title: str = "", kind: str = "") -> Head:
        """Return the head that the first of the lines make, below a title of a document of that kind."""
        head, odd = Head(), 0
        for line in lines:
            if self._kinds.is_aside(line, title) or self._whole_line(source, line, kind, head):
                continue
            end = self.pieces(source, line.start, line.end, head)
            if end >= line.end:
                continue
            if end > line.start + 3 and in_capitals(source, line, end):
                head.body = end
                return head
            if self._kinds.is_subject(line) or self._kinds.has_label(line):
                continue
            if odd < 3 and self._kinds.is_odd(line) and not head.dates and not REFERS.match(line.text):
                odd += 1
                continue
            head.body = line.start
            return head
        head.body = lines[-1].end if lines else 0
        return head

    def _whole_line(self, source: SourceText, line: TextLine, kind: str, head: Head) -> bool:
        """Take a line that is nothing but a number or an addressee; return whether it was."""
        dated = [day for day in self.dates.find(source.plain, line.start, line.end) if day.end == line.end]
        end = dated[0].start if dated else line.end
        read = self.numbers.alone(source.plain, line.start, end, kind)
        head.dates += dated if read else []
        to = [] if read else self._kinds.addressees(line)
        head.numbers += [read] if read else []
        head.addressees += [] if head.addressees else [source.found(*span, PROBABLE) for span in to]
        if read or to:
            head.spans.append((line.start, line.end))
        return bool(read or to)

    def pieces(self, source: SourceText, low: int, high: int, head: Head) -> int:
        """Take the pieces of a head from a line; return where they end."""
        place = low
        while place < high:
            space = SPACE.match(source.plain, place, high)
            place = space.end() if space else place
            end = self._piece(source, place, high, head) if place < high else high
            if end == place:
                return place if place < high else high
            place = end
        return high

    def _piece(self, source: SourceText, low: int, high: int, head: Head) -> int:
        """Take one piece of a head; return where it ends, or where it would begin if there is none."""
        for take in (
            self._table,
            self._dateline,
            self._bracket,
            self._stamp,
            self._number,
            self._copy,
            self._kind,
            self._mark,
            self._date,
            self._bare,
            self._addressed,
            self._where,
        ):
            end = take(source, low, high, head)
            if end > low:
                head.spans.append((low, end))
                return end
        return low

    def _table(self, source: SourceText, low: int, high: int, head: Head) -> int:
        match = TABLE.match(source.plain, low, high) or LOOSE_TABLE.match(source.plain, low, high)
        if not match:
            return low
        head.place = source.found(*match.span("place"))
        number = source.found(*match.span("number"))
        head.numbers.append(NumberList("incoming", tuple(written_out(number.value)), number))
        if match.group("date"):
            found = self.dates.find(source.plain, *match.span("date"))
            head.table_dates += found[:1]
            return found[0].end if found else match.start("date")
        return match.end()

    def _bracket(self, source: SourceText, low: int, _: int, head: Head) -> int:
        match = BRACKET.match(source.plain, low)
        if not match:
            return low
        names = DISTRIBUTION.search(match.group("inside"))
        if names:
            head.distribution += names_of(
                source, match.start("inside") + names.start("names"), match.end("inside")
            )
            return match.end()
        told = TOLD.match(match.group("inside"))
        if KIND.match(source.plain, match.start() + 1):
            head.kind = head.kind or source.found(*match.span("inside"))
        return match.end() if told else low

    def _stamp(self, source: SourceText, low: int, high: int, head: Head) -> int:
        match = STAMP.match(source.plain, low, high)
        if not match:
            return low
        number = source.found(*match.span("number"))
        head.numbers.append(NumberList("stamp", (number.value,), number))
        head.stamp_dates += self.dates.find(source.plain, *match.span("date"))
        return match.end()

    def _number(self, source: SourceText, low: int, high: int, head: Head) -> int:
        forms = (self.numbers.headed, self.numbers.with_year)
        match = next(filter(None, (form.match(source.plain, low, high) for form in forms)), None)
        if not match:
            return low
        read = self.numbers.read(source.plain, match)
        head.numbers.append(read)
        return read.printed.end

    def _copy(self, source: SourceText, low: int, high: int, head: Head) -> int:
        match = self.marks.copy_number.match(source.plain, low, high)
        if not match:
            return low
        head.copy_number = head.copy_number or source.found(*match.span("number"))
        return match.end()

    def _mark(self, source: SourceText, low: int, high: int, head: Head) -> int:
        match = self.marks.mark.match(source.plain, low, high)
        if not match or re.match(r"\s+[a-z]", source.plain[match.end() : high]):
            return low
        found = source.found(low, match.end())
        written = Found(unspaced_mark(found.value), found.start, found.end, found.certainty)
        kind = self.marks.kind_of(written.value)
        known = head.marks.setdefault(kind, [])
        if kind and written.value.lower() not in {mark.value.lower() for mark in known}:
            known.append(written)
        return match.end()

    def _kind(self, source: SourceText, low: int, high: int, head: Head) -> int:
        match = self.titles.kind.match(source.plain, low, high)
        if not match or re.match(r"\s+(?:[a-z]|No)", source.plain[match.end() : high]):
            return low
        if match.group()[0].isupper() and head.kind is None:
            head.kind = source.found(low, match.end())
        return match.end()

    def _dateline(self, source: SourceText, low: int, high: int, head: Head) -> int:
        match = DATELINE.match(source.plain, low, high)
        if not match or match.group("place").split()[0].lower() in self.tables.common_words:
            return self._long_dateline(source, low, high, head)
        found = self.dates.find(source.plain, match.end(), high)
        if not found or found[0].start != match.end():
            return self._long_dateline(source, low, high, head)
        head.place = head.place or source.found(*match.span("place"))
        head.dates.append(found[0])
        return found[0].end

    def _long_dateline(self, source: SourceText, low: int, high: int, head: Head) -> int:
        """Take the date at the end of a line that tells at length where it was written."""
        match = LONG_DATELINE.match(source.plain, low, high) if high - low < 100 else None
        found = self.dates.find(source.plain, match.end(), high) if match else []
        if not match or not found or found[0].start != match.end():
            return low
        if not AFTER_DATE.fullmatch(source.plain, found[0].end, high):
            return low
        head.dates.append(found[0])
        return high

    def _date(self, source: SourceText, low: int, high: int, head: Head) -> int:
        found = self.dates.find(source.plain, low, min(high, low + 60))
        if found and found[0].start == low and len(found[0].value) > 4:
            head.dates.append(found[0])
            return found[0].end
        time = TIME.match(source.plain, low, high)
        return time.end() if time and head.dates else low

    def _bare(self, source: SourceText, low: int, high: int, head: Head) -> int:
        match = BARE.match(source.plain, low, high)
        if not match:
            return low
        numbers = tuple(match.group().split())
        head.numbers.append(NumberList("incoming", numbers, source.found(low, match.end(), PROBABLE)))
        return match.end()

    def _addressed(self, source: SourceText, low: int, high: int, head: Head) -> int:
        match = ADDRESSEE.match(source.plain, low, high)
        if not match or re.match(r"\s+(?:[a-z]|" + NUMBER_SIGN + ")", source.plain[match.end() : high]):
            return low
        head.addressees += [] if head.addressees else [source.found(low, match.end(), PROBABLE)]
        return match.end()

    def _where(self, source: SourceText, low: int, high: int, head: Head) -> int:
        match = self._place.match(source.plain, low, high)
        if not match or not BEHIND_PLACE.match(source.plain[match.end() : high] or "\n"):
            return low
        head.place = head.place or source.found(low, match.end(), CERTAIN)
        return match.end()
