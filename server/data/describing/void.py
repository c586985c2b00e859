"""The VoID description of the data set: counts by graph, class, property, and what properties join.

https://www.w3.org/TR/void/ sections 4.5 and 4.6; the partitions by class of a property's objects and by
datatype follow the generators of VoID for SPARQL endpoints, so that query editors understand them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from urllib.parse import quote

from pyoxigraph import NamedNode, Triple

from kg.store.layers import DATASET
from kg.store.statistics import Counts, Statistics
from server.site.cells import prefixed_name
from server.web.vocabulary import about, name, number, text

DATA = NamedNode(DATASET)


def triples(statistics: Statistics, endpoint: str) -> Iterator[Triple]:
    """Return the VoID description of the data set with the counts `statistics` and the SPARQL `endpoint`."""
    counts = statistics.counts
    yield from about(DATA, [("rdf:type", name("void:Dataset")), ("void:sparqlEndpoint", NamedNode(endpoint))])
    yield from _totals(statistics)
    yield from _graphs(counts["graphs"])
    yield from _properties(DATA, counts["properties"])
    for (class_,), size in counts["classes"].items():
        part = _part(class_)
        yield from about(DATA, [("void:classPartition", part)])
        yield from about(part, [("void:class", NamedNode(class_)), ("void:entities", number(size))])
        uses: Counts = {(used,): n for (subject, used), n in counts["uses"].items() if subject == class_}
        yield from _properties(part, uses, class_)
    yield from _ends(counts["targets"], "void:classPartition", "void:class")
    yield from _ends(counts["datatypes"], "void-ext:datatypePartition", "void-ext:datatype")


def _totals(statistics: Statistics) -> Iterator[Triple]:
    totals = {"void:triples": sum(statistics.counts["triples"].values())}
    totals["void:classes"] = len(statistics.counts["classes"])
    totals["void:properties"] = len(statistics.counts["properties"])
    yield from about(DATA, [(what, number(total)) for what, total in totals.items() if total])
    if statistics.missing:
        missing = ", ".join(statistics.missing)
        yield from about(DATA, [("rdfs:comment", text(f"Not counted by this service: {missing}."))])


def _graphs(graphs: Counts) -> Iterator[Triple]:
    for (graph,), size in graphs.items():
        yield from about(DATA, [("void:subset", NamedNode(graph))])
        yield from about(
            NamedNode(graph), [("rdf:type", name("void:Dataset")), ("void:triples", number(size))]
        )


def _properties(whole: NamedNode, uses: Counts, *path: str) -> Iterator[Triple]:
    for (used,), size in uses.items():
        part = _part(*path, used)
        yield from about(whole, [("void:propertyPartition", part)])
        yield from about(part, [("void:property", NamedNode(used)), ("void:triples", number(size))])


def _ends(ends: Counts, partition: str, kind: str) -> Iterator[Triple]:
    for (class_, used, end), size in ends.items():
        part = _part(class_, used, end)
        yield from about(_part(class_, used), [(partition, part)])
        yield from about(part, [(kind, NamedNode(end)), ("void:triples", number(size))])


def _part(*path: str) -> NamedNode:
    """Return the name of the partition of the data set by the classes and properties of `path`."""
    return NamedNode(f"{DATASET}#{'.'.join(map(_slug, path))}")


def _slug(iri: str) -> str:
    """Return `iri` as a unique fragment: its prefixed name if it has a prefix, or else a hash."""
    short = prefixed_name(iri)
    if short == iri:
        return hashlib.sha256(iri.encode()).hexdigest()[:16]
    return quote(short.replace(":", "-", 1), safe="")
