"""The grammar of titles: what the document is called, from whom, to whom, about what.

`Telegram from OFFICE NAME to ORGANISATION regarding SUBJECT`, `The OFFICE in PLACE (NAME) to the OFFICE`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from kg.curating.drafting.finding.dates import DateFinder
from kg.curating.drafting.finding.word_tables import WordTables, alternatives
from kg.curating.drafting.heads.parties import Party, PartyReader, joined_places

# Kinds of documents of which "of" names who wrote them.
_WRITTEN = re.compile(r"telegram|cable|despatch|dispatch|letter|note|message|report|statement", re.IGNORECASE)
_JOINED = "\x01"  # in place of "to" within a role, as in "Ambassador to Cuba"


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
        return re.compile(rf"(?:(?:{qualities})\s+)*(?:{kinds})(?!\w)(?:\s\d+)?", re.IGNORECASE)

    @cached_property
    def _prefix(self) -> re.Pattern[str]:
        return re.compile(
            r"\s*[\"'(]*(?:(?:document\s+)?(?:no\.?\s*)?(?P<number>\d{1,4})\s*[.:]\s+)?", re.IGNORECASE
        )

    @cached_property
    def _old(self) -> re.Pattern[str]:
        """Return the pattern of a title that only names the two sides."""
        return re.compile(
            r"(?:The\s|Mr\.?\s|President\s|Colonel\s|General\s|Dr\.?\s)?(?P<from>[A-Z][^\n]{3,160}?)\s+to\s+(?P<to>(?:the\s|Mr\.?\s|President\s|Colonel\s|Certain|Diplomatic|All)[^\n]{3,200})$"
        )

    @cached_property
    def _subject(self) -> re.Pattern[str]:
        return re.compile(rf"[,:]?\s+(?:{alternatives(self.tables['forms']['subject'])})\s", re.IGNORECASE)

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
        if not kind or not kind.group()[0].isupper() or not self._is_head(line[kind.end() :]):
            return None
        if re.search(
            r"\b(?:were|was|is|are|has|have|had|shall|will)\s(?!assassinated|killed)[a-z]+",
            line[kind.end() : kind.end() + 60],
        ):
            return None  # a sentence
        high, last = self.without_date(line)
        title = line[low:high]
        written = _WRITTEN.search(kind.group()) is not None
        senders, recipients = self.sides(line[kind.end() : high], start + kind.end(), written=written)
        name = " ".join(kind.group().lower().split())
        return Title(
            " ".join(title.split()),
            start + low,
            start + high,
            name,
            senders,
            recipients,
            date or last,
            number or "",
        )

    def _is_head(self, rest: str) -> bool:
        """Return whether what follows the kind of document goes on as a title does."""
        return bool(
            re.match(
                r"\s*(?:,\s*)?(?:\[[^\]]*\]\s*)?(?:from|by|of|to|between|for|addressed|sent|от|из|посла|del?|dated|No\.)\b",
                rest,
                re.IGNORECASE,
            )
        )

    def read_sides(self, line: str, start: int = 0) -> Title | None:
        """Return the title of an old printed series, which names the two sides and no kind of document."""
        text = line.rstrip(" .")
        holder = re.match(
            r"(?P<from>[^()]+\([^()]+\))\s+to\s+(?P<to>.+)$", text
        )  # "The Secretary to … (NAME) to …"
        match = holder if holder and text.startswith("The ") else self._old.match(text)
        if not match:
            return None
        senders = tuple(self._each(match.group("from"), start + match.start("from")))
        recipients = tuple(self._each(match.group("to"), start + match.start("to")))
        return Title(" ".join(text.split()), start, start + len(text), "", senders, recipients)

    def without_date(self, line: str) -> tuple[int, str]:
        """Return where the title ends before a date at the end of its line, and that date."""
        found = self.dates.find(line)
        end = len(line.rstrip(" .,;\"'"))
        if found and found[-1].end >= end - 1 and re.search(r",\s*(?:dated\s)?$", line[: found[-1].start]):
            high = len(re.sub(r",\s*(?:dated\s)?$", "", line[: found[-1].start]))
            high = len(re.sub(r"\s*\([A-Z]{2,6}\)$", "", line[:high]))
            return high, found[-1].value
        return end, ""

    def sides(
        self, rest: str, start: int, *, written: bool = True
    ) -> tuple[tuple[Party, ...], tuple[Party, ...]]:
        """Return senders and recipients of the words after the kind of document.

        `written` says that "of" names a writer, as in "Telegram of …" and not in "Minutes of …".
        """
        text = self._protected(rest)
        cut = self._subject.search(text, 1)
        while cut and not re.search(r"\b(?:from|to|by|of|del?|от)\b", text[: cut.start()]):
            cut = self._subject.search(text, cut.end())
        text = text[: cut.start()] if cut else text
        text = re.split(r",\s(?=with\b|and his\b)|\s(?=\(excerpt)", text)[0]
        places = list(
            re.finditer(r"(?:^|(?<=\s))(from|by|of|to|for|в|от|del?|al?)(?=\s)", text, re.IGNORECASE)
        )
        sides: dict[str, list[Party]] = {"from": [], "to": []}
        marks = self._marks([p for p in places if written or p.group(1).lower() != "of"])
        if re.match(r"\s*[а-яё]", text) and (
            not marks or marks[0][0] == "to"
        ):  # Russian: the sender in the genitive
            marks.insert(0, ("from", 0, 0))
        for n, (side, low, _) in enumerate(marks):
            high = marks[n + 1][2] if n + 1 < len(marks) else len(text)
            words = rest[low:high]
            sides[side] += self._each(words, start + low)
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

    def _protected(self, rest: str) -> str:
        """Return the words with `to` and `from` within a role replaced, so that they begin no party."""
        where = alternatives([*self.tables.places, *self.tables.organisations])
        offices = alternatives(
            [*self.tables["titles"]["offices"], "Embassy", "Legation", "Delegation", "Mission"]
        )
        pattern = rf"(?<=\s)({offices})(\s)to(\s(?:the\s)?(?:{where})(?=\s(?!and\s)|$|,))"
        found = list(re.finditer(pattern, rest, re.IGNORECASE))
        for match in reversed(found):
            if (
                " to " in rest[match.end() :]
                or re.match(r"\s+\S|$", rest[match.end() :])
                or " to " in rest[: match.start()]
            ):
                low = match.end(2)
                rest = f"{rest[:low]}{_JOINED * 2}{rest[low + 2 :]}"
        return rest

    def _each(self, words: str, start: int) -> Iterator[Party]:
        """Yield the parties of one side, of which there may be two, as in `Gromyko and Malinovsky`."""
        both = re.match(r"(?P<one>.+?)\s+and\s+(?P<two>.+)$", words, re.DOTALL)
        if both:
            one = self.parties.read(both.group("one"), start)
            two = self.parties.read(both.group("two"), start + both.start("two"))
            if (
                one
                and two
                and one.name
                and two.name
                and two.certainty == one.certainty == "certain"
                and _alike(one, two)
            ):
                yield from (one, two)
                return
        party = self.parties.read(words, start)
        if party and party.role and self.parties.is_organisation(party.role):
            yield Party(party.name, "", party.place, party.start, party.end, party.certainty)
            party = Party(party.role, "", "", party.start, party.end, party.certainty)
        if party:
            yield party


def _alike(one: Party, two: Party) -> bool:
    """Return whether two parties are both persons, or both organisations of more than one word."""
    return bool(re.search(r"[a-z]", one.name)) and not re.search(
        r"\b(?:Ministry|Committee|Council|Affairs|Department)\b", two.name
    )
