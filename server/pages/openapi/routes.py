"""The addresses of the description: /openapi.json, a page for people, and the catalogue of interfaces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from flask import Flask, Response, current_app, request, url_for

from kg.asking.questions.choices import Choice, choices
from kg.asking.questions.parameters import Parameter
from kg.publishing.dumps.notice import SHOWN
from server.pages.openapi import address_tables, api_page
from server.pages.openapi.address_tables import OpenApiObject
from server.pages.openapi.openapi_document import document, path_of
from server.pages.openapi.query_operations import Choices
from server.pages.openapi.responses import LINKSET
from server.pages.questions import question_page
from server.site import documents, pool_queries
from server.site.site import PerVersion, Site
from server.web.formats import HTML, JSON

OPENAPI = "application/vnd.oai.openapi+json"
_TURTLE = "text/turtle"
# What this service is asked by: the endpoint that it stands at, and the relation, endpoint and media type
# of what describes it (RFC 8631). The first is the service as a whole.
_INTERFACES: Mapping[str, tuple[tuple[str, str, str], ...]] = MappingProxyType(
    {
        "start": (
            ("service-desc", "openapi", OPENAPI),
            ("service-doc", "api", HTML),
            ("service-meta", "catalogue", _TURTLE),
            ("status", "ready", "text/plain"),
        ),
        "sparql/sparql": (("service-desc", "sparql/sparql", _TURTLE), ("service-meta", "void", _TURTLE)),
        "queries": (("service-desc", "queries.json", JSON), ("service-meta", "examples", _TURTLE)),
        "reconcile/reconcile": (
            ("service-desc", "reconcile/reconcile", JSON),
            ("service-doc", "reconcile/reconcile/documentation", HTML),
        ),
        "reconcile/reconcile/v1": (
            ("service-desc", "reconcile/reconcile/v1", JSON),
            ("service-doc", "reconcile/reconcile/documentation", HTML),
        ),
        "dumps": (("service-meta", "catalogue", _TURTLE),),
        "links": (("service-desc", "links", JSON),),
    }
)
# What is no address of this service but a command, and is described on the page of all of them.
_COMMANDS: Mapping[str, str] = MappingProxyType(
    {"mcp": "Model Context Protocol, for language models: the command cablegraph mcp"}
)


PROFILE = "https://www.rfc-editor.org/info/rfc9727"


def linkset(address: Callable[[str], str]) -> OpenApiObject:
    """Return the linkset; `address` gives the whole address of an endpoint of the application."""
    found = [_interface(address, name) for name in _INTERFACES]
    page = address("api")
    found[0]["service-doc"] += [
        {"href": f"{page}#{name}", "type": HTML, "title": title} for name, title in _COMMANDS.items()
    ]
    found[0]["item"] = [{"href": interface["anchor"]} for interface in found[1:]]
    return {"linkset": found}


def _interface(address: Callable[[str], str], name: str) -> OpenApiObject:
    described: OpenApiObject = {"anchor": address(name)}
    for relation, target, media_type in _INTERFACES[name]:
        described.setdefault(relation, []).append({"href": address(target), "type": media_type})
    return described


def register(app: Flask, site: Site) -> None:
    """Give `app` the addresses at which it describes itself to programs."""
    described = PerVersion(lambda: _described(site))
    app.add_url_rule("/openapi.json", "openapi", lambda: _json(site, described.get(site.data_version)))
    app.add_url_rule("/docs/api", "api", lambda: _page(site, described.get(site.data_version)))
    app.add_url_rule("/.well-known/api-catalog", "api-catalog", lambda: _catalogue(site))


def _described(site: Site) -> OpenApiObject:
    """Return the description of the application that answers the present request."""
    served = [path_of(rule.rule) for rule in current_app.url_map.iter_rules()]
    queries = site.queries.values()
    release = site.data_version[:SHOWN]
    return document(address_tables.load(), served, queries, _choices(site), site.pool.limits, release)


def _choices(site: Site) -> Choices:
    """Return what finds the things that a parameter may be, none where they are more than a list can show."""
    ask = partial(pool_queries.rows, site.pool)
    known: dict[object, list[Choice]] = {}

    def listed(parameter: Parameter) -> list[Choice]:
        if parameter.choices not in known:
            some = choices(parameter, ask, question_page.MOST_CHOICES + 1)
            known[parameter.choices] = some if len(some) <= question_page.MOST_CHOICES else []
        return known[parameter.choices]

    return listed


def _json(site: Site, described: OpenApiObject) -> Response:
    servers = [{"url": request.script_root or "/"}]
    return documents.json(site, {**described, "servers": servers}, OPENAPI)


def _page(site: Site, described: OpenApiObject) -> Response:
    return documents.html(site, api_page.render(described, request.script_root))


def _catalogue(site: Site) -> Response:
    response = documents.json(site, linkset(partial(url_for, _external=True)), LINKSET)
    if response.status_code == 200:
        response.headers["Content-Type"] = f'{LINKSET}; profile="{PROFILE}"'
    response.headers.add("Link", f'<{url_for("api-catalog")}>; rel="api-catalog"')
    return response
