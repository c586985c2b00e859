"""The WSGI application: Flask with all addresses, and the answer cache in front of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from wsgiref.types import WSGIApplication

from flask import Flask

from kg.asking.questions import saved_queries
from kg.asking.questions.saved_queries import SavedQuery
from kg.resources import folder
from kg.store.layers import LICENCE
from kg.store.statistics import StatisticsOf
from server import error_responses, routes, sparql_endpoint
from server.data.describing.shapes import FindingsOf
from server.data.downloads.releases import Releases
from server.engine.workers.pool import Pool
from server.http.layers.answer_cache import AnswerCache
from server.http.layers.answer_store import ResponseStore
from server.pages.search.word_indexes import IndexFile, WordIndexes
from server.site.other_services import Services
from server.site.site import Site
from server.web import response_headers
from server.web.sparql_protocol import BODY_LIMIT
from server.web.wsgi import defer


def create_app(  # noqa: PLR0913 - all but one have defaults
    pool: Pool,
    *,
    name: str = "cablegraph",
    data_version: str,
    max_age: int = 300,
    cache_size: int = 0,
    services: Services | None = None,
    releases: Releases | None = None,
    statistics: StatisticsOf = lambda _: None,
    findings: FindingsOf = lambda _: None,
    queries: Mapping[str, SavedQuery] | None = None,
    search: IndexFile = lambda _: None,
    texts: Path | None = None,
    drafts: Path | None = None,
) -> Flask:
    """Return the WSGI application that answers from `pool`.

    `name` is the heading of the pages. `data_version` identifies the state of the graph and is part of
    every entity tag. `max_age` is for how many seconds other caches may reuse a response. `cache_size` is
    for how many bytes of responses the answer cache stores, 0 for none. `services` makes the calls that
    queries may make to other services, by default none. `releases` has the files for download, by default
    none. `statistics` returns the counts of the data of a version, or None if there are none; then the
    descriptions say so. `findings` returns those of the validation of a version, or None if there was none.
    `queries` are the saved queries by name, by default those that come with the code.
    `search` returns the file of the index for the search of the data of a version, or None if there is none;
    then the words are read from the pool. `texts` is the folder of texts that the pages of telegrams show,
    `drafts` that of drafts, which have pages if it is there.
    """
    app = Flask(
        "server", static_folder="site/static", static_url_path="/static", template_folder="site/templates"
    )
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    site = Site(
        pool,
        name,
        data_version,
        max_age,
        services or Services(pool),
        saved_queries.load(folder("queries")) if queries is None else queries,
        downloads=releases is not None,
        texts=texts,
        drafts=drafts,
    )
    app.context_processor(lambda: {"site": site, "licence": LICENCE})
    response_headers.register(app)
    response_headers.register_links(app)
    error_responses.register(app, site)
    indexes = WordIndexes(pool, site.queries, search)
    routes.register(app, site, releases, statistics, indexes, findings)
    # Layers that see every request, or correct its address, are put around this one.
    app.wsgi_app = _with_cache(app, site, cache_size)  # type: ignore[method-assign, assignment]
    return app


def _with_cache(app: Flask, site: Site, cache_size: int) -> WSGIApplication:
    """Return `app` behind an answer cache of that many bytes; with 0 only deferred until it is read."""
    if not cache_size:
        return defer(app.wsgi_app)
    return AnswerCache(
        app.wsgi_app,
        ResponseStore(cache_size),
        lambda: (site.data_version, site.pool.reloads),
        partial(sparql_endpoint.preferences, site.choices),
    )
