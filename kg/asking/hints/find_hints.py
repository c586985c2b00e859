"""The hints on one query and its answer, within the limits of `lookups`, and on undeclared prefixes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain

import pyoxigraph as ox

from kg.asking.hints import aggregate_hints
from kg.asking.hints.aggregate_hints import Column
from kg.asking.hints.foreign_terms import ForeignTerms
from kg.asking.hints.hint import Hint, hint_at
from kg.asking.hints.known_terms import KnownTerms
from kg.asking.hints.lookups import Lookups, SpentError
from kg.asking.hints.pattern_hints import PatternHints
from kg.asking.hints.term_hints import TermHints
from kg.asking.hints.value_hints import ValueHints
from kg.asking.query_parts import query_reader
from kg.asking.query_parts.token_stream import TokenStream
from kg.asking.query_parts.tokens import tokenize
from kg.namespaces import SHIPPED, Namespaces
from kg.store import keywords, known_prefixes

MOST = 10  # hints on one query
LONGEST = 32 << 10  # characters of a query on which there are hints

Graphs = Sequence[ox.NamedNode] | None


def on_answer(
    store: ox.Store,
    query: str,
    columns: Callable[[], Mapping[str, Column]] | None,
    dataset: tuple[Graphs, Graphs] | None = None,
    names: Namespaces = SHIPPED,
) -> list[Hint]:
    """Return the hints on `query` and its answer from `store`, by their places in the query.

    `columns` returns the texts of the answer; it is None if the answer is empty. `dataset` are the default
    and the named graphs, where a request names them; else the query does. `names` has the namespaces of the
    collection.
    """
    if len(query) > LONGEST:
        return []
    if columns is None:
        return _on_empty(store, query, dataset, names)
    if not aggregate_hints.has_aggregate(query):
        return []
    texts = columns()
    if not aggregate_hints.has_empty_value(texts):
        return []
    odd = list(aggregate_hints.odd(query, texts))[:MOST]
    if aggregate_hints.found_nothing(query, texts):
        return _on_empty(store, query, dataset, names) or odd
    return odd


def _on_empty(
    store: ox.Store, query: str, dataset: tuple[Graphs, Graphs] | None, names: Namespaces
) -> list[Hint]:
    found: dict[Hint, None] = {}
    with suppress(SpentError):  # the hints that were found so far remain
        for hint in _hints(store, query, dataset, names):
            found[hint] = None
            if len(found) == MOST:
                break
    return sorted(found, key=lambda hint: (hint.line, hint.column))


def _hints(
    store: ox.Store, query: str, dataset: tuple[Graphs, Graphs] | None, names: Namespaces
) -> Iterator[Hint]:
    stream = TokenStream(query, names.prefixes)
    parts = query_reader.read(stream)
    if dataset is None and (parts.graphs or parts.named):
        dataset = parts.graphs, parts.named
    lookups = Lookups(store, *(dataset or (None, None)))
    explained: dict[str, str] = {}  # to the kind of the hint
    known, foreign = KnownTerms(lookups, names), ForeignTerms(lookups)
    of_terms = TermHints(query, stream, parts, lookups, known, foreign)
    for hint, term in chain(of_terms.all(), ValueHints(query, parts, lookups).all()):
        explained[term] = hint.kind
        yield hint
    misspelt = tuple(term for term, kind in explained.items() if kind == "misspelt-namespace")
    yield from PatternHints(query, parts, lookups, frozenset(explained), misspelt).all()


def on_prefixes(query: str, completed: str) -> Iterator[Hint]:
    """Yield one hint if `completed` is `query` with declarations in front, and none if both are the same.

    It stands at the first name whose prefix is not declared.
    """
    if completed == query:
        return
    added = keywords.prefixes(completed[: len(completed) - len(query)])
    names = list(added)
    listed = " and ".join(filter(None, (", ".join(f"{n}:" for n in names[:-1]), f"{names[-1]}:")))
    are = "is" if len(names) == 1 else "are"
    message = (
        f"{listed} {are} known here and need not be declared; other engines want "
        f"{known_prefixes.declarations(added).rstrip()}"
    )
    yield hint_at(query, _first_use(query, names[0]), "undeclared-prefix", message, _each(added))


def _first_use(query: str, name: str) -> int:
    uses = (t.start for t in tokenize(query) if t.kind == "name" and t.text.startswith(f"{name}:"))
    return next(uses, 0)


def _each(prefixes: dict[str, str]) -> list[str]:
    return [known_prefixes.declarations({name: namespace}).rstrip() for name, namespace in prefixes.items()]
