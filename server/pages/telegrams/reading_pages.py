"""The pages of a reading: the telegram's own passages first, then those of its edition, cut to a size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from server.pages.telegrams.reading import PARTS, Passage

MOST = 170  # claims and quoted runs of a page, which is then below 100 kB


@dataclass(frozen=True, slots=True)
class ReadingPage:
    """One page; `number` counts from 1."""

    number: int
    part: str
    passages: tuple[Passage, ...]

    @property
    def title(self) -> str:
        """Return the voices and numbers of the passages, from the first to the last."""
        first, last = self.passages[0], self.passages[-1]
        if first is last:
            return f"{first.voice} {first.ordinal}"
        return f"{first.voice} {first.ordinal} to {last.voice} {last.ordinal}"


def cut(passages: Sequence[Passage], most: int = MOST) -> tuple[ReadingPage, ...]:
    """Return the pages; none has more than `most` claims and quoted runs, unless one passage has."""
    parted = [(part, [one for one in passages if one.part == part]) for part in PARTS]
    parts = [(part, page) for part, some in parted for page in _cut(some, most)]
    return tuple(ReadingPage(number, part, page) for number, (part, page) in enumerate(parts, 1))


def anchors(pages: Iterable[ReadingPage], shown: int) -> dict[int, str]:
    """Return the relative address of each claim, by its number, on the page with the number `shown`."""
    return {
        claim.number: f"{'' if page.number == shown else f'?page={page.number}'}#c{claim.number}"
        for page in pages
        for passage in page.passages
        for claim in passage.claims
    }


def lights(page: ReadingPage) -> dict[int, int]:
    """Return the light of each claim of `page`, by its number: what has the same one lights up together.

    A passage may have more claims than there are lights; the last ones then have none.
    """
    numbers = (claim.number for passage in page.passages for claim in passage.claims)
    return {number: light for light, number in enumerate(numbers, 1) if light <= MOST}


def _cut(passages: Sequence[Passage], most: int) -> Iterator[tuple[Passage, ...]]:
    """Yield the passages in runs; what stands within a passage stays with it."""
    run: list[Passage] = []
    size = 0
    for passage in passages:
        own = len(passage.claims) + len(passage.bars)
        if run and size + own > most and not passage.within:
            yield tuple(run)
            run, size = [], 0
        run.append(passage)
        size += own
    if run:
        yield tuple(run)
