"""Marks of a head: classification, priority, copy number; as they are written, with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from kg.curating.drafting.finding.word_tables import WordTables, alternatives
from kg.curating.drafting.source.found import Found, SourceText, single_spaced

MARK_KINDS = ("classification", "priority")


@dataclass(frozen=True)
class MarkFinder:
    """Finds marks by the table of their words."""

    tables: WordTables

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Return the kind of each mark, in lower case."""
        return {phrase.lower(): kind for kind in MARK_KINDS for phrase in self.tables["marks"][kind]}

    @cached_property
    def mark(self) -> re.Pattern[str]:
        """Return the pattern of one mark, with its letters spaced or not."""
        spaced = (
            r"\s".join(word.upper())
            for phrase in self.kinds
            for word in [phrase.replace(" ", "")]
            if word.isalpha()
        )
        longest = sorted(set(spaced), key=len, reverse=True)
        return re.compile(rf"(?:(?i:{alternatives(self.kinds)})|{'|'.join(longest)})(?!\w)(?!-\w)")

    @cached_property
    def copy_number(self) -> re.Pattern[str]:
        """Return the pattern of the number of a copy."""
        words = alternatives(self.tables["marks"]["copy"])
        return re.compile(
            rf"(?:{words})\.?\s*(?:\#|№|no\.?|n\.?[ºo°]\.?)?\s*(?P<number>\d{{1,4}})(?![\d/])", re.I
        )

    def kind_of(self, written: str) -> str:
        """Return whether a mark is of classification or priority; an empty text for what is no mark."""
        plain = single_spaced(written).lower()
        joined = {phrase.replace(" ", ""): kind for phrase, kind in self.kinds.items()}
        return self.kinds.get(plain) or (joined.get(plain.replace(" ", ""), ""))

    def listed(self, source: SourceText, start: int, end: int) -> Iterator[tuple[str, Found]]:
        """Yield the marks of a list such as `Secret; Niact.`, whose parts are nothing but marks."""
        for part in re.finditer(r"[^;.\n]+", source.plain[start:end]):
            low, high = start + part.start(), start + part.end()
            low += len(part.group()) - len(part.group().lstrip())
            kind = self.kind_of(source.plain[low:high])
            if kind:
                yield kind, source.found(low, low + len(part.group().strip()))


def unspaced_mark(written: str) -> str:
    """Return a mark with its letters joined where they are spaced, as in S P E C I A L."""
    letters = written.split()
    return "".join(letters) if len(letters) > 3 and all(len(letter) == 1 for letter in letters) else written
