"""The graphs that a question about one telegram needs, so that it takes no longer in a large collection.

Most saved questions look at groups of statements as a whole. Without the graphs of other telegrams these are
as small as in a small collection. What a telegram needs of others are statements that rest on its words, and
names of what it speaks of; a test compares the rows.
"""

from __future__ import annotations

from functools import partial

from kg.namespaces import CG, PREFIXES, layer_name
from server.site import pool_queries
from server.site.pool_queries import value
from server.site.site import PerVersion, Site

_ALL = "SELECT DISTINCT ?graph { GRAPH ?graph {} }"
_INFERRED, _OWN = "inferred/", "telegram/"


class TelegramGraphs:
    """The graphs of one site, by telegram."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._ask = partial(pool_queries.rows, site.pool)
        self._all = PerVersion(self._graphs)

    def of(self, iri: str) -> tuple[str, ...]:
        """Return the graphs for questions about the telegram `iri`: those of all, and some of telegrams."""
        known = self._all.get(self._site.data_version)
        own = f"{self._site.names.graph}{iri.removeprefix(str(self._site.names.id))}"
        found = {own, *(value(row["graph"]) for row in self._ask(_needed(iri, own)))}
        layers = {layer_name(graph).removeprefix(_INFERRED) for graph in found}
        return tuple(graph for graph, layer in known.items() if not layer.startswith(_OWN) or layer in layers)

    def _graphs(self) -> dict[str, str]:
        """Return all graphs, in their order, each with the name of its layer as it is stated."""
        names = sorted(value(row["graph"]) for row in self._ask(_ALL))
        return {name: layer_name(name).removeprefix(_INFERRED) for name in names}


def _needed(iri: str, own: str) -> str:
    """Return the query for graphs with statements on words of the telegram, or names that `own` speaks of."""
    return f"""SELECT DISTINCT ?graph {{
  {{ ?text <{CG}renders> <{iri}> . ?passage <{CG}passageOf> ?text .
    GRAPH ?graph {{ ?words <{CG}inPassage> ?passage }} }}
  UNION {{ {{ SELECT DISTINCT ?thing {{ GRAPH <{own}> {{ ?s ?p ?thing }} FILTER (ISIRI(?thing)) }} }}
    GRAPH ?graph {{ ?thing <{PREFIXES["rdfs"]}label> ?name }} }}
}}"""
