"""Work that the first visitor of new data would wait for, done before: words, names, counts, drawings, pages.

Pages are made as for a visitor, in a thread, and thrown away. The layers that count and limit requests, and
the answer cache, see nothing of it.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress

from flask import Flask

from kg.errors import CablegraphError
from server.engine.workers.pool import Pool

_PAUSE = 0.5  # seconds between two looks whether the data were reloaded
# The first time each takes at least 50 ms longer than the second, or loads templates that many pages share.
_FIRST = (
    "/search?q=first&format=html",
    "/?format=html",
    "/about?format=html",
    "/quality?format=html",
    "/sparql?format=html&query=SELECT%20*%20%7B%7D",
    "/.well-known/void",
    "/openapi.json",
    "/.well-known/sparql-examples",
    "/docs/api",
    "/queries/who-criticised?format=html",
    "/id/actor/?format=html",
    "/links/",
    "/reconcile?queries=%7B%22q%22:%7B%22query%22:%22first%22%7D%7D",
    "/sitemap.xml",
    # What takes seconds in a large collection comes last, so that nothing else waits for it.
    "/statements?format=html",
    "/timeline",
    "/matrix",
    "/network",
)


def prepare(app: Flask, pool: Pool, ended: threading.Event, addresses: Sequence[str] = _FIRST) -> None:
    """Make each page once for each state of the data, until `ended` is set; what fails is left for later."""
    prepared = -1
    while True:
        if pool.reloads != prepared:
            prepared = pool.reloads
            for address in addresses:
                if not ended.is_set():
                    _make(app, address)
        if ended.wait(_PAUSE):
            return


def _make(app: Flask, address: str) -> None:
    with suppress(CablegraphError), app.test_request_context(address):
        app.full_dispatch_request().close()
