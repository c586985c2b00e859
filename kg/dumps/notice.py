"""Licence and citation of a release, in the forms that its files take."""

from __future__ import annotations

import re

import yaml

from kg.meta import AUTHOR, LICENCE, TITLE
from kg.namespaces import BASE
from kg.resources import document

SHOWN = 16  # digits of a data version that tell it from every other; the name of its release
ADDRESS = f"{BASE}dumps/"


def citation(version: str) -> str:
    """Return how data of `version` are cited, in one line."""
    short = version[:SHOWN]
    return f"{AUTHOR}. {TITLE}. Data version {short}. {ADDRESS}{short}/"


def lines(title: str, version: str) -> tuple[str, ...]:
    """Return what the head of a file says: what it is, of which data, its licence, how to cite it.

    A title comes from the data, so that only its printable signs are taken: none may end the comment.
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
