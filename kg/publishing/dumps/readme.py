"""README.md of a release: its files by group, each with its title, and how to use and cite them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby

from kg.publishing.dumps import file_types, notice
from kg.publishing.dumps.manifest import ManifestEntry
from kg.publishing.dumps.notice import Note
from kg.reading.collection.description import Description
from kg.store import nquads
from kg.store.layers import OURS

NAME = "README.md"


def write(
    version: str,
    entries: Iterable[ManifestEntry],
    notes: Sequence[Note] = (),
    about: Description = OURS,
) -> bytes:
    """Return README.md, in UTF-8, of the release of the data `version` with the files `entries`.

    `about` describes the collection.
    """
    shown = sorted(entries, key=lambda entry: file_types.rank(entry.group))
    paragraphs = "".join(f"\n{note.text}\n" for note in notes)
    sections = "".join(
        "".join(_section(name, list(files))) for name, files in groupby(shown, key=lambda entry: entry.group)
    )
    return f"""# {about.title}

Data version `{version}`: the SHA-256 of `cablegraph.nq`, the whole graph in sorted N-Quads.
{paragraphs}
Each graph comes as Turtle (`.ttl`) to be read from top to bottom, N-Triples (`.nt`), JSON-LD (`.jsonld`)
in the words of `ontology/context.jsonld`, and RDF/XML (`.rdf`): these hold triples, the union of all named
graphs. With the names of the graphs: canonical N-Quads (`.nq`), TriG (`.trig`), JSON-LD (`.quads.jsonld`).
Large files have a twin in gzip (`.gz`). `MANIFEST.json` lists all of them with size, checksum and
number of statements, `ro-crate-metadata.json` describes them as an RO-Crate;
`sha256sum --check SHA256SUMS` or `cablegraph dump --check .` verifies them.

Licence: [{about.licence_name}]({about.licence}), with its reason in `LICENSE-DATA`. It covers what the
curators wrote and none of the source texts.

Cite as: {notice.citation(version, about)}
{sections}""".encode()


def _section(name: str, entries: Sequence[ManifestEntry]) -> Iterator[str]:
    group = file_types.group(name)
    yield f"\n## {group.title}\n\n"
    if group.audience:
        yield f"{group.audience}\n\n"
    yield "| file | what it is |\n|---|---|\n"
    names = {entry.name for entry in entries}
    lines = {_stem(entry.name, names): entry.title for entry in entries}
    yield from (f"| `{stem}` | {_cell(title)} |\n" for stem, title in lines.items())


def _stem(name: str, names: Collection[str]) -> str:
    """Return the name of a file, or one name that ends in * for all syntaxes of a part of the graph."""
    ending = nquads.ending_of(name)
    stem = name.removesuffix(ending)
    return f"{stem}*" if ending and all(f"{stem}{other}" in names for other in nquads.SYNTAXES) else name


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
