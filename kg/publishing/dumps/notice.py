"""Licence and citation of a release, in the forms that its files take, and notes on what it lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import yaml

from kg.errors import DataError
from kg.namespaces import BASE
from kg.resources import document
from kg.store.layers import AUTHOR, LICENCE, TITLE

SHOWN = 16  # digits of a data version that tell it from every other; the name of its release
ADDRESS = f"{BASE}dumps/"
_FINDINGS = 3  # shown of those that there are


def citation(version: str) -> str:
    """Return how data of `version` are cited, in one line."""
    short = version[:SHOWN]
    return f"{AUTHOR}. {TITLE}. Data version {short}. {ADDRESS}{short}/"


def lines(title: str, version: str) -> tuple[str, ...]:
    """Return what the head of a file says: what it is, of which data, its licence, how to cite it.

    A title comes from the data, so that only its printable characters are taken: none may end the comment.
    """
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in title).split())
    return (
        f"{plain}. {TITLE}.",
        f"Data version: {version}",
        f"Licence: {LICENCE}",
        f"Cite as: {citation(version)}",
    )


def hashed(title: str, version: str) -> bytes:
    """Return the notice as comment lines of Turtle, N-Triples, TriG and SPARQL."""
    return "".join(f"# {line}\n" for line in lines(title, version)).encode()


def marked_up(title: str, version: str) -> bytes:
    """Return the notice as a comment of XML, which has no double hyphen in it (XML 1.0 section 2.5)."""
    text = re.sub("-(?=-)", "- ", "\n".join(lines(title, version)))
    return f"<!--\n{text}\n-->\n".encode()


def citation_file(version: str) -> bytes:
    """Return CITATION.cff for data of `version` (Citation File Format 1.2.0)."""
    content = yaml.safe_load(document("CITATION.cff").read_text(encoding="utf-8"))
    content["version"] = version
    content["url"] = f"{ADDRESS}{version[:SHOWN]}/"
    content["message"] = "Please cite the title with the data version."
    content["license"] = "CC-BY-4.0"
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100).encode()


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
