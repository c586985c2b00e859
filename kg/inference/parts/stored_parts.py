"""Quads of many documents on disk: parts as they came, and what was drawn from each document.

A part holds whole documents and what is stated beside them; of the latter, `read` gives the statements back.
"""

from __future__ import annotations

import gzip
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO

from kg.inference.columns.query_expressions import UncoveredError
from kg.inference.columns.statement_columns import Columns, Statement, parts
from kg.namespaces import Namespaces

Quad = tuple[str, str, str, str]
Place = tuple[int, int]  # offset and length in the file
_GROUP = 250_000  # statements of documents that are looked at together, some 100 MB
_PAGES = 6  # parts that are held for look-ups from others
_LEVEL = 1  # of compression: statements of one document are much alike


class UnsplittableError(UncoveredError):
    """Something needs all data at once; the text says what."""


@dataclass
class StoredPart:
    """A part: where it lies, its number of statements and its documents."""

    place: Place
    statements: int
    documents: list[str]
    beside: list[str] = field(default_factory=list)  # things that are first told of here, beside documents


@dataclass
class StoredParts:
    """The parts of a run in one file, in the order in which they came."""

    names: Namespaces
    file: IO[bytes]
    parts: list[StoredPart] = field(default_factory=list)
    part_of: dict[str, int] = field(default_factory=dict)  # by the name of a document
    group: int = _GROUP
    beside: set[str] = field(default_factory=set)  # of all parts
    _drawn: dict[str, Place] = field(default_factory=dict)
    _pages: OrderedDict[tuple[int, bool], dict[str, Columns]] = field(default_factory=OrderedDict)

    def read(self, plain: bytes, packed: bytes = b"") -> Iterator[Quad]:
        """Keep a part on disk, as `packed` if that is given; yield the quads that no document states.

        Raises UnsplittableError when all is kept if a document stands in an earlier part as well.
        """
        start, count, names, things = self._graph(""), 0, dict[str, None](), dict[str, None]()
        for line in plain.decode().split("\n"):
            if not line:
                continue
            graph = line[line.rfind(" <", 0, -2) + 1 : -2]
            if graph.startswith(start):
                count += 1
                names[graph] = None
            else:
                quad = parts(line)
                things[quad[0]] = None
                yield quad
        documents = [graph[len(start) : -1] for graph in names]
        new = [thing for thing in things if thing not in self.beside]
        self.beside.update(new)
        place = self._append(packed or gzip.compress(plain, _LEVEL))
        self.parts.append(StoredPart(place, count, documents, new))
        again = [name for name in documents if name in self.part_of]
        self.part_of.update(dict.fromkeys(documents, len(self.parts) - 1))
        if again:
            raise UnsplittableError(f"the document {again[0]}, which stands in several parts,")

    def documents(self) -> list[str]:
        """Return the names of all documents, in the order of their graphs."""
        return sorted(self.part_of)

    def lines(self, number: int) -> Iterator[str]:
        """Yield the lines of a part."""
        yield from filter(None, gzip.decompress(self._bytes(self.parts[number].place)).decode().split("\n"))

    def stated(self, number: int) -> dict[str, Columns]:
        """Return the statements of each document of a part, by its name."""
        start, found, terms = self._graph(""), dict[str, Columns](), dict[str, str]()
        one, last, add = terms.setdefault, "", Columns().add
        for line in self.lines(number):
            subject, predicate, rest = line.split(" ", 2)
            target, graph, _ = rest.rsplit(" ", 2)
            if graph != last:
                last, add = graph, found.setdefault(graph, Columns()).add
            # Terms that stand often are held once.
            add(one(subject, subject), predicate, target if target[0] == '"' else one(target, target))
        return {graph[len(start) : -1]: held for graph, held in found.items() if graph.startswith(start)}

    def keep_drawn(self, document: str, statements: Iterable[Statement]) -> None:
        """Keep what was drawn from a document."""
        lines = "".join(f"{s} {p} {o}\n" for s, p, o in sorted(statements))
        if lines:
            self._drawn[document] = self._append(gzip.compress(lines.encode(), _LEVEL, mtime=0))

    def drawn(self, document: str) -> list[Statement]:
        """Return what was drawn from a document, sorted."""
        place = self._drawn.get(document)
        if place is None:
            return []
        lines = gzip.decompress(self._bytes(place)).decode().split("\n")
        return [(s, p, o) for s, p, o in (line.split(" ", 2) for line in lines if line)]

    def page(self, document: str, *, with_drawn: bool) -> Columns | None:
        """Return the statements of a document, some parts being held in memory; None if there is none."""
        number = self.part_of.get(document)
        if number is None:
            return None
        key = (number, with_drawn)
        if key not in self._pages:
            self._pages[key] = self.stated(number)
            if with_drawn:
                for name, columns in self._pages[key].items():
                    for statement in self.drawn(name):
                        columns.add(*statement)
        self._pages.move_to_end(key)
        while len(self._pages) > _PAGES:
            self._pages.popitem(last=False)
        return self._pages[key][document]

    def groups(self) -> Iterator[Sequence[int]]:
        """Yield the numbers of parts that are looked at together."""
        group, count = list[int](), 0
        for number, part in enumerate(self.parts):
            group.append(number)
            count += part.statements
            if count >= self.group:
                yield group
                group, count = [], 0
        if group:
            yield group

    def _graph(self, document: str) -> str:
        return f"<{self.names.graph}telegram/{document}"

    def _append(self, content: bytes) -> Place:
        offset = self.file.seek(0, 2)
        self.file.write(content)
        return offset, len(content)

    def _bytes(self, place: Place) -> bytes:
        self.file.seek(place[0])
        return self.file.read(place[1])
