"""The pieces of a head: their patterns, what they amount to, and the names of a distribution list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.curating.drafting.finding.number_lists import NumberList
from kg.curating.drafting.source.found import Found, SourceText, TextLine

TABLE = re.compile(
    r"From:?\s+(?P<place>[A-Z][\w .,'-]*?)\s{2,}No\.?:?\s*(?P<number>\d+(?:\s?[-,]\s?\d+)*)(?:\s{2,}"
    r"|\s)(?:Time:?\s*(?P<time>[\d:.]+)\s*)?(?:Date:?\s*(?P<date>\S[^\n]{4,30}))?"
)
LOOSE_TABLE = re.compile(
    r"From:?\s+(?P<place>[A-Z][\w '-]*?),?\s+No\.?:?\s*(?P<number>\d+(?:\s?[-,]\s?\d+)*)\s*"
    r"(?:Time:?\s*(?P<time>[\d:.]+)\s*)?(?:Date:?\s*(?P<date>\S[^\n]{4,30}))?"
)
DATELINE = re.compile(
    r"\[?(?P<place>[A-Z][\w.'-]+(?:\s(?:de\s|la\s|of\s)?[A-Z][\w.'-]*){0,3}),?\]?,?\s+(?=[A-Z][a-z]+\s\d|\d)"
)
# Where a place is told at length, or is a ship: `U. S. S. "Harrier," at Sea, June 2, 1919.`
LONG_DATELINE = re.compile(
    r"(?:(?:[A-Z\"][\w.'\"&-]*,?\"?|at|on|near|off|of|the),?\s+){1,12}?(?=[A-Z][a-z]+\s\d{1,2}\b)"
)
AFTER_DATE = re.compile(
    r"[\s.,;:-]*(?:\d{1,2}(?:[.:]\d\d)?\s?[ap]\.?\s?m\.?|noon|midnight|\d{4}Z?)?[\s.\]]*", re.I
)
STAMP = re.compile(r"(?P<number>\d{3,6})\s+(?P<date>\d{1,2}[/.-][IVX]+[/.-]\d{2,4})(?!\d)")
BARE = re.compile(r"\d{5,6}(?:\s+\d{5,6})*(?=\s*(?:$|\n))")
# What may follow a place that stands in a head by itself.
BEHIND_PLACE = re.compile(
    r"\s*(?:[,.;]|$|\n|[A-Z]{3}|\d|(?:January|February|March|April|May|June|July|August|September|October"
    r"|November|December))"
)
BRACKET = re.compile(r"\[(?P<inside>(?:[^\[\]]|\[[^\[\]]*\]){0,2500})\]")
# What a bracket of a head tells, and what the document is called in one.
TOLD = re.compile(
    r"(?:translator|editor|note|stamp|handwritten|marginal|received|rec'd|telegram\b|paraphrase|extract"
    r"|translation|circular)",
    re.IGNORECASE,
)
KIND = re.compile(r"(?:circular )?(?:telegram|cablegram|airgram)\]", re.IGNORECASE)
DISTRIBUTION = re.compile(
    r"(?:distribution[^:]{0,60}(?:is as follows)?|copies (?:were )?sent to|sent to)\s*:\s*(?P<names>.+)$",
    re.IGNORECASE | re.DOTALL,
)
SPACE = re.compile(r"[\s,;/*|.•()-]+")
REFERS = re.compile(r"(?:to|re|in reply to|reference)\b.*\d", re.IGNORECASE)
TIME = re.compile(
    r"\d{4}Z\b|\d{1,2}(?::\d\d|\s?\d\d)?\s?(?:[ap]\.?m\.?|hours)|(?:noon|midnight)\b|\d{1,2}:\d\d",
    re.IGNORECASE,
)

ADDRESSEE = re.compile(
    (
        r"(?:to\s+)?(?:the\s+)?(?:CC,?\s+(?:of\s+the\s+)?CPSU|CPSU CC|USSR MFA|USSR Foreign Ministry|MID"
        r"|Comrade [A-Z][\w. ]+|ЦК КПСС|МИД СССР)(?!\w)"
    ),
    re.IGNORECASE,
)


@dataclass
class Head:
    """What the head says; `body` is where the text of the document begins."""

    body: int = 0
    marks: dict[str, list[Found]] = field(default_factory=dict)
    copy_number: Found | None = None
    numbers: list[NumberList] = field(default_factory=list)
    dates: list[Found] = field(default_factory=list)
    stamp_dates: list[Found] = field(default_factory=list)
    table_dates: list[Found] = field(default_factory=list)
    place: Found | None = None
    kind: Found | None = None
    addressees: list[Found] = field(default_factory=list)
    distribution: list[Found] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)


def names_of(source: SourceText, low: int, high: int) -> Iterator[Found]:
    """Yield the names of a distribution list, each once."""
    seen = set()
    for part in re.finditer(r"[^,;\n]+", source.plain[low:high]):
        name = re.sub(r"\[.*?(?:\]|$)|^\s*and\s", "", part.group()).strip(" .]")
        if name and name not in seen and len(name) < 50:
            seen.add(name)
            start = low + part.start() + part.group().index(name)
            yield source.found(start, start + len(name))


def in_capitals(source: SourceText, line: TextLine, end: int) -> bool:
    """Return whether the pieces at the beginning of a longer line are surely of the head."""
    written = source.plain[line.start : end].strip()
    return len(line.text) > 200 and written.upper()[:10] == written[:10]
