"""References by date alone, as in `your note of June 29`, and what every reference of a volume holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from kg.curating.drafting.composing.finders import Finders
from kg.curating.importing.citing.cited_days import DAY, MONTHS, CitedDays
from kg.curating.importing.citing.told_parties import ToldParties, follows
from kg.curating.importing.volumes.place_zones import clock
from kg.curating.importing.volumes.posts import side_of

_KINDS = (
    r"(?:(?:circular|identic|urgent|confidential|personal|mail|telegraphic|written)\s+)?"
    r"(?:telegrams?|cablegrams?|cables?|despatch(?:es)?|dispatch(?:es)?|instructions?|notes?|letters?|letrs?|ltrs?"
    r"|communications?|memorand(?:um|a)|memos?|circulars?|messages?|reports?|aides?-m[ée]moires?|wires?|radio(?:gram)?s?|favou?rs?"
    r"|(?:repl(?:y|ies)|answers?|responses?)(?:\sthereto)?(?!\sto\b))"
)
_OWNERS = (
    r"[Yy]ours?(?:\s[A-Z]\w+'s?)?|[Oo]urs?|[Mm]y|[Mm]ine|[Hh]is|[Ii]ts|[Tt]heir|[Aa]n?|[A-Z]\w+(?:\sof\s[A-Z]\w+)?'s?"
    r"|[Tt]he(?:\s[A-Z]\w+(?:'s?)?)?"
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
    rf"(?:\b(?P<owner>{_OWNERS})\s+(?:{_WORDS}(?P<kind>(?i:{_KINDS}))|(?P<other>\w+\s)??)|(?<![\w,:]\s)\b(?P<alone>{_CAPITAL})(?=[^.\n]{{0,40}}\s(?:of|dated)\s))"
    rf"{_PARTY}\s*(?:No\.\s*[\w/]+\s*)?,?\s*"
    rf"(?:under\sdate\sof|of|dated)?\s*(?:the\s)?{DAY}"
)
# With the day first, as in `In a July 19 memorandum`.
_DAY_FIRST = re.compile(
    rf"\b(?P<owner>{_OWNERS}|[Hh]is|[Tt]heir)\s+(?P<day>(?:{MONTHS}\s\d{{1,2}}|\d{{1,2}}\s{MONTHS})(?:,?\s\d{{4}},?)?)\s{_WORDS}(?P<kind>(?i:{_KINDS}))\b"
)
# What the edition puts in brackets with the day first, as in `[June 3; memorandum of conversation]`.
_IN_BRACKETS = re.compile(
    rf"[\[(](?P<day>(?:{MONTHS}\s\d{{1,2}}|\d{{1,2}}\s{MONTHS})(?:,?\s\d{{4}})?)[;:,]\s(?:the\s|an?\s)?"
    rf"(?P<kind>(?i:{_KINDS})(?:\sof\s(?:telephone\s)?conversation)?)(?=[\]);,.]|\s(?:to|from|by|of|not)\s)"
)
# What the two wrote to each other, by a verb: `I telegraphed you on June 3`, `which you sent me on the 14th`.
_WROTE = r"(?:ha(?:ve|d)\s)?(?:wrote|written|telegraphed|cabled|wired)"
_SENT = (
    r"(?:(?:(?:were|was|have\sbeen|had\sbeen)\s(?:so\s)?(?:kind|good)\s(?:enough|as)|ha(?:d|ve)\sthe\shonou?r)\sto\s)?"
    r"(?:ha(?:ve|d)\s)?(?:sen[dt]|address(?:ed)?|write|cable|telegraph|forward(?:ed)?|transmit(?:ted)?)"
)
_BY_VERB = re.compile(
    rf"\b(?P<lead>(?:which|that|as)\s)?(?:(?P<writer>I|[Ww]e)|(?P<reader>[Yy]ou))\s(?:(?P<wrote>{_WROTE})|(?(lead){_SENT}|(?!)))"
    rf"\s(?:to\s)?(?(writer)you|(?:me|us)),?\s(?:on|under\sdate\sof)\s(?:the\s)?{DAY}"
)
_BY_WIRE = re.compile(r"graph|cabl|wire")
# Said in the text itself, as in `[See despatch 45, May 3, not printed.]` and `my despatch 45 (not printed)`.
_DENIED = re.compile(
    r"(?:\s?[\[(])?(?:[^\[\]()\n]{0,60}[,;]\s)?(?P<said>not (?:re)?printed)(?:\)|[^\[\]\n]{0,60}\])"
)
_OTHER_OFFICE = re.compile(r"\b(?:Foreign|Prime|[A-Z][a-z]+(?:ese|ish|uch|[^ic]an|ian))\s$")
_WRITTEN = ("inquiry", "enquiry", "request", "proposal", "offer", "suggestion")  # with whose it is
_PLAIN = re.compile(
    r"gram|cable|patch|instruction|note|letr|ltr|letter|memo|m[ée]moire|circular|communication|message|wire|radio|favo|repl|answer|response"
)


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

    def denied_in(self, text: str) -> VolumeCitation:
        """Return it with what brackets in the text say of it, if they say that it is not printed."""
        said = _DENIED.match(text, self.end)
        return replace(self, not_printed=said["said"]) if said else self

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

    @cached_property
    def days(self) -> CitedDays:
        """Return the reader of the days of the text."""
        return CitedDays(self.finders, self.text, self.day, self.year, follows())

    def find(self, low: int, high: int) -> Iterator[VolumeCitation]:
        """Yield the references between two places; one of the edition's own words has no side."""
        first = [*self._day_first(low, high)]
        first += self._of_owners(low, high, first)
        told = [*self._of_parties(low, high)]
        first += [_called(one, told) for one in self._by_verb(low, high) if not one.meets(first)]
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
            day, end = self.days.at(told.day, high)
            if day:
                day, hour = self.days.corrected(day, told.day, end), clock(self.text, end)
                yield VolumeCitation(
                    told.start, end, told.side, told.kind, "", day, hour,
                    sender=told.sender, recipient=told.recipient, writer=told.writer,
                )  # fmt: skip

    def _of_owners(self, low: int, high: int, first: Sequence[VolumeCitation]) -> Iterator[VolumeCitation]:
        """Yield the references that tell whose the document is, as in `your note of June 29`."""
        for match in _DATED.finditer(self.text, low, high):
            owner, called = match.group("owner") or "", match.group("kind") or match.group("alone") or ""
            kind = " ".join(called.lower().split())
            day, end = self.days.at(match.end(), high)
            if not day or any(one.start < end and match.start() < one.end for one in first):
                continue
            day = self.days.corrected(day, match.end(), end)
            side, hour = self._side(owner, match.start()), clock(self.text, end)
            told = side or hour or _PLAIN.search(kind)
            if (kind and told) or (not kind and self._is_alone(match, side, end, hour)):
                writer = _name_of(owner)
                yield VolumeCitation(match.start(), end, side, kind, "", day, hour, writer=writer)

    def _side(self, owner: str, place: int) -> str:
        """Return the side of an owner at a place; none for `Foreign Minister's`."""
        of_other = owner[:1].isupper() and _OTHER_OFFICE.search(self.text[max(0, place - 20) : place])
        return "" if of_other else side_of(owner, *self.posts)

    def _is_alone(self, match: re.Match[str], side: str, end: int, hour: str) -> bool:
        """Return whether a day with its owner alone is a document, as in `Your June 3`, unlike `our talk`."""
        owner, other = match["owner"].lower(), (match["other"] or "").strip()
        if other and other not in _WRITTEN and not hour:
            return False
        if owner in ("your", "yours", "our", "ours", "my", "mine"):
            return True
        alone = owner.endswith(("'s", "’s")) and self.text[end : end + 1] in (".", ",", ";", ")")
        return bool(side) and (bool(hour) or alone)

    def _day_first(self, low: int, high: int) -> Iterator[VolumeCitation]:
        """Yield the references whose day stands before what they are called."""
        patterns = (_DAY_FIRST, _IN_BRACKETS)
        for match in (one for pattern in patterns for one in pattern.finditer(self.text, low, high)):
            day, _ = self.days.at(match.start("day"), high)
            kind = " ".join(match.group("kind").lower().split())
            if day and _PLAIN.search(kind):
                owner = match.groupdict().get("owner") or ""
                side, writer = side_of(owner, *self.posts), _name_of(owner)
                yield VolumeCitation(match.start(), match.end(), side, kind, "", day, writer=writer)

    def _by_verb(self, low: int, high: int) -> Iterator[VolumeCitation]:
        """Yield what one of the two parties wrote to the other, as a verb with a day tells it."""
        for match in () if self.is_edition else _BY_VERB.finditer(self.text, low, high):
            day, end = self.days.at(match.end(), high)
            side = side_of("my" if match["writer"] else "your", *self.posts)
            if day and side:
                kind = "telegram" if _BY_WIRE.search(match.group()) else ""
                yield VolumeCitation(match.start(), end, side, kind, "", day, clock(self.text, end))


def _called(one: VolumeCitation, told: Sequence[VolumeCitation]) -> VolumeCitation:
    """Return what a verb tells with what it is called before that, as in `the letter which you sent me`."""
    same = next((other for other in told if other.meets([one]) and other.end == one.end), None)
    return replace(one, start=same.start, kind=same.kind) if same else one


def _name_of(owner: str) -> str:
    """Return the name of a possessor in lower case, as in `Mr. Vane's`; an empty text if there is none."""
    named = re.fullmatch(r"(?:[A-Z][\w.]*\s)*([A-Z][\w-]+)'s?", owner)
    return named.group(1).lower() if named else ""
