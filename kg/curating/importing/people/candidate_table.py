"""The table of candidates in SSSOM/TSV: a row for each pair, with its evidence, for a person to decide."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from kg.curating.importing.people.candidates import PeoplePair
from kg.curating.importing.people.named_people import NamedPerson, offices_of
from kg.errors import CablegraphError
from kg.namespaces import CG
from kg.resources import write_atomically

_SIDES = ("subject", "object")
_EVIDENCE = ("names", "offices", "years", "documents")
COLUMNS = (
    *(f"subject_{name}" for name in ("id", "label")),
    "predicate_id",
    "predicate_modifier",
    *(f"object_{name}" for name in ("id", "label")),
    "mapping_justification",
    "author_label",
    "reviewer_label",
    "mapping_date",
    "similarity_score",
    *(f"ext_{side}_{name}" for side in _SIDES for name in _EVIDENCE),
    "comment",
)
PROPOSED = "semapv:CompositeMatching"
_MOST = 4  # names and offices that a row shows


def write(file: Path, found: Iterable[PeoplePair], base: str, day: str) -> None:
    """Write the candidates; raises CablegraphError if the file is there, for it may hold a person's words."""
    refuse_overwriting(file)
    text = io.StringIO()
    for line in yaml.safe_dump(_header(base), sort_keys=False, allow_unicode=True, width=110).splitlines():
        text.write(f"#{line}\n")
    table = csv.DictWriter(text, COLUMNS, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE)
    table.quotechar = None  # type: ignore[attr-defined]
    table.writeheader()
    for one in found:
        table.writerow({key: _cell(value) for key, value in _row(one, day).items()})
    write_atomically(file, text.getvalue().encode())


def refuse_overwriting(file: Path) -> None:
    """Raise CablegraphError if the file is there."""
    if file.exists():
        raise CablegraphError(f"{file}: this file is there, and may hold decisions; name another")


def _header(base: str) -> Mapping[str, object]:
    """Return what SSSOM wants to be told before the table, and how to decide."""
    said = "Proposals of a program by name, office and time. To confirm a row, write your name under "
    said += "reviewer_label; to deny it, also write Not under predicate_modifier; leave others as they are."
    names = [f"ext_{side}_{name}" for side in _SIDES for name in _EVIDENCE]
    return {
        "sssom_version": "1.1",
        "mapping_set_id": f"{base}graph/people-candidates",
        "mapping_set_title": "People who may be one and the same",
        "mapping_set_description": said,
        "license": "https://w3id.org/sssom/license/unspecified",
        "curie_map": {
            "actor": f"{base}id/actor/",
            "cg": str(CG),
            "semapv": "https://w3id.org/semapv/vocab/",
            "skos": "http://www.w3.org/2004/02/skos/core#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "extension_definitions": [
            {"slot_name": name, "property": "cg:note", "type_hint": "xsd:string"} for name in names
        ],
    }


def _row(found: PeoplePair, day: str) -> Mapping[str, str]:
    row = {"predicate_id": "skos:exactMatch", "mapping_justification": PROPOSED, "mapping_date": day}
    row |= {"author_label": "cablegraph import, a program", "similarity_score": f"{found.score:.2f}"}
    for side, one in zip(_SIDES, (found.one, found.other), strict=True):
        row |= {f"{side}_id": f"actor:{one.key}", f"{side}_label": one.label}
        row |= {f"ext_{side}_{name}": text for name, text in _evidence(one).items()}
    return row | {"comment": "; ".join(found.why)}


def _evidence(one: NamedPerson) -> Mapping[str, str]:
    offices = dict.fromkeys(offices_of(one))
    return {
        "names": "; ".join(sorted(one.names)[:_MOST]),
        "offices": "; ".join(list(offices)[:_MOST]),
        "years": one.years_shown,
        "documents": str(one.documents),
    }


def _cell(text: str) -> str:
    """Return a text that may stand in a cell: on one line, without tabs, no quotation mark at its start."""
    return " ".join(text.split()).lstrip('"')
