"""Statements of some documents that answer for all others as well: what is not theirs is looked up.

So what follows paths from things of these documents finds the same as over all data together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import partial
from typing import Any, NoReturn

from kg.inference.columns.statement_columns import TYPE, Columns
from kg.inference.parts.borders import Border, Homes
from kg.inference.parts.stored_parts import UnsplittableError

Page = Callable[[str], Columns | None]


class Outside:
    """What lies outside of some documents: what is kept beside all documents, the border, and pages."""

    def __init__(self, homes: Homes, kept: Sequence[Columns], borders: Sequence[Border], page: Page) -> None:
        self.homes, self.kept, self.borders, self.page = homes, kept, borders, page

    def forward(self, predicate: str, node: str) -> tuple[str, ...]:
        """Return the objects of a node that lies outside."""
        home = self.homes.home(node)
        held = [*self.kept, *(border.about[home] for border in self.borders if home in border.about)]
        if home and predicate == TYPE and node == self.homes.document(home):
            held += (border.types for border in self.borders)
        elif home and (page := self.page(home)) is not None:
            held.append(page)
        return tuple(target for columns in held for target in columns.column(predicate).get(node, ()))

    def inverse(self, predicate: str, node: str, *, is_own: bool) -> list[str]:
        """Return the subjects outside of a node, which may be one of the documents themselves."""
        home = self.homes.home(node)
        found = self.leading(predicate, home).get(node, [])
        if is_own and home:
            return found
        page = self.page(home) if home else None
        held = self.kept if page is None else (*self.kept, page)
        return [*found, *(subject for columns in held for subject in columns.into(predicate).get(node, ()))]

    def objects(self, predicate: str, homes: Sequence[str], things: Set[str]) -> set[str]:
        """Return the objects elsewhere of a property that lie in some homes, or are among some things."""
        found = set[str]().union(*(self.leading(predicate, home) for home in homes))
        beside = [self.leading(predicate, ""), *(columns.into(predicate) for columns in self.kept)]
        for into in beside:
            found |= into.keys() if "" in homes else things & into.keys()
        return found

    def leading(self, predicate: str, home: str) -> Mapping[str, list[str]]:
        """Return the subjects elsewhere of each object in a home."""
        found = [border.into[home].get(predicate, {}) for border in self.borders if home in border.into]
        filled = [one for one in found if one]
        if len(filled) < 2:
            return filled[0] if filled else {}
        return {node: [s for one in filled for s in one.get(node, ())] for one in filled for node in one}


class _OutColumn(dict[str, tuple[str, ...]]):
    """The objects of each own subject; of others, `get` looks them up."""

    __slots__ = ("_beyond",)

    def __init__(self, own: Mapping[str, tuple[str, ...]], beyond: Callable[[str], tuple[str, ...]]) -> None:
        super().__init__(own)
        self._beyond = beyond

    def get(self, node: str, default: Any = None) -> Any:
        """Return the objects of a node, wherever it lies."""
        return self[node] if node in self else self._beyond(node) or default

    def __bool__(self) -> bool:
        """Return that there may be something, if not of the own documents."""
        return True

    def items(self) -> NoReturn:
        """Refuse to give all, for these are not all."""
        raise UnsplittableError("a pattern that nothing joins to a focus node")


class _IntoColumn(dict[str, list[str]]):
    """The subjects of each object, those outside as well."""

    __slots__ = ("_beyond",)

    def __init__(self, own: Mapping[str, list[str]], beyond: Callable[[str], list[str]]) -> None:
        super().__init__(own)
        self._beyond = beyond

    def get(self, node: str, default: Any = None) -> Any:
        """Return the subjects of a node, wherever they lie."""
        found = self._beyond(node)
        return [*self[node], *found] if node in self else found or default


class PartView(Columns):
    """The statements about things of some documents, `own`, with look-ups for all others.

    `inverse` are the properties of which the border holds what leads here; others are refused.
    """

    __slots__ = ("_beyond", "inverse", "outside", "own")

    def __init__(
        self,
        own: Columns,
        outside: Outside,
        is_own: Callable[[str], bool],
        predicates: Iterable[str],
        inverse: Set[str],
    ) -> None:
        super().__init__()
        self.own, self.outside, self.inverse = own, outside, inverse
        self._beyond = _Beyond(outside, is_own)
        self.out = {
            predicate: _OutColumn(own.column(predicate), partial(self._beyond.after, predicate))
            for predicate in dict.fromkeys([*own.out, *predicates])
        }

    def is_own(self, node: str) -> bool:
        """Return whether a node lies in the documents."""
        return self._beyond.is_own(node)

    def column(self, predicate: str) -> dict[str, tuple[str, ...]]:
        """Return the objects of each subject."""
        column = self.out.get(predicate)
        return _OutColumn({}, partial(self._beyond.after, predicate)) if column is None else column

    def into(self, predicate: str) -> Mapping[str, list[str]]:
        """Return the subjects of each object; raises UnsplittableError where nobody follows the property."""
        if predicate not in self._into:
            if predicate not in self.inverse:
                raise UnsplittableError(f"a step from the objects of {predicate}")
            before = partial(self._beyond.before, predicate)
            self._into[predicate] = _IntoColumn(self.own.into(predicate), before)
        return self._into[predicate]


class _Beyond:
    """Looks up nodes that lie outside; it holds no view, so that views leave memory when they are done."""

    __slots__ = ("is_own", "outside")

    def __init__(self, outside: Outside, is_own: Callable[[str], bool]) -> None:
        self.outside, self.is_own = outside, is_own

    def after(self, predicate: str, node: str) -> tuple[str, ...]:
        """Return the objects of a node that lies outside; of others the view holds them."""
        if node[0] != "<" or self.is_own(node):
            return ()
        return self.outside.forward(predicate, node)

    def before(self, predicate: str, node: str) -> list[str]:
        """Return the subjects outside of a node; raises UnsplittableError for a text."""
        if node[0] != "<":
            raise UnsplittableError(f"a step from texts that are objects of {predicate}")
        return self.outside.inverse(predicate, node, is_own=self.is_own(node))
