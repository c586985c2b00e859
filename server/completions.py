"""`/sparql/terms`: the names that the editor of the SPARQL page completes, each with its label."""

from __future__ import annotations

from flask import Flask

from kg.namespaces import CG, Namespaces
from server.site import documents, pool_queries
from server.site.cells import prefixed_name
from server.site.pool_queries import Row, value
from server.site.site import PerVersion, Site
from server.web.formats import JSON

MOST = 3_000  # names; a longer list would be slow to fetch and to search
# The terms of the ontology come first, then lists and shared things; statements are no names to ask with.
_NAMES = f"""
PREFIX cg: <{CG}>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?thing (MIN(?name) AS ?label) WHERE {{
  ?thing rdfs:label|skos:prefLabel ?name . FILTER (ISIRI(?thing) && lang(?name) = "en")
  FILTER NOT EXISTS {{ ?thing a cg:Statement }}
}} GROUP BY ?thing ORDER BY DESC(STRSTARTS(STR(?thing), STR(cg:))) ?thing LIMIT {MOST}"""


def register(app: Flask, site: Site) -> None:
    """Give `app` the address of the names."""
    names = PerVersion(lambda: terms(site))
    app.add_url_rule(
        "/sparql/terms", "sparql.terms", lambda: documents.json(site, names.get(site.data_version), JSON)
    )


def terms(site: Site) -> dict[str, list[list[str]]]:
    """Return the names that have a prefix, each with its label, and the namespaces of the prefixes."""
    rows = pool_queries.rows(site.pool, _NAMES)
    return {
        "terms": [pair for pair in (_named(row, site.names) for row in rows) if pair],
        "prefixes": [[prefix, namespace] for prefix, namespace in site.names.prefixes.items()],
    }


def _named(row: Row, names: Namespaces) -> list[str]:
    """Return the prefixed name and the label in `row`; nothing if no prefix fits."""
    iri = value(row["thing"])
    name = prefixed_name(iri, names)
    return [] if name == iri else [name, value(row["label"])]
