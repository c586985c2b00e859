"""RDF namespaces and SPARQL prefixes, as plain strings so that no command loads rdflib for a name."""

from __future__ import annotations


class Namespace(str):
    """A namespace IRI whose attributes are the IRIs of its terms, as in `CG.evidence`.

    Append a term that is also a method of `str` instead, as in `f"{DCTERMS}title"`.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> str:
        """Return the IRI of the term `name`."""
        if name.startswith("__"):  # looked up by Python itself
            raise AttributeError(name)
        return f"{self}{name}"


BASE = "https://w3id.org/cablegraph/"
CG = Namespace(BASE + "ontology#")
ID = Namespace(BASE + "id/")
GRAPH = Namespace(BASE + "graph/")
OA = Namespace("http://www.w3.org/ns/oa#")
WIKIDATA = Namespace("http://www.wikidata.org/entity/")
DCTERMS = Namespace("http://purl.org/dc/terms/")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
PROV = Namespace("http://www.w3.org/ns/prov#")
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
VOID = Namespace("http://rdfs.org/ns/void#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")

# The kinds of things that records name with a prefix, as in `actor:fidel-castro`.
THINGS = ("actor", "document", "event", "issue", "office", "place", "series", "telegram", "topic")

# The lists of ontology/concepts.ttl, whose values are named with a prefix, as in `voice:writer`.
LISTS = (
    *(
        "basis",
        "catalogue",
        "certainty",
        "date-basis",
        "depth",
        "event-kind",
        "expectation",
        "holding",
        "label-source",
    ),
    *("language", "marking-kind", "modality", "mode", "precision", "speech-form", "status", "voice", "zone"),
)

PREFIXES: dict[str, str] = {
    "cg": str(CG),
    "id": str(ID),
    **{kind: f"{ID}{kind}/" for kind in (*THINGS, *LISTS)},
    "graph": str(GRAPH),
    "dcterms": str(DCTERMS),
    "oa": str(OA),
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": str(PROV),
    "rdf": str(RDF),
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": str(VOID),
    "wd": str(WIKIDATA),
    "xsd": str(XSD),
}
