"""References by date alone, as in `your note of June 29`, and what every reference of a volume holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kg.curating.drafting.composing.finders import Finders
from kg.curating.importing.citing.told_parties import MONTHS, ToldParties
from kg.curating.importing.volumes.place_zones import clock
from kg.curating.importing.volumes.posts import side_of

_KINDS = (
    r"(?:(?:circular|identic|urgent|confidential|personal|mail|telegraphic|written)\s+)?"
    r"(?:telegrams?|cablegrams?|cables?|despatch(?:es)?|dispatch(?:es)?|instructions?|notes?|letters?"
    r"|communications?|memorand(?:um|a)|circulars?|messages?|reports?|aides?-m[ée]moires?)"
)
_OWNERS = (
    r"[Yy]our(?:\s[A-Z]\w+'s?)?|[Oo]ur|[Mm]y|[Hh]is|[Ii]ts|[Tt]heir|[Aa]n?|[A-Z]\w+(?:\sof\s[A-Z]\w+)?'s?"
    r"|[Tt]he(?:\s[A-Z]\w+(?:'s?)?)?"
)
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th|d)"
_ORDINALS = (
    rf"(?:,?\s(?:and\s)?(?:the\s)?{_ORDINAL}){{0,4}}"  # before the month, as in `18th and 19th instant`
)
_PARTY = r"(?:\s(?:to|from)\s(?:the\s)?[\w']+(?:\s(?:of\s(?:the\s)?)?[A-Z]\w+){0,3})?"
# Without whose it is only with a capital, at the beginning of a sentence, as in `Letter of June 3`.
_CAPITAL = r"(?:Joint\s(?:letter|note)|Telegram|Letter|Note|Memorandum|Despatch|Message|Instruction)s?"
# Words before what a document is called, as in `your very helpful letter`; no party or place begins in them.
_NO_WORD = (
    r"(?!(?:with|to|of|on|in|from|for|at|by|about|as|and|that|was|were|is|are|has|have|had|the|an?|this"
    r"|your|our|my|his|its|their)\s)"
)
_WORDS = rf"(?:{_NO_WORD}[\w-]+\s)??(?:{_NO_WORD}[a-z][\w-]*\s){{0,2}}?"
_DATED = re.compile(
    rf"(?:\b(?P<owner>{_OWNERS})\s+(?:{_WORDS}(?P<kind>{_KINDS})|(?:\w+\s)??)|(?<![\w,:]\s)\b(?P<alone>{_CAPITAL})(?=[^.\n]{{0,40}}\s(?:of|dated)\s))"
    rf"{_PARTY}\s*(?:No\.\s*[\w/]+\s*)?,?\s*"
    rf"(?:under\sdate\sof|of|dated)?\s*(?:the\s)?(?={MONTHS}\s\d|\d{{1,2}}(?:st|nd|rd|th|d)?\s(?:of\s)?{MONTHS}"
    rf"|{_ORDINAL}{_ORDINALS}\s(?:inst|ult|of\sth(?:is|e\spresent)\smonth|of\slast\smonth))"
)
# With the day first, as in `In a July 19 memorandum`.
_DAY_FIRST = re.compile(
    rf"\b(?P<owner>{_OWNERS}|[Hh]is|[Tt]heir)\s+(?={MONTHS}\s\d)(?P<day>[\w.]+\s\d{{1,2}}(?:,\s\d{{4}},?)?)\s{_WORDS}(?P<kind>{_KINDS})\b"
)
_OF_MONTH = re.compile(
    rf"(?P<day>\d{{1,2}})\w\w?(?P<more>{_ORDINALS})\s(?P<month>inst|ult|of\sth|of\slast)[\w.]*(?:\s\w+)*?(?=\W|$)"
)
_GAP = re.compile(r"\s*(?:\[[^\]\n]{1,12}\])?,?\s*(?:of|dated)?\s*(?:the\s)?")
_PLAIN = re.compile(r"gram|cable|patch|instruction|note|letter|memor|m[ée]moire|circular|communication")
_LONGEST = 24  # characters of a date
# By the edition, as in `May 4 [5]`; what it only supposes, `May 4 [5?]`, is left as written.
_CORRECTED_DAY = re.compile(rf"{MONTHS}\s?\d{{1,2}}\s?\[(?P<day>\d{{1,2}})\]")


@dataclass(frozen=True, slots=True)
class VolumeCitation:
    """A reference with what is needed to find the document that it means."""

    start: int
    end: int
    side: str = ""  # "from" or "to": which side of the citing document wrote it
    kind: str = ""
    number: str = ""
    date: str = ""
    hour: str = ""
    volume: str = ""
    page: str = ""
    document: str = ""
    unlinked: str = ""  # "page" where no link of the edition leads to it, but words alone
    near: str = ""  # "supra" or "infra"
    beside: str = ""  # numbers and days that stand before a link which tells none itself
    relation: str = ""  # "repliesTo" or "supplements"
    not_printed: str = ""
    sender: str = ""  # from where and to where it was sent: posts, or places in lower case
    recipient: str = ""
    writer: str = ""  # a family name in lower case, as in `Vane's memorandum`

    def as_row(self) -> dict[str, str | int]:
        """Return what is not empty, to be kept with the chunk."""
        return {key: value for key in self.__slots__ if (value := getattr(self, key)) not in ("",)}

    def meets(self, others: Sequence[VolumeCitation]) -> bool:
        """Return whether the words of one of the others overlap its own."""
        return any(other.start < self.end and self.start < other.end for other in others)


@dataclass(frozen=True)
class DatedReferences:
    """Finds references by date in one document, of which `day` is the date and `posts` are the two sides."""

    finders: Finders
    text: str
    day: str
    year: int | None
    posts: tuple[Sequence[str], Sequence[str]]
    is_edition: bool = (
        False  # whether these are words of the edition, whose parties are not those of the head
    )

    def find(self, low: int, high: int) -> Iterator[VolumeCitation]:
        """Yield the references between two places; one of the edition's own words has no side."""
        first = [*self._day_first(low, high)]
        first += self._of_owners(low, high, first)
        told = [*self._of_parties(low, high)]
        yield from (self._with_party(one, told) for one in first)
        yield from (one for one in told if not one.meets(first))

    def _with_party(self, one: VolumeCitation, told: Sequence[VolumeCitation]) -> VolumeCitation:
        """Return a reference with the party that stands before its day, if nothing else tells whose it is."""
        same = [other for other in told if other.meets([one]) and other.end == one.end]
        if one.side or one.writer or not same:
            return one
        party = same[0]
        return replace(
            one, side=party.side, sender=party.sender, recipient=party.recipient, writer=party.writer
        )

    def _of_parties(self, low: int, high: int) -> Iterator[VolumeCitation]:
        """Yield the references that tell a party before the day, or nobody, as in `note of June 29`."""
        posts = ((), ()) if self.is_edition else self.posts
        for told in ToldParties(posts).find(self.text, low, high):
            day, end = self.day_at(told.day, high)
            if day:
                day, hour = self.corrected(day, told.day, end), clock(self.text, end)
                yield VolumeCitation(
                    told.start, end, told.side, told.kind, "", day, hour,
                    sender=told.sender, recipient=told.recipient, writer=told.writer,
                )  # fmt: skip

    def _of_owners(self, low: int, high: int, first: Sequence[VolumeCitation]) -> Iterator[VolumeCitation]:
        """Yield the references that tell whose the document is, as in `your note of June 29`."""
        for match in _DATED.finditer(self.text, low, high):
            owner, called = match.group("owner") or "", match.group("kind") or match.group("alone") or ""
            kind = " ".join(called.lower().split())
            day, end = self.day_at(match.end(), high)
            if not day or any(one.start < end and match.start() < one.end for one in first):
                continue
            day = self.corrected(day, match.end(), end)
            side, hour = side_of(owner, *self.posts), clock(self.text, end)
            told = side or hour or _PLAIN.search(kind)
            if (kind and told) or (side and hour) or owner.lower() in ("your", "our", "my"):
                writer = _name_of(owner)
                yield VolumeCitation(match.start(), end, side, kind, "", day, hour, writer=writer)

    def _day_first(self, low: int, high: int) -> Iterator[VolumeCitation]:
        """Yield the references whose day stands before what they are called."""
        for match in _DAY_FIRST.finditer(self.text, low, high):
            day, _ = self.day_at(match.start("day"), high)
            kind = " ".join(match.group("kind").lower().split())
            if day and _PLAIN.search(kind):
                owner = match.group("owner")
                side, writer = side_of(owner, *self.posts), _name_of(owner)
                yield VolumeCitation(match.start(), match.end(), side, kind, "", day, writer=writer)

    def day_after(self, place: int) -> str:
        """Return the day that follows a number, as in `No. 5 [6] of the 3d instant`; else an empty text."""
        gap = _GAP.match(self.text, place)
        low = gap.end() if gap else place
        several = _OF_MONTH.match(self.text, low)
        if several and several["more"]:  # `Nos. 5 and 6 of the 3d and 4th instant`: each number has its own
            return ""
        return self.day_at(low, len(self.text))[0]

    def corrected(self, day: str, low: int, high: int) -> str:
        """Return a day as the edition corrects it between two places, else as it is."""
        match = _CORRECTED_DAY.search(self.text, low, high)
        try:
            return date.fromisoformat(f"{day[:8]}{int(match['day']):02}").isoformat() if match else day
        except ValueError:
            return day

    def day_at(self, place: int, high: int) -> tuple[str, int]:
        """Return the day that begins at a place, and where it ends; an empty text if none does."""
        dates = self.finders.dates.find(self.text, place, min(high, place + _LONGEST), self.year)
        if dates and dates[0].start == place and len(dates[0].value) == 10:
            return dates[0].value, dates[0].end
        match = _OF_MONTH.match(self.text, place, high)
        if match is None:
            return "", place
        return self._of_month(match), match.start("more") if match["more"] else match.end()

    def _of_month(self, match: re.Match[str]) -> str:
        """Return a day of the month in which the document was written, or of the one before."""
        if len(self.day) != 10:
            return ""
        first = date.fromisoformat(self.day).replace(day=1)
        if match.group("month") in ("ult", "of last"):
            first = (first - timedelta(days=1)).replace(day=1)
        try:
            return first.replace(day=int(match.group("day"))).isoformat()
        except ValueError:
            return ""


def _name_of(owner: str) -> str:
    """Return the name of a possessor in lower case, as in `Mr. Vane's`; an empty text if there is none."""
    named = re.fullmatch(r"(?:[A-Z][\w.]*\s)*([A-Z][\w-]+)'s?", owner)
    return named.group(1).lower() if named else ""
