"""Addresses for those who watch the service: whether it is there, and whether it answers queries."""

from __future__ import annotations

from flask import Flask, Response

from kg.errors import CablegraphError
from server.formats import content_type
from server.workers.messages import Request
from server.workers.pool import Pool

_PROBE = Request("ASK {}", {"boolean": "text/boolean"}, timeout=2.0)


def register(app: Flask, pool: Pool) -> None:
    """Give `app` the addresses /healthz and /readyz."""
    app.add_url_rule("/healthz", "health", lambda: _health(pool))
    app.add_url_rule("/readyz", "ready", lambda: _ready(pool))


def _health(pool: Pool) -> Response:
    """Tell whether the process that holds the data is there; costs nothing."""
    return _said("ok") if pool.alive else _said("the data process is gone", 503)


def _ready(pool: Pool) -> Response:
    """Tell whether a query is answered now, by asking one: not when all workers are busy."""
    try:
        answer = pool.answer(_PROBE)
    except CablegraphError as error:
        return _said(str(error), 503)
    return _said(f"ready: data {answer.version}" if answer.version else "ready")


def _said(text: str, status: int = 200) -> Response:
    headers = {"Content-Type": content_type("text/plain"), "Cache-Control": "no-store"}
    return Response(f"{text}\n", status, headers)
