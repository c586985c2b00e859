"""Suggestions of things for the beginning of a name that a user types, from any word of the name."""

from __future__ import annotations

import re

from pyoxigraph import NamedNode

from kg.asking.reconciling.identifier_forms import identified
from kg.asking.reconciling.match import Reconciler
from kg.asking.reconciling.reconciliation_query import LONGEST, ReconciliationQuery
from kg.asking.reconciling.spelling import latin_words
from kg.terms import short

_CALLED = 5  # names in a message
_BEHIND = 20.0  # points of the score behind the best of them


def called(reconciler: Reconciler, text: str) -> list[str]:
    """Return the names of the things that `text` may stand for, as in `actor:fidel-castro`; the best first.

    `text` may have a prefix or a path before the name, as in `actor:castro`.
    """
    name = re.split(r"[:/#]", text.strip("<>"))[-1].replace("-", " ")[:LONGEST]
    if not name.strip():
        return []
    candidates = reconciler.reconcile(ReconciliationQuery(name, limit=_CALLED))
    near = [candidate for candidate in candidates if candidate.score > candidates[0].score - _BEHIND]
    names = reconciler.known.names
    return [short(NamedNode(names.thing(candidate.id)), names) for candidate in near]


class Suggester:
    """Completes the names of the things that `reconciler` knows."""

    def __init__(self, reconciler: Reconciler) -> None:
        self._reconciler, self._known = reconciler, reconciler.known

    def things(self, prefix: str, most: int, skip: int = 0) -> list[str]:
        """Return the ids of `most` things with `prefix` at a word of a name, after the first `skip`.

        The best kind of name comes first, then the shortest, subject headings last. An identifier finds its
        thing. Without a prefix things come by name. If no name fits, `prefix` is reconciled as a name of
        another spelling.
        """
        text = prefix[:LONGEST]
        exact = sorted(identified(self._known, text))
        typed = " ".join(latin_words(text))
        if not typed and not exact:
            return self._known.by_name(most, skip)
        if not exact and self._known.completed(typed, 1):
            return self._known.completed(typed, most, skip)
        others = self._named(text, typed, skip + most) if typed else []
        every = dict.fromkeys([*exact, *others])
        return sorted(every, key=lambda thing: self._known.things[thing].is_heading)[skip : skip + most]

    def _named(self, text: str, typed: str, most: int) -> list[str]:
        found = self._known.completed(typed, most)
        if found:
            return found
        return [candidate.id for candidate in self._reconciler.reconcile(ReconciliationQuery(text))]
