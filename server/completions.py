"""`/sparql/terms`: the names that the editor of the SPARQL page completes, each with its label."""

from __future__ import annotations

from flask import Flask

from kg.namespaces import Namespaces
from kg.publishing.stores.kept_questions import COMPLETED, TERMS
from server.site import documents, pool_queries
from server.site.cells import prefixed_name
from server.site.first_answers import FirstAnswers
from server.site.pool_queries import Row, value
from server.site.site import PerVersion, Site
from server.web.formats import JSON


def register(app: Flask, site: Site, answers: FirstAnswers) -> None:
    """Give `app` the address of the names, which a store may keep among its `answers`."""
    names = PerVersion(lambda: terms(site, answers))
    app.add_url_rule(
        "/sparql/terms", "sparql.terms", lambda: documents.json(site, names.get(site.data_version), JSON)
    )


def terms(site: Site, answers: FirstAnswers) -> dict[str, list[list[str]]]:
    """Return the names that have a prefix, each with its label, and the namespaces of the prefixes."""
    file = answers.kept(site.data_version)
    kept = file.page(COMPLETED, {}, TERMS, None, 0) if file else None
    rows = pool_queries.parsed(kept.body) if kept else pool_queries.rows(site.pool, TERMS)
    return {
        "terms": [pair for pair in (_named(row, site.names) for row in rows) if pair],
        "prefixes": [[prefix, namespace] for prefix, namespace in site.names.prefixes.items()],
    }


def _named(row: Row, names: Namespaces) -> list[str]:
    """Return the prefixed name and the label in `row`; nothing if no prefix fits."""
    iri = value(row["thing"])
    name = prefixed_name(iri, names)
    return [] if name == iri else [name, value(row["label"])]
