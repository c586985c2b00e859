"""Reconciliation Service API 1.0, a draft, at `/reconcile/v1`: JSON in, JSON out.

https://reconciliation-api.github.io/specs/1.0-draft/, in the state in which `match` is the address
of queries and a condition has `matchType`, `propertyId` and `propertyValue`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, request

from server.protocol import parameters
from server.reconciling import extension as reconcile_extend
from server.reconciling import manifest as reconcile_manifest
from server.reconciling import preview as reconcile_preview
from server.reconciling import queries as reconcile_queries
from server.reconciling import reading as reconcile_json
from server.reconciling.service import JSON, Service
from server.reconciling.v0_2 import add, given
from server.refusals import RequestError

_ROOT = "/reconcile/v1"
_POST = ("POST", "OPTIONS")


def register(app: Flask, service: Service) -> None:
    """Give `app` the addresses of the draft, answered by `service`."""
    for rule in (_ROOT, f"{_ROOT}/"):
        add(app, rule, lambda: service.json(reconcile_manifest.v1(service.directory(), service.site.name)))
    add(app, f"{_ROOT}/match", lambda: _match(service), _POST)
    for kind in ("entity", "type", "property"):
        add(app, f"{_ROOT}/suggest/{kind}", _suggesting(service, kind))
    add(app, f"{_ROOT}/preview", lambda: reconcile_preview.page(service, given("id")))
    add(
        app, f"{_ROOT}/extend", lambda: service.json(reconcile_extend.v1(service.directory(), _body())), _POST
    )
    add(
        app,
        f"{_ROOT}/extend/propose",
        lambda: service.json(service.directory().proposed(*reconcile_queries.proposal(_given()))),
    )


def _match(service: Service) -> Response:
    queries, directory = reconcile_queries.v1(_body()), service.directory()
    found = [{"candidates": directory.candidates(query, named=True)} for query in queries]
    return service.json({"results": found})


def _extend(service: Service) -> Response:
    return service.json(reconcile_extend.v1(service.directory(), _body()))


def _suggesting(service: Service, kind: str) -> Callable[[], Response]:
    def answer() -> Response:
        asked = reconcile_queries.suggestion(_given(), "offset")
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
    return reconcile_json.decoded(text, "the body")
