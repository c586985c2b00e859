"""The web service: a SPARQL endpoint for programs and a plain query page for people."""

from __future__ import annotations

from flask import Flask

from server import endpoint, errors, headers, health, links
from server.answer_cache import AnswerCache
from server.answers import Answers
from server.describing.census import Census
from server.downloads.releases import Releases
from server.protocol import BODY_LIMIT
from server.services import Services
from server.site import Site
from server.workers.pool import Pool

__all__ = ["create_app"]


def create_app(  # noqa: PLR0913 - all but one have defaults
    pool: Pool,
    *,
    name: str = "cablegraph",
    data_version: str,
    max_age: int = 300,
    cache_size: int = 0,
    services: Services | None = None,
    releases: Releases | None = None,
    census: Census | None = None,
) -> Flask:
    """Return the WSGI application that answers from `pool`.

    `name` heads the pages; `data_version` names the state of the graph and goes into every entity
    tag; `max_age` is for how many seconds a cache may give an answer without asking;
    `cache_size` is for how many bytes of answers are kept here, 0 for none; `services` makes the
    calls that queries may make of other services, by default none; `releases` has the files to
    download, by default none; `census` counts the data for the descriptions.
    """
    app = Flask("server", static_folder="static", template_folder="templates")
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    site = Site(
        pool,
        name,
        data_version,
        max_age,
        services or Services(pool),
        releases=releases,
        census=census,
    )
    app.context_processor(lambda: {"site": site})
    headers.register(app)
    links.register(app)
    errors.register(app, site)
    endpoint.register(app, site)
    health.register(app, pool)
    if cache_size:
        # Whatever is to see every request, or to mend its address, is put around this.
        cached = AnswerCache(app.wsgi_app, Answers(cache_size), lambda: (site.data_version, pool.reloads))
        app.wsgi_app = cached  # type: ignore[method-assign, assignment]
    return app
