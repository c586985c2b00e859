"""Heads of TEI documents where no element tells: marks, the number in a title, the place, the arrival."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.composing.finders import Finders
from kg.curating.drafting.finding.number_lists import NumberList
from kg.curating.drafting.source.found import PROBABLE, Found, SourceText, TextLine, trimmed
from kg.curating.drafting.source.tei_volume import TeiDocument

_RECEIVED = re.compile(
    r"\breceived(?:\s+in\s+the\s+[\w ]+?)?,?\s*(?:on\s|at\s)?(?P<when>[^\]\n]{1,60})", re.IGNORECASE
)
_HOUR = re.compile(
    r"(?:\d{1,2}(?:[:.]\s?\d\d)?\s*[ap]\.?\s?m\b\.?|(?:12\s)?(?:noon|midnight))", re.IGNORECASE
)
_NUMBERED = re.compile(r"(?P<kind>.*?(?:gram|cable|patch))s?\s(?:no\.\s)?(?P<number>(?:[a-z]+-)?\d+)")
_SENTENCE = re.compile(r"[a-z]{3}\.\s|m\.\s[A-Z](?!\w*\s\d)")  # its end
_PLACE = re.compile(r"(?:^|[,\[])\s*(?P<place>[A-Z][\w'. -]{1,30}?)\]?,?\s*$")
_MOST_WORDS = 10  # of an enclosure without a title
_MOST_MARKS = 3  # lines of marks between a head and the text


@dataclass(frozen=True)
class HeadWords:
    """Reads the words of the head of one document."""

    source: SourceText
    finders: Finders

    def marked(self, low: int, body: tuple[int, int]) -> tuple[list[tuple[str, Found]], int]:
        """Return the marks on lines that have nothing else, from the head on, and where the text begins."""
        found, begun, lines = list[tuple[str, Found]](), body[0], 0
        for line in self.source.lines(low, body[1]):
            marks = self._of_line(line)
            if line.start >= body[0] and (not marks or lines == _MOST_MARKS):
                break
            lines += line.start >= body[0]
            found += marks
            begun = max(begun, line.end if marks else begun)
        return found, begun

    def _of_line(self, line: TextLine) -> list[tuple[str, Found]]:
        """Return the marks of a line such as `SECRET—PRIORITY`; none if it has other words, too."""
        words = self.source.plain[line.start : line.end].replace("-", " ")
        matches = list(self.finders.marks.mark.finditer(words))
        if re.search(r"\w", re.sub(self.finders.marks.mark, " ", words)):
            return []
        spans = [(line.start + match.start(), line.start + match.end(), match.group()) for match in matches]
        return [(self.finders.marks.kind_of(said), self.source.found(a, b)) for a, b, said in spans]

    def numbered(self, kind: str, start: int) -> tuple[str, NumberList | None]:
        """Return what a document is called, and the number that follows, as in `Telegram 2207 From`."""
        match = _NUMBERED.fullmatch(kind)
        if not match:
            return kind, None
        number = match.group("number").upper()
        at = self.source.plain.find(number, start)
        called = match.group("kind")
        return called, NumberList(called.rpartition(" ")[2], (number,), Found(number, at, at + len(number)))

    def place(self, low: int, high: int, *, known: bool) -> Found | None:
        """Return the place before a date, as in `Lisbon, March 4`; with `known` only one of the table."""
        match = _PLACE.search(self.source.plain[low:high])
        if match is None or (known and match.group("place") not in self.finders.tables.places):
            return None
        return self.source.found(low + match.start("place"), low + match.end("place"))

    def received(self, draft: Draft, low: int, high: int) -> None:
        """Set the day of arrival from words; an hour alone is of the day of the document."""
        match = _RECEIVED.search(self.source.plain, low, high)
        if match is None:
            return
        sent = draft.single.get("date")
        found = self.finders.dates.find(match.string, *match.span("when"), draft.year)
        hour = _HOUR.match(match.group("when"))
        if found and not self._ends_before(match, found[0].start):
            value = found[0].value
            if sent and value[5:7] == "01" and sent.value[5:7] == "12" and value[:4] == sent.value[:4]:
                value = f"{int(value[:4]) + 1}{value[4:]}"  # the year is not repeated at the turn of the year
            draft.put("received", replace(found[0], value=value))
        elif sent and hour:
            low = match.start("when")
            draft.put("received", Found(sent.value, *trimmed(match.string, low, low + hour.end()), PROBABLE))

    def _ends_before(self, match: re.Match[str], place: int) -> bool:
        """Return whether a sentence ends between the words on the arrival and a place."""
        return (
            re.search(r"[a-z]{3}\.\s|m\.\s[A-Z](?!\w*\s\d)", match.string[match.start("when") : place])
            is not None
        )


def enclosures(document: TeiDocument) -> list[Found]:
    """Return the titles of the attachments; of one without a head the first words, which say what it is."""
    found, source = list[Found](), document.source
    for attachment in document.tagged("attachment"):
        heads = document.tagged("head", (attachment.start, attachment.end))
        if heads:
            found.append(source.found(*trimmed(source.plain, heads[-1].start, heads[-1].end)))
            continue
        line = next(iter(source.lines(attachment.start, attachment.end)), None)
        words = list(re.finditer(r"\S+", line.text))[:_MOST_WORDS] if line else []
        if line and words:
            found.append(source.found(line.start, line.start + words[-1].end()))
    return found
