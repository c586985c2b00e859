"""A telegram to read: its passages in the order of the text, each with its quotes and what it asserts.

Made of the rows of two saved queries, `quotes-in-place` and `paragraph-by-paragraph`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.pages.telegrams import marked_text
from server.pages.telegrams.marked_text import QuotedPlace, Segment
from server.site.pool_queries import Row, value

_CLAIM = ("reading", "voice", "kind", "holder", "through", "says", "certainty", "basis", "hedge", "condition")
PARTS = ("telegram", "edition")  # as the saved query calls them, in the order of the pages
ASSERTED, CERTAIN, UNSTATED = "asserted", "certain", "not stated"


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of a passage, in our words; an empty text is not told.

    `start` is the place of its first words there, `quote` the words. `voice` is empty where it is that of the
    passage; `reading`, `certainty` and `basis` are empty where they are asserted, certain, and not stated.
    """

    number: int
    iri: str
    start: int
    quote: str
    reading: str
    voice: str
    kind: str
    holder: str
    through: str
    says: str
    certainty: str
    basis: str
    hedge: str
    condition: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage; `others` is the number of its statements that are names, dates, numbers and the like."""

    iri: str
    name: str
    ordinal: int
    voice: str
    part: str
    speaker: str
    within: str
    first: int
    last: int
    segments: tuple[Segment, ...]
    bars: tuple[tuple[int, int], ...]
    claims: tuple[Claim, ...]
    others: int

    @property
    def length(self) -> int:
        """Return the number of characters."""
        return self.last - self.first


def passages(
    quotes: Sequence[Row], statements: Sequence[Row], text: str | None = None
) -> tuple[Passage, ...]:
    """Return the passages, those of the telegram first, in the order of the text.

    `quotes` and `statements` are rows of the two queries, `text` that of the telegram, where there is a copy.
    A claim stands at the first passage that has words of it. A passage within another has no segments.
    """
    placed = [{name: value(term) for name, term in row.items()} for row in quotes]
    placed.sort(key=lambda row: PARTS.index(row["part"]))
    told = [{name: value(term) for name, term in row.items()} for row in statements]
    claims = _claims(placed, told)
    numbers = {claim.iri: claim.number for some in claims.values() for claim in some}
    places = [
        QuotedPlace(int(row["start"]), int(row["end"]), row["quote"], numbers.get(row["statement"], 0))
        for row in placed
        if "quote" in row
    ]
    heads = {row["passage"]: row for row in placed}
    others = {
        iri: {row["statement"] for row in placed if row["passage"] == iri and "statement" in row}
        - numbers.keys()
        for iri in heads
    }
    return tuple(
        _passage(head, places, claims.get(iri, ()), len(others[iri]), text) for iri, head in heads.items()
    )


def _claims(placed: Sequence[Mapping[str, str]], told: Sequence[Mapping[str, str]]) -> dict[str, list[Claim]]:
    """Return the claims of each passage, numbered through in the order of the passages and their words."""
    words = {row["statement"]: row for row in reversed(placed) if "content" in row}
    found: dict[str, list[Claim]] = {row["passage"]: [] for row in placed}
    about = {row["statement"]: row for row in told if row["statement"] in words}
    order = {iri: n for n, iri in enumerate(found)}
    ranked = sorted(about, key=lambda iri: (order[words[iri]["passage"]], int(words[iri]["start"]), iri))
    for number, iri in enumerate(ranked, 1):
        own = words[iri]
        voice = about[iri]["voice"]
        row = {
            **own,
            **about[iri],
            "says": own["content"],
            "voice": voice if voice != own["voice"] else "",
        }
        found[words[iri]["passage"]].append(_claim(number, iri, row))
    return found


def _claim(number: int, iri: str, row: Mapping[str, str]) -> Claim:
    usual = {"reading": ASSERTED, "certainty": CERTAIN, "basis": UNSTATED}
    texts = {name: row.get(name, "") for name in _CLAIM}
    shown = {name: "" if text == usual.get(name) else text for name, text in texts.items()}
    return Claim(number, iri, int(row["start"]), row["quote"], **shown)


def _passage(
    head: Mapping[str, str],
    places: Sequence[QuotedPlace],
    claims: Sequence[Claim],
    others: int,
    text: str | None,
) -> Passage:
    first, last, within = int(head["first"]), int(head["last"]), head.get("within", "")
    return Passage(
        head["passage"],
        head["passage"].rpartition("/")[2],
        int(head["ordinal"]),
        head["voice"],
        head["part"],
        head.get("speaker", ""),
        within,
        first,
        last,
        () if within else marked_text.segments(first, last, places, text),
        () if within else tuple(marked_text.bars(first, last, places)),
        tuple(claims),
        others,
    )
