"""Complete what somebody begins to type: a name of a thing from any of its words, a type, a property."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from kg.asking.reconciling.match import Reconciler
from kg.asking.reconciling.names import WORTH
from kg.asking.reconciling.reconciliation_query import LONGEST, ReconciliationQuery
from kg.asking.reconciling.spelling import latin_words

_END = "\U0010ffff"  # after all that begins in the same way
_LEADS = 8  # words of a name from which it can be typed


class Suggester:
    """Completes names of the things that `reconciler` knows."""

    def __init__(self, reconciler: Reconciler) -> None:
        self._reconciler = reconciler
        self._tails = sorted(self._all_tails())

    def _all_tails(self) -> Iterator[tuple[str, int, str]]:
        """Yield each name from each of its words on, how far it ranks behind, and the thing."""
        for thing in self._reconciler.known.things.values():
            for name in thing.names:
                words = latin_words(name.text)
                for start in range(min(len(words), _LEADS)):
                    yield " ".join(words[start:]), (100 - WORTH[name.kind]) + (start > 0), thing.id

    def things(self, prefix: str) -> list[str]:
        """Return the ids of all things whose names have `prefix`, best kind and shortest first.

        Without a prefix all by name; where no name begins so, what `prefix` may be a spelling of; an
        identifier leads to its thing.
        """
        prefix = prefix[:LONGEST]
        exact = sorted(self._reconciler.identified(prefix))
        typed = " ".join(latin_words(prefix))
        if not typed:
            return exact or self._by_name()
        ranked: dict[str, tuple[int, int]] = {}
        low, high = bisect_left(self._tails, (typed,)), bisect_left(self._tails, (typed + _END,))
        for tail, rank, thing in self._tails[low:high]:
            ranked[thing] = min((rank, len(tail)), ranked.get(thing, (rank, len(tail))))
        found = sorted(ranked, key=lambda thing: (ranked[thing], thing))
        return list(dict.fromkeys([*exact, *(found or self._spelt(prefix))]))

    def _by_name(self) -> list[str]:
        things = self._reconciler.known.things.values()
        return [
            thing.id for thing in sorted(things, key=lambda thing: (latin_words(thing.label()), thing.id))
        ]

    def _spelt(self, prefix: str) -> list[str]:
        return [candidate.id for candidate in self._reconciler.reconcile(ReconciliationQuery(prefix))]
