"""The DCAT catalogue entry of the data set (DCAT 3, https://www.w3.org/TR/vocab-dcat-3/)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from pyoxigraph import Literal, NamedNode, Triple

from server.data.describing.service_description import ServiceFacts
from server.web.vocabulary import Pair, about, name, text

_MEDIA = "https://www.iana.org/assignments/media-types/"
# `?format=` -> the media type of a download of the whole graph.
_DOWNLOADS: Mapping[str, str] = MappingProxyType(
    {
        "ttl": "text/turtle",
        "nt": "application/n-triples",
        "rdf": "application/rdf+xml",
        "jsonld": "application/ld+json",
    }
)


def triples(service: ServiceFacts, downloads: str, void: str) -> Iterator[Triple]:
    """Return the catalogue: the data set, its SPARQL endpoint `service` and its distributions.

    `downloads` is the address of the whole graph, with a query string; `void` that of its VoID description.
    """
    data, endpoint = NamedNode(service.names.dataset), NamedNode(service.endpoint)
    licence: Pair = ("dcterms:license", NamedNode(service.about.licence))
    parts: dict[NamedNode, list[Pair]] = {
        NamedNode(service.names.iri("catalogue")): [
            ("rdf:type", name("dcat:Catalog")),
            ("dcterms:title", text(service.name)),
            ("dcat:dataset", data),
            ("dcat:service", endpoint),
        ],
        endpoint: _service(endpoint, service.name, data),
        data: [
            ("rdf:type", name("dcat:Dataset")),
            ("dcterms:title", text(service.about.title)),
            ("dcat:version", Literal(service.version)),
            ("rdfs:seeAlso", NamedNode(void)),
        ],
    }
    for node, pairs in parts.items():
        yield from about(node, [*pairs, licence])
    for ending, media_type in _DOWNLOADS.items():
        yield from distribution(data, f"{downloads}&format={ending}", media_type, licence)


def _service(endpoint: NamedNode, title: str, data: NamedNode) -> list[Pair]:
    return [
        ("rdf:type", name("dcat:DataService")),
        ("dcterms:title", text(f"{title}: SPARQL endpoint, read-only")),
        ("dcat:endpointURL", endpoint),
        ("dcat:endpointDescription", endpoint),
        ("dcterms:conformsTo", NamedNode("https://www.w3.org/TR/sparql11-protocol/")),
        ("dcat:servesDataset", data),
    ]


def distribution(data: NamedNode, address: str, media_type: str, licence: Pair) -> Iterator[Triple]:
    """Return the distribution of `data` at `address` that is generated on request, with its `licence`."""
    node = NamedNode(address)
    yield from about(data, [("dcat:distribution", node)])
    yield from about(
        node,
        [
            ("rdf:type", name("dcat:Distribution")),
            ("dcat:accessURL", node),
            ("dcat:downloadURL", node),
            ("dcat:mediaType", NamedNode(_MEDIA + media_type)),
            licence,
        ],
    )
