"""Quads of any number in the order of their lines in N-Quads, each once, with bounded memory.

The lines are sorted in parts, which wait on disk and are then merged. So the result, and the data
version that is its hash, do not depend on the order of the files, nor on how a quad was written.
"""

from __future__ import annotations

import gzip
import heapq
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from kg.errors import CablegraphError
from kg.namespaces import RDF
from kg.store import nquads

_PART = 400_000  # lines that are sorted at once; of 250 bytes each they take 150 MiB
_ZIPPED = ".gz"
_TYPE = f"<{RDF.type}>".encode()


class SortedQuads:
    """Collects quads and yields their lines in order; `folder` is for the parts, and has to be there."""

    def __init__(self, folder: Path, part: int = _PART) -> None:
        self._folder, self._part = folder, part
        self._parts: list[Path] = []

    def add(self, quads: Iterable[ox.Quad]) -> None:
        """Add all `quads`, and raise what reading them raises."""
        each = iter(quads)
        while some := list(islice(each, self._part)):
            lines = cast("bytes", ox.serialize(some, None, ox.RdfFormat.N_QUADS))
            part = self._folder / f"part-{len(self._parts)}.nq"
            part.write_bytes(b"".join(sorted(set(lines.splitlines(keepends=True)))))
            self._parts.append(part)

    def lines(self) -> Iterator[bytes]:
        """Yield each line once, in order."""
        last = b""
        with ExitStack() as stack:
            for line in heapq.merge(*(stack.enter_context(part.open("rb")) for part in self._parts)):
                if line != last:
                    yield line
                last = line


def quads_of(file: Path) -> Iterator[ox.Quad]:
    """Yield the quads of a file of any RDF syntax that has graphs, also compressed with gzip.

    Raises CablegraphError, with file and line, if it cannot be read or is none.
    """
    name = file.name.removesuffix(_ZIPPED)
    ending = nquads.ending_of(name)
    if not ending or not nquads.SYNTAXES[ending][1]:
        known = ", ".join(f".{one}" for one, (_, graphs) in nquads.SYNTAXES.items() if graphs)
        raise CablegraphError(f"{file}: quads are read from files that end with {known}, or these with .gz")
    try:
        with gzip.open(file) if file.suffix == _ZIPPED else file.open("rb") as content:
            for quad in ox.parse(cast("IO[bytes]", content), nquads.SYNTAXES[ending][0]):
                if isinstance(quad.graph_name, ox.DefaultGraph):
                    raise CablegraphError(
                        f"{file}: {quad.triple} is in no graph; name one for each statement"
                    )
                yield quad
    except SyntaxError as error:
        raise CablegraphError(f"{file}:{error.lineno or 0}: {error.msg}; write the file again") from None
    except (OSError, EOFError) as error:
        raise CablegraphError(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}") from None


def load(store: ox.Store, lines: Iterable[bytes], part: int = _PART) -> int:
    """Load `lines` of N-Quads into an empty `store` by parts, which bounds memory; return their number."""
    count, each = 0, iter(lines)
    while some := list(islice(each, part)):
        store.bulk_load(b"".join(some), ox.RdfFormat.N_QUADS)
        count += len(some)
    return count


def things(lines: Iterable[bytes], homes: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the things with a class in sorted `lines`, each with its folder, as `…/id/actor/`.

    `homes` are the namespaces of things. What is below a thing, as a passage of a telegram, is a part of it.
    """
    starts, last = tuple(f"<{home}".encode() for home in homes), b""
    for line in lines:
        subject, name, _ = line.split(b" ", 2)
        if subject == last or name != _TYPE or not subject.startswith(starts):
            continue
        last, iri = subject, subject[1:-1].decode()
        home = next(home for home in homes if iri.startswith(home))
        folder, slash, thing = iri.removeprefix(home).partition("/")
        if folder and slash and "/" not in thing and "#" not in thing:
            yield f"{home}{folder}/", iri
