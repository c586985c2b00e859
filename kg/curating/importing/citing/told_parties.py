"""References by a day that stands behind a party, as in `a letter from Brask to the Minister, June 3`.

Whose a document is may stand before it, too, or nowhere; `citation_words` reads those with a possessor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from kg.curating.drafting.finding.word_tables import alternatives
from kg.curating.drafting.heads.parties import Party
from kg.curating.importing.citing.cited_days import DAY
from kg.curating.importing.volumes.posts import DEPARTMENT, post_of, side_of

# Up to four letters with a point are no end of a sentence, as in `Gen. Brask`.
_WORD = r"(?:\([A-Z][\w. ]{1,30}\)|[A-Z]\w{0,3}\.|[^\W\d][\w'-]*)"
_MOST = 14  # words between what a document is called and its day
_VERB = r"(?!acting\b)[a-z]+(?:ing|ed)\b"  # what somebody did begins another thing
_DAY_OF = (
    r"(?:,?\s*(?:\(?not\sprinted\)?,?\s)?"
    r"(?:under\sdate\sof|bearing\s(?:the\s)?date(?:\sof)?|dated\s(?:at\s)?[A-Z][a-z]+(?:,|\son)|dated|of)(?!\w))"
)
_PARTS = re.compile(r"^of\s|(?:^|\s)(?P<way>from|by|to)\s")
_CALLED = ("kind", "answer", "dated", "given", "talk", "on")  # groups of what a document is called
_PARTIES = ("party", "writer", "by", "between")
_MY = {"me": "from", "us": "from", "you": "to"}
_ALONE = re.compile(r"(?:the\s|this\s)?[A-Z][a-z]+")  # a mission without whose it is, as in `the Legation`
_IN_BRACKETS = re.compile(r"\(((?:[A-Z][\w.'-]*\s)*(?P<family>[A-Z][\w'-]+))\)")
_PERSON = re.compile(r"(?:[A-Z][\w.'-]*\s){0,3}(?P<family>[A-Z][\w'-]+)(?=,|$)")


@dataclass(frozen=True, slots=True)
class ToldDocument:
    """A document that is called something, up to where its day stands; posts are in lower case."""

    start: int
    day: int
    kind: str
    side: str = ""  # of the citing document, that wrote it
    sender: str = ""
    recipient: str = ""
    writer: str = ""


@dataclass(frozen=True)
class ToldParties:
    """Finds documents of which the party is told before the day; `posts` are those of the citing one."""

    posts: tuple[Sequence[str], Sequence[str]]

    def find(self, text: str, low: int, high: int) -> Iterator[ToldDocument]:
        """Yield what is called a document between two places, with where a day has to stand."""
        for match in _pattern().finditer(text, low, high):
            kind, party = (_first(match, names) for names in (_CALLED, _PARTIES))
            yield self._told(match, kind.lower(), party.strip(" ,"))

    def is_plural(self, kind: str) -> bool:
        """Return whether several documents are called so."""
        return kind.endswith("s") or kind.rsplit(maxsplit=1)[-1:] == ["memoranda"] or "aides" in kind

    def goes_on(self, word: str) -> bool:
        """Return whether a word may follow the last day of a list of documents."""
        return word in follows()

    def _told(self, match: re.Match[str], kind: str, party: str) -> ToldDocument:
        """Return a document with the side that wrote it, or the posts and the writer that the words name."""
        place = match.start(), match.end(), kind
        told = _parties(party)
        writer, reader = told.get("from", ""), told.get("to", "")
        side = self._side(writer) or {"from": "to", "to": "from"}.get(self._side(reader), "")
        if side:
            return ToldDocument(*place, side)
        return ToldDocument(*place, "", _post(writer), _post(reader), _family(writer))

    def _side(self, words: str) -> str:
        """Return the side of a party that is one of the two of the citing document."""
        post = _post(words)
        for side, posts in zip(("from", "to"), self.posts, strict=True):
            if post and post in posts:
                return side
        is_plain = post == DEPARTMENT or _ALONE.fullmatch(words)
        return _MY.get(words) or (side_of(words, *self.posts) if is_plain else "")


def _first(match: re.Match[str], names: Sequence[str]) -> str:
    """Return the words of the first of some groups that has any, with single spaces."""
    return " ".join(next(filter(None, map(match.group, names)), "").split())


def _parties(words: str) -> dict[str, str]:
    """Return who wrote and who got a document, by the words between what it is called and its day."""
    told = dict[str, str]()
    parts = [*_PARTS.finditer(words)]
    for n, part in enumerate(parts):
        way = "to" if part.group("way") == "to" else "from"
        if way in told:  # `to` within an office, as in `Assistant to the Minister`
            continue
        ends = [one.start() for one in parts[n + 1 :] if (one.group("way") == "to") != (way == "to")]
        told[way] = words[part.end() : min(ends, default=len(words))].strip(" ,")
    return told


def _family(words: str) -> str:
    """Return the family name of a writer in lower case, if the words have a name."""
    found = _IN_BRACKETS.search(words) or _PERSON.match(words)
    return found.group("family").lower() if found else ""


def _post(words: str) -> str:
    """Return the post of a party as rows have it, as far as its words tell one."""
    return post_of(Party("", re.sub(r"\s*\([^)]*\)", "", words))).removeprefix("the ") if words else ""


def follows() -> Sequence[str]:
    """Return the words that may follow the day of a document."""
    found: Sequence[str] = _words()["follows"]
    return found


@cache
def _words() -> Mapping[str, Any]:
    text = files("kg").joinpath("curating/importing/tables/cited_words.yaml").read_text("utf-8")
    table: dict[str, Any] = yaml.safe_load(text)
    return table


@cache
def _pattern() -> re.Pattern[str]:
    words = _words()
    called, answers = _called(words["kinds"]), _called(words["answers"])
    ends, about = alternatives(words["ends"]), alternatives(words["about"])
    word = rf"(?!(?:{ends}|{_VERB})(?!\w))(?!(?i:{called})(?!\w)){_WORD}"
    between = rf"(?:,?\s{word}){{1,{_MOST}}}?"
    party = rf"\s(?:{alternatives(words['begins'])}){between}"
    writer = rf"\s(?:from|of|by){between}"
    gap = r",?\s*(?:respectively,?\s*)?(?:the\s)?"
    day_of = rf"{_DAY_OF}{gap}"
    titled = r"(?:,?\s(?:entitled|titled|headed)\s[\"“][^\"”\n]{1,100}[\"”])?"
    signed = rf"(?:\s(?:prepared|written|drafted|signed|sent|made)\s(?:from|by){between}|{writer})?"
    given = alternatives(words["handed"])
    handed = rf"(?:\s(?:which|that)\s(?:{word}\s){{0,6}}?)?\s?(?:{given})(?:\s(?:with|at|{word})){{0,8}}?"
    ways = (
        rf"(?P<kind>(?i:{called}))(?:(?P<party>{party})(?:{_DAY_OF}|,|(?<=\))|\s\((?={DAY})){gap}|(?:{titled}(?:\s\()?{day_of}|,?\s\(?))",
        rf"(?P<talk>(?i:{_called(words['talks'])}))(?P<between>,?\s(?:with|between|by){between})?(?:{_DAY_OF}|,){gap}",
        rf"(?P<on>(?i:{called}))\s(?:{about})(?:(?:\s(?!(?i:{ends})\b)[A-Z][\w'-]*){{1,3}}{_DAY_OF}"
        rf"|{between},?\sdated){gap}",
        rf"(?P<answer>(?i:{answers})(?!(?<=s)\sunder))(?P<writer>{writer})?{day_of}",
        rf"(?P<dated>(?i:{_called(words['dated'])}))(?P<by>{signed}){titled},?\sdated\s(?:the\s)?",
        rf"(?P<given>(?i:{called}))\s?{handed},?\s(?:on|under\sdate\sof)\s(?:the\s)?",
    )
    return re.compile(rf"(?<![\w-])(?:{'|'.join(ways)}){DAY}")


def _called(kinds: Sequence[str]) -> str:
    """Return the pattern of what documents are called, in the singular and the plural."""
    several = _words()["plurals"]
    forms = [form for kind in kinds for form in (several.get(kind, f"{kind}s"), kind)]
    return alternatives(sorted(forms, key=len, reverse=True))
