"""Projections as files of a release: results of saved CONSTRUCT queries, and the network of actors."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from importlib.resources.abc import Traversable
from types import MappingProxyType

import pyoxigraph as ox

from kg.asking.questions import saved_queries
from kg.asking.questions.saved_queries import SavedQuery
from kg.publishing.projections import actor_network, json_ld
from kg.reading import comment_header
from kg.reading.collection.description import Description
from kg.resources import folder
from kg.store.keywords import prefixes
from kg.store.layers import OURS

_NAME = re.compile(r"\{([a-z-]+)\}")
_NETWORK = "projections/network/"
# Title of each file; a name in braces stands for the title of that saved query.
_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "projections/ric-o.ttl": "{projection-ric-o}, for archives.",
        "projections/cidoc-crm.ttl": "{projection-cidoc-crm}, for museums. {projection-crminf}.",
        "projections/schema-org.jsonld": "{projection-schema-org}, for search engines.",
        "projections/web-annotation.jsonld": "{projection-web-annotation}, for tools that mark texts.",
        f"{_NETWORK}actors.graphml": "{ties-between-actors} as a network, for Gephi, Cytoscape and networkx.",
        f"{_NETWORK}nodes.csv": "{who-is-who}: the actors of the network, one a row.",
        f"{_NETWORK}edges.csv": "{ties-between-actors}, one a row.",
    }
)


def files(
    store: ox.Store, version: str, about: Description = OURS, queries: Traversable | None = None
) -> dict[str, bytes]:
    """Return the content of each projection of the graph in `store` by its path in the release folder.

    `version` is the data version; `about` and `queries` are those of the collection. The same store and
    version give the same bytes.
    """
    saved = saved_queries.load(queries or folder("queries"), about.names)
    head = f"{about.title}\ndata version {version}\nlicence {about.licence}"
    head += "\nmade by the saved queries projection-*"
    return {
        "projections/ric-o.ttl": turtle(store, [saved["projection-ric-o"]], head),
        "projections/cidoc-crm.ttl": turtle(
            store, [saved["projection-cidoc-crm"], saved["projection-crminf"]], head
        ),
        "projections/schema-org.jsonld": json_ld.of_schema(
            triples(store, saved["projection-schema-org"]), version, about
        ),
        "projections/web-annotation.jsonld": json_ld.of_annotations(
            triples(store, saved["projection-web-annotation"]), about, version
        ),
        **_network(store, version, saved, about),
    }


def titles() -> dict[str, str]:
    """Return the title of each file, a sentence, by its path in the release folder."""
    return {path: _NAME.sub(_title, text) for path, text in _TITLES.items()}


def _title(name: re.Match[str]) -> str:
    file = folder("queries") / f"{name[1]}.rq"
    return comment_header.read(file.name, file.read_text(encoding="utf-8")).text("title")


def _network(
    store: ox.Store, version: str, queries: Mapping[str, SavedQuery], about: Description
) -> dict[str, bytes]:
    actors = actor_network.nodes(store, queries["who-is-who"])
    ties = actor_network.edges(store, queries["ties-between-actors"])
    description = f"{about.title}, data version {version}, licence {about.licence}"
    return {
        f"{_NETWORK}actors.graphml": actor_network.graphml(actors, ties, description),
        f"{_NETWORK}nodes.csv": actor_network.table(actors, actor_network.columns(actor_network.ActorNode)),
        f"{_NETWORK}edges.csv": actor_network.table(ties, actor_network.columns(actor_network.ActorEdge)),
    }


def turtle(store: ox.Store, queries: Iterable[SavedQuery], head: str) -> bytes:
    """Return the triples of all CONSTRUCT `queries` in Turtle with prefixes, below the comment `head`."""
    result: set[ox.Triple] = set()
    declared: dict[str, str] = {}
    for query in queries:
        result |= set(triples(store, query))
        declared |= prefixes(query.text)
    body = io.BytesIO()
    ox.serialize(sorted(result, key=str), body, ox.RdfFormat.TURTLE, prefixes=declared)
    comment = "".join(f"# {line}\n" for line in head.splitlines())
    return comment.encode() + body.getvalue()


def triples(store: ox.Store, query: SavedQuery) -> list[ox.Triple]:
    """Return the triples of the CONSTRUCT `query` on the union of all graphs, sorted, each once.

    Raises TypeError for a query of another form, since the queries here are our own.
    """
    result = store.query(query.text, use_default_graph_as_union=True)
    if not isinstance(result, ox.QueryTriples):
        raise TypeError(f"{query.name} is not a CONSTRUCT query")
    return sorted(set(result), key=str)
