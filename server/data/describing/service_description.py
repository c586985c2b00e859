"""The service description in RDF: formats, limits, graphs (SPARQL 1.1 Service Description section 3).

It is small at any size of the data: with many graphs it names those that all data have. VoID names more, and
the graph that describes the graphs has all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from kg.asking.questions import query_triples
from kg.namespaces import PREFIXES, Namespaces, layer_name
from kg.reading.collection.description import Description
from kg.store.layers import OURS
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
_ACROSS = ("across", "several")  # what follows from several graphs
MOST_GRAPHS, _CHARACTERS = 12, 850  # that are described one by one, and characters of their names in all
MOST_IN_VOID = 1_000  # graphs that the VoID description has one by one
_SERVICES = 20  # addresses in a sentence
# The names of the graphs that all our data have.
ALONE = frozenset({"inferred/across", "inferred/shared", "links", "meta", "ontology", "queries", "shared"})
_ENTAILMENT = (
    "Queries are answered under simple entailment: nothing is inferred while a query runs. What follows "
    "by OWL 2 RL and by rules is written out in graphs of its own, whose names begin with "
    "<%s>; the default graph is the union of all graphs, those included."
)
_REIFIES = f"{PREFIXES['rdf']}reifies"
_ANNOTATED = "Drawn triples are annotated with the statements that they are drawn from (RDF 1.2, SPARQL 1.2)."


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """The facts that describe one service.

    `endpoint` is its address, `version` that of its data; `services` are the addresses that a query may call.
    `void` and `examples` are the addresses of the descriptions of the data and of the saved queries. `about`
    describes the collection.
    """

    endpoint: str
    name: str
    version: str
    limits: Limits
    services: tuple[str, ...] = ()
    void: str = ""
    examples: str = ""
    about: Description = OURS

    @property
    def names(self) -> Namespaces:
        """The namespaces of the collection."""
        return self.about.names


def triples(service: ServiceFacts, statistics: Statistics) -> Iterator[Triple]:
    """Return the description of `service`; void.py describes its data."""
    node, names = NamedNode(service.endpoint), service.names
    canonical = NamedNode(names.rebased(query_triples.ENDPOINT))
    yield from about(
        node,
        [
            ("rdf:type", name("sd:Service")),
            ("sd:endpoint", node),
            ("rdfs:label", Literal(service.name)),
            ("dcterms:hasVersion", Literal(service.version)),
            ("dcterms:license", NamedNode(service.about.licence)),
            ("sd:supportedLanguage", name("sd:SPARQL11Query")),
            ("sd:feature", name("sd:UnionDefaultGraph")),
            ("sd:defaultEntailmentRegime", name("ent:Simple")),
            ("rdfs:comment", text(_ENTAILMENT % f"{names.graph}inferred/")),
            *(("rdfs:seeAlso", NamedNode(at)) for at in (service.void, service.examples) if at),
            *(("sd:resultFormat", name(f"formats:{format_}")) for format_ in FORMATS),
        ],
    )
    if node != canonical:  # the name of the endpoint, wherever it is served
        yield from about(canonical, [("sd:endpoint", node)])
    yield from _federation(node, service.services)
    yield from query_triples.prefix_declarations(node, names)
    yield from _limits(node, service.limits)
    yield from _dataset(node, service, statistics)
    if (_REIFIES,) in statistics.counts["properties"]:
        yield from about(node, [("rdfs:comment", text(_ANNOTATED))])


def _federation(service: NamedNode, allowed: tuple[str, ...]) -> Iterator[Triple]:
    """Return sd:BasicFederatedQuery and the allowed addresses, or nothing if none is allowed."""
    if allowed:
        shown = ", ".join(f"<{address}>" for address in allowed[:_SERVICES])
        more = f" and {len(allowed) - _SERVICES:,} more" if len(allowed) > _SERVICES else ""
        which = f"SERVICE may call {shown}{more} and nothing else."
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


def _dataset(node: NamedNode, service: ServiceFacts, statistics: Statistics) -> Iterator[Triple]:
    data, union = NamedNode(service.names.dataset), NamedNode(f"{node.value}#union")
    counts = statistics.counts
    yield from about(node, [("sd:defaultDataset", data), ("sd:availableGraphs", data)])
    yield from about(
        data,
        [
            ("rdf:type", name("sd:Dataset")),
            ("rdf:type", name("sd:GraphCollection")),
            ("sd:defaultGraph", union),
            ("dcterms:title", text(service.about.title)),
            ("dcterms:license", NamedNode(service.about.licence)),
            *(("rdfs:seeAlso", NamedNode(at)) for at in (service.void,) if at),
            *(("rdfs:comment", text(left_out)) for left_out in _left_out(service, statistics)),
        ],
    )
    yield from about(union, [("rdf:type", name("sd:Graph")), ("rdfs:label", text("The union of all graphs"))])
    yield from about(union, [("void:triples", number(size)) for size in counts["triples"].values()])
    for graph in listed_graphs(statistics):
        at = NamedNode(f"{node.value}#{service.names.path(graph) or f'graph/{layer_name(graph)}'}")
        yield from _named_graph(at, data, graph, counts["graphs"][graph,])


def listed_graphs(statistics: Statistics) -> list[str]:
    """Return the graphs that are described one by one: all if few with short names, else those in `ALONE`."""
    graphs = [graph for (graph,) in statistics.counts["graphs"]]
    few = len(graphs) <= MOST_GRAPHS and sum(map(len, graphs)) <= _CHARACTERS
    return graphs if few else [graph for graph in graphs if layer_name(graph) in ALONE]


def graphs_in_void(statistics: Statistics) -> list[str]:
    """Return the graphs that the VoID description has: all, or of more than MOST_IN_VOID those in `ALONE`."""
    graphs = statistics.counts["graphs"]
    return [graph for (graph,) in graphs] if len(graphs) <= MOST_IN_VOID else listed_graphs(statistics)


def left_out_of_void(statistics: Statistics, names: Namespaces) -> str:
    """Return the sentence about the graphs that the VoID description does not have; empty if it has all."""
    total, listed = len(statistics.counts["graphs"]), len(graphs_in_void(statistics))
    if listed == total:
        return ""
    return (
        f"Of {total:,} named graphs, {listed} are listed here; the graph <{names.graph}meta> describes all."
    )


def _left_out(service: ServiceFacts, statistics: Statistics) -> Iterator[str]:
    """Yield the sentences about what is not counted or not listed here."""
    if statistics.missing:
        yield f"Not counted by this service: {', '.join(statistics.missing)}."
    total, listed = len(statistics.counts["graphs"]), len(listed_graphs(statistics))
    if others := left_out_of_void(statistics, service.names):
        yield others
    elif listed < total:
        yield f"Of {total:,} named graphs, {listed} are listed here; the VoID description has all."


def _named_graph(node: NamedNode, data: NamedNode, graph: str, size: int) -> Iterator[Triple]:
    iri = NamedNode(graph)
    yield from about(data, [("sd:namedGraph", node)])
    yield from about(
        node,
        [
            ("rdf:type", name("sd:NamedGraph")),
            ("sd:name", iri),
            ("sd:graph", iri),
        ],
    )
    yield from about(iri, [("rdf:type", name("sd:Graph")), ("void:triples", number(size))])
    home, inferred, source = graph.partition("inferred/")
    if inferred and source not in _ACROSS:
        yield from about(iri, [("prov:wasDerivedFrom", NamedNode(home + source))])
