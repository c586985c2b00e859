"""The files of a release, each with what it is and how its bytes are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.resources.abc import Traversable

import pyoxigraph as ox

from kg.errors import DataError
from kg.publishing.dumps import file_types, notice, parts
from kg.publishing.dumps.notice import Note, lacking, many_layers
from kg.publishing.dumps.parts import Content
from kg.publishing.dumps.providers import Provider
from kg.reading import comment_header
from kg.resources import document, folder, walk
from kg.store import nquads


@dataclass(frozen=True, slots=True)
class Piece:
    """One file: its path in the release, its group, what it holds, its named graph if it is one alone.

    `statements` counts them where that is known without reading the file.
    """

    path: str
    group: str
    title: str
    graph: str
    content: Callable[[], bytes]
    statements: Callable[[], int] | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """The files of a release in the order of making, and what is to be known of what it lacks."""

    pieces: tuple[Piece, ...]
    notes: tuple[Note, ...]


def of(store: ox.Store, version: str, providers: Sequence[Provider] = ()) -> Contents:
    """Return the files of the release of `version`, the data in `store`.

    A provider that raises DataError is left out, with a note.
    """
    found, notes = list(_of_graph(store, version)), list(many_layers(parts.left_out(store)))
    for provider in providers:
        try:
            found += _provided(provider, store, version)
        except DataError as error:
            notes.append(lacking(provider.name, error))
    licence = document("LICENSE-DATA").read_bytes
    found += [
        Piece("CITATION.cff", "about", "How to cite.", "", partial(notice.citation_file, version)),
        Piece("LICENSE-DATA", "about", "The licence, and why.", "", licence),
    ]
    return Contents(tuple(found), tuple(notes))


def _of_graph(store: ox.Store, version: str) -> Iterator[Piece]:
    for part in parts.of(store):
        content = Content(part.quads)  # the same for six syntaxes, and forgotten with the last of them
        for ending in nquads.SYNTAXES:
            yield Piece(
                f"{part.path}.{ending}",
                part.group,
                part.title,
                part.graph,
                partial(content.written, ending, part.title, version),
                partial(content.count, ending),
            )
    yield from _queries(folder("queries"), version)
    context = folder("ontology") / "context.jsonld"
    yield Piece("ontology/context.jsonld", "ontology", "The context of records.", "", context.read_bytes)


def _provided(provider: Provider, store: ox.Store, version: str) -> Iterable[Piece]:
    files, titles = provider.files(store, version), provider.titles()
    return [
        Piece(path, file_types.group_of_path(path), titles.get(path, ""), "", partial(bytes, content))
        for path, content in sorted(files.items())
    ]


def _queries(root: Traversable, version: str) -> Iterator[Piece]:
    """Return the saved queries and the rules as they are written, with the notice at their ends."""
    for path, file in walk(root, "queries/"):
        if path.endswith(".rq"):
            text = file.read_text(encoding="utf-8")
            title = comment_header.read(path, text).text("title")
            notice_ = notice.hashed(title, version)
            yield Piece(path, "queries", title, "", partial(bytes, f"{text}\n".encode() + notice_))
