"""The text of a passage, cut at the places of its quotes; without a copy of it, what its quotes tell of it.

Places count code points from the beginning of the text of the telegram, as in the records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

_HIDDEN = "\0"  # stands for a character that no quote has; no text of a record may have it


@dataclass(frozen=True, slots=True)
class QuotedPlace:
    """Quoted words from `start` to `end`, and the number on the page of the claim that rests on them.

    The number is 0 where the page does not show the statement.
    """

    start: int
    end: int
    words: str
    number: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of characters with the same quotes over it; `text` is empty where it is not known.

    `numbers` are those of the claims that rest on a quote which ends here, `over` those of all above it.
    """

    start: int
    end: int
    text: str
    over: tuple[int, ...]
    numbers: tuple[int, ...]
    quoted: bool

    @property
    def length(self) -> int:
        """Return the number of characters."""
        return self.end - self.start


def segments(
    first: int, last: int, places: Iterable[QuotedPlace], text: str | None = None
) -> tuple[Segment, ...]:
    """Return the passage from `first` to `last` in pieces, in order, cut at each end of a quote.

    `text` is the text of the whole telegram, where the operator gave a copy.
    """
    inside = [place for place in places if first <= place.start < place.end <= last]
    known = text[first:last] if text is not None else _known(first, last, inside)
    cuts = sorted({first, last, *(p.start for p in inside), *(p.end for p in inside)})
    pieces = (
        _segment(start, end, known[start - first : end - first], inside) for start, end in pairwise(cuts)
    )
    return tuple(pieces)


def bars(first: int, last: int, places: Iterable[QuotedPlace]) -> Iterator[tuple[int, int]]:
    """Yield where the quoted runs begin in the passage and how long they are, in order, without overlaps."""
    end = first
    for place in sorted(places, key=lambda place: place.start):
        start = max(place.start, end)
        if first <= place.start and start < place.end <= last:
            yield start - first, place.end - start
        end = max(end, min(place.end, last))


def _known(first: int, last: int, places: Iterable[QuotedPlace]) -> str:
    """Return the characters that the quotes tell, and _HIDDEN for each of the others."""
    characters = [_HIDDEN] * (last - first)
    for place in places:
        characters[place.start - first : place.end - first] = place.words[: place.end - place.start]
    return "".join(characters)


def _segment(start: int, end: int, text: str, places: Iterable[QuotedPlace]) -> Segment:
    above = [place for place in places if place.start <= start and end <= place.end]
    return Segment(
        start,
        end,
        "" if _HIDDEN in text else text,
        tuple(sorted({place.number for place in above if place.number})),
        tuple(sorted({place.number for place in above if place.number and place.end == end})),
        bool(above),
    )
