"""The grammar of titles: what the document is called, from whom, to whom, about what.

`Telegram from OFFICE NAME to ORGANISATION regarding SUBJECT`, `The OFFICE in PLACE (NAME) to the OFFICE`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from kg.curating.drafting.finding.dates import DateFinder
from kg.curating.drafting.finding.word_tables import WordTables, alternatives
from kg.curating.drafting.heads.inner_to import InnerTo, without_of
from kg.curating.drafting.heads.parties import Party, PartyReader, joined_places
from kg.curating.drafting.heads.party_lists import each_party
from kg.curating.drafting.heads.title_orders import (
    named_sides,
    sides_before_kind,
    sides_behind_comma,
)

# Kinds of documents of which "of" names who wrote them.
_WRITTEN = re.compile(r"telegram|cable|despatch|dispatch|letter|note|message|report|statement", re.IGNORECASE)
# With whom a memorandum says to have spoken, after the name of its writer.
_CONVERSATION = re.compile(r"\s+of\s+(?:an?\s|his\s|her\s)?(?:\w+\s)?conversations?\b", re.IGNORECASE)
_RANKS = (
    r"(?:Dr\.|Messrs\.|Mrs\.|Miss\s|Professor\s|General\s|Major\s|Captain\s|Lieutenant\s|Commander\s"
    r"|Admiral\s|Brigadier\s|Emperor\s|Premier\s|King\s|Prince\s|Senator\s|Count\s|Baron\s|Consular\s|American\s)"
)
# What the Department writes to a company, or to a person without a title.
_OF_THE_DEPARTMENT = re.compile(
    r"(?P<from>The\s(?:Acting\s|Assistant\s|Under\s)?Secretary\sof\sState)\s+to\s+(?P<to>[A-Z][^\n]{2,200})$"
)
_NUMBER_AT_END = re.compile(r",\s(?:no|nr|№)\.?\s?\d[\d./-]*$")
_NUMBERED = re.compile(r"(telegram|cable)\s(?:no\.\s)?\d+$")  # what it is called, without its number
_HOUR_AT_END = re.compile(r"(?:(?<=\d{4}),\s(?:\d{4}Z|\d{1,2}(?::\d\d)?\s?[ap]\.?m\.?))?$")  # after a date
_FOOTNOTE = re.compile(r"(?:(?<=[a-z)])\d{1,2})?$")  # glued to the last word


@dataclass(frozen=True, slots=True)
class Title:
    """A title with its bounds in the text, and what it says."""

    text: str
    start: int
    end: int
    kind: str = ""
    senders: tuple[Party, ...] = ()
    recipients: tuple[Party, ...] = ()
    date: str = ""
    number: str = ""

    @property
    def complete(self) -> bool:
        """Return whether it names both sides."""
        return bool(self.senders and self.recipients)

    @property
    def subject(self) -> bool:
        """Return whether it goes on with what the document is about."""
        return bool(re.search(r"\s(?:on|about|regarding|concerning)\s\S+\s\S", self.text[len(self.kind) :]))


@dataclass(frozen=True)
class TitleReader:
    """Reads titles by the tables of forms and offices."""

    tables: WordTables
    dates: DateFinder
    parties: PartyReader

    @cached_property
    def kind(self) -> re.Pattern[str]:
        """Return the pattern of what a document is called, at the beginning of a text."""
        forms = self.tables["forms"]
        qualities, kinds = alternatives(forms["qualities"]), alternatives(forms["kinds"])
        return re.compile(
            rf"(?:(?:{qualities})\s+)*(?:{kinds})(?!\w)(?:\s(?:No\.\s)?(?:[A-Z]+-)?\d+)?", re.IGNORECASE
        )

    @cached_property
    def _prefix(self) -> re.Pattern[str]:
        return re.compile(
            r"\s*[\"'(]*(?:(?:document\s+)?(?:no\.?\s*)?(?P<number>\d{1,4})\s*[.:]\s+)?", re.IGNORECASE
        )

    @cached_property
    def _old(self) -> re.Pattern[str]:
        """Return the pattern of a title that only names the two sides."""
        return re.compile(
            rf"(?:[Tt]he\s)?(?P<from>[A-Z][^\n]{{3,160}}?)\s+to\s+(?P<to>(?:the\s|(?=Foreign\s(?:Office|Ministry)|Department\sof\sState|Secretary\sof\sState)|Mr\.?\s|President\s|Colonel\s|Certain|Diplomatic|All|{_RANKS})[^\n]{{2,200}})$"
        )

    @cached_property
    def _inner(self) -> InnerTo:
        return InnerTo(self.tables)

    @cached_property
    def _subject(self) -> re.Pattern[str]:
        return re.compile(
            rf"[,:]?\s+(?:{alternatives(self.tables['forms']['subject'])})\s|[,:]\s+['\"](?=[A-ZА-ЯЁ])",
            re.IGNORECASE,
        )

    def read(self, line: str, start: int = 0) -> Title | None:
        """Return the title that the line is, whose first character stands at `start`; None if it is none."""
        low = 0
        dated = self.dates.find(line, 0, min(len(line), 40))
        date = ""
        if dated and dated[0].start == 0:
            date, low = dated[0].value, dated[0].end
            low += len(re.match(r"[\s/,:|-]*", line[low:]).group())  # type: ignore[union-attr]
        prefix = self._prefix.match(line, low)
        number = prefix.group("number") if prefix else None
        low = prefix.end() if prefix else low
        kind = self.kind.match(line, low)
        if not kind:
            return self._sender_first(line, low, start, date)
        behind = sides_behind_comma(
            self.parties, line[kind.end() : self.without_date(line)[0]], start + kind.end()
        )
        if not kind.group()[0].isupper() or not (behind or self._is_head(line[kind.end() :])):
            return None
        if re.search(
            r"\b(?:were|was|is|are|has|have|had|shall|will)\s(?!assassinated|killed)[a-z]+",
            line[kind.end() : kind.end() + 60],
        ):
            return None  # a sentence
        high, last = self.without_date(line)
        title = line[low:high]
        written = _WRITTEN.search(kind.group()) is not None
        sides = behind or self.sides(line[kind.end() : high], start + kind.end(), written=written)
        name = _NUMBERED.sub(r"\1", " ".join(kind.group().lower().split()))
        return Title(
            " ".join(title.split()),
            start + low,
            start + high,
            name,
            *sides,
            date or last,
            number or "",
        )

    def _sender_first(self, line: str, low: int, start: int, date: str) -> Title | None:
        """Return the title that a line is whose sender stands before what the document is called."""
        high, last = self.without_date(line)
        found = sides_before_kind(self.parties, line[low:high], start + low, self.kind)
        if not found or len(line) > 260:
            return None
        sides, called, _ = found
        name = _NUMBERED.sub(r"\1", " ".join(called.group().lower().split()))
        return Title(" ".join(line[low:high].split()), start + low, start + high, name, *sides, date or last)

    def _is_head(self, rest: str) -> bool:
        """Return whether what follows the kind of document goes on as a title does."""
        return bool(
            re.match(
                r"\s*(?:,\s*)?(?:\[[^\]]*\]\s*)?(?:prepared\s)?(?:from|by|of|to|between|for|addressed|sent|от|из|посла|del?|dated|No\.)\b",
                rest,
                re.IGNORECASE,
            )
        )

    def read_sides(self, line: str, start: int = 0) -> Title | None:
        """Return the title of an old printed series, which names the two sides and no kind of document."""
        high, date = self.without_date(line)
        text = line[:high].rstrip(" .")
        holder = re.match(
            r"(?P<from>[^()]+\([^()]+\)),?\s+to\s+(?P<to>.+)$", text
        )  # "The Secretary to … (NAME) to …"
        office = holder and (text.startswith("The ") or named_sides(self.parties, text))
        match = holder if office else self._old.match(text)
        match = match or _OF_THE_DEPARTMENT.match(text)
        if not match or self.kind.match(match.group("from")):
            return None
        senders = tuple(each_party(self.parties, match.group("from"), start + match.start("from")))
        recipients = tuple(each_party(self.parties, match.group("to"), start + match.start("to")))
        return Title(" ".join(text.split()), start, start + len(text), "", senders, recipients, date)

    def without_date(self, line: str) -> tuple[int, str]:
        """Return where the title ends before a date at the end of its line, and that date."""
        found = self.dates.find(line)
        end = len(line.rstrip(" .,;\"'"))
        numbered = _NUMBER_AT_END.search(line[:end])
        end = numbered.start() if numbered else end
        end -= len(_HOUR_AT_END.search(line[:end]).group())  # type: ignore[union-attr]
        end -= len(_FOOTNOTE.search(line[:end]).group())  # type: ignore[union-attr]
        if found and found[-1].end >= end - 1 and re.search(r",\s*(?:dated\s)?$", line[: found[-1].start]):
            high = len(re.sub(r",\s*(?:dated\s)?$", "", line[: found[-1].start]))
            high = len(re.sub(r"\s*\([A-Z]{2,6}\)$", "", line[:high]))
            high = len(_NUMBER_AT_END.sub("", line[:high]))
            return high, found[-1].value
        return end, ""

    def sides(
        self, rest: str, start: int, *, written: bool = True
    ) -> tuple[tuple[Party, ...], tuple[Party, ...]]:
        """Return senders and recipients of the words after the kind of document.

        `written` says that "of" names a writer, as in "Telegram of …" and not in "Minutes of …".
        """
        text = self._inner.protected(rest)
        cut = self._subject.search(text, 1)
        while cut and not re.search(r"\b(?:from|to|by|of|del?|от)\b", text[: cut.start()]):
            cut = self._subject.search(text, cut.end())
        text = text[: cut.start()] if cut else text
        text = re.split(r",\s(?=with\b|and his\b)|\s(?=\(excerpt)", text)[0]
        talk = _CONVERSATION.search(text)
        text = text[: talk.start()] if talk and re.search(r"\bby\b", text[: talk.start()]) else text
        places = list(
            re.finditer(r"(?:^|(?<=\s))(from|by|of|to|for|в|от|del?|al?)(?=\s)", text, re.IGNORECASE)
        )
        sides: dict[str, list[Party]] = {"from": [], "to": []}
        # A Spanish `a` addresses; an English one only stands before a noun.
        spanish = re.search(r"\b(?:del?|la|el)\s", text) is not None
        places = [place for place in places if spanish or place.group(1) != "a"]
        marks = self._marks(places if written else without_of(places))
        if re.match(r"\s*[а-яё]", text) and (
            not marks or marks[0][0] == "to"
        ):  # Russian: the sender in the genitive
            marks.insert(0, ("from", 0, 0))
        for n, (side, low, _) in enumerate(marks):
            high = marks[n + 1][2] if n + 1 < len(marks) else len(text)
            words = rest[low:high]
            sides[side] += each_party(self.parties, words, start + low)
        return joined_places(sides["from"]), joined_places(sides["to"])

    def _marks(self, places: list[re.Match[str]]) -> list[tuple[str, int, int]]:
        """Return the words that begin a party: the side, where the party begins, and where the word does."""
        found: list[tuple[str, int, int]] = []
        for place in places:
            word = place.group(1).lower()
            begins = word in ("al", "в") and found
            if word == "в" and found and found[-1][0] == "to":  # the last one: "посла в Норвегии … в МИД"
                found.pop()
            if word in ("of", "de", "del", "a", "al", "for", "в") and found and not begins:
                continue  # "Ministry of Foreign Affairs", "Ambassador for"
            if word == "to" and any(side == "to" for side, _, _ in found):
                continue
            side = "to" if word in ("to", "for", "a", "al", "в") else "from"
            found.append((side, place.end() + 1, place.start()))
        return found
