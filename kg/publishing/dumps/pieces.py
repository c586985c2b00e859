"""Pieces of a release, one for each file: path, group, title and a function that returns the content."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.resources.abc import Traversable

import pyoxigraph as ox

from kg.errors import DataError
from kg.publishing.dumps import file_types, notice, parts
from kg.publishing.dumps.notice import Note, Notice, many_layers, missing_files
from kg.publishing.dumps.parts import Content
from kg.publishing.dumps.providers import Provider
from kg.publishing.tables import table_files
from kg.reading import comment_header
from kg.reading.collection.collection import Collection
from kg.reading.collection.description import Description
from kg.resources import walk
from kg.store import nquads

_WITHOUT_SOURCES = ("ontology", "shapes")  # groups that rest on no text


@dataclass(frozen=True, slots=True)
class Piece:
    """One file: its path in the release, group, title, named graph (empty for none or several) and content.

    `statements` returns their number if that is known without parsing the content.
    """

    path: str
    group: str
    title: str
    graph: str
    content: Callable[[], bytes]
    statements: Callable[[], int] | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """Files of a release in the order in which they are made, and notes on what it lacks."""

    pieces: tuple[Piece, ...]
    notes: tuple[Note, ...]


def of(
    store: ox.Store,
    version: str,
    providers: Sequence[Provider] = (),
    collection: Collection | None = None,
) -> Contents:
    """Return the files of the release of the data `version` in `store`, by default of our collection.

    The files of a provider that raises DataError are left out, with a note.
    """
    own = collection or Collection.shipped()
    pieces, notes = list(_of_graph(store, version, own)), list(many_layers(parts.omitted_graphs(store)))
    for provider in providers:
        try:
            pieces += _of_provider(provider, store, version)
        except DataError as error:
            notes.append(missing_files(provider.name, error))
    pieces += [
        Piece("CITATION.cff", "about", "How to cite.", "", partial(notice.citation_file, version, own.about)),
        Piece("LICENSE-DATA", "about", "The licence, and why.", "", partial(notice.licence_file, own.about)),
    ]
    return Contents(tuple(pieces), tuple(notes))


def _of_graph(store: ox.Store, version: str, own: Collection) -> Iterator[Piece]:
    sources = table_files.text_sources(store, own.queries)
    for part in parts.of(store):
        from_whom = own.about.of(part.graph) if part.graph else own.about
        title = part.title if from_whom.base == own.about.base else f"{part.title}. From: {from_whom.title}"
        about = replace(own.about, licence=from_whom.licence)
        head = Notice(title, version, () if part.group in _WITHOUT_SOURCES else sources, about)
        content = Content(part.quads)  # shared by all syntaxes, and released with the last of them
        for ending in nquads.SYNTAXES:
            yield Piece(
                f"{part.path}.{ending}",
                part.group,
                part.title,
                part.graph,
                partial(content.serialize, ending, head),
                partial(content.count, ending),
            )
    yield from _queries(own.queries, version, own.about)
    context = own.ontology / "context.jsonld"
    yield Piece("ontology/context.jsonld", "ontology", "The context of records.", "", context.read_bytes)


def named(
    store: ox.Store,
    version: str,
    providers: Sequence[Provider],
    collection: Collection | None = None,
) -> dict[str, Piece]:
    """Return the files of the release by path, those of a provider made only when their content is asked for.

    Asking raises DataError where the data do not fit the provider, whose files a release then lacks.
    """
    found = {piece.path: piece for piece in of(store, version, (), collection).pieces}
    for provider in providers:
        titles = provider.titles()
        for path in provider.paths(store):
            content = partial(_made, provider, store, version, path)
            found[path] = Piece(path, file_types.group_of_path(path), titles[path], "", content)
    return found


def _made(provider: Provider, store: ox.Store, version: str, path: str) -> bytes:
    return provider.files(store, version)[path]


def _of_provider(provider: Provider, store: ox.Store, version: str) -> Iterable[Piece]:
    files, titles = provider.files(store, version), provider.titles()
    return [
        Piece(path, file_types.group_of_path(path), titles.get(path, ""), "", partial(bytes, content))
        for path, content in sorted(files.items())
    ]


def _queries(root: Traversable, version: str, about: Description) -> Iterator[Piece]:
    """Yield the saved queries and the rules as they are, with the notice at their ends."""
    for path, file in walk(root, "queries/"):
        if path.endswith(".rq"):
            text = file.read_text(encoding="utf-8")
            title = comment_header.read(path, text).text("title")
            notice_ = Notice(title, version, about=about).hash_comment()
            yield Piece(path, "queries", title, "", partial(bytes, f"{text}\n".encode() + notice_))
