"""The VoID description of the data set: counts by graph, class, property, and what properties join.

https://www.w3.org/TR/void/ sections 4.5 and 4.6; the partitions by class of a property's objects and by
datatype follow the generators of VoID for SPARQL endpoints, so that query editors understand them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from pyoxigraph import NamedNode, Triple

from kg.namespaces import PREFIXES, SHIPPED, Namespaces
from kg.store.statistics import Counts, Statistics
from server.data.describing.service_description import graphs_in_void, left_out_of_void
from server.site.cells import prefixed_name
from server.web.vocabulary import about, name, number, text


def triples(statistics: Statistics, endpoint: str, names: Namespaces = SHIPPED) -> Iterator[Triple]:
    """Return the VoID description of the data set with the counts `statistics` and the SPARQL `endpoint`.

    `names` has the namespaces of the collection.
    """
    return _Void(names).triples(statistics, endpoint)


def described(names: Namespaces, graphs: Sequence[str], others: Sequence[str]) -> str:
    """Return the query for what the data say of themselves, of all graphs only of `graphs`.

    The descriptions of others are not looked at. `others` are data sets that are read together with these.
    """
    data, listed = f"<{names.dataset}>", " ".join(map(str, map(NamedNode, graphs)))
    subsets = ", ".join(map(str, map(NamedNode, (*graphs, *others))))
    return f"""PREFIX void: <{PREFIXES["void"]}>
CONSTRUCT {{ ?s ?p ?o }} {{
  {{
    VALUES ?s {{ {data} <{names.dataset}#publisher> {listed} }}
    ?s ?p ?o FILTER (?p != void:subset || ?o IN ({subsets}))
  }}
  UNION {{ ?s a void:Linkset ; ?p ?o }}
  UNION {{ ?o a void:Linkset . ?s void:subset ?o BIND (void:subset AS ?p) }}
  UNION {{ ?set a void:Linkset ; void:subjectsTarget|void:objectsTarget ?s . ?s ?p ?o }}
}}"""


class _Void:
    def __init__(self, names: Namespaces) -> None:
        self._names, self._data = names, NamedNode(names.dataset)

    def triples(self, statistics: Statistics, endpoint: str) -> Iterator[Triple]:
        counts = statistics.counts
        yield from about(
            self._data, [("rdf:type", name("void:Dataset")), ("void:sparqlEndpoint", NamedNode(endpoint))]
        )
        yield from self._totals(statistics)
        shown = graphs_in_void(statistics)
        yield from self._graphs({(graph,): counts["graphs"][graph,] for graph in shown})
        yield from self._properties(self._data, counts["properties"])
        for (class_,), size in counts["classes"].items():
            part = self._part(class_)
            yield from about(self._data, [("void:classPartition", part)])
            yield from about(part, [("void:class", NamedNode(class_)), ("void:entities", number(size))])
            uses: Counts = {(used,): n for (subject, used), n in counts["uses"].items() if subject == class_}
            yield from self._properties(part, uses, class_)
        yield from self._ends(counts["targets"], "void:classPartition", "void:class")
        yield from self._ends(counts["datatypes"], "void-ext:datatypePartition", "void-ext:datatype")

    def _totals(self, statistics: Statistics) -> Iterator[Triple]:
        totals = {"void:triples": sum(statistics.counts["triples"].values())}
        totals["void:classes"] = len(statistics.counts["classes"])
        totals["void:properties"] = len(statistics.counts["properties"])
        yield from about(self._data, [(what, number(total)) for what, total in totals.items() if total])
        if others := left_out_of_void(statistics, self._names):
            yield from about(self._data, [("rdfs:comment", text(others))])
        if statistics.missing:
            missing = ", ".join(statistics.missing)
            yield from about(self._data, [("rdfs:comment", text(f"Not counted by this service: {missing}."))])

    def _graphs(self, graphs: Counts) -> Iterator[Triple]:
        for (graph,), size in graphs.items():
            yield from about(self._data, [("void:subset", NamedNode(graph))])
            yield from about(
                NamedNode(graph), [("rdf:type", name("void:Dataset")), ("void:triples", number(size))]
            )

    def _properties(self, whole: NamedNode, uses: Counts, *path: str) -> Iterator[Triple]:
        for (used,), size in uses.items():
            part = self._part(*path, used)
            yield from about(whole, [("void:propertyPartition", part)])
            yield from about(part, [("void:property", NamedNode(used)), ("void:triples", number(size))])

    def _ends(self, ends: Counts, partition: str, kind: str) -> Iterator[Triple]:
        for (class_, used, end), size in ends.items():
            part = self._part(class_, used, end)
            yield from about(self._part(class_, used), [(partition, part)])
            yield from about(part, [(kind, NamedNode(end)), ("void:triples", number(size))])

    def _part(self, *path: str) -> NamedNode:
        """Return the name of the partition of the data set by the classes and properties of `path`."""
        return NamedNode(f"{self._data.value}#{'.'.join(map(self._slug, path))}")

    def _slug(self, iri: str) -> str:
        """Return `iri` as a unique fragment: its prefixed name if it has a prefix, or else a hash."""
        short = prefixed_name(iri, self._names)
        if short == iri:
            return hashlib.sha256(iri.encode()).hexdigest()[:16]
        return quote(short.replace(":", "-", 1), safe="")
