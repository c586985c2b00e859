"""A candidate with what people and programs want to know of it."""

from __future__ import annotations

from dataclasses import dataclass

from kg.namespaces import ID
from kg.reconciling.queries import Candidate
from kg.reconciling.things import Things

WIKIDATA = "wikidata"  # the property with this id


@dataclass(frozen=True, slots=True)
class Found:
    """A thing that a name may stand for.

    `id` is its name below `iri`'s namespace, `score` from 0 to 100, `match` whether it is surely
    the one; `wikidata` is its number there, empty if the graph links none or several.
    """

    id: str
    name: str
    score: float
    match: bool
    types: tuple[str, ...]
    description: str
    wikidata: str

    @property
    def iri(self) -> str:
        """Return the IRI of the thing."""
        return f"{ID}{self.id}"


def found(things: Things, candidate: Candidate, language: str = "en") -> Found:
    """Return `candidate` with its name and description in `language`, where there are."""
    thing = things.things[candidate.id]
    numbers = things.of(thing.id, WIKIDATA)
    return Found(
        id=thing.id,
        name=thing.label(language),
        score=candidate.score,
        match=candidate.match,
        types=thing.types,
        description=things.description(thing, language),
        wikidata=numbers[0].text if len(numbers) == 1 else "",
    )
