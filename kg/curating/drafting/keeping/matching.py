"""Names of drafts matched to authorities: those of the collection, and others given as CSV or SSSOM.

A name is taken for a known thing only if it is written just as one of its names, but for case, marks and
order. What is merely alike is told, and stays apart until somebody decides.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kg.asking.reconciling.entities import Entities
from kg.asking.reconciling.match import FoundEntity
from kg.errors import CablegraphError
from kg.namespaces import CG, Namespaces
from kg.terms import folded, value

# The columns of a table of authorities that are read: the identifier, and the names.
_IDS = ("id", "identifier", "object_id", "uri")
_NAMES = ("name", "label", "subject_label", "object_label", "variant", "variants")
_SAME_SPELLING = (
    97.0  # the score of a name that is written as one of the thing's names; those below are alike
)
_LIKELY = 60  # the score from which a thing is told
# The holders of offices as documents of the collection have them, with the day of each document.
HOLDERS = f"""SELECT DISTINCT ?office ?holder ?day {{
  ?tenure a <{CG.Tenure}> ; <{CG.officeHolder}> ?holder ; <{CG.ofOffice}> ?office .
  ?tenure <{CG.attestedIn}>/<{CG.bestDate}>/<{CG.firstDay}> ?day }} ORDER BY ?office ?day ?holder"""
Reconcile = Callable[[Sequence[str]], list[list[FoundEntity]]]


@dataclass(frozen=True)
class NameMatch:
    """What a name may stand for: a thing if it is surely meant, else those that are called alike."""

    thing: str = ""
    alike: tuple[str, ...] = ()


def keyed(name: str) -> str:
    """Return a name for comparison: without case, accents, marks, and the order of its words."""
    return " ".join(sorted(re.findall(r"\w+", folded(name.replace(".", ". ")))))


def written_names(known: Entities) -> dict[str, str]:
    """Return the things of a collection by their names of several words as its documents write them.

    A name of two things is left out, and so is a single word, which may be another bearer's.
    """
    found: dict[str, set[str]] = {}
    for thing in known.things.values():
        for name in thing.names:
            if name.kind == "written" and len(name.text.split()) > 1:
                found.setdefault(keyed(name.text), set()).add(thing.id.replace("/", ":", 1))
    return {name: next(iter(things)) for name, things in found.items() if len(things) == 1}


def office_holders(rows: Iterable[Mapping[str, Any]], names: Namespaces) -> dict[str, list[str]]:
    """Return who holds each office, by its id, with the day of the document that says so.

    `rows` are those of `HOLDERS`.
    """
    found: dict[str, list[str]] = {}
    for row in rows:
        office, holder = (names.name(value(row[end])) for end in ("office", "holder"))
        told = f"{holder} (holds {office} in a document of {value(row['day'])})"
        found.setdefault(office, []).append(told.replace("/", ":", 1).replace("office/", "office:", 1))
    return found


def matches(
    names: Sequence[str],
    reconcile: Reconcile,
    others: Mapping[str, str],
    holders: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> dict[str, NameMatch]:
    """Return what each name stands for, by the collection first and then by the other authorities.

    `holders` are those of the offices of the collection: where a name is that of an office, they are told.
    """
    found = {}
    for name, candidates in zip(names, reconcile(names), strict=True):
        exact = [c.id.replace("/", ":", 1) for c in candidates if c.match and c.score >= _SAME_SPELLING]
        thing = exact[0] if exact else others.get(keyed(name), "")
        alike = tuple(
            f"{c.id.replace('/', ':', 1)} ({c.score:g})" for c in candidates[:3] if c.score >= _LIKELY
        )
        if thing.startswith("office:"):
            thing, alike = "", (f"{thing} (100)",)
        alike += tuple(told for c in candidates[:3] if c.score >= _LIKELY for told in holders.get(c.id, ()))
        found[name] = NameMatch(thing, () if thing else alike)
    return found


def read_authorities(files: Iterable[Path]) -> dict[str, str]:
    """Return the identifiers of tables of authorities by name; a name of two things is left out.

    Raises CablegraphError, with the file, if a table cannot be read or has no column of identifiers or names.
    """
    found: dict[str, set[str]] = {}
    for file in files:
        for row in _rows(file):
            identifier = next((row[key] for key in _IDS if row.get(key)), "")
            names = [name for key in _NAMES for name in re.split(r"[|;]", row.get(key) or "") if name.strip()]
            for name in names if identifier else ():
                found.setdefault(keyed(name), set()).add(identifier)
    return {name: next(iter(things)) for name, things in found.items() if len(things) == 1}


def _rows(file: Path) -> list[dict[str, str]]:
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CablegraphError(f"{file}: cannot be read: {error.strerror}; name a CSV or SSSOM file") from None
    except UnicodeDecodeError as error:
        raise CablegraphError(
            f"{file}: byte {error.start} is not valid UTF-8; save the table in UTF-8"
        ) from None
    lines = [line for line in text.splitlines() if not line.startswith("#")]  # the metadata of SSSOM
    delimiter = "\t" if lines and "\t" in lines[0] else ","
    reader = csv.DictReader(io.StringIO("\n".join(lines)), delimiter=delimiter)
    columns = set(reader.fieldnames or ())
    if not columns & set(_IDS) or not columns & set(_NAMES):
        raise CablegraphError(
            f"{file}:1: the table needs a column {' or '.join(_IDS)} and one {' or '.join(_NAMES)}"
        )
    return list(reader)
