"""Lead from every answer to the descriptions of the service and of the data (RFC 8288, RFC 8631)."""

from __future__ import annotations

from flask import Flask, Response, url_for

from kg.meta import LICENCE


def register(app: Flask) -> None:
    """Make every answer of `app` carry the links service-desc, service-doc, describedby and license."""

    @app.after_request
    def _link(response: Response) -> Response:
        targets = (
            ("service-desc", url_for("openapi")),
            ("service-desc", url_for("sparql/sparql")),
            ("service-doc", url_for("api")),
            ("describedby", url_for("void")),
            ("license", LICENCE),
        )
        for relation, target in targets:
            response.headers.add("Link", f'<{target}>; rel="{relation}"')
        return response
