"""All projections as the files of a release."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

import pyoxigraph as ox

from kg import saved
from kg.meta import LICENCE
from kg.projections import graphml, json_ld, models, network
from kg.resources import folder
from kg.rules import header
from kg.saved import SavedQuery

_TITLE = "cablegraph: diplomatic telegrams as a knowledge graph"
_NAME = re.compile(r"\{([a-z-]+)\}")
_NETWORK = "projections/network/"
# What each file is; a name in braces stands for the title of that saved query.
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


def titles() -> dict[str, str]:
    """Return what each of the files is, in a sentence, by its path within the release folder."""
    return {path: _NAME.sub(_title, told) for path, told in _TITLES.items()}


def _title(name: re.Match[str]) -> str:
    file = folder("queries") / f"{name[1]}.rq"
    return str(header(file.read_text(encoding="utf-8"))["title"])


def _network(store: ox.Store, version: str, queries: Mapping[str, SavedQuery]) -> dict[str, bytes]:
    actors = network.nodes(store, queries["who-is-who"])
    ties = network.edges(store, queries["ties-between-actors"])
    description = f"{_TITLE}, data version {version}, licence {LICENCE}"
    return {
        f"{_NETWORK}actors.graphml": graphml.written(actors, ties, description),
        f"{_NETWORK}nodes.csv": network.table(actors, network.columns(network.Node)),
        f"{_NETWORK}edges.csv": network.table(ties, network.columns(network.Edge)),
    }
