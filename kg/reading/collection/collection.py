"""The class Collection: the folders that a build reads, and what the collection says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from kg.errors import DataError, Finding, did_you_mean, near
from kg.namespaces import BASE, Namespaces
from kg.reading.collection import description
from kg.reading.collection.description import Description
from kg.reading.collection.folders import MergedFolder, RewrittenFile
from kg.resources import folder

# Folders of a collection whose files are added to those that came with cablegraph.
_ADDED = ("ontology", "shapes", "queries")
_QUERY = ".rq"


@dataclass(frozen=True)
class Collection:
    """The four folders that a build reads, and the description of the collection.

    `place` is the folder of the collection, or None for the one that came with cablegraph. `others` are read
    together with it; `kg.reading.collection.together` says how.
    """

    ontology: Traversable
    shapes: Traversable
    queries: Traversable
    records: Traversable
    about: Description
    place: Path | None = None
    others: tuple[Collection, ...] = ()

    @property
    def places(self) -> tuple[Path | None, ...]:
        """Return the folders of this collection and of those that are read together with it."""
        return (self.place, *(other.place for other in self.others))

    @cached_property
    def names(self) -> Namespaces:
        """Return the namespaces of the things of this collection."""
        return self.about.names

    @classmethod
    def shipped(cls) -> Collection:
        """Return the collection that came with cablegraph."""
        about = description.read(files("kg") / description.FILE)
        ontology, shapes, queries, records = map(folder, (*_ADDED, "records"))
        _check_questions(about, queries)
        return cls(ontology, shapes, queries, records, about)

    @classmethod
    def in_base(cls, base: str) -> Collection:
        """Return our ontology, shapes and queries in another base IRI, of data that nobody has described.

        The records stay ours.
        """
        ours = cls.shipped()
        if base == BASE:
            return ours
        about, rebased = description.undescribed(base), Namespaces(base).rebased
        ontology, shapes, queries = (RewrittenFile(folder(name), rebased) for name in _ADDED)
        return cls(ontology, shapes, queries, ours.records, about)

    @classmethod
    def at(cls, place: Path | None) -> Collection:
        """Return the collection in the folder `place`, or the one that came with cablegraph for None.

        Raises DataError if its `collection.yaml` is not valid or it has no folder `records`.
        """
        if place is None:
            return cls.shipped()
        about = description.read(place / description.FILE)
        records = place / "records"
        if not records.is_dir():
            raise DataError([Finding("records", 0, f"{place} has no folder of this name; make it")])
        ontology, shapes, queries = (_added(place, name, Namespaces(about.base)) for name in _ADDED)
        _check_questions(about, queries)
        return cls(ontology, shapes, queries, records, about, place.resolve())


def _check_questions(about: Description, queries: Traversable) -> None:
    """Raise DataError if the description chooses a question for the front page that is not there."""
    known = {file.name.removesuffix(_QUERY) for file in queries.iterdir() if file.name.endswith(_QUERY)}
    wrong = [chosen.name for chosen in about.pages.questions if chosen.name not in known]
    if wrong:
        raise DataError(Finding(description.FILE, 0, _no_question(name, known)) for name in wrong)


def _no_question(name: str, known: set[str]) -> str:
    instead = did_you_mean(near(name, known)) or "`cablegraph query` lists all"
    return f"there is no saved question {name!r}; {instead}"


def _added(place: Path, name: str, names: Namespaces) -> Traversable:
    """Return our folder `name`, in the base IRI of the collection, with the collection's own files."""
    ours: Traversable = folder(name)
    if names.base != BASE:
        ours = RewrittenFile(ours, names.rebased)
    own = place / name
    return MergedFolder(name, (ours, own)) if own.is_dir() else ours
