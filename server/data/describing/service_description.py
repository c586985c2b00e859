"""The service description in RDF: formats, limits, graphs (SPARQL 1.1 Service Description section 3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from kg.asking.questions import query_triples
from kg.namespaces import GRAPH
from kg.store.layers import DATASET, LICENCE
from kg.store.statistics import Statistics
from server.engine.evaluation.query_request import Limits
from server.web.sparql_protocol import QUERY_LIMIT
from server.web.vocabulary import about, name, number, text

# Names in https://www.w3.org/ns/formats/ of the formats in formats.py.
FORMATS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
    "N-Quads",
    "TriG",
)
INFERRED = f"{GRAPH}inferred/"
_ENTAILMENT = (
    "Queries are answered under simple entailment: nothing is inferred while a query runs. What follows "
    "by OWL 2 RL and by rules is written out in graphs of its own, whose names begin with "
    f"<{INFERRED}>; the default graph is the union of all graphs, those included."
)
_INFERRED = "Inferred when the graph was built, and written out; no telegram says it in these terms."


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """The facts that describe one service.

    `endpoint` is its address, `version` that of its data; `services` are the addresses that a query may call.
    """

    endpoint: str
    name: str
    version: str
    limits: Limits
    services: tuple[str, ...] = ()


def triples(service: ServiceFacts, statistics: Statistics) -> Iterator[Triple]:
    """Return the description of `service`; void.py describes its data."""
    node = NamedNode(service.endpoint)
    yield from about(
        node,
        [
            ("rdf:type", name("sd:Service")),
            ("sd:endpoint", node),
            ("rdfs:label", Literal(service.name)),
            ("dcterms:hasVersion", Literal(service.version)),
            ("dcterms:license", NamedNode(LICENCE)),
            ("sd:supportedLanguage", name("sd:SPARQL11Query")),
            ("sd:feature", name("sd:UnionDefaultGraph")),
            ("sd:defaultEntailmentRegime", name("ent:Simple")),
            ("rdfs:comment", text(_ENTAILMENT)),
            *(("sd:resultFormat", name(f"formats:{format_}")) for format_ in FORMATS),
        ],
    )
    yield from _federation(node, service.services)
    yield from query_triples.prefix_declarations(node)
    yield from _limits(node, service.limits)
    yield from _dataset(node, statistics)


def _federation(service: NamedNode, allowed: tuple[str, ...]) -> Iterator[Triple]:
    """Return sd:BasicFederatedQuery and the allowed addresses, or nothing if none is allowed."""
    if allowed:
        which = f"SERVICE may call {', '.join(f'<{address}>' for address in allowed)} and nothing else."
        yield from about(
            service, [("sd:feature", name("sd:BasicFederatedQuery")), ("rdfs:comment", text(which))]
        )


def _limits(service: NamedNode, limits: Limits) -> Iterator[Triple]:
    """Return the limits of a query in schema.org's terms, since no W3C vocabulary has any for them."""
    table = {
        "query time": (Literal(f"{limits.timeout:g}", datatype=name("xsd:decimal")), "seconds"),
        "query memory": (number(limits.memory), "bytes"),
        "query length": (number(QUERY_LIMIT), "bytes"),
        "answer size": (number(limits.result), "bytes"),
        "queries at once": (number(limits.workers), "queries"),
    }
    for what, (most, unit) in table.items():
        node = NamedNode(f"{service.value}#limit-{what.replace(' ', '-')}")
        yield from about(service, [("schema:additionalProperty", node)])
        yield from about(
            node,
            [
                ("rdf:type", name("schema:PropertyValue")),
                ("schema:name", text(what)),
                ("schema:maxValue", most),
                ("schema:unitText", text(unit)),
            ],
        )


def _dataset(service: NamedNode, statistics: Statistics) -> Iterator[Triple]:
    data, union = NamedNode(DATASET), NamedNode(f"{service.value}#union")
    counts = statistics.counts
    yield from about(service, [("sd:defaultDataset", data), ("sd:availableGraphs", data)])
    yield from about(
        data,
        [
            ("rdf:type", name("sd:Dataset")),
            ("rdf:type", name("sd:GraphCollection")),
            ("sd:defaultGraph", union),
        ],
    )
    yield from about(union, [("rdf:type", name("sd:Graph")), ("rdfs:label", text("The union of all graphs"))])
    yield from about(union, [("void:triples", number(size)) for size in counts["triples"].values()])
    for (graph,), size in counts["graphs"].items():
        yield from _named_graph(service, data, graph, size)


def _named_graph(service: NamedNode, data: NamedNode, graph: str, size: int) -> Iterator[Triple]:
    node = NamedNode(f"{service.value}#graph/{graph.removeprefix(GRAPH)}")
    iri = NamedNode(graph)
    yield from about(data, [("sd:namedGraph", node)])
    yield from about(
        node,
        [
            ("rdf:type", name("sd:NamedGraph")),
            ("sd:name", iri),
            ("sd:graph", iri),
            ("sd:entailmentRegime", name("ent:Simple")),
        ],
    )
    yield from about(iri, [("rdf:type", name("sd:Graph")), ("void:triples", number(size))])
    if graph.startswith(INFERRED):
        yield from about(iri, [("rdfs:comment", text(_INFERRED))])
