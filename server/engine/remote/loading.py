"""Files of N-Quads loaded into a store elsewhere graph by graph, in bounded memory, and marked at the end."""

from __future__ import annotations

import gzip
import hashlib
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import IO, cast

from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize

from kg.errors import CablegraphError
from kg.namespaces import PREFIXES, Namespaces
from server.engine.remote import store_state
from server.engine.remote.graph_writing import GraphStore

BATCH = 50_000  # quads that are in memory at once, some 10 MB
_SUBSET = f"{PREFIXES['void']}subset"
_BUFFER = 1 << 20  # bytes
_UNDESCRIBED = (
    "{1}: no statement is in {0}, which describes a collection, so that nothing could be served. Name the "
    "collection with --collection DIR; of quads that do not describe themselves, make a store by `cablegraph "
    "build --store DIR FILE` and load that DIR."
)
_GZIP = b"\x1f\x8b"


class _Hashed(io.RawIOBase):
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._file.read(len(buffer))
        buffer[: len(piece)] = piece
        self.digest.update(piece)
        return len(piece)


def load(
    store: GraphStore,
    files: Sequence[Path],
    names: Namespaces,
    progress: Callable[[str], None] = lambda _: None,
    batch: int = BATCH,
) -> str:
    """Make the quads in `files` the graphs of `store`, and return their version.

    Graphs of an earlier load that the files lack are removed. The version is the SHA-256 of the file, or of
    those of several, without compression. Raises CablegraphError if no file describes the collection, before
    anything is sent, or if a file or the store fails; the mark then says that the store is being loaded, and
    a later call begins again.
    """
    _refuse_undescribed(files, names)
    before = _described(store, names)
    set_mark(store, store_state.LOADING, names)
    loaded: set[str] = set()
    versions = [_load(store, file, loaded, progress, batch) for file in files]
    for graph in sorted(before - loaded):
        store.drop(graph)
    version = _joined(versions)
    set_mark(store, version, names)
    return version


def set_mark(store: GraphStore, version: str, names: Namespaces) -> None:
    """Write into the store that its data have `version`."""
    store.replace(store_state.mark_of(names), [store_state.mark(version, names).encode()])


def version_of(files: Sequence[Path]) -> str:
    """Return the version that `load` returns for these files; raises CablegraphError as it does."""
    return _joined([_hash(file) for file in files])


def _refuse_undescribed(files: Sequence[Path], names: Namespaces) -> None:
    """Raise CablegraphError unless one of the files has the graph that describes the others.

    The lines are only searched, which takes a hundredth of the time of a load.
    """
    graph = f"<{names.graph}meta>".encode()
    for file in files:
        with ExitStack() as stack:
            lines = io.BufferedReader(_open(stack, file), _BUFFER)
            try:
                if any(line.rstrip(b" .\r\n").endswith(graph) for line in lines):
                    return
            except (EOFError, OSError) as error:
                raise CablegraphError(f"{file} is not a file of N-Quads: {error}") from None
    raise CablegraphError(_UNDESCRIBED.format(graph.decode(), ", ".join(map(str, files))))


def _joined(versions: list[str]) -> str:
    return versions[0] if len(versions) == 1 else hashlib.sha256("\n".join(versions).encode()).hexdigest()


def _hash(file: Path) -> str:
    with ExitStack() as stack:
        hashed = _open(stack, file)
        while hashed.read(1 << 20):
            pass
        return hashed.digest.hexdigest()


def _open(stack: ExitStack, file: Path) -> _Hashed:
    try:
        raw = stack.enter_context(file.open("rb"))
        packed = raw.read(2) == _GZIP
        raw.seek(0)
    except OSError as error:
        raise CablegraphError(f"{file} cannot be read: {error.strerror}") from None
    return _Hashed(cast("IO[bytes]", stack.enter_context(gzip.open(raw)) if packed else raw))


def _load(
    store: GraphStore, file: Path, loaded: set[str], progress: Callable[[str], None], batch: int
) -> str:
    """Load one file; `loaded` are the graphs that were begun. Returns its SHA-256."""
    with ExitStack() as stack:
        hashed = _open(stack, file)
        quads = parse(cast("IO[bytes]", hashed), RdfFormat.N_QUADS)
        count = 0
        try:
            while part := list(islice(quads, batch)):
                for graph, lines in _by_graph(part, file):
                    (store.add if graph in loaded else store.replace)(graph, lines)
                    loaded.add(graph)
                count += len(part)
                progress(f"{file.name}: {count:,} statements, {len(loaded):,} graphs")
        except (EOFError, OSError, SyntaxError) as error:
            raise CablegraphError(f"{file} is not a file of N-Quads: {error}") from None
        return hashed.digest.hexdigest()


def _by_graph(quads: Iterable[Quad], file: Path) -> Iterator[tuple[str, list[bytes]]]:
    graphs: dict[str, list[Quad]] = defaultdict(list)
    for quad in quads:
        if not isinstance(quad.graph_name, NamedNode):
            raise CablegraphError(
                f"{file} has statements in no graph, which a collection does not have: {quad}"
            )
        graphs[quad.graph_name.value].append(quad)
    for graph, found in graphs.items():
        triples = serialize((quad.triple for quad in found), format=RdfFormat.N_TRIPLES)
        assert triples is not None  # noqa: S101 - no output was given
        yield graph, triples.splitlines(keepends=True)


def _described(store: GraphStore, names: Namespaces) -> set[str]:
    """Return the graphs that the description in the store lists, as an earlier load left them."""
    try:
        found = parse(store.read(f"{names.graph}meta"), RdfFormat.TURTLE)
        return {
            quad.object.value
            for quad in found
            if quad.predicate.value == _SUBSET and isinstance(quad.object, NamedNode)
        }
    except SyntaxError:
        raise CablegraphError(f"{store.address} is not the address of a Graph Store Protocol") from None
