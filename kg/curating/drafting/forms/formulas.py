"""Formulas of courtesy: what they call a document, and the two sides that they name.

A note presents compliments, a despatch has the honour to report, a letter begins with Dear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from kg.curating.drafting.finding.name_forms import tidy
from kg.curating.drafting.finding.word_tables import WordTables, alternatives
from kg.curating.drafting.heads.parties import Party
from kg.curating.drafting.source.found import PROBABLE, Found, SourceText, TextLine

_NOTE = re.compile(
    r"(?:The\s+|La\s+|El\s+)?(?P<from>[A-ZÁÉÍÓÚА-Я][^.;]{5,140}?)\s+(?:presents?\s+(?:its|his|her|their)\s+(?:best\s+)?"
    r"compliments\s+to\s+(?:the\s+)?|saluda\s+(?:muy\s+)?atentamente\s+a(?:l|\s+la)?\s+|свидетельствует\s+сво[её]\s+уважение\s+)"
    r"(?P<to>[^.;]{5,140}?)(?=,|\s+(?:and|y|и)(?:,|\s+(?:has|have|with|begs|informs?|wishes|tiene|имеет)\b))"
)
_HONOUR = re.compile(
    r"^\s*(?:Sir|My Lord|Excellency|Madam),\s*$|I have the hono(?:u)?r to (?:be|report)\b", re.MULTILINE
)
_DEAR = re.compile(
    r"^\s*(?:My\s)?(?:Dear\s[A-Z][\w .'-]{1,50}"
    r"|Estimado\s\w[\w .]{1,50}|Уважаемый\s[\w .]{2,50}!?)[:,!]?\s*$",
    re.MULTILINE,
)
_POSTCODE = re.compile(r"[A-Z]{1,2}\.?(?:[A-Z]\.?)?\s?\d{1,2}\.?$|etc\.?$|D\.\s?C\.?$|M\.P\.?$")


@dataclass(frozen=True)
class Courtesy:
    """What a formula says: the kind of document, the sides, and whether someone signed."""

    kind: Found | None = None
    senders: tuple[Party, ...] = ()
    recipients: tuple[Party, ...] = ()


@dataclass(frozen=True)
class FormulaReader:
    """Reads formulas of courtesy."""

    tables: WordTables

    @cached_property
    def _closing(self) -> re.Pattern[str]:
        words = alternatives(self.tables["labels"]["closings"])
        return re.compile(rf"(?:your\s+(?:most\s+)?)?(?:{words})[,.]?", re.IGNORECASE)

    @cached_property
    def _honour(self) -> re.Pattern[str]:
        return re.compile(
            rf"^(?:The\s)?(?:{alternatives(self.tables['labels']['honours'])})\.?,?\s*", re.IGNORECASE
        )

    def read(self, source: SourceText) -> Courtesy:
        """Return what the first formula of the text says."""
        text = re.sub(r"\n(?=[ ]*\S)", " ", source.plain)  # places stay
        note = _NOTE.search(text)
        if note:
            return Courtesy(
                source.found(note.start("from"), note.end()).less_sure(PROBABLE),
                (_side(source, note, "from"),),
                (_side(source, note, "to"),),
            )
        lines = source.lines()
        at = next((n for n, line in enumerate(lines) if self._closing.fullmatch(line.text)), None)
        dear, honour = _DEAR.search(source.plain), _HONOUR.search(source.plain)
        opening = honour or dear
        if at is None or opening is None:
            return Courtesy()
        kind = Found("despatch" if honour else "letter", *opening.span(), PROBABLE)
        signed, below = lines[at + 1 : at + 2], lines[at + 2 :]
        senders = tuple(Party(tidy(line.text), "", "", line.start, line.end, PROBABLE) for line in signed)
        return Courtesy(kind, senders, tuple(self._addressee(below)))

    def _addressee(self, below: list[TextLine]) -> list[Party]:
        """Return the one to whom the address below the signature is written, if there is one."""
        lines = [
            line for line in below if not re.match(r"(?:Enclosures?|Encl|Copies|cc|P\.S)\b", line.text, re.I)
        ]
        lines = [line for line in lines if line.text.upper() != line.text or len(line.text.split()) > 3]
        if len(lines) < 2:
            return []
        joined = ", ".join(self._honour.sub("", line.text).strip(" ,.") for line in lines)
        joined = re.sub(r",\s(?=for\b|of\b|to\b)", " ", joined)
        parts = [
            part.strip(" .")
            for part in joined.split(",")
            if part.strip(" .") and not _POSTCODE.search(part.strip())
        ]
        if not parts:
            return []
        place = parts[-1] if len(parts) > 1 else ""
        role = parts[1] if len(parts) > 2 else ""
        name = re.sub(r"^The\s", "", parts[0])
        return [Party(name, role, place, lines[0].start, lines[-1].end, PROBABLE)]


def _side(source: SourceText, match: re.Match[str], side: str) -> Party:
    found = source.found(*match.span(side))
    return Party(found.value, "", "", found.start, found.end)
