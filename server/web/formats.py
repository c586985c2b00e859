"""The formats of answers: one table from media type to the engine's writer.

SELECT and ASK: https://www.w3.org/TR/sparql11-results-json/, …/rdf-sparql-XMLres/ and
…/sparql11-results-csv-tsv/. CONSTRUCT and DESCRIBE: https://www.w3.org/TR/turtle/, …/n-triples/,
…/rdf-syntax-grammar/, …/json-ld11/, …/n-quads/ and …/trig/.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from pyoxigraph import QueryResultsFormat, RdfFormat

Kind = Literal["solutions", "boolean", "graph"]  # of results

HTML, JSON = "text/html", "application/json"

RESULTS: Mapping[str, QueryResultsFormat] = MappingProxyType(
    {
        "application/sparql-results+json": QueryResultsFormat.JSON,
        "application/sparql-results+xml": QueryResultsFormat.XML,
        "text/csv": QueryResultsFormat.CSV,
        "text/tab-separated-values": QueryResultsFormat.TSV,
        "application/json": QueryResultsFormat.JSON,
        "application/xml": QueryResultsFormat.XML,
    }
)

# ASK only: the bare word, as CSV writes it.
BOOLEANS: Mapping[str, QueryResultsFormat] = MappingProxyType(
    {**RESULTS, "text/boolean": QueryResultsFormat.CSV, "text/plain": QueryResultsFormat.CSV}
)

GRAPHS: Mapping[str, RdfFormat] = MappingProxyType(
    {
        "text/turtle": RdfFormat.TURTLE,
        "application/n-triples": RdfFormat.N_TRIPLES,
        "application/rdf+xml": RdfFormat.RDF_XML,
        "application/ld+json": RdfFormat.JSON_LD,
        "application/n-quads": RdfFormat.N_QUADS,
        "application/trig": RdfFormat.TRIG,
        "text/n3": RdfFormat.TURTLE,  # every Turtle document is an N3 document
    }
)

# In the order in which ties are decided; HTML is made of the first of each.
OFFERS: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {"solutions": (*RESULTS, HTML), "boolean": (*BOOLEANS, HTML), "graph": (*GRAPHS, HTML)}
)

_JSON, _XML = "application/sparql-results+json", "application/sparql-results+xml"
_TURTLE, _RDF_XML, _JSON_LD = "text/turtle", "application/rdf+xml", "application/ld+json"
_TRIPLES, _QUADS, _TRIG = "application/n-triples", "application/n-quads", "application/trig"
_CSV, _TSV = "text/csv", "text/tab-separated-values"

# `?format=`: what a short name means for results and for graphs; None: there is no such form.
SHORT_NAMES: Mapping[str, tuple[str | None, str | None]] = MappingProxyType(
    {
        "json": (_JSON, _JSON_LD),
        "xml": (_XML, _RDF_XML),
        "csv": (_CSV, None),
        "tsv": (_TSV, None),
        "ttl": (None, _TURTLE),
        "nt": (None, _TRIPLES),
        "rdf": (None, _RDF_XML),
        "jsonld": (None, _JSON_LD),
        "nq": (None, _QUADS),
        "trig": (None, _TRIG),
        "html": (HTML, HTML),
        # What SPARQL libraries send.
        "turtle": (None, _TURTLE),
        "n3": (None, "text/n3"),
        "rdf+xml": (None, _RDF_XML),
        "json-ld": (None, _JSON_LD),
        "n-triples": (None, _TRIPLES),
    }
)

# Types with a text in UTF-8 that HTTP clients would otherwise guess the coding of.
_CHARSET = ("text/",)


def content_type(media_type: str) -> str:
    """Return the Content-Type for `media_type`, with its charset where it is a text type."""
    return f"{media_type}; charset=utf-8" if media_type.startswith(_CHARSET) else media_type


def json_text(content: object) -> str:
    """Return `content` as JSON that people can read, too."""
    return json.dumps(content, ensure_ascii=False, indent=1)


def behind(kind: Kind, media_type: str) -> str:
    """Return what a worker is to write so that `media_type` can be given: HTML is made from another form."""
    return OFFERS[kind][0] if media_type == HTML else media_type
