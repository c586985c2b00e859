"""The class Graph of the Python API: saved queries, SPARQL, reconciling and links to catalogues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, partial

import pyoxigraph as ox

from kg import cache
from kg.asking.links.link_table import Link, LinkTable, read
from kg.asking.questions import saved_queries
from kg.asking.questions.answer import Answer
from kg.asking.questions.citation import Citation, cite, today
from kg.asking.questions.filled_query import fill_query
from kg.asking.questions.saved_queries import SavedQuery
from kg.asking.reconciling.match import FoundEntity, Reconciler, found_entity
from kg.asking.reconciling.reconciliation_query import CANDIDATES, ReconciliationQuery
from kg.errors import UnknownNameError
from kg.resources import folder
from kg.store.sparql import ask, rows
from kg.terms import known


class Graph:
    """The graph in memory, read-only; `version` is its data version, a SHA-256."""

    def __init__(
        self, store: ox.Store, version: str, queries: Mapping[str, SavedQuery] | None = None
    ) -> None:
        self.version = version
        self._store = store
        self._queries = queries

    @cached_property
    def queries(self) -> Mapping[str, SavedQuery]:
        """Return the saved queries by name."""
        return saved_queries.load(folder("queries")) if self._queries is None else self._queries

    def query(self, name: str, /, **values: object) -> Answer:
        """Return the answer to the saved query `name` with `values` for its parameters.

        Raises UnknownNameError, with suggestions, if there is no such query, and ParameterError for an
        unknown parameter or a value that is not valid.
        """
        if name not in self.queries:
            raise UnknownNameError("saved query", name, self.queries)
        filled = fill_query(self.queries[name], values, lambda text: rows(self._store, text))
        return Answer(ask(self._store, filled.text), filled.text, cite(filled, self.version))

    @cached_property
    def reconciler(self) -> Reconciler:
        """Return the reconciler, which finds the things that names stand for."""
        return Reconciler.over(partial(rows, self._store))

    def reconcile(
        self,
        names: Iterable[str],
        *,
        type: str | None = None,  # noqa: A002 - as the protocol calls it
        limit: int = CANDIDATES,
        language: str = "en",
    ) -> list[list[FoundEntity]]:
        """Return for each of `names` the things that it may stand for, best first; none for an empty name.

        `type` is the name of a class, such as "Person". `limit` is the most candidates for a name.
        `language` is that of the candidates' names. Raises ParameterError if there is no such type.
        """
        types = (type,) if type else ()
        queries = [
            ReconciliationQuery(name, types=types, limit=limit) if name.strip() else None for name in names
        ]
        known = self.reconciler.known
        return [
            [found_entity(known, candidate, language) for candidate in self.reconciler.reconcile(query)]
            if query
            else []
            for query in queries
        ]

    def sparql(self, text: str) -> Answer:
        """Return the answer to the SPARQL query `text`.

        Without FROM it reads the union of all graphs. Raises QuerySyntaxError for text that is not a
        SPARQL query, and ForbiddenError for a SERVICE call.
        """
        return Answer(ask(self._store, text), text, Citation(self.version, today()))

    @cached_property
    def link_table(self) -> LinkTable:
        """Return all links to other catalogues."""
        return LinkTable(read(partial(rows, self._store)))

    def linked(self, identifier: str) -> tuple[str, ...]:
        """Return the things that a catalogue identifier stands for, written as in `actor:fidel-castro`.

        Identifiers are written `Q11256`, `viaf:102325430` or as the address of the item. Raises
        IdentifierError for any other text, and UnknownNameError, with suggestions, if no thing is
        linked to the item.
        """
        return tuple(link.thing for link in self.link_table.to(identifier))

    def links(self, thing: str) -> tuple[Link, ...]:
        """Return the links of a thing to other catalogues, also those that were searched for in vain.

        Raises UnknownNameError, with suggestions, if there is no such thing in the graph.
        """
        return self.link_table.of(known(self._store, thing).value)


def open() -> Graph:  # noqa: A001 - it is called as kg.open
    """Return the graph of the records that came with the package.

    The first call builds it, which takes some seconds, and keeps it in the user's cache folder. Raises
    DataError if the records are wrong.
    """
    built = cache.current()
    return Graph(cache.store(built), built.version)
