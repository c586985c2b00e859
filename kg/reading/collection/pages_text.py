"""What a collection says on its own pages: subject, questions to begin with, contact, sections on itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

TEXTS = ("subject", "contact")
QUESTIONS = "questions"
SECTIONS = ("sections", "quality")  # headings with texts
KEYS = (*TEXTS, QUESTIONS, *SECTIONS)
MOST = 5  # questions to begin with
_ENTRY = ("name", "asks", "with")
_AS_IN = "as in `- {name: silent-or-absent, asks: Who kept silent?}`"


@dataclass(frozen=True, slots=True)
class ChosenQuestion:
    """A saved question that the front page asks in words of the collection.

    `asks` is empty for the words of the question itself, `given` has values of its parameters.
    """

    name: str
    asks: str = ""
    given: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PagesText:
    """What a collection says on its pages; each part may be empty.

    `subject` is the heading of the front page, `contact` says how to reach the curator, `questions` are those
    to begin with, in the order of a story. `sections` are headings with their texts, for the page about the
    collection, `quality` such for the page about the quality of its data; an empty line begins a paragraph.
    """

    subject: str = ""
    contact: str = ""
    questions: tuple[ChosenQuestion, ...] = ()
    sections: tuple[tuple[str, str], ...] = ()
    quality: tuple[tuple[str, str], ...] = ()


NOTHING = PagesText()


def read(values: Mapping[str, Any]) -> PagesText:
    """Return the text in the keys of a `collection.yaml`, which have no problems."""
    subject, contact = (values.get(key, "").strip() for key in TEXTS)
    questions = tuple(
        ChosenQuestion(entry["name"], entry.get("asks", ""), tuple(entry.get("with", {}).items()))
        for entry in values.get(QUESTIONS, ())
    )
    sections, quality = (tuple(values.get(key, {}).items()) for key in SECTIONS)
    return PagesText(subject, contact, questions, sections, quality)


def problems(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each wrong key with what is wrong with it."""
    for key in TEXTS:
        if not isinstance(values.get(key, ""), str):
            yield key, f"{key} takes one text"
    for key in SECTIONS:
        if not _texts_by_text(values.get(key, {})):
            yield key, f"{key} takes headings, each with a text, as in `Rights of the texts: They are free.`"
    yield from ((QUESTIONS, text) for text in _question_problems(values.get(QUESTIONS, [])))


def _question_problems(entries: object) -> Iterator[str]:
    if not isinstance(entries, list) or len(entries) > MOST:
        yield f"questions takes a list of at most {MOST} saved questions, {_AS_IN}"
        return
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, dict) or not set(entry) <= set(_ENTRY) or not entry.get("name"):
            yield f"question {number} takes name, asks and with, {_AS_IN}"
        elif not all(isinstance(entry.get(key, ""), str) for key in ("name", "asks")):
            yield f"question {number} takes a text for name and asks, {_AS_IN}"
        elif not _texts_by_text(entry.get("with", {})):
            yield f"question {number} takes values by parameter, as in `with: {{issue: issue:one}}`"


def _texts_by_text(given: object) -> bool:
    return isinstance(given, dict) and all(isinstance(one, str) for pair in given.items() for one in pair)
