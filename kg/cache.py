"""The build cache: built graphs on disk, each in a folder named by the hash of its inputs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import platformdirs
import pyoxigraph as ox

from kg.resources import Sources, walk
from kg.store import nquads, statistics
from kg.store.statistics import Statistics

GRAPH = "cablegraph.nq"
_LIBRARIES = ("owlrl", "pyoxigraph", "pyshacl", "rdflib", "snowballstemmer")


@dataclass(frozen=True, slots=True)
class CachedBuild:
    """A graph on disk: the file of its sorted N-Quads, and their SHA-256, which is the data version."""

    nquads: Path
    version: str

    @property
    def statistics(self) -> Path:
        """Return the file of counts that the build writes beside the graph."""
        return self.nquads.with_name(f"{self.nquads.stem}.statistics.json")

    @property
    def search(self) -> Path:
        """Return the file of the index for the search that the build writes beside the graph."""
        return self.nquads.with_name(f"{self.nquads.stem}.search.db")


def current(
    texts: Path | None = None,
    progress: Callable[[str], None] = lambda _: None,
    sources: Sources | None = None,
    home: Path | None = None,
) -> CachedBuild:
    """Return the graph of the current records, from the cache or newly built.

    With `texts` the graph is always built, so that the quotes are checked. `home` is the folder of the
    cache, by default the user's cache folder. Raises DataError if the data is wrong; then nothing is
    written.
    """
    inputs = sources or Sources.shipped()
    folder = (home or platformdirs.user_cache_path("cablegraph")) / fingerprint(inputs)[:32]
    target = folder / GRAPH
    if texts is None and target.is_file():
        return CachedBuild(target, nquads.version(target.read_bytes()))
    from kg import build  # noqa: PLC0415 - its libraries take longer to load than a cached graph

    built = build.build(inputs, texts, progress)
    return write(
        folder, built.quads, lambda file, version: build.index(built, inputs, file, version, progress)
    )


def write(
    folder: Path, quads: Sequence[ox.Quad], index: Callable[[Path, str], None] = lambda *_: None
) -> CachedBuild:
    """Write a graph and its counts into `folder`; the graph comes last, so it never lacks its counts.

    `index` writes the index for the search to a file, with the data version of the graph.
    """
    content = nquads.serialize(quads, "nq")
    built = CachedBuild(folder / GRAPH, nquads.version(content))
    folder.mkdir(parents=True, exist_ok=True)
    nquads.write_atomically(built.statistics, statistics.to_json(statistics.count(quads)))
    index(built.search, built.version)
    nquads.write_atomically(built.nquads, content)
    return built


def store(built: CachedBuild) -> ox.Store:
    """Return an in-memory store with the cached graph."""
    result = ox.Store()
    result.bulk_load(path=str(built.nquads), format=ox.RdfFormat.N_QUADS)
    return result


def counts(built: CachedBuild) -> Statistics | None:
    """Return the counts that the build wrote, or None if it wrote none."""
    try:
        return statistics.from_json(built.statistics.read_bytes())
    except FileNotFoundError:
        return None


def sha256(file: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal; raises OSError if it cannot be read."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def fingerprint(sources: Sources) -> str:
    """Return the SHA-256 of everything that a build depends on: source folders, this code, libraries."""
    digest = hashlib.sha256()
    code = Path(__file__).parent
    for root in (sources.ontology, sources.shapes, sources.queries, sources.records, code):
        for name, file in walk(root):
            content = file.read_bytes()
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
    digest.update(" ".join(f"{name} {version(name)}" for name in _LIBRARIES).encode())
    return digest.hexdigest()
