"""All projections as the files of a release."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox

from kg import saved
from kg.meta import LICENCE
from kg.projections import graphml, json_ld, models, network
from kg.resources import folder
from kg.saved import SavedQuery

_TITLE = "cablegraph: diplomatic telegrams as a knowledge graph"


def files(store: ox.Store, version: str) -> dict[str, bytes]:
    """Return each projection of the graph in `store` by its path within the release folder.

    `version` is that of the data. The same store and version give the same bytes.
    """
    queries = saved.load(folder("queries"))
    head = f"{_TITLE}\ndata version {version}\nlicence {LICENCE}\nmade by the saved queries projection-*"
    return {
        "projections/ric-o.ttl": models.turtle(store, [queries["projection-ric-o"]], head),
        "projections/cidoc-crm.ttl": models.turtle(
            store, [queries["projection-cidoc-crm"], queries["projection-crminf"]], head
        ),
        "projections/schema-org.jsonld": json_ld.of_schema(
            models.triples(store, queries["projection-schema-org"]), version
        ),
        "projections/web-annotation.jsonld": json_ld.of_annotations(
            models.triples(store, queries["projection-web-annotation"]), _TITLE, version
        ),
        **_network(store, version, queries),
    }


def _network(store: ox.Store, version: str, queries: Mapping[str, SavedQuery]) -> dict[str, bytes]:
    actors = network.nodes(store, queries["who-is-who"])
    ties = network.edges(store, queries["ties-between-actors"])
    description = f"{_TITLE}, data version {version}, licence {LICENCE}"
    return {
        "projections/network/actors.graphml": graphml.written(actors, ties, description),
        "projections/network/nodes.csv": network.table(actors, network.columns(network.Node)),
        "projections/network/edges.csv": network.table(ties, network.columns(network.Edge)),
    }
