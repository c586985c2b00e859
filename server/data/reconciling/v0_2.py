"""Reconciliation Service API 0.2, as OpenRefine speaks it, at `/reconcile`.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/. JSONP, which 0.2
makes optional, is left out: it would let a foreign page run what this service writes.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, request, url_for

from server.data.reconciling import client_queries, extension, preview, service_manifest
from server.data.reconciling.reconciliation_service import ReconciliationService
from server.site.site import Site
from server.web import negotiation
from server.web.formats import HTML
from server.web.http_errors import RequestError
from server.web.response_headers import PREFLIGHT
from server.web.sparql_protocol import FORM, parameters

Answer = Callable[[], Response]
_POST = ("GET", "HEAD", "POST", "OPTIONS")
_GET = ("GET", "HEAD", "OPTIONS")


def register(app: Flask, site: Site) -> ReconciliationService:
    """Give `app` the addresses of the 0.2 service and return what answers them."""
    service = ReconciliationService(site)
    for rule in ("/reconcile", "/reconcile/"):  # no redirect: clients of POST do not follow it
        add(app, rule, lambda: _answer(service), _POST)
    for kind in ("entity", "type", "property"):
        add(app, f"/reconcile/suggest/{kind}", _suggesting(service, kind))
        add(app, f"/reconcile/flyout/{kind}", _flying(service, kind))
    add(app, "/reconcile/preview", lambda: preview.page(service, given("id")))
    add(
        app,
        "/reconcile/properties",
        lambda: proposed(service),
    )
    add(app, "/reconcile/documentation", lambda: preview.documentation(service))
    return service


def add(app: Flask, rule: str, answer: Answer, methods: tuple[str, ...] = _GET) -> None:
    """Let `answer` answer requests to `rule`, and any page of the web ask it (CORS, Fetch section 3.2)."""

    def view() -> Response:
        if request.method == "OPTIONS":
            allowed = {**PREFLIGHT, "Allow": ", ".join(methods)}
            return Response(status=204, headers={**allowed, "Access-Control-Allow-Methods": allowed["Allow"]})
        return answer()

    app.add_url_rule(rule, f"reconcile{rule}", view, methods=methods, provide_automatic_options=False)


def given(name: str) -> str:
    """Return a parameter that this request must have; raises RequestError without it."""
    found = _all().get(name, "")
    if not found:
        raise RequestError(f"This address needs the parameter {name!r}.")
    return found


def proposed(service: ReconciliationService) -> Response:
    """Return the properties that this request wants to be proposed, in either version."""
    asked = client_queries.proposal(_all())
    return service.json(service.directory().proposed(*asked))


def _suggesting(service: ReconciliationService, kind: str) -> Answer:
    def answer() -> Response:
        asked = client_queries.suggestion(_all(), "cursor")
        return service.json(service.directory().suggested(kind, *asked))

    return answer


def _flying(service: ReconciliationService, kind: str) -> Answer:
    return lambda: service.json(preview.flyout(service.directory(), kind, given("id")))


def _answer(service: ReconciliationService) -> Response:
    asked = _all()
    work = [name for name in ("queries", "extend") if name in asked]
    if not work and request.method != "POST" and "query" not in asked:
        if negotiation.best(request.accept_mimetypes, ("application/json", HTML)) == HTML:  # a person
            return preview.documentation(service)
        endpoint = url_for("reconcile/reconcile", _external=True)
        return service.json(service_manifest.v0_2(service.directory(), service.site.name, endpoint))
    if len(work) != 1:
        raise RequestError(
            "Send a batch of names as “queries” or things as “extend”, in JSON, by GET or in a form by POST; "
            "without any parameter GET gives the manifest."
        )
    if work == ["extend"]:
        return service.json(extension.v0_2(service.directory(), asked["extend"]))
    batch, directory = client_queries.v0_2(asked["queries"]), service.directory()
    return service.json({key: {"result": directory.candidates(query)} for key, query in batch.items()})


def _all() -> dict[str, str]:
    """Return the parameters in the address and in the form; the last of a name counts."""
    found = dict(parameters(request.query_string))
    if request.method == "POST":
        if request.mimetype != FORM:
            raise RequestError(
                f"A body of the type {request.mimetype or '(none given)'} is no batch: send {FORM}; "
                "JSON is for the addresses below /reconcile/v1.",
                "unsupported-media-type",
            )
        found |= dict(parameters(request.get_data(cache=False)))
    return found
