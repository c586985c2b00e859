"""Media types of query results and graphs, the engine's format for each, and the names of `?format=`.

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

# For ASK only: the word true or false, as CSV writes it.
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

# In order of preference when the client likes several equally; HTML is made from the first of each.
OFFERS: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {"solutions": (*RESULTS, HTML), "boolean": (*BOOLEANS, HTML), "graph": (*GRAPHS, HTML)}
)

_JSON, _XML = "application/sparql-results+json", "application/sparql-results+xml"
_TURTLE, _RDF_XML, _JSON_LD = "text/turtle", "application/rdf+xml", "application/ld+json"
_TRIPLES, _QUADS, _TRIG = "application/n-triples", "application/n-quads", "application/trig"
_CSV, _TSV = "text/csv", "text/tab-separated-values"

# `?format=`: the media types of a short name for results and for graphs; None: there is none.
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
        # Names that SPARQL libraries send.
        "turtle": (None, _TURTLE),
        "n3": (None, "text/n3"),
        "rdf+xml": (None, _RDF_XML),
        "json-ld": (None, _JSON_LD),
        "n-triples": (None, _TRIPLES),
    }
)

# Types of text in UTF-8, whose charset HTTP clients would otherwise guess.
_WITH_CHARSET = ("text/",)


def content_type(media_type: str) -> str:
    """Return the value of Content-Type for `media_type`, with a charset if it is a text type."""
    return f"{media_type}; charset=utf-8" if media_type.startswith(_WITH_CHARSET) else media_type


def json_text(content: object) -> str:
    """Return `content` as JSON, indented and in UTF-8, so that people can read it, too."""
    return json.dumps(content, ensure_ascii=False, indent=1)


def worker_type(kind: Kind, media_type: str) -> str:
    """Return the media type that a worker writes for `media_type`: HTML is made from another format."""
    return OFFERS[kind][0] if media_type == HTML else media_type
