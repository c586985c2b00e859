"""Discovery of the MCP server over HTTP: its server card, and the catalogues that name the card.

SEP-2127 (https://modelcontextprotocol.io/seps/2127-mcp-server-cards); the formats are those of
https://github.com/modelcontextprotocol/experimental-ext-server-card and https://ai-catalog.io/ 0.9. Earlier
drafts had other addresses, at which clients still look.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp_types.version import KNOWN_PROTOCOL_VERSIONS
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kg.namespaces import BASE

CARD, CATALOGUE = "application/mcp-server-card+json", "application/ai-catalog+json"
_SCHEMA = "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json"
_NAME, _IDENTIFIER = "org.w3id/cablegraph", "urn:air:w3id.org:cablegraph"
_ABOUT = "Diplomatic telegrams as a knowledge graph: who holds what, according to whom, in which words"
_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "public, max-age=3600",
    "X-Content-Type-Options": "nosniff",
}
Members = dict[str, Any]


def card(server: MCPServer, address: str) -> Members:
    """Return the card of `server`, which listens at `address`."""
    protocols = list(KNOWN_PROTOCOL_VERSIONS)
    remote = {"type": "streamable-http", "url": address, "supportedProtocolVersions": protocols}
    return {
        "$schema": _SCHEMA,
        "name": _NAME,
        "version": server.version,
        "title": server.title,
        "description": _ABOUT,
        "websiteUrl": BASE,
        "remotes": [remote],
    }


def catalogue(title: str, address: str) -> Members:
    """Return the catalogue of one entry, for the card at `address`."""
    entry = {"identifier": _IDENTIFIER, "displayName": title, "type": CARD, "url": address}
    return {"specVersion": "0.9", "entries": [entry]}


def add(server: MCPServer, root: str, path: str) -> None:
    """Add the card and the catalogues to `server`, whose endpoint is `path` below the address `root`."""
    place = f"{path}/server-card"
    own = card(server, root + path)
    listed = catalogue(server.title or server.name, root + place)
    documents: Mapping[str, tuple[Members, str]] = {
        place: (own, CARD),
        "/.well-known/mcp/server-card.json": (own, CARD),
        "/.well-known/ai-catalog.json": (listed, CATALOGUE),
        "/.well-known/mcp/catalog.json": ({**listed, "specVersion": "draft"}, "application/json"),
    }
    for at, (content, media_type) in documents.items():
        server.custom_route(at, methods=["GET"])(_constant(content, media_type))


def _constant(content: Members, media_type: str) -> Callable[[Request], Awaitable[Response]]:
    """Return a handler that responds with `content` to every request."""

    async def handle(_request: Request) -> Response:
        return JSONResponse(content, headers=_HEADERS, media_type=media_type)

    return handle
