"""HTTP routes of the Reconciliation Service API 1.0 (draft) at `/reconcile/v1`, in JSON.

https://reconciliation-api.github.io/specs/1.0-draft/, as of the state in which queries go to `match`
and a condition has `matchType`, `propertyId` and `propertyValue`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, request

from server.data.reconciling import client_queries, extension, preview, service_manifest
from server.data.reconciling.reconciliation_service import JSON, ReconciliationService
from server.data.reconciling.v0_2 import add, required
from server.web.http_errors import RequestError
from server.web.sparql_protocol import parameters

_ROOT = "/reconcile/v1"
_POST = ("POST", "OPTIONS")


def register(app: Flask, service: ReconciliationService) -> None:
    """Add the routes of the draft to `app`, with `service` behind them."""
    for rule in (_ROOT, f"{_ROOT}/"):
        add(app, rule, lambda: service.json(service_manifest.v1(service.directory(), service.site.name)))
    add(app, f"{_ROOT}/match", lambda: _match(service), _POST)
    for kind in ("entity", "type", "property"):
        add(app, f"{_ROOT}/suggest/{kind}", _suggest(service, kind))
    add(app, f"{_ROOT}/preview", lambda: preview.page(service, required("id")))
    add(app, f"{_ROOT}/extend", lambda: _extend(service), _POST)
    add(
        app,
        f"{_ROOT}/extend/propose",
        lambda: service.json(service.directory().proposals(*client_queries.proposal(_parameters()))),
    )


def _match(service: ReconciliationService) -> Response:
    queries, directory = client_queries.v1(_body()), service.directory()
    return service.json({"results": [directory.answer(query, "candidates") for query in queries]})


def _extend(service: ReconciliationService) -> Response:
    return service.json(extension.v1(service.directory(), _body()))


def _suggest(service: ReconciliationService, kind: str) -> Callable[[], Response]:
    def handler() -> Response:
        prefix, skip, limit = client_queries.suggestion(_parameters(), "offset")
        return service.json(service.directory().suggestions(kind, prefix, skip, limit))

    return handler


def _parameters() -> dict[str, str]:
    return dict(parameters(request.query_string))


def _body() -> Any:
    if request.mimetype != JSON:
        raise RequestError(
            f"A body of the type {request.mimetype or '(none given)'} is not a valid batch; use {JSON}. "
            "Forms are for /reconcile, which implements 0.2.",
            "unsupported-media-type",
        )
    try:
        text = request.get_data(cache=False).decode()
    except UnicodeDecodeError as error:
        raise RequestError(f"The body is not valid UTF-8: byte {error.start} is wrong.") from None
    return client_queries.json_value(text, "the body")
