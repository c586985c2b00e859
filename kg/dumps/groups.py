"""The groups that the files of a release fall into: their titles, and for whom they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Group:
    """One group of files: what it is, who wants it, and the folder of its files where it is not its name."""

    title: str
    audience: str
    folder: str = ""


# In the order in which they are shown.
GROUPS: Mapping[str, Group] = MappingProxyType(
    {
        "whole": Group("Whole graph", "For everybody: all that is recorded and all that follows from it."),
        "asserted": Group(
            "Asserted only", "For those who reason themselves: what curators recorded, nothing inferred."
        ),
        "inferred": Group(
            "Inferences only", "What follows by OWL 2 RL and by rules; load it beside what is asserted."
        ),
        "ontology": Group("Ontology", "For modellers: classes, properties, concepts and their alignment."),
        "shapes": Group("Shapes", "For those who add records or check data of their own (SHACL)."),
        "csv": Group("Tables", "For spreadsheets, pandas and R: CSV with a description; no RDF needed."),
        "sqlite": Group("SQLite", "All tables in one file, for SQL and Datasette; no RDF needed."),
        "links": Group("Links", "For those who link catalogues: what is the same in Wikidata and elsewhere."),
        "projections": Group("Projections", "The same content in the vocabularies of other communities."),
        "networks": Group("Networks", "For tools that draw and measure networks.", "projections/network"),
        "layers": Group(
            "Layers", "One named graph a file: each telegram by itself, and what it is joined by."
        ),
        "queries": Group("Saved queries", "SPARQL files that run as they are, in any engine."),
        "about": Group("About this release", "Contents, citation, licence, checksums."),
    }
)


def of_path(path: str) -> str:
    """Return the group of a file at `path`: that of its folder, else its first folder, `about` in none."""
    own = (name for name, told in GROUPS.items() if told.folder and path.startswith(f"{told.folder}/"))
    first, slash, _ = path.partition("/")
    return next(own, first if slash else "about")


def group(name: str) -> Group:
    """Return the group `name`; one that is not in the table has its name for a title."""
    return GROUPS.get(name) or Group(name.replace("-", " ").capitalize(), "")


def rank(name: str) -> tuple[int, str]:
    """Return what groups are ordered by: as in the table, others by name after them."""
    order = list(GROUPS)
    return (order.index(name) if name in GROUPS else len(order)), name
