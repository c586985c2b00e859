"""Namespaces and prefixes, once."""

from __future__ import annotations

from rdflib import Namespace

BASE = "https://w3id.org/cablegraph/"
CG = Namespace(BASE + "ontology#")
ID = Namespace(BASE + "id/")
GRAPH = Namespace(BASE + "graph/")
OA = Namespace("http://www.w3.org/ns/oa#")
WIKIDATA = Namespace("http://www.wikidata.org/entity/")

# The kinds of things that records name with a prefix, as in `actor:fidel-castro`.
THINGS = ("actor", "document", "event", "issue", "office", "place", "series", "telegram")

PREFIXES: dict[str, str] = {
    "cg": str(CG),
    "id": str(ID),
    **{kind: f"{ID}{kind}/" for kind in THINGS},
    "graph": str(GRAPH),
    "dcterms": "http://purl.org/dc/terms/",
    "oa": str(OA),
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": "http://rdfs.org/ns/void#",
    "wd": str(WIKIDATA),
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
