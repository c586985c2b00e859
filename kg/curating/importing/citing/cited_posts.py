"""What follows the number of a cited document: its day and hour, and from where and to where it was sent.

As in `telegram 252 from Tehran, March 6`, or `telegram 53, January 22, 3 p.m., to the Embassy in India`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.curating.drafting.composing.finders import Finders
from kg.curating.drafting.heads.parties import Party
from kg.curating.importing.volumes.place_zones import clock
from kg.curating.importing.volumes.posts import DEPARTMENT, post_of, side_of

_GAP = re.compile(r"\s*(?:[,.]\s*)?(?:both\s)?(?:(?:dated|of)\s)?")
_BRACKETS = re.compile(r"\([^()\n]{1,40}\)")
_HOUR = re.compile(r"\d{1,2}(?::\d\d)?\s?[ap]\.?\s?m\b\.?|(?:12\s)?(?:noon|midnight)\b")
_WAY = re.compile(r"(?P<way>from|to)\s+")
_NAME = re.compile(r"(?:(?:St|Ft)\.\s)?[A-Z][\w'-]+")
# An office abroad, or the department, as in `the Chargé in Great Britain`.
_OFFICE = re.compile(
    r"the\s+(?P<office>Department(?:\sof\sState)?|(?:Acting\s)?Secretary\sof\sState"
    r"|(?:[A-Z][\w'-]+\s(?:d'Affaires\s|General\s)?){1,3}(?:in|at)\s(?:the\s)?[A-Z][\w'-]+(?:\s(?:and\s)?[A-Z][\w'-]+){0,2})"
)
_MOST = 3  # words of a place
_STEPS = 6  # parts that are read behind a number


@dataclass(frozen=True, slots=True)
class CitedPosts:
    """What is told behind a number; `sender` and `recipient` are posts, or places in lower case."""

    day: str = ""
    hour: str = ""
    sender: str = ""
    recipient: str = ""
    side: str = ""  # of the citing document, that wrote it
    day_end: int = 0  # where the day ends


@dataclass(frozen=True)
class PostReader:
    """Reads what is told of a cited document in one text; `year` is that of days without one."""

    finders: Finders
    text: str
    year: int | None
    posts: tuple[Sequence[str], Sequence[str]]  # of the citing document

    def after(self, place: int, owner: str) -> CitedPosts:
        """Return what is told from a place on, up to words of another kind; `owner` may be its place."""
        told = self._parts(place)
        # The other one is then the other side of the citing document.
        if {told.sender, told.recipient} == {DEPARTMENT, ""}:
            side = side_of(DEPARTMENT, *self.posts)
            side = side if told.sender else {"from": "to", "to": "from"}.get(side, "")
            return replace(told, side=side, sender="", recipient="")
        return replace(told, sender=told.sender or self._place(owner.title()))

    def _parts(self, place: int) -> CitedPosts:
        told = CitedPosts()
        for _ in range(_STEPS):
            low = _GAP.match(self.text, place).end()  # type: ignore[union-attr]
            step = self._step(told, low)
            if step is None:
                break
            told, place = step
        return told

    def _step(self, told: CitedPosts, low: int) -> tuple[CitedPosts, int] | None:
        """Return what is told with what stands at a place, and where that ends; None if it is of no kind."""
        if brackets := _BRACKETS.match(self.text, low):
            return told, brackets.end()
        if not told.hour and (hour := _HOUR.match(self.text, low)):
            return replace(told, hour=clock(self.text, low)), hour.end()
        if way := _WAY.match(self.text, low):
            post, end = self._post(way.end())
            side = "sender" if way.group("way") == "from" else "recipient"
            return (_sent(told, side, post), end) if post and not getattr(told, side) else None
        dates = [] if told.day else self.finders.dates.find(self.text, low, low + 24, self.year)
        if dates and dates[0].start == low and len(dates[0].value) == len("1962-10-23"):
            return replace(told, day=dates[0].value, day_end=dates[0].end), dates[0].end
        return None

    def _post(self, low: int) -> tuple[str, int]:
        """Return the post or the place that is named at a place, and where its name ends."""
        if office := _OFFICE.match(self.text, low):
            return post_of(Party("", office.group("office"))), office.end()
        names, place = list[re.Match[str]](), low
        while len(names) < _MOST and (name := _NAME.match(self.text, place)):
            names.append(name)
            if self.text[name.end() : name.end() + 1] != " ":
                break
            place = name.end() + 1
        for count in range(len(names), 0, -1):
            words = self.text[low : names[count - 1].end()]
            if words in self.finders.tables.places:
                return words.lower(), names[count - 1].end()
        # A town that no table has stands alone, and is no office.
        title = names[0].group().lower() in self.finders.tables["titles"]["address"] if names else False
        alone = len(names) == 1 and not (title or self.finders.parties.office.search(names[0].group()))
        return (names[0].group().lower(), names[0].end()) if alone else ("", low)

    def _place(self, words: str) -> str:
        """Return a place as rows have it, in lower case; an empty text if the table of places has it not."""
        name = words.removesuffix("'S").removesuffix("'s").removesuffix("'")
        return name.lower() if name in self.finders.tables.places else ""


def _sent(told: CitedPosts, side: str, post: str) -> CitedPosts:
    """Return what is told with a post as its sender or its recipient."""
    return replace(told, sender=post) if side == "sender" else replace(told, recipient=post)
