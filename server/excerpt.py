"""Cut a long graph in Turtle for a page, after a whole statement, and say how much there is."""

from __future__ import annotations

from dataclasses import dataclass

LINES, SIGNS = 500, 50_000  # what somebody may scroll through; whoever wants more takes the file
_END = "."  # of the statements about one subject, and of a declaration (Turtle sections 2.2 and 2.4)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The beginning of a text, or all of it: the text, how many lines that are, and how many there are."""

    text: str
    lines: int
    total: int

    @property
    def cut(self) -> bool:
        """Whether something is left out."""
        return self.lines < self.total


def excerpt(turtle: str, lines: int = LINES, signs: int = SIGNS) -> Excerpt:
    """Return at most `lines` lines and `signs` signs of `turtle`, ended with a statement where one ends.

    A line that is too long by itself is cut within.
    """
    every = turtle.splitlines(keepends=True)
    if len(every) <= lines and len(turtle) <= signs:
        return Excerpt(turtle, len(every), len(every))
    fitting = _fitting(every[:lines], signs)
    whole = max((n for n, line in enumerate(fitting, 1) if line.rstrip().endswith(_END)), default=0)
    kept = fitting[:whole] if whole else fitting
    return Excerpt("".join(kept) or f"{turtle[:signs]}…", len(kept), len(every))


def _fitting(lines: list[str], signs: int) -> list[str]:
    """Return the first of `lines` that have at most `signs` signs together."""
    left = signs
    for n, line in enumerate(lines):
        left -= len(line)
        if left < 0:
            return lines[:n]
    return lines
