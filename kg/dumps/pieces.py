"""The files of a release, each with what it is and how its bytes are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources.abc import Traversable

import pyoxigraph as ox

from kg import dump
from kg.dumps import groups, notice, parts, syntaxes
from kg.resources import document, folder
from kg.rules import header

# What else a release holds: a function of the store and the data version that returns bytes by path.
Provider = Callable[[ox.Store, str], dict[str, bytes]]


@dataclass(frozen=True, slots=True)
class Piece:
    """One file: its path in the release, its group, what it holds, its named graph if it is one alone."""

    path: str
    group: str
    title: str
    graph: str
    content: Callable[[], bytes]


def of(store: ox.Store, version: str, providers: Sequence[Provider] = ()) -> Iterator[Piece]:
    """Return the files of the release of `version`, the data in `store`, in the order of making."""
    for part in parts.of(store):
        quads = cache(part.quads)  # the same for six syntaxes, and forgotten with the last of them
        for ending in dump.SYNTAXES:
            yield Piece(
                f"{part.path}.{ending}",
                part.group,
                part.title,
                part.graph,
                partial(_written, quads, ending, part.title, version),
            )
    yield from _queries(folder("queries"), version)
    context = folder("ontology") / "context.jsonld"
    yield Piece("ontology/context.jsonld", "ontology", "The context of records", "", context.read_bytes)
    for provider in providers:
        for path, content in sorted(provider(store, version).items()):
            yield Piece(path, groups.of_path(path), "", "", partial(bytes, content))
    yield Piece("CITATION.cff", "about", "How to cite", "", partial(notice.citation_file, version))
    yield Piece("LICENSE-DATA", "about", "The licence, and why", "", document("LICENSE-DATA").read_bytes)


def readme(found: Iterable[str], version: str) -> Piece:
    """Return README.md of a release whose files are of the groups `found`."""
    known = [groups.group(name) for name in sorted(set(found), key=groups.rank)]
    told = ((group.title, group.audience) for group in known)
    return Piece("README.md", "about", "What is here", "", partial(notice.readme, version, told))


def _written(quads: Callable[[], list[ox.Quad]], ending: str, title: str, version: str) -> bytes:
    return syntaxes.written(quads(), ending, title, version)


def _queries(root: Traversable, version: str) -> Iterator[Piece]:
    """Return the saved queries and the rules as they are written, with the notice at their ends."""
    for path, file in _walk(root, "queries"):
        if path.endswith(".rq"):
            text = file.read_text(encoding="utf-8")
            title = str(header(text).get("title", ""))
            notice_ = notice.hashed(title, version)
            yield Piece(path, "queries", title, "", partial(bytes, f"{text}\n".encode() + notice_))


def _walk(root: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    for entry in sorted(root.iterdir(), key=lambda e: e.name):
        if entry.is_dir():
            yield from _walk(entry, f"{path}/{entry.name}")
        else:
            yield f"{path}/{entry.name}", entry
