"""Describe the service in RDF (SPARQL 1.1 Service Description, section 3)."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.namespaces import PREFIXES
from server.evaluation import write_triples

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_TYPE = NamedNode(PREFIXES["rdf"] + "type")

# Names of https://www.w3.org/ns/formats/ for what formats.py writes.
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


def describe(endpoint: str, name: str, data_version: str, media_type: str) -> bytes:
    """Return the description of the service at the address `endpoint` in the RDF syntax `media_type`."""
    output = BytesIO()
    write_triples(
        _triples(NamedNode(endpoint), name, data_version), output, media_type, PREFIXES | {"sd": _SD}
    )
    return output.getvalue()


def _triples(service: NamedNode, name: str, data_version: str) -> Iterator[Triple]:
    dataset, graph = BlankNode("dataset"), BlankNode("union")
    yield Triple(service, _TYPE, _sd("Service"))
    yield Triple(service, _sd("endpoint"), service)
    yield Triple(service, NamedNode(PREFIXES["rdfs"] + "label"), Literal(name))
    yield Triple(service, NamedNode(PREFIXES["dcterms"] + "hasVersion"), Literal(data_version))
    yield Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    yield Triple(service, _sd("feature"), _sd("UnionDefaultGraph"))
    for format_ in FORMATS:
        yield Triple(service, _sd("resultFormat"), NamedNode(_FORMATS + format_))
    yield Triple(service, _sd("defaultDataset"), dataset)
    yield Triple(dataset, _TYPE, _sd("Dataset"))
    yield Triple(dataset, _sd("defaultGraph"), graph)
    yield Triple(graph, _TYPE, _sd("Graph"))


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)
