"""What was found in a text: a value with its place and how sure it is, and the text that places count in.

Places are code points of the text in Unicode form NFC. Texts are cleaned for matching without changing their
length, so that a place in the one is the same place in the other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

_SHORT = 50  # characters of a line that is not broken because it is full
CERTAIN, PROBABLE, POSSIBLE = "certain", "probable", "possible"
# Characters that are written for each other; each stands for one character, so that places stay.
_ALIKE = str.maketrans(
    {
        **dict.fromkeys(
            "\r\t\v\f\u00a0\u2000\u2001\u2002\u2003\u2007\u2009\u202f\u3000\ufeff\u200b\u00ad", " "
        ),
        **dict.fromkeys("\u2028\u2029", "\n"),
        **dict.fromkeys("\u2018\u2019\u201b\u02bc\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    }
)


@dataclass(frozen=True, slots=True)
class Found:
    """One value with its place in the text; a place of -1 says that it stands outside of the text."""

    value: str
    start: int = -1
    end: int = -1
    certainty: str = CERTAIN

    def less_sure(self, certainty: str) -> Found:
        """Return the same with another certainty."""
        return replace(self, certainty=certainty)


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line without the white space around it; empty lines are none."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class SourceText:
    """A text in NFC, the same text cleaned for matching, and what differs from the form of other copies."""

    text: str
    remarks: tuple[str, ...] = ()
    plain: str = field(default="", compare=False)

    @classmethod
    def of(cls, text: str, remarks: Iterable[str] = ()) -> SourceText:
        """Return the text with its cleaned form; a text that is not in NFC becomes so, and is told."""
        nfc = unicodedata.normalize("NFC", text)
        told = [
            *remarks,
            *(["not in the Unicode form NFC; places count code points of NFC"] if nfc != text else []),
        ]
        return cls(nfc, tuple(told), nfc.translate(_ALIKE))

    def lines(self, start: int = 0, end: int | None = None) -> list[TextLine]:
        """Return the lines between two places, without empty ones."""
        return list(_lines(self.plain, start, len(self.plain) if end is None else end))

    def found(self, start: int, end: int, certainty: str = CERTAIN) -> Found:
        """Return what stands between two places, as it is written, with single spaces."""
        return Found(single_spaced(self.text[start:end]), start, end, certainty)


def single_spaced(text: str) -> str:
    """Return the text with single spaces in place of white space, and without it at the ends."""
    return " ".join(text.split())


def trimmed(text: str, start: int, end: int, around: str = " \n\t") -> tuple[int, int]:
    """Return the bounds without the characters `around` at either end."""
    while start < end and text[start] in around:
        start += 1
    while end > start and text[end - 1] in around:
        end -= 1
    return start, end


def _lines(plain: str, start: int, end: int) -> Iterator[TextLine]:
    for match in re.finditer(r"[^\n]+", plain[start:end]):
        low, high = trimmed(plain, start + match.start(), start + match.end())
        if low < high:
            yield TextLine(low, high, plain[low:high])


def flowing(source: SourceText) -> SourceText:
    """Return a text in which a line end is a space where a sentence goes on over it, and a bar elsewhere.

    Lines are broken in sentences where they are long; names do not go on from a short line to the next one.
    """
    lines, parts = source.plain.split("\n"), []
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        goes_on = len(line) > _SHORT and after.strip() and not line.rstrip().endswith((".", ":", "?", "!"))
        parts.append(line + (" " if goes_on else "\x02"))
    return SourceText(source.text, source.remarks, "".join(parts)[: len(source.plain)])
