"""The addresses of the description: /openapi.json, a page for people, and the catalogue of interfaces."""

from __future__ import annotations

import json
from functools import partial

from flask import Flask, Response, current_app, request, url_for

from kg import saved
from kg.choices import Choice, choices
from kg.parameters import Parameter
from server import documents, lookup
from server.formats import HTML
from server.openapi import pages, table
from server.openapi.document import document, path_of
from server.openapi.questions import Choices
from server.openapi.table import Entry
from server.per_version import PerVersion
from server.questions import form as query_form
from server.site import Site

MEDIA_TYPE = "application/vnd.oai.openapi+json"
LINKSET = "application/linkset+json"
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
    return document(table.load(), served, queries, _choices(site), site.pool.limits)


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
    return documents.finished(site, body, MEDIA_TYPE)


def _page(site: Site, described: Entry) -> Response:
    return documents.finished(site, pages.render(described, request.script_root).encode(), HTML)


def _catalogue(site: Site) -> Response:
    """Return the linkset of the interfaces (RFC 9727 section 2, RFC 9264 section 4.2)."""
    body = json.dumps({"linkset": [_sparql(), _whole()]}, indent=1).encode()
    response = documents.finished(site, body, LINKSET)
    if response.status_code == 200:
        response.headers["Content-Type"] = f'{LINKSET}; profile="{PROFILE}"'
    response.headers.add("Link", f'<{url_for("api-catalog")}>; rel="api-catalog"')
    return response


def _sparql() -> Entry:
    endpoint = _address("sparql/sparql")
    return {"anchor": endpoint, "service-desc": [{"href": endpoint, "type": "text/turtle"}]}


def _whole() -> Entry:
    return {
        "anchor": _address("start"),
        "service-desc": [{"href": _address("openapi"), "type": MEDIA_TYPE}],
        "service-doc": [{"href": _address("api"), "type": HTML}],
        "service-meta": [{"href": _address("catalogue"), "type": "text/turtle"}],
        "status": [{"href": _address("ready"), "type": "text/plain"}],
    }


def _address(endpoint: str) -> str:
    return url_for(endpoint, _external=True)
