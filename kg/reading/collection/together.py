"""Several collections read together: each keeps its own base IRI, the first gives title and prefixes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.resources.abc import Traversable
from pathlib import Path

import pyoxigraph as ox

from kg.errors import DataError, Finding
from kg.reading.collection import description
from kg.reading.collection.collection import Collection
from kg.reading.collection.folders import MergedFolder
from kg.resources import listed

SHIPPED = "shipped"  # stands for the collection that came with cablegraph, where there is no such folder


def read(places: Sequence[Path | None]) -> Collection:
    """Return the collection in the first of `places`, with those in the others read together with it.

    None, or the name `shipped`, stands for the collection that came with cablegraph, which is also read where
    there are no `places`. Raises DataError if one is not valid, or if two have a base or an identifier in
    common.
    """
    found = [Collection.at(None if _is_shipped(place) else place) for place in places or (None,)]
    first, others = found[0], tuple(found[1:])
    if not others:
        return first
    findings = [*_equal_bases(found), *_equal_identifiers(found)]
    if findings:
        raise DataError(findings)
    about = replace(first.about, others=tuple(other.about for other in others))
    return replace(first, about=about, queries=_all_questions(first, others), others=others)


def again(collection: Collection) -> Collection:
    """Return `collection` read anew, as its files may have changed."""
    return read(collection.places)


def _is_shipped(place: Path | None) -> bool:
    return place is None or (str(place) == SHIPPED and not place.exists())


def _all_questions(first: Collection, others: Sequence[Collection]) -> Traversable:
    """Return the folder of the questions and rules of the first collection, with those of the others."""
    own = [other.place / "queries" for other in others if other.place]
    return MergedFolder("queries", (first.queries, *(folder for folder in own if folder.is_dir())))


def _equal_bases(collections: Sequence[Collection]) -> Iterator[Finding]:
    """Yield each base that is that of an earlier collection, or within it, with what to write."""
    for n, collection in enumerate(collections):
        for earlier in collections[:n]:
            one, other = collection.about.base, earlier.about.base
            if one.startswith(other) or other.startswith(one):
                text = f"the base <{one}> is, or is within, <{other}>, that of {_shown(earlier)}; "
                text += f"write another, as in `base: {one.rstrip('/')}-2/`"
                yield Finding(_file(collection, description.FILE), _line_of_base(collection), text)


def _line_of_base(collection: Collection) -> int:
    if collection.place is None:
        return 0
    lines = (collection.place / description.FILE).read_text("utf-8").splitlines()
    return next((n for n, line in enumerate(lines, 1) if line.startswith("base:")), 0)


def _equal_identifiers(collections: Sequence[Collection]) -> Iterator[Finding]:
    """Yield each term that two collections add to the ontology and describe differently."""
    known: dict[str, tuple[frozenset[str], str]] = {}
    for collection in collections:
        for file, term, described in _own_terms(collection):
            earlier, where = known.setdefault(term, (described, file))
            if earlier != described:
                text = f"<{term}> is described differently in {where}; give one of the two another name"
                yield Finding(file, 0, text)


def _own_terms(collection: Collection) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yield file, IRI and statements of each term that a collection adds to the ontology."""
    folder = collection.place / "ontology" if collection.place else None
    for file in listed(folder, ".ttl") if folder and folder.is_dir() else ():
        try:
            triples = list(ox.parse(file.read_bytes(), ox.RdfFormat.TURTLE))
        except SyntaxError:  # the build says where
            continue
        for subject in dict.fromkeys(t.subject for t in triples if isinstance(t.subject, ox.NamedNode)):
            said = frozenset(f"{t.predicate} {t.object}" for t in triples if t.subject == subject)
            yield _file(collection, f"ontology/{file.name}"), subject.value, said


def _shown(collection: Collection) -> str:
    return str(collection.place or "the collection that came with cablegraph")


def _file(collection: Collection, name: str) -> str:
    return f"{collection.place}/{name}" if collection.place else name
