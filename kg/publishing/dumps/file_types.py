"""The kinds of files in a release, by their endings, and the groups in which they are shown.

Of each kind: its media type, what people call its syntax, where that is specified.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_W3C = "https://www.w3.org/TR/"


@dataclass(frozen=True, slots=True)
class Medium:
    """One kind of file; `specification` is empty where there is none to name."""

    media_type: str
    label: str
    specification: str = ""


_TEXT = Medium("text/plain", "text")
BYTES = Medium("application/octet-stream", "bytes")

# The longest ending that fits a name counts; media types as IANA has registered them,
# application/xml for a dialect of XML that it has not.
MEDIA: Mapping[str, Medium] = MappingProxyType(
    {
        ".ttl": Medium("text/turtle", "Turtle", f"{_W3C}turtle/"),
        ".nt": Medium("application/n-triples", "N-Triples", f"{_W3C}n-triples/"),
        ".nq": Medium("application/n-quads", "canonical N-Quads", f"{_W3C}rdf-canon/"),
        ".trig": Medium("application/trig", "TriG", f"{_W3C}trig/"),
        ".jsonld": Medium("application/ld+json", "JSON-LD", f"{_W3C}json-ld11/"),
        ".rdf": Medium("application/rdf+xml", "RDF/XML", f"{_W3C}rdf-syntax-grammar/"),
        ".rq": Medium("application/sparql-query", "SPARQL", f"{_W3C}sparql11-query/"),
        ".csv": Medium("text/csv", "CSV", "https://www.rfc-editor.org/rfc/rfc4180"),
        ".tsv": Medium("text/tab-separated-values", "TSV"),
        ".sssom.tsv": Medium(
            "text/tab-separated-values", "SSSOM", "https://mapping-commons.github.io/sssom/"
        ),
        "metadata.json": Medium("application/csvm+json", "CSVW", f"{_W3C}tabular-metadata/"),
        "datapackage.json": Medium("application/json", "Data Package", "https://datapackage.org/"),
        "ro-crate-metadata.json": Medium("application/ld+json", "RO-Crate", "https://w3id.org/ro/crate"),
        ".json": Medium("application/json", "JSON", "https://www.rfc-editor.org/rfc/rfc8259"),
        ".sqlite": Medium("application/vnd.sqlite3", "SQLite", "https://www.sqlite.org/fileformat2.html"),
        ".graphml": Medium("application/xml", "GraphML", "http://graphml.graphdrawing.org/"),
        ".xml": Medium("application/xml", "XML", f"{_W3C}xml/"),
        ".html": Medium("text/html", "HTML"),
        ".md": Medium("text/markdown", "Markdown"),
        ".cff": Medium("application/yaml", "CFF", "https://citation-file-format.github.io/"),
        ".yaml": Medium("application/yaml", "YAML"),
        ".txt": _TEXT,
        ".gz": Medium("application/gzip", "gzip", "https://www.rfc-editor.org/rfc/rfc1952"),
        "SHA256SUMS": _TEXT,
        "LICENSE-DATA": _TEXT,
    }
)


def medium(path: str) -> Medium:
    """Return what the name of the file at `path` says of it; bytes if it says nothing known."""
    ending = max((known for known in MEDIA if path.endswith(known)), key=len, default="")
    return MEDIA.get(ending, BYTES)


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


def group_of_path(path: str) -> str:
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
