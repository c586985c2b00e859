"""The HTML page of a release: its files by group, with title, size and checksum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import render_template

from kg.publishing.dumps import file_types, notice
from kg.publishing.dumps.file_types import file_type
from kg.publishing.dumps.manifest import Manifest, ManifestEntry
from kg.reading.collection.description import Description
from kg.store.layers import OURS

_TABLES, _CSV = "csv/", ".csv"
_DIGITS = 12  # of a checksum on the page; MANIFEST.json and SHA256SUMS have all
_UNITS = ("B", "kB", "MB", "GB", "TB")
# The files that most people want, in order: the path and what it is for.
_FIRST = (
    ("README.md", "What is here and how to cite it. Start with this."),
    ("csv/positions.csv", "Who takes which position, as a table for a spreadsheet, pandas or R."),
    ("sqlite/cablegraph.sqlite", "All tables in one file, for SQL, DB Browser or Datasette."),
    ("cablegraph.ttl", "Everything, as RDF in Turtle, for graph databases and SPARQL."),
)


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file as the page shows it; sizes have units, and `packed`, the size in gzip, may be empty."""

    entry: ManifestEntry
    syntax: str
    size: str
    packed: str
    checksum: str


@dataclass(frozen=True, slots=True)
class FileSection:
    """One group of files."""

    name: str
    title: str
    audience: str
    rows: tuple[FileRow, ...]


def render(
    name: str,
    manifest: Manifest,
    names: Sequence[str],
    older: Sequence[str] = (),
    about: Description = OURS,
) -> str:
    """Return the page of the release `name`; `names` are all releases, `older` those before it.

    `about` describes the collection.
    """
    known = manifest.by_name
    return render_template(
        "dumps.html",
        name=name,
        manifest=manifest,
        first=[(_row(known[path]), use) for path, use in _FIRST if path in known],
        tables=[(path, path[len(_TABLES) : -len(_CSV)]) for path in known if _is_table(path)],
        sections=sections(manifest),
        older=older,
        others=[other for other in names if other != name and other not in older],
        citation=notice.citation(manifest.version, about),
        total=size(sum(entry.size for entry in manifest.files)),
    )


def _is_table(path: str) -> bool:
    return path.startswith(_TABLES) and path.endswith(_CSV)


def sections(manifest: Manifest) -> list[FileSection]:
    """Return the groups of a release in their order, each with its files."""
    return [
        FileSection(
            name, file_types.group(name).title, file_types.group(name).audience, tuple(map(_row, entries))
        )
        for name, entries in groupby(manifest.files, key=lambda entry: entry.group)
    ]


def size(count: int) -> str:
    """Return a number of bytes with a decimal unit and at most three significant digits, as in 1.23 MB."""
    value = float(count)
    for unit in _UNITS:
        if value < 999.5 or unit == _UNITS[-1]:
            break
        value /= 1000
    return f"{value:.3g} {unit}"


def _row(entry: ManifestEntry) -> FileRow:
    return FileRow(
        entry,
        file_type(entry.name).label,
        size(entry.size),
        size(entry.gzip.size) if entry.gzip else "",
        entry.sha256[:_DIGITS],
    )
