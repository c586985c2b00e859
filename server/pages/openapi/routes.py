"""HTTP routes of the API description: /openapi.json, /docs/api, and the API catalogue (RFC 9727)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from flask import Flask, Response, current_app, request, url_for

from kg.asking.questions.choices import Choice, few
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
# Interface -> relation, endpoint and media type of each document that describes it (RFC 8631). An interface
# is named by its Flask endpoint; the first is the service as a whole.
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
# Interfaces that are commands and not addresses; the API page describes them.
_COMMANDS: Mapping[str, str] = MappingProxyType(
    {"mcp": "Model Context Protocol, for language models: the command cablegraph mcp"}
)
PROFILE = "https://www.rfc-editor.org/info/rfc9727"


def linkset(address: Callable[[str], str]) -> OpenApiObject:
    """Return the linkset of the API catalogue; `address` returns the absolute address of a Flask endpoint."""
    interfaces = [_interface(address, name) for name in _INTERFACES]
    page = address("api")
    interfaces[0]["service-doc"] += [
        {"href": f"{page}#{name}", "type": HTML, "title": title} for name, title in _COMMANDS.items()
    ]
    interfaces[0]["item"] = [{"href": interface["anchor"]} for interface in interfaces[1:]]
    return {"linkset": interfaces}


def _interface(address: Callable[[str], str], name: str) -> OpenApiObject:
    context: OpenApiObject = {"anchor": address(name)}
    for relation, target, media_type in _INTERFACES[name]:
        context.setdefault(relation, []).append({"href": address(target), "type": media_type})
    return context


def register(app: Flask, site: Site) -> None:
    """Add the routes of the API description to `app`."""
    description = PerVersion(lambda: _description(site))
    app.add_url_rule("/openapi.json", "openapi", lambda: _json(site, description.get(site.data_version)))
    app.add_url_rule("/docs/api", "api", lambda: _page(site, description.get(site.data_version)))
    app.add_url_rule("/.well-known/api-catalog", "api-catalog", lambda: _catalogue(site))


def _description(site: Site) -> OpenApiObject:
    """Return the OpenAPI document of the application that handles the present request."""
    served = [path_of(rule.rule) for rule in current_app.url_map.iter_rules()]
    queries = site.queries.values()
    release = site.data_version[:SHOWN]
    return document(
        address_tables.load(),
        served,
        queries,
        _choices(site),
        site.pool.limits,
        release=release,
        about=site.about,
    )


def _choices(site: Site) -> Choices:
    """Return a function from a parameter to its values; it returns none if they are too many for a list."""
    ask = partial(pool_queries.rows, site.pool)
    known: dict[object, list[Choice]] = {}

    def listed(parameter: Parameter) -> list[Choice]:
        if parameter.choices not in known:
            known[parameter.choices] = few(parameter, ask, question_page.MOST_CHOICES)
        return known[parameter.choices]

    return listed


def _json(site: Site, description: OpenApiObject) -> Response:
    servers = [{"url": request.script_root or "/"}]
    return documents.json(site, {**description, "servers": servers}, OPENAPI)


def _page(site: Site, description: OpenApiObject) -> Response:
    return documents.html(site, api_page.render(description, request.script_root))


def _catalogue(site: Site) -> Response:
    response = documents.json(site, linkset(partial(url_for, _external=True)), LINKSET)
    if response.status_code == 200:
        response.headers["Content-Type"] = f'{LINKSET}; profile="{PROFILE}"'
    response.headers.add("Link", f'<{url_for("api-catalog")}>; rel="api-catalog"')
    return response
