"""The addresses of the description: /openapi.json, a page for people, and the catalogue of interfaces."""

from __future__ import annotations

import json
from functools import partial

from flask import Flask, Response, current_app, request, url_for

from kg import saved
from kg.choices import Choice, choices
from kg.dumps.notice import SHOWN
from kg.parameters import Parameter
from server import documents, lookup
from server.formats import HTML
from server.openapi import interfaces, pages, table
from server.openapi.document import document, path_of
from server.openapi.questions import Choices
from server.openapi.responses import LINKSET
from server.openapi.table import Entry
from server.per_version import PerVersion
from server.questions import form as query_form
from server.site import Site

PROFILE = "https://www.rfc-editor.org/info/rfc9727"


def register(app: Flask, site: Site) -> None:
    """Give `app` the addresses at which it describes itself to programs."""
    described = PerVersion(lambda: _described(site))
    app.add_url_rule("/openapi.json", "openapi", lambda: _json(site, described.get(site.data_version)))
    app.add_url_rule("/docs/api", "api", lambda: _page(site, described.get(site.data_version)))
    app.add_url_rule("/.well-known/api-catalog", "api-catalog", lambda: _catalogue(site))


def _described(site: Site) -> Entry:
    """Return the description of the application that answers the present request."""
    served = [path_of(rule.rule) for rule in current_app.url_map.iter_rules()]
    queries = saved.load(site.queries).values()
    release = site.data_version[:SHOWN]
    return document(table.load(), served, queries, _choices(site), site.pool.limits, release)


def _choices(site: Site) -> Choices:
    """Return what finds the things that a parameter may be, none where they are more than a list can show."""
    ask = partial(lookup.rows, site.pool)
    known: dict[object, list[Choice]] = {}

    def listed(parameter: Parameter) -> list[Choice]:
        if parameter.choices not in known:
            some = choices(parameter, ask, query_form.MOST_CHOICES + 1)
            known[parameter.choices] = some if len(some) <= query_form.MOST_CHOICES else []
        return known[parameter.choices]

    return listed


def _json(site: Site, described: Entry) -> Response:
    servers = [{"url": request.script_root or "/"}]
    body = json.dumps({**described, "servers": servers}, ensure_ascii=False, indent=1).encode()
    return documents.finished(site, body, interfaces.OPENAPI)


def _page(site: Site, described: Entry) -> Response:
    return documents.finished(site, pages.render(described, request.script_root).encode(), HTML)


def _catalogue(site: Site) -> Response:
    body = json.dumps(interfaces.linkset(partial(url_for, _external=True)), indent=1).encode()
    response = documents.finished(site, body, LINKSET)
    if response.status_code == 200:
        response.headers["Content-Type"] = f'{LINKSET}; profile="{PROFILE}"'
    response.headers.add("Link", f'<{url_for("api-catalog")}>; rel="api-catalog"')
    return response
