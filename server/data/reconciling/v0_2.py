"""HTTP routes of the Reconciliation Service API 0.2 at `/reconcile`, for OpenRefine.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/. JSONP, optional in
0.2, is left out: a page of another origin would run what this service writes.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, request, url_for

from server.data.reconciling import client_queries, extension, preview, service_manifest
from server.data.reconciling.reconciliation_service import NameFile, ReconciliationService
from server.site.site import Site
from server.web import negotiation
from server.web.formats import HTML
from server.web.http_errors import RequestError
from server.web.response_headers import PREFLIGHT
from server.web.sparql_protocol import FORM, parameters

Handler = Callable[[], Response]
_POST = ("GET", "HEAD", "POST", "OPTIONS")
_GET = ("GET", "HEAD", "OPTIONS")


def register(app: Flask, site: Site, names: NameFile = lambda _: None) -> ReconciliationService:
    """Add the routes of 0.2 to `app`; return the service behind them, which asks the file of `names`."""
    service = ReconciliationService(site, names)
    for rule in ("/reconcile", "/reconcile/"):  # no redirect: clients do not follow one after POST
        add(app, rule, lambda: _reconcile(service), _POST)
    for kind in ("entity", "type", "property"):
        add(app, f"/reconcile/suggest/{kind}", _suggest(service, kind))
        add(app, f"/reconcile/flyout/{kind}", _flyout(service, kind))
    add(app, "/reconcile/preview", lambda: preview.page(service, required("id")))
    add(app, "/reconcile/properties", lambda: proposals(service))
    add(app, "/reconcile/documentation", lambda: preview.documentation(service))
    return service


def add(app: Flask, rule: str, handler: Handler, methods: tuple[str, ...] = _GET) -> None:
    """Add `rule` to `app` with `handler`, readable from any origin (CORS, Fetch section 3.2)."""

    def view() -> Response:
        if request.method == "OPTIONS":
            allowed = {**PREFLIGHT, "Allow": ", ".join(methods)}
            return Response(status=204, headers={**allowed, "Access-Control-Allow-Methods": allowed["Allow"]})
        return handler()

    app.add_url_rule(rule, f"reconcile{rule}", view, methods=methods, provide_automatic_options=False)


def required(name: str) -> str:
    """Return the parameter `name` of this request; raises RequestError without it."""
    value = _parameters().get(name, "")
    if not value:
        raise RequestError(f"This address needs the parameter {name!r}.")
    return value


def proposals(service: ReconciliationService) -> Response:
    """Return the response with the properties that this request asks for, in either version."""
    return service.json(service.directory().proposals(*client_queries.proposal(_parameters())))


def _suggest(service: ReconciliationService, kind: str) -> Handler:
    def handler() -> Response:
        prefix, skip, limit = client_queries.suggestion(_parameters(), "cursor")
        return service.json(service.directory().suggestions(kind, prefix, skip, limit))

    return handler


def _flyout(service: ReconciliationService, kind: str) -> Handler:
    return lambda: service.json(preview.flyout(service.directory(), kind, required("id")))


def _reconcile(service: ReconciliationService) -> Response:
    sent = _parameters()
    work = [name for name in ("queries", "extend") if name in sent]
    if not work and request.method != "POST" and "query" not in sent:
        if negotiation.best(request.accept_mimetypes, ("application/json", HTML)) == HTML:
            return preview.documentation(service)
        endpoint = url_for("reconcile/reconcile", _external=True)
        return service.json(service_manifest.v0_2(service.directory(), service.site.name, endpoint))
    if len(work) != 1:
        raise RequestError(
            "Send a batch of names as “queries” or things as “extend”, in JSON, by GET or in a form by POST; "
            "GET without parameters returns the manifest."
        )
    if work == ["extend"]:
        return service.json(extension.v0_2(service.directory(), sent["extend"]))
    batch, directory = client_queries.v0_2(sent["queries"]), service.directory()
    return service.json({key: directory.answer(query, "result") for key, query in batch.items()})


def _parameters() -> dict[str, str]:
    """Return the parameters in the query string and in the form; of several with a name, the last counts."""
    sent = dict(parameters(request.query_string))
    if request.method == "POST":
        if request.mimetype != FORM:
            raise RequestError(
                f"A body of the type {request.mimetype or '(none given)'} is not a valid batch; use {FORM}. "
                "JSON is for the addresses below /reconcile/v1.",
                "unsupported-media-type",
            )
        sent |= dict(parameters(request.get_data(cache=False)))
    return sent
