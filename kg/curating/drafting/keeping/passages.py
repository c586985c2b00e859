"""Passages of drafts: each line of the text with its voice, and the anchors of what was found."""

from __future__ import annotations

import re
from dataclasses import dataclass

from anyascii import anyascii

from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.source.found import Found

MOST_WORDS = 10  # of a quotation
RENDERING = "rendering/found-text"
Record = dict[str, object]


@dataclass(frozen=True, slots=True)
class DraftPassage:
    """One line of a text: its name in the record folder, its voice and its bounds."""

    name: str
    voice: str
    ordinal: int
    start: int
    end: int

    def as_record(self, document: str) -> Record:
        """Return the record of the passage; one of the archive's page renders no document."""
        rendered = {} if self.voice == "archive" else {"renders": document}
        return {
            "type": "Passage",
            "passageOf": RENDERING,
            **rendered,
            "voice": self.voice,
            "ordinal": self.ordinal,
            "start": self.start,
            "end": self.end,
        }


def passages_of(draft: Draft) -> list[DraftPassage]:
    """Return the passages of a draft, in the order of the text."""
    counts: dict[str, int] = {}
    found = []
    for line in draft.source.lines():
        voice, prefix = _voice(draft, line.start)
        counts[prefix] = counts.get(prefix, 0) + 1
        found.append(DraftPassage(f"{prefix}-{counts[prefix]}", voice, counts[prefix], line.start, line.end))
    return found


def _voice(draft: Draft, start: int) -> tuple[str, str]:
    """Return whose words a line has, and how its passage is called."""
    low, high = draft.body
    title = draft.single.get("title")
    if low <= start < draft.form_end:
        return "header", "header"
    if low <= start < high:
        return "writer", "body"
    if start >= high:
        return "archive", "after"
    if title and start <= max(title.start, 0):
        return "archive", "archive"
    return "header", "header"


def anchored(draft: Draft, passages: list[DraftPassage], found: Found) -> Record | None:
    """Return the anchor of a value in the passage that has it; None if no single passage does."""
    for passage in passages:
        if passage.start <= found.start < found.end <= passage.end:
            end = found.start + _words(draft.source.text[found.start : found.end])
            quote = draft.source.text[found.start : end]
            return {"in": f"passage/{passage.name}", "quote": quote, "start": found.start, "end": end}
    return None


def _words(text: str) -> int:
    """Return the length of as many words of a text as a quotation may have."""
    ends = [match.end() for match in re.finditer(r"\S+", text)]
    return ends[min(len(ends), MOST_WORDS) - 1] if ends else len(text)


def slug_of(text: str) -> str:
    """Return a text as the last part of an identifier."""
    plain = "".join(c if c.isalnum() else "-" for c in anyascii(text).lower() if c not in "'’")
    return "-".join(filter(None, plain.split("-")))[:60].strip("-") or "unnamed"


def unique(names: set[str], name: str) -> str:
    """Return a name that none of `names` has, and add it."""
    candidate, n = name, 1
    while candidate in names:
        n += 1
        candidate = f"{name}-{n}"
    names.add(candidate)
    return candidate
