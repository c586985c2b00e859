"""What joins documents: statements of one about things of another, and what leads to a thing elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import partial

from kg.inference.columns.statement_columns import TYPE, Columns, Statement
from kg.namespaces import Namespaces

Into = dict[str, dict[str, list[str]]]  # property → object → subjects


@dataclass(frozen=True)
class Homes:
    """Tells in which document a thing belongs, by its IRI."""

    start: str

    @classmethod
    def of(cls, names: Namespaces) -> Homes:
        """Return the homes of the things of a collection."""
        return cls(f"<{names.id}telegram/")

    def home(self, term: str) -> str:
        """Return the name of the document that a thing lies in; of all else, no name."""
        if not term.startswith(self.start):
            return ""
        return term[len(self.start) : -1].partition("/")[0]

    def lies_in(self, name: str, term: str) -> bool:
        """Return whether a thing lies in a document."""
        return self.home(term) == name

    def document(self, name: str) -> str:
        """Return the IRI of a document."""
        return f"{self.start}{name}>"


@dataclass
class Border:
    """The statements that stay in memory, of one step: what is stated, or what was drawn.

    `inverse` are the properties that somebody follows from object to subject, `whole` those of which every
    statement is kept.
    """

    homes: Homes
    inverse: Set[str]
    whole: Set[str]
    into: dict[str, Into] = field(default_factory=dict)  # by the home of the object
    about: dict[str, Columns] = field(default_factory=lambda: defaultdict(Columns))  # by that of the subject
    types: Columns = field(default_factory=Columns)  # of documents
    chains: Columns = field(default_factory=Columns)

    def take(self, name: str, columns: Columns) -> None:
        """Keep what joins the statements of a document to others; those beside documents have no name."""
        document = self.homes.document(name)
        is_own = partial(self._is_own, name, f"{self.homes.start}{name}/", document)
        for predicate, column in columns.out.items():
            for subject, targets in column.items():
                if not is_own(subject):
                    self._take_about(subject, predicate, targets)
            if predicate in self.inverse:
                self._take_leading(predicate, column, is_own)
            if predicate in self.whole:
                self.chains.merge(Columns((s, predicate, t) for s, found in column.items() for t in found))
        for kind in columns.column(TYPE).get(document, ()) if name else ():
            self.types.add(document, TYPE, kind)

    def statements_about(self) -> Iterator[Statement]:
        """Yield the statements that do not stand in the home of their subject."""
        for columns in self.about.values():
            yield from columns

    def _take_leading(
        self, predicate: str, column: Mapping[str, tuple[str, ...]], is_own: Callable[[str], bool]
    ) -> None:
        for subject, targets in column.items():
            inside = is_own(subject)
            for target in targets:
                if target[0] == "<" and not (inside and is_own(target)):
                    self._lead(subject, predicate, target)

    def _is_own(self, name: str, inner: str, document: str, term: str) -> bool:
        if name:
            return term.startswith(inner) or term == document
        return not term.startswith(self.homes.start)

    def _take_about(self, subject: str, predicate: str, targets: tuple[str, ...]) -> None:
        home = self.homes.home(subject)
        about = self.about[home]
        for target in targets:
            about.add(subject, predicate, target)
            if predicate == TYPE and home and subject == self.homes.document(home):
                self.types.add(subject, predicate, target)

    def _lead(self, subject: str, predicate: str, target: str) -> None:
        into = self.into.setdefault(self.homes.home(target), {})
        into.setdefault(predicate, {}).setdefault(target, []).append(subject)
