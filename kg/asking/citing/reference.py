"""Reference to something that can be cited: who, what, when, where it is kept, which data version."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from anyascii import anyascii

from kg.reading.collection.description import Description
from kg.store.layers import OURS

_LONGEST_KEY = 100  # characters; a longer one ends with a digest
SHOWN = 16  # digits of a data version that identify it, as on the pages


class Kind(StrEnum):
    """What is cited."""

    TELEGRAM = "telegram"
    STATEMENT = "statement"
    THING = "thing"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class CitedName:
    """Name of somebody: `family` and `given` of a person, or the `whole` name where these are not known."""

    whole: str
    family: str = ""
    given: str = ""

    @property
    def inverted(self) -> str:
        """Return the family name first, as lists of references have it."""
        return f"{self.family}, {self.given}" if self.family and self.given else self.family or self.whole


@dataclass(frozen=True, slots=True)
class Reference:
    """Reference to one thing, with all that a footnote or a reference manager needs.

    `address` is permanent, `page` where the text was read. `issued` is the day of a telegram, `seen` the day
    on which the data of `version` were asked, None on a page that is stored. `archive` keeps
    the original, `publisher` shows the text, `credits` say who else made it available. `standing` says what a
    statement is that no passage asserts, `place` where in the telegram it stands, `within` what a footnote
    says of that telegram. `footnote` replaces the footnote that is made of all this. `about` describes the
    collection, and `named` are the authors; None stands for its curator.
    """

    kind: Kind
    title: str
    address: str
    version: str
    seen: date | None
    named: tuple[CitedName, ...] | None = None
    recipients: tuple[CitedName, ...] = ()
    translators: tuple[CitedName, ...] = ()
    issued: date | None = None
    archive: str = ""
    publisher: str = ""
    credits: tuple[str, ...] = ()
    page: str = ""
    standing: str = ""
    place: str = ""
    within: str = ""
    footnote: str = ""
    types: tuple[str, ...] = ()
    about: Description = OURS

    @property
    def authors(self) -> tuple[CitedName, ...]:
        """Return the authors, or else the curator of the collection."""
        return (CitedName(self.about.curator),) if self.named is None else self.named

    @property
    def key(self) -> str:
        """Return a key in ASCII, the same for the same address."""
        path = self.address.partition("://")[2].partition("/")[2].partition("/")[2]
        key = re.sub(r"[^a-z0-9]+", "-", anyascii(path).lower()).strip("-") or "cablegraph"
        if len(key) <= _LONGEST_KEY:
            return key
        return f"{key[:40].rstrip('-')}-{hashlib.sha256(path.encode()).hexdigest()[:16]}"

    @property
    def day(self) -> date | None:
        """Return the day that a list of references puts it under."""
        return self.issued or self.seen

    @property
    def note(self) -> str:
        """Return what has no field of its own: place, telegram, credits, data version, licence."""
        parts = (
            self.standing,
            self.place,
            self.within,
            "; ".join(self.credits),
            f"Data version {self.version}",
            f"Licence of the data: {self.about.licence}",
        )
        return ". ".join(part for part in parts if part)

    def __str__(self) -> str:
        """Return the footnote, in one line."""
        return self.footnote or f"{', '.join(part for part in (*self._what(), *self._where()) if part)}."

    def core(self) -> str:
        """Return the footnote without data version, day and address."""
        return ", ".join(part for part in self._what() if part)

    def _what(self) -> Iterable[str]:
        by = ", ".join(name.whole for name in self.named or ())
        translators = " and ".join(name.whole for name in self.translators)
        return (
            *(by, f"“{self.title}”", self.standing, self.place, self.within),
            f"trans. {translators}" if translators else "",
            *(self.archive, self.publisher, *self.credits, self.page),
        )

    def _where(self) -> Iterable[str]:
        day = f"{self.seen.day} {self.seen:%B %Y}" if self.seen else ""
        return f"in: {self.about.title}, data version {self.version[:SHOWN]}", day, self.address
