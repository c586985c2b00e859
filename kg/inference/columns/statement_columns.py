"""A graph as columns, one for each property: subject → objects, and on demand object → subjects.

Terms are texts in N-Triples syntax, so that a column is a dictionary that Python's sets work on directly.
One statement takes some 80 bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from kg.namespaces import RDF

TYPE = f"<{RDF.type}>"
Statement = tuple[str, str, str]
Column = dict[str, tuple[str, ...]]
_NONE: Column = {}


class Columns:
    """Statements by property; a statement is held once."""

    __slots__ = ("_into", "out")

    def __init__(self, statements: Iterable[Statement] = ()) -> None:
        self.out: dict[str, Column] = {}
        self._into: dict[str, dict[str, list[str]]] = {}
        for subject, predicate, target in statements:
            self.add(subject, predicate, target)

    def add(self, subject: str, predicate: str, target: str) -> bool:
        """Add a statement; return whether it is new."""
        column = self.out.get(predicate)
        if column is None:
            column = self.out[predicate] = {}
        held = column.get(subject)
        if held is None:
            column[subject] = (target,)
        elif target in held:
            return False
        else:
            column[subject] = (*held, target)
        into = self._into.get(predicate)
        if into is not None:
            into.setdefault(target, []).append(subject)
        return True

    def merge(self, other: Columns) -> None:
        """Add all statements of `other`; columns of other subjects are taken over as they are."""
        for predicate, column in other.out.items():
            own = self.out.setdefault(predicate, {})
            if own.keys().isdisjoint(column):
                own.update(column)
                self._into.pop(predicate, None)
            else:
                for subject, targets in column.items():
                    for target in targets:
                        self.add(subject, predicate, target)

    def remove(self, statements: Iterable[Statement]) -> None:
        """Take out statements that are held."""
        for subject, predicate, target in statements:
            column = self.out[predicate]
            column[subject] = tuple(value for value in column[subject] if value != target)
            if not column[subject]:
                del column[subject]
            self._into.pop(predicate, None)

    def holds(self, subject: str, predicate: str, target: str) -> bool:
        """Return whether the statement is held."""
        return target in self.out.get(predicate, _NONE).get(subject, ())

    def column(self, predicate: str) -> Column:
        """Return the objects of each subject; no copy is made."""
        return self.out.get(predicate, _NONE)

    def into(self, predicate: str) -> Mapping[str, list[str]]:
        """Return the subjects of each object."""
        into = self._into.get(predicate)
        if into is None:
            into = {}
            for subject, targets in self.out.get(predicate, _NONE).items():
                for target in targets:
                    into.setdefault(target, []).append(subject)
            if predicate in self.out:
                self._into[predicate] = into
        return into

    def subjects(self) -> set[str]:
        """Return all subjects."""
        return set[str]().union(*self.out.values())

    def __iter__(self) -> Iterator[Statement]:
        """Yield all statements, by property."""
        for predicate, column in self.out.items():
            for subject, targets in column.items():
                for target in targets:
                    yield subject, predicate, target


def parts(line: str) -> tuple[str, str, str, str]:
    """Return subject, predicate, object and graph of a line of N-Quads as this project writes them."""
    subject, predicate, rest = line.split(" ", 2)
    target, graph, _ = rest.rsplit(" ", 2)
    return subject, predicate, target, graph


def statement(triple: ox.Triple | ox.Quad) -> Statement:
    """Return a triple or quad of pyoxigraph as a statement."""
    return str(triple.subject), str(triple.predicate), str(triple.object)


def is_literal(term: str) -> bool:
    """Return whether a term is a literal."""
    return term[0] == '"'
