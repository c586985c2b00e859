"""The graph for Python: open it, ask it saved questions or SPARQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, partial

import pyoxigraph as ox

from kg import cache
from kg.asking.links.link_table import Link, LinkTable, read
from kg.asking.questions import saved_queries
from kg.asking.questions.answer import Answer
from kg.asking.questions.citation import Citation, cite, today
from kg.asking.questions.filled_query import question
from kg.asking.questions.saved_queries import SavedQuery
from kg.asking.reconciling.match import FoundEntity, Reconciler, found_entity
from kg.asking.reconciling.reconciliation_query import CANDIDATES, ReconciliationQuery
from kg.errors import UnknownNameError
from kg.resources import folder
from kg.store.sparql import ask, rows
from kg.terms import known


class Graph:
    """The graph in memory, read-only; `version` is that of its data."""

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

        Raises UnknownNameError, with near names, for a query that there is not, and
        ParameterError for a parameter or a value that does not fit.
        """
        if name not in self.queries:
            raise UnknownNameError("saved query", name, self.queries)
        asked = question(self.queries[name], values, lambda text: rows(self._store, text))
        return Answer(ask(self._store, asked.text), asked.text, cite(asked, self.version))

    @cached_property
    def reconciler(self) -> Reconciler:
        """Return what answers which things names stand for."""
        return Reconciler.over(partial(rows, self._store))

    def reconcile(
        self,
        names: Iterable[str],
        *,
        type: str | None = None,  # noqa: A002 - as the protocol calls it
        limit: int = CANDIDATES,
        language: str = "en",
    ) -> list[list[FoundEntity]]:
        """Return for each of `names` what it may stand for, best first; an empty name has nothing.

        `type` is the name of a class, such as "Person"; `limit` the number of candidates for each;
        `language` that of their names. Raises ParameterError for a type that there is not.
        """
        types = (type,) if type else ()
        asked = [
            ReconciliationQuery(name, types=types, limit=limit) if name.strip() else None for name in names
        ]
        known = self.reconciler.known
        return [
            [found_entity(known, candidate, language) for candidate in self.reconciler.reconcile(query)]
            if query
            else []
            for query in asked
        ]

    def sparql(self, text: str) -> Answer:
        """Return the answer to the SPARQL query `text`.

        Without FROM it sees the union of all graphs. Raises QuerySyntaxError and ForbiddenError.
        """
        return Answer(ask(self._store, text), text, Citation(self.version, today()))

    @cached_property
    def link_table(self) -> LinkTable:
        """Return all links to other catalogues."""
        return LinkTable(read(partial(rows, self._store)))

    def linked(self, identifier: str) -> tuple[str, ...]:
        """Return the things that an identifier of another catalogue means, as in `actor:fidel-castro`.

        It is written `Q11256`, `viaf:102325430` or as an address of the item. Raises IdentifierError
        for what is none, and UnknownNameError, with near ones, for an item that nothing is linked to.
        """
        return tuple(link.thing for link in self.link_table.to(identifier))

    def links(self, thing: str) -> tuple[Link, ...]:
        """Return the links of a thing to other catalogues, and what was looked for and not found.

        Raises UnknownNameError, with near names, for a thing that the graph does not hold.
        """
        return self.link_table.of(known(self._store, thing).value)


def open() -> Graph:  # noqa: A001 - it is called as kg.open
    """Return the graph of the records that came with the package.

    It is built the first time, in some seconds, and kept for the next. Raises DataError when the
    records are wrong.
    """
    built = cache.current()
    return Graph(cache.store(built), built.version)
