"""Suggestions of things for the beginning of a name that a user types, from any word of the name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from pyoxigraph import NamedNode

from kg.asking.questions.choices import Ask
from kg.asking.reconciling.match import Reconciler
from kg.asking.reconciling.names import KIND_SCORES
from kg.asking.reconciling.reconciliation_query import LONGEST, ReconciliationQuery
from kg.asking.reconciling.spelling import latin_words
from kg.namespaces import SHIPPED, Namespaces
from kg.terms import short

_END = "\U0010ffff"  # sorts after all texts that begin in the same way
_CALLED = 5  # names in a message
_BEHIND = 20.0  # points of the score behind the best of them
_LEADS = 8  # words of a name at which a prefix may begin


def things_called(ask: Ask, text: str, names: Namespaces = SHIPPED) -> list[str]:
    """Return the names of the things that `text` may stand for, as in `actor:fidel-castro`; the best first.

    `text` may have a prefix or a path before the name, as in `actor:castro`. `ask` runs SELECT queries on the
    graph, whose names are all read: this is for messages, not for many texts. `names` has the namespaces of
    the collection.
    """
    reconciler = Reconciler.over(ask, names)
    name = re.split(r"[:/#]", text.strip("<>"))[-1].replace("-", " ")[:LONGEST]
    if not name.strip():
        return []
    candidates = reconciler.reconcile(ReconciliationQuery(name, limit=_CALLED))
    near = [candidate for candidate in candidates if candidate.score > candidates[0].score - _BEHIND]
    return [short(NamedNode(names.thing(candidate.id)), names) for candidate in near]


class Suggester:
    """Completes the names of the things that `reconciler` knows."""

    def __init__(self, reconciler: Reconciler) -> None:
        self._reconciler = reconciler
        self._tails = sorted(self._all_tails())

    def _all_tails(self) -> Iterator[tuple[str, int, str]]:
        """Yield the rest of each name from each of its words on, its rank (0 is best) and its thing."""
        for thing in self._reconciler.known.things.values():
            for name in thing.names:
                words = latin_words(name.text)
                for start in range(min(len(words), _LEADS)):
                    yield " ".join(words[start:]), (100 - KIND_SCORES[name.kind]) + (start > 0), thing.id

    def things(self, prefix: str) -> list[str]:
        """Return the ids of all things with `prefix` at a word of a name, best kind and shortest first.

        An identifier finds its thing. Without a prefix all things are returned by name. If no name fits,
        `prefix` is reconciled as a name of another spelling. Subject headings come last.
        """
        known = self._reconciler.known.things
        return sorted(self._named(prefix[:LONGEST]), key=lambda thing: known[thing].is_heading)

    def _named(self, prefix: str) -> list[str]:
        exact = sorted(self._reconciler.by_identifier(prefix))
        typed = " ".join(latin_words(prefix))
        if not typed:
            return exact or self._by_name()
        ranked: dict[str, tuple[int, int]] = {}
        low, high = bisect_left(self._tails, (typed,)), bisect_left(self._tails, (typed + _END,))
        for tail, rank, thing in self._tails[low:high]:
            ranked[thing] = min((rank, len(tail)), ranked.get(thing, (rank, len(tail))))
        completed = sorted(ranked, key=lambda thing: (ranked[thing], thing))
        return list(dict.fromkeys([*exact, *(completed or self._by_spelling(prefix))]))

    def _by_name(self) -> list[str]:
        things = self._reconciler.known.things.values()
        return [
            thing.id for thing in sorted(things, key=lambda thing: (latin_words(thing.label()), thing.id))
        ]

    def _by_spelling(self, prefix: str) -> list[str]:
        return [candidate.id for candidate in self._reconciler.reconcile(ReconciliationQuery(prefix))]
