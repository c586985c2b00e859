"""File types in a release by file ending: media type, label and specification; and groups of files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_W3C = "https://www.w3.org/TR/"


@dataclass(frozen=True, slots=True)
class FileType:
    """One type of file: media type, label for people, address of the specification (empty for none).

    `parameter` is that of the media type in a response, such as `version=1.2`, empty for none.
    """

    media_type: str
    label: str
    specification: str = ""
    parameter: str = ""


_RDF12 = "version=1.2"  # RDF 1.2 Concepts section 2.1; a reader of RDF 1.1 can refuse it beforehand
_TEXT = FileType("text/plain", "text")
BYTES = FileType("application/octet-stream", "bytes")

# The longest ending that fits a name counts. Media types are those registered by IANA; an XML format
# without one has application/xml.
FILE_TYPES: Mapping[str, FileType] = MappingProxyType(
    {
        ".ttl": FileType("text/turtle", "Turtle", f"{_W3C}turtle/"),
        ".nt": FileType("application/n-triples", "N-Triples", f"{_W3C}n-triples/"),
        ".nq": FileType("application/n-quads", "canonical N-Quads", f"{_W3C}rdf-canon/"),
        ".trig": FileType("application/trig", "TriG", f"{_W3C}trig/"),
        ".jsonld": FileType("application/ld+json", "JSON-LD", f"{_W3C}json-ld11/"),
        ".quads.jsonld": FileType("application/ld+json", "JSON-LD with named graphs", f"{_W3C}json-ld11/"),
        ".rdf": FileType("application/rdf+xml", "RDF/XML", f"{_W3C}rdf-syntax-grammar/"),
        "-rdf12.ttl": FileType("text/turtle", "Turtle 1.2", f"{_W3C}rdf12-turtle/", _RDF12),
        "-rdf12.nq": FileType("application/n-quads", "N-Quads 1.2", f"{_W3C}rdf12-n-quads/", _RDF12),
        "-rdf12.trig": FileType("application/trig", "TriG 1.2", f"{_W3C}rdf12-trig/", _RDF12),
        ".rq": FileType("application/sparql-query", "SPARQL", f"{_W3C}sparql11-query/"),
        ".csv": FileType("text/csv", "CSV", "https://www.rfc-editor.org/rfc/rfc4180"),
        ".tsv": FileType("text/tab-separated-values", "TSV"),
        ".sssom.tsv": FileType(
            "text/tab-separated-values", "SSSOM", "https://mapping-commons.github.io/sssom/"
        ),
        "metadata.json": FileType("application/csvm+json", "CSVW", f"{_W3C}tabular-metadata/"),
        "datapackage.json": FileType("application/json", "Data Package", "https://datapackage.org/"),
        "ro-crate-metadata.json": FileType("application/ld+json", "RO-Crate", "https://w3id.org/ro/crate"),
        ".json": FileType("application/json", "JSON", "https://www.rfc-editor.org/rfc/rfc8259"),
        ".sqlite": FileType("application/vnd.sqlite3", "SQLite", "https://www.sqlite.org/fileformat2.html"),
        ".graphml": FileType("application/xml", "GraphML", "http://graphml.graphdrawing.org/"),
        ".xml": FileType("application/xml", "XML", f"{_W3C}xml/"),
        ".html": FileType("text/html", "HTML"),
        ".md": FileType("text/markdown", "Markdown"),
        ".cff": FileType("application/yaml", "CFF", "https://citation-file-format.github.io/"),
        ".yaml": FileType("application/yaml", "YAML"),
        ".txt": _TEXT,
        ".gz": FileType("application/gzip", "gzip", "https://www.rfc-editor.org/rfc/rfc1952"),
        "SHA256SUMS": _TEXT,
        "LICENSE-DATA": _TEXT,
    }
)


def file_type(path: str) -> FileType:
    """Return the file type for the ending of `path`; that of bytes if the ending is unknown."""
    ending = max((known for known in FILE_TYPES if path.endswith(known)), key=len, default="")
    return FILE_TYPES.get(ending, BYTES)


@dataclass(frozen=True, slots=True)
class Group:
    """One group of files: its title, its audience, and its folder where that is not called like the group."""

    title: str
    audience: str
    folder: str = ""


# In the order of pages and of README.md.
GROUPS: Mapping[str, Group] = MappingProxyType(
    {
        "whole": Group("Whole graph", "For everybody: all that is recorded and all that follows from it."),
        "asserted": Group(
            "Asserted only", "For those who reason themselves: what curators recorded, nothing inferred."
        ),
        "inferred": Group(
            "Inferences only", "What follows by OWL 2 RL and by rules; load it beside what is asserted."
        ),
        "rdf12": Group(
            "RDF 1.2 edition",
            "For engines that read RDF 1.2: of each drawn triple the statements that it is drawn from.",
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
    """Return the name of the group of the file at `path`: its folder, or `about` for a file in none."""
    own = (name for name, known in GROUPS.items() if known.folder and path.startswith(f"{known.folder}/"))
    first, slash, _ = path.partition("/")
    return next(own, first if slash else "about")


def group(name: str) -> Group:
    """Return the group `name`; for a name that is not in the table, a group with the name as its title."""
    return GROUPS.get(name) or Group(name.replace("-", " ").capitalize(), "")


def rank(name: str) -> tuple[int, str]:
    """Return the sort key of the group `name`: the order of the table, then other groups by name."""
    order = list(GROUPS)
    return (order.index(name) if name in GROUPS else len(order)), name
