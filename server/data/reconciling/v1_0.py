"""Reconciliation Service API 1.0, a draft, at `/reconcile/v1`: JSON in, JSON out.

https://reconciliation-api.github.io/specs/1.0-draft/, in the state in which `match` is the address
of queries and a condition has `matchType`, `propertyId` and `propertyValue`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, request

from server.data.reconciling import client_queries, extension, preview, service_manifest
from server.data.reconciling.reconciliation_service import JSON, ReconciliationService
from server.data.reconciling.v0_2 import add, given
from server.web.http_errors import RequestError
from server.web.sparql_protocol import parameters

_ROOT = "/reconcile/v1"
_POST = ("POST", "OPTIONS")


def register(app: Flask, service: ReconciliationService) -> None:
    """Give `app` the addresses of the draft, answered by `service`."""
    for rule in (_ROOT, f"{_ROOT}/"):
        add(app, rule, lambda: service.json(service_manifest.v1(service.directory(), service.site.name)))
    add(app, f"{_ROOT}/match", lambda: _match(service), _POST)
    for kind in ("entity", "type", "property"):
        add(app, f"{_ROOT}/suggest/{kind}", _suggesting(service, kind))
    add(app, f"{_ROOT}/preview", lambda: preview.page(service, given("id")))
    add(app, f"{_ROOT}/extend", lambda: service.json(extension.v1(service.directory(), _body())), _POST)
    add(
        app,
        f"{_ROOT}/extend/propose",
        lambda: service.json(service.directory().proposed(*client_queries.proposal(_given()))),
    )


def _match(service: ReconciliationService) -> Response:
    queries, directory = client_queries.v1(_body()), service.directory()
    found = [{"candidates": directory.candidates(query, named=True)} for query in queries]
    return service.json({"results": found})


def _extend(service: ReconciliationService) -> Response:
    return service.json(extension.v1(service.directory(), _body()))


def _suggesting(service: ReconciliationService, kind: str) -> Callable[[], Response]:
    def answer() -> Response:
        asked = client_queries.suggestion(_given(), "offset")
        return service.json(service.directory().suggested(kind, *asked))

    return answer


def _given() -> dict[str, str]:
    return dict(parameters(request.query_string))


def _body() -> Any:
    if request.mimetype != JSON:
        raise RequestError(
            f"A body of the type {request.mimetype or '(none given)'} is no batch: send {JSON}; "
            "forms are for /reconcile, which speaks 0.2.",
            "unsupported-media-type",
        )
    try:
        text = request.get_data(cache=False).decode()
    except UnicodeDecodeError as error:
        raise RequestError(f"The body is not in UTF-8: byte {error.start} is wrong.") from None
    return client_queries.decoded(text, "the body")
