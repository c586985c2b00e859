"""Things of the records and of a draft that a name may stand for, by the reconciler, without a build."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import partial

import pyoxigraph as ox

from kg.asking.reconciling.index import memory_index
from kg.asking.reconciling.match import FoundEntity, found_entity
from kg.asking.reconciling.reconciliation_query import ReconciliationQuery
from kg.curating.drafts import draft_reading
from kg.curating.drafts.curation_folders import CurationFolders
from kg.errors import DataError
from kg.namespaces import PREFIXES
from kg.reading.ontology import ONTOLOGY_GRAPH, RDF_TYPE
from kg.store.sparql import rows
from kg.terms import value

_SUBCLASS = PREFIXES["rdfs"] + "subClassOf"


def find(
    folders: CurationFolders, name: str, kind: str = "", draft: str = "", most: int = 10
) -> list[FoundEntity]:
    """Return the things that `name` may stand for, the likeliest first, only those of `kind` if it is given.

    A draft that cannot be read with the records is left out: its things are looked for when it is mended.
    Raises DataError if the records themselves cannot be read, ParameterError for an unknown kind.
    """
    try:
        reading = draft_reading.read(folders, folders.started(draft))
    except DataError:
        reading = draft_reading.read(folders)
    store = reading.store
    store.extend(ox.Quad(t.subject, t.predicate, t.object, ONTOLOGY_GRAPH) for t in reading.schema.triples)
    store.extend(_broader_types(store))
    reconciler = memory_index.over(partial(rows, store), names=reading.schema.names)
    query = ReconciliationQuery(name, types=(kind,) if kind else (), limit=most)
    return [found_entity(reconciler.known, candidate) for candidate in reconciler.reconcile(query)]


def as_written(thing: str) -> str:
    """Return a path below `id/` as records name it: `actor:fidel-castro`."""
    return thing.replace("/", ":", 1)


def _broader_types(store: ox.Store) -> list[ox.Quad]:
    """Return the broader classes of each thing, which the reconciler reads and no record states."""
    typed = ox.NamedNode(RDF_TYPE)
    above = _classes_above(store)
    return [
        ox.Quad(quad.subject, typed, ox.NamedNode(broader), quad.graph_name)
        for quad in store.quads_for_pattern(None, typed, None)
        for broader in above.get(value(quad.object), ())
    ]


def _classes_above(store: ox.Store) -> Mapping[str, frozenset[str]]:
    direct: dict[str, set[str]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, ox.NamedNode(_SUBCLASS), None):
        direct[value(quad.subject)].add(value(quad.object))
    above = {}
    for name in list(direct):
        found, new = set[str](), {name}
        while new:
            new = {high for low in new for high in direct.get(low, ())} - found
            found |= new
        above[name] = frozenset(found)
    return above
