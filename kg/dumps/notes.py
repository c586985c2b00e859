"""What a release says of what it lacks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.errors import DataError

_FINDINGS = 3  # shown of those that there are


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence for whoever takes the release, with the first findings of what is wrong, if any."""

    text: str
    findings: tuple[str, ...] = ()


def lacking(name: str, error: DataError) -> Note:
    """Return the note of a release without the files of the provider `name`, whom `error` stopped."""
    found = error.findings
    places = "one place" if len(found) == 1 else f"{len(found):,} places"
    return Note(
        f"The {name} are left out: the data do not fit them, in {places}.",
        tuple(str(finding) for finding in found[:_FINDINGS]),
    )


def many_layers(graphs: Sequence[str]) -> Iterator[Note]:
    """Return the note of a release in which `graphs` have no files of their own, or nothing for none."""
    if graphs:
        yield Note(
            f"{len(graphs):,} named graphs are too many for files of their own: they are in the whole graph, "
            "in .nq and .trig under their names, and a service gives each at /graphs?graph=IRI."
        )
