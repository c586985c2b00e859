"""Saved queries: `queries/NAME.rq`, each one question that runs as it lies there in any engine."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources.abc import Traversable

from kg.errors import UnknownNameError
from kg.rules import header


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """One saved query: its name, what its header says, and its SPARQL text, header included."""

    name: str
    title: str
    question: str
    why: str
    tags: tuple[str, ...]
    text: str


def load(folder: Traversable) -> dict[str, SavedQuery]:
    """Return the saved queries of `folder` by name, in the order of names."""
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".rq")), key=lambda f: f.name)
    return {query.name: query for query in map(_read, files)}


def find(folder: Traversable, name: str) -> SavedQuery:
    """Return the saved query `name`; raises UnknownNameError, with near names, if there is none."""
    known = load(folder)
    if name not in known:
        raise UnknownNameError("saved query", name, known)
    return known[name]


def _read(file: Traversable) -> SavedQuery:
    text = file.read_text(encoding="utf-8")
    head = header(text)
    return SavedQuery(
        file.name.removesuffix(".rq"), head["title"], head["question"], head["why"], tuple(head["tags"]), text
    )
