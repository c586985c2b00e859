"""The catalogue of interfaces at /.well-known/api-catalog (RFC 9727 section 2): a linkset (RFC 9264)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from server.openapi.table import Entry

OPENAPI = "application/vnd.oai.openapi+json"
_HTML, _TURTLE, _JSON = "text/html", "text/turtle", "application/json"
# What this service is asked by: the endpoint that it stands at, and the relation, endpoint and media type
# of what describes it (RFC 8631). The first is the service as a whole.
_INTERFACES: Mapping[str, tuple[tuple[str, str, str], ...]] = MappingProxyType(
    {
        "start": (
            ("service-desc", "openapi", OPENAPI),
            ("service-doc", "api", _HTML),
            ("service-meta", "catalogue", _TURTLE),
            ("status", "ready", "text/plain"),
        ),
        "sparql/sparql": (("service-desc", "sparql/sparql", _TURTLE), ("service-meta", "void", _TURTLE)),
        "queries": (("service-desc", "queries.json", _JSON), ("service-meta", "examples", _TURTLE)),
        "reconcile/reconcile": (
            ("service-desc", "reconcile/reconcile", _JSON),
            ("service-doc", "reconcile/reconcile/documentation", _HTML),
        ),
        "reconcile/reconcile/v1": (
            ("service-desc", "reconcile/reconcile/v1", _JSON),
            ("service-doc", "reconcile/reconcile/documentation", _HTML),
        ),
        "dumps": (("service-meta", "catalogue", _TURTLE),),
        "links": (("service-desc", "links", _JSON),),
    }
)
# What is no address of this service but a command, and is described on the page of all of them.
_COMMANDS: Mapping[str, str] = MappingProxyType(
    {"mcp": "Model Context Protocol, for language models: the command cablegraph mcp"}
)


def linkset(address: Callable[[str], str]) -> Entry:
    """Return the linkset; `address` gives the whole address of an endpoint of the application."""
    found = [_interface(address, name) for name in _INTERFACES]
    page = address("api")
    found[0]["service-doc"] += [
        {"href": f"{page}#{name}", "type": _HTML, "title": title} for name, title in _COMMANDS.items()
    ]
    found[0]["item"] = [{"href": interface["anchor"]} for interface in found[1:]]
    return {"linkset": found}


def _interface(address: Callable[[str], str], name: str) -> Entry:
    described: Entry = {"anchor": address(name)}
    for relation, target, media_type in _INTERFACES[name]:
        described.setdefault(relation, []).append({"href": address(target), "type": media_type})
    return described
