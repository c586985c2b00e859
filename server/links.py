"""Lead from every answer to the descriptions of the service and of the data (RFC 8288, RFC 8631)."""

from __future__ import annotations

from functools import lru_cache

from flask import Flask, Response, request, url_for

from kg.meta import LICENCE

_PREFIXES = 16  # behind which the service is found, and which a proxy names; beyond, the eldest is forgotten


def register(app: Flask) -> None:
    """Make every answer of `app` carry the links service-desc, service-doc, describedby and license."""
    remembered = lru_cache(_PREFIXES)(_links)

    @app.after_request
    def _link(response: Response) -> Response:
        response.headers.extend(remembered(request.script_root))
        return response


def _links(_prefix: str) -> list[tuple[str, str]]:
    """Return the headers for the address of the present request, which begins with the prefix."""
    targets = (
        ("service-desc", url_for("openapi")),
        ("service-desc", url_for("sparql/sparql")),
        ("service-doc", url_for("api")),
        ("describedby", url_for("void")),
        ("license", LICENCE),
    )
    return [("Link", written(target, relation)) for relation, target in targets]


def link(response: Response, target: str, relation: str, media_type: str = "") -> None:
    """Add to `response` a link of that relation to `target`, with its media type if it is told."""
    response.headers.add("Link", written(target, relation, media_type))


def written(target: str, relation: str, media_type: str = "") -> str:
    """Return a link as a header writes it (RFC 8288 section 3)."""
    kind = f'; type="{media_type}"' if media_type else ""
    return f'<{target}>; rel="{relation}"{kind}'
