"""The views through which documents are looked at, some at a time: what is stated, then what follows, too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import partial

from kg.inference.columns.statement_columns import Columns
from kg.inference.parts.borders import Border
from kg.inference.parts.inferring_parts import DrawnParts
from kg.inference.parts.part_views import Outside, PartView


@dataclass(frozen=True)
class Look:
    """A view of the things of some documents, and of others; or of all that lies in none.

    `homes` are the names of the documents, `things` the others.
    """

    view: PartView
    homes: Sequence[str]
    things: Set[str]
    with_drawn: bool


@dataclass
class PartLooks:
    """Looks at all that was stated and drawn; `inverse` are the properties whose border is kept.

    What is told of beside documents is looked at with the documents of the part that first tells of it, since
    these lead to it.
    """

    made: DrawnParts
    inverse: Set[str]

    def each(self) -> Iterator[Look]:
        """Yield each view; a look is over when the next one is asked for.

        On the way it is decided in which graph each drawn statement stands.
        """
        for group in self.made.stored.groups():
            yield from self._documents(group)
        self.made.settle_rest()
        yield from self._rest()

    def _documents(self, group: Sequence[int]) -> Iterator[Look]:
        made, own, names = self.made, Columns(), list[str]()
        for number in group:
            for name, columns in made.stored.stated(number).items():
                names.append(name)
                own.merge(self._only(columns, partial(made.homes.lies_in, name)))
                self._add_about(own, name, made.stated)
        # A thing below a document lies there, wherever it is told of.
        told = (thing for number in group for thing in made.stored.parts[number].beside)
        things, homes = frozenset(t for t in told if not made.homes.home(t)), frozenset(names)

        def is_own(node: str) -> bool:
            return node in things or made.homes.home(node) in homes

        self._add_things(own, things, made.kept, made.stated)
        yield self._look(own, names, things, is_own, with_drawn=False)
        for name in names:
            drawn = made.stored.drawn(name)
            made.settle(name, own, drawn)
            for triple in drawn:
                if made.homes.home(triple[0]) == name:
                    own.add(*triple)
            self._add_about(own, name, made.drawn)
        self._add_things(own, things, made.kept_drawn, made.drawn)
        self._add_things(own, things, made.kept_across, made.drawn)
        yield self._look(own, names, things, is_own, with_drawn=True)

    def _rest(self) -> Iterator[Look]:
        made, own = self.made, Columns()

        def lies_here(home: str) -> bool:
            return home not in made.stored.part_of

        def is_own(node: str) -> bool:
            home = made.homes.home(node)
            return lies_here(home) and (bool(home) or node not in made.stored.beside)

        borders = (made.stated, made.drawn)
        told = (home for border in borders for home in (*border.into, *border.about))
        names = sorted({"", *filter(lies_here, told)})
        for border, kept in ((made.stated, [made.kept]), (made.drawn, [made.kept_drawn, made.kept_across])):
            for columns in kept:
                own.merge(self._only(columns, is_own))
            for name in names:
                for triple in border.about.get(name, ()):
                    if is_own(triple[0]):
                        own.add(*triple)
            yield self._look(own, names, frozenset(), is_own, with_drawn=border is made.drawn)

    def _look(
        self,
        own: Columns,
        homes: Sequence[str],
        things: Set[str],
        is_own: Callable[[str], bool],
        *,
        with_drawn: bool,
    ) -> Look:
        made = self.made
        kept = (made.kept, made.kept_drawn, made.kept_across) if with_drawn else (made.kept,)
        borders = (made.stated, made.drawn) if with_drawn else (made.stated,)
        outside = Outside(made.homes, kept, borders, partial(made.stored.page, with_drawn=with_drawn))
        view = PartView(own, outside, is_own, made.predicates, self.inverse)
        return Look(view, homes, things, with_drawn)

    @staticmethod
    def _only(columns: Columns, is_own: Callable[[str], bool]) -> Columns:
        """Return the statements about some things."""
        found = Columns()
        for predicate, column in columns.out.items():
            found.out[predicate] = {node: held for node, held in column.items() if is_own(node)}
        return found

    @staticmethod
    def _add_about(own: Columns, name: str, border: Border) -> None:
        for triple in border.about.get(name, ()):
            own.add(*triple)

    @staticmethod
    def _add_things(own: Columns, things: Set[str], kept: Columns, border: Border) -> None:
        """Add the statements about things beside documents: those that are kept, and those of documents."""
        for columns in (kept, border.about.get("", Columns())):
            for predicate, column in columns.out.items():
                for thing in things:
                    for target in column.get(thing, ()):
                        own.add(thing, predicate, target)
