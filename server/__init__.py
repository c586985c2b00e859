"""The web service: a SPARQL endpoint for programs and a plain query page for people."""

from __future__ import annotations

from flask import Flask

from server import endpoint, errors, headers
from server.endpoint import Site
from server.pool import Pool
from server.protocol import BODY_LIMIT

__all__ = ["create_app"]


def create_app(pool: Pool, *, name: str = "cablegraph", data_version: str, max_age: int = 300) -> Flask:
    """Return the WSGI application that answers from `pool`.

    `name` heads the pages; `data_version` names the state of the graph and goes into every entity
    tag; `max_age` is for how many seconds a cache may give an answer without asking.
    """
    app = Flask("server", static_folder="static", template_folder="templates")
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    site = Site(pool=pool, name=name, data_version=data_version, max_age=max_age)
    app.context_processor(lambda: {"site": site})
    headers.register(app)
    errors.register(app, site)
    endpoint.register(app, site)
    return app
