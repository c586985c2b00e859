"""Kinds of whole lines between title and body: furniture of a page, readers, subjects, and what is odd."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from kg.curating.drafting.finding.word_tables import WordTables, alternatives
from kg.curating.drafting.heads.title_grammar import TitleReader
from kg.curating.drafting.source.found import TextLine

_CAPITAL = r"[A-ZА-ЯЁ][\w.'-]*"
_TO_LINE = re.compile(
    rf"To:?\s+(?:the\s+)?(?P<to>{_CAPITAL}(?:,?\s(?:of|for|in|to|the|and|{_CAPITAL}))*?)"
    r"(?:,?\s(?:with\s(?:an?\s)?)?cop(?:y|ies)\b.{0,100})?[:.,]?",
    re.DOTALL,
)
_INITIALS = r"(?:[A-Z][a-z]?\.\s?){1,2}"
_ADDRESSED = re.compile(
    rf"(?:Cde|Comrade|Comr|Com|Tov)s?\.?\s(?P<name>{_INITIALS}[A-Z][\w-]+|[A-Z][\w-]{{2,}}(?:\s{_INITIALS})?)(?=[;,.:]|\s*$|\sand\s)"
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+$")
_SUBJECT = 80  # characters of a subject in capitals


@dataclass(frozen=True)
class LineKinds:
    """Tells lines of a head by the tables of forms and labels."""

    tables: WordTables
    titles: TitleReader

    @cached_property
    def _furniture(self) -> frozenset[str]:
        return frozenset(self.tables["forms"]["furniture"])

    @cached_property
    def _readers(self) -> re.Pattern[str]:
        words = alternatives(self.tables["labels"]["readers"])
        phrases = alternatives(self.tables["labels"]["circulated"])
        return re.compile(rf"(?:(?:{words})\s*:|(?:{phrases})\b)\s*\S", re.IGNORECASE)

    def is_aside(self, line: TextLine, title: str) -> bool:
        """Return whether a line is none of the document's head: of the page, or of those who read it."""
        return self.is_furniture(line, title) or self.names_readers(line)

    def is_furniture(self, line: TextLine, title: str) -> bool:
        """Return whether a line belongs to the page: furniture, credits, an address, or the title again."""
        plain = re.sub(r"\s+", " ", line.text.lower()).strip(" •")
        if plain in self._furniture or plain.startswith(("this document was made possible", "credits:")):
            return True
        if _ADDRESS.match(plain) or (title and plain.startswith(title.lower()[:60])):
            return True
        again = self.titles.read(line.text, line.start) if len(line.text) < 300 else None
        return again is not None and bool(again.senders or again.recipients)

    def names_readers(self, line: TextLine) -> bool:
        """Return whether a line says who is to read the text, or has read it; these are no addressees."""
        return len(line.text) < 200 and bool(self._readers.match(line.text))

    def _persons_addressed(self, line: TextLine) -> list[tuple[int, int]]:
        """Return the bounds of each person whom a line alone addresses: `Cde. A. Lind; Cde. B. Falk`."""
        names = [match.span("name") for match in _ADDRESSED.finditer(line.text)]
        rest = re.sub(r"[\s;,.:]|\b(?:and|to|To)\b", "", _ADDRESSED.sub("", line.text))
        return [(line.start + low, line.start + high) for low, high in names] if not rest else []

    def addressees(self, line: TextLine) -> list[tuple[int, int]]:
        """Return the bounds of those whom a line alone addresses, as in `To the Foreign Ministry:`."""
        match = _TO_LINE.fullmatch(line.text) if len(line.text) < 160 else None
        party = self.titles.parties.read(match["to"]) if match else None
        named = party and (party.role or self.titles.parties.is_organisation(party.name))
        if match and named:
            return [(line.start + match.start("to"), line.start + match.end("to"))]
        return self._persons_addressed(line)

    def has_label(self, line: TextLine) -> bool:
        """Return whether a line begins with the label of a side, whose value the reader of forms takes."""
        return len(line.text) < 160 and bool(
            re.match(r"(?:From|To|Copy|Copies|Info)\s*:\s*\S", line.text, re.I)
        )

    def is_subject(self, line: TextLine) -> bool:
        """Return whether a line is a subject: some words in capitals, as typists set it above a text."""
        words = line.text.split()
        return (
            1 < len(words) < 12 and len(line.text) < _SUBJECT and line.text.isupper() and words[0].isalpha()
        )

    def is_odd(self, line: TextLine) -> bool:
        """Return whether a line is too short and too unlike a sentence to be of the body."""
        short = len(line.text) < 45 and len(line.text.split()) < 7
        return short and not re.search(r"[.!?:;]\"?$|^\d+\.", line.text)
