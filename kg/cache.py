"""The build cache: built graphs on disk, each in a folder named by the hash of its inputs."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, replace
from functools import partial
from importlib.metadata import version
from importlib.resources.abc import Traversable
from pathlib import Path

import platformdirs
import pyoxigraph as ox

from kg.errors import Finding
from kg.reading.again.step_results import StepResults
from kg.reading.collection.collection import Collection
from kg.resources import walk, write_atomically
from kg.store import nquads, statistics
from kg.store.statistics import Statistics

GRAPH = "cablegraph.nq"
_LIBRARIES = ("owlrl", "pyoxigraph", "pyshacl", "rdflib", "snowballstemmer")


@dataclass(frozen=True, slots=True)
class CachedBuild:
    """A graph on disk: the file of its sorted N-Quads, and their SHA-256, which is the data version.

    A graph with annotations in RDF 1.2 has the same graph without them as `plain`. `store` is the folder of
    the same graph as a store on disk, if there is one.
    """

    nquads: Path
    version: str
    plain: CachedBuild | None = None
    store: Path | None = None

    @property
    def released(self) -> CachedBuild:
        """Return the graph that releases are made of: the one without annotations."""
        return self.plain or self

    @property
    def statistics(self) -> Path:
        """Return the file of counts that the build writes beside the graph."""
        return self.nquads.with_name(f"{self.nquads.stem}.statistics.json")

    @property
    def findings(self) -> Path:
        """Return the file of findings that the build writes beside the graph."""
        return self.nquads.with_name(f"{self.nquads.stem}.findings.json")

    @property
    def search(self) -> Path:
        """Return the file of the index for the search that the build writes beside the graph."""
        return self.nquads.with_name(f"{self.nquads.stem}.search.db")

    @property
    def answers(self) -> Path:
        """Return the file of answers and names that a store on disk keeps beside the graph."""
        return self.nquads.with_name(f"{self.nquads.stem}.answers.db")

    @property
    def names(self) -> Path:
        """Return the file of all things with their names and values that a store on disk keeps."""
        return self.nquads.with_name(f"{self.nquads.stem}.names.db")


def current(
    texts: Path | None = None,
    progress: Callable[[str], None] = lambda _: None,
    sources: Collection | None = None,
    home: Path | None = None,
) -> CachedBuild:
    """Return the graph of the collection `sources`, from the cache or newly built.

    With `texts` the graph is always built, so that the quotes are checked. `home` is the folder of the
    cache, by default the user's cache folder. Raises DataError if the data is wrong; then nothing is
    written.
    """
    inputs = sources or Collection.shipped()
    folder = (home or platformdirs.user_cache_path("cablegraph")) / fingerprint(inputs)[:32]
    target = folder / GRAPH
    if texts is None and target.is_file():
        return CachedBuild(target, nquads.version(target.read_bytes()))
    from kg import build  # noqa: PLC0415 - its libraries take longer to load than a cached graph

    results = step_results(inputs, home)
    built = build.build(inputs, texts, progress, results=results)
    asked = _asked(inputs)
    earlier = _earlier(results.last, asked)

    def index(file: Path, version: str) -> None:
        build.index(built, inputs, file, version, progress, earlier)

    written = write_content(folder, built.content, built.findings, index)
    results.last = f"{asked} {folder.absolute()}"
    results.save()
    return written


def _asked(sources: Collection) -> str:
    """Return a hash of what the index for the search has beside the graph: saved questions and namespaces."""
    digest = hashlib.sha256(repr(sources.names).encode())
    _add_files(digest, sources.queries)
    return digest.hexdigest()


def _earlier(last: str, asked: str) -> tuple[Path, bytes] | None:
    """Return index and N-Quads of the last build; None if it was `asked` other questions, or is gone."""
    questions, _, folder = last.partition(" ")
    built = CachedBuild(Path(folder) / GRAPH, "")
    if questions != asked:
        return None
    try:
        return built.search, built.nquads.read_bytes()
    except OSError:
        return None


def step_results(sources: Collection, home: Path | None = None) -> StepResults:
    """Return the results of the steps of the last build of `sources`, below the folder `home`.

    That is by default the user's cache folder.
    """
    places = [str(one.records) for one in (sources, *sources.others)]
    name = hashlib.sha256("\0".join(places).encode()).hexdigest()[:32]
    digest = hashlib.sha256(_libraries().encode())
    _add_files(digest, Path(__file__).parent, without="records/")
    folder = home or platformdirs.user_cache_path("cablegraph")
    return StepResults(folder / "steps" / f"{name}.db", digest.hexdigest())


def write(
    folder: Path,
    quads: Sequence[ox.Quad],
    findings: Sequence[Finding] | None = None,
    index: Callable[[Path, str], None] = lambda *_: None,
) -> CachedBuild:
    """Write a graph of `quads`, its counts and the findings on it into `folder`, as `write_content` does."""
    return write_content(folder, nquads.serialize(quads, "nq"), findings, index, statistics.count(quads))


def write_content(
    folder: Path,
    content: bytes,
    findings: Sequence[Finding] | None = None,
    index: Callable[[Path, str], None] = lambda *_: None,
    counts: Statistics | None = None,
) -> CachedBuild:
    """Write a graph as sorted N-Quads, its counts and the findings on it into `folder`.

    The graph comes last, so it never lacks the others. Without `findings`, it was not validated. Without
    `counts` it is counted here; each statement then stands in a graph with a name. `index` writes
    the index for the search to a file, with the data version of the graph.
    """
    built = CachedBuild(folder / GRAPH, nquads.version(content))
    folder.mkdir(parents=True, exist_ok=True)
    counts = counts or statistics.count_lines(partial(io.BytesIO, content))
    write_atomically(built.statistics, statistics.to_json(counts))
    if findings is not None:
        listed = [astuple(finding) for finding in findings]
        write_atomically(built.findings, json.dumps(listed, ensure_ascii=False).encode())
    index(built.search, built.version)
    write_atomically(built.nquads, content)
    return built


def annotated(
    plain: CachedBuild,
    sources: Collection | None = None,
    progress: Callable[[str], None] = lambda _: None,
    home: Path | None = None,
) -> CachedBuild:
    """Return the graph `plain` with annotations in RDF 1.2, from the cache or newly made.

    `home` is the folder of the cache, by default the user's cache folder. Raises DataError if too much is
    drawn for a proof of each triple.
    """
    from kg.inference import reifiers, rules  # noqa: PLC0415 - as with the build

    inputs = sources or Collection.shipped()
    name = hashlib.sha256(f"{fingerprint(inputs)} {plain.version}".encode()).hexdigest()[:32]
    folder = (home or platformdirs.user_cache_path("cablegraph")) / "rdf12" / name
    target = folder / GRAPH
    if target.is_file():
        return CachedBuild(target, sha256(target), plain)
    progress("finding the proof of each drawn triple")
    quads = reifiers.annotated(store(plain), rules.load(inputs.queries / "rules"))
    return replace(write(folder, nquads.ordered(quads)), plain=plain)


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


def findings(built: CachedBuild) -> list[Finding] | None:
    """Return what the validation of the build found, warnings and remarks; None if it was not validated."""
    try:
        return [Finding(*members) for members in json.loads(built.released.findings.read_bytes())]
    except FileNotFoundError:
        return None


def sha256(file: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal; raises OSError if it cannot be read."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def fingerprint(sources: Collection) -> str:
    """Return the SHA-256 of everything that a build depends on: the collection, this code, libraries."""
    digest = hashlib.sha256()
    code = Path(__file__).parent
    for root in (sources.ontology, sources.shapes, sources.queries, sources.records, code):
        _add_files(digest, root)
    for other in sources.others:
        digest.update(fingerprint(other).encode())
    digest.update(repr(sources.about).encode())
    digest.update(_libraries().encode())
    return digest.hexdigest()


def _add_files(digest: hashlib._Hash, root: Traversable, without: str = "//") -> None:
    for name, file in walk(root):
        if not name.startswith(without):
            content = file.read_bytes()
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)


def _libraries() -> str:
    return " ".join(f"{name} {version(name)}" for name in _LIBRARIES)
