"""A limit of requests a client: a bucket of tokens for each, in bounded memory.

Own code and not Flask-Limiter: that keeps an entry for every address seen until its window ends,
as many as somebody likes to come from, and brings three further libraries for what is one table.
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, request

from server.web.http_errors import RateLimitError

SECONDS_OVER = "cablegraph.seconds-over"  # in the environment of a request that is refused: how long to wait
_CLIENTS = 10_000  # clients remembered; beyond, the one not heard of for longest is forgotten
_FREE = frozenset({"/healthz", "/readyz", "/metrics"})  # what watches the service is not to be refused


class Rate:
    """Allows each client `per_minute` requests a minute, all of them at once if it likes."""

    def __init__(
        self, per_minute: int, clock: Callable[[], float] = time.monotonic, clients: int = _CLIENTS
    ) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._clients = clients
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, and when there were

    def take(self, address: str) -> float:
        """Take a token of the client at `address`: return 0.0, or in how many seconds there is one."""
        name, now = client(address), self._clock()
        with self._lock:
            tokens, before = self._buckets.pop(name, (float(self._per_minute), now))
            tokens = min(self._per_minute, tokens + (now - before) * self._per_minute / 60)
            missing = max(0.0, 1 - tokens)
            self._buckets[name] = (tokens - (0 if missing else 1), now)
            if len(self._buckets) > self._clients:
                self._buckets.popitem(last=False)
        return missing * 60 / self._per_minute


def client(address: str) -> str:
    """Return what counts as one client: an IPv4 address, an IPv6 network of 64 bits, or the text itself."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:100]
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


class Limited:
    """The application `app`, to which each request over `rate` comes with SECONDS_OVER.

    It stands before the answer cache, so that what comes from there counts, too. The application refuses.
    """

    def __init__(self, app: WSGIApplication, rate: Rate) -> None:
        self._app = app
        self._rate = rate

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        if environ["PATH_INFO"] not in _FREE:
            seconds = self._rate.take(environ.get("REMOTE_ADDR", ""))
            if seconds:
                environ[SECONDS_OVER] = seconds
        return self._app(environ, start)


def register(app: Flask, rate: Rate) -> None:
    """Make `app` refuse requests beyond `rate` with 429 and Retry-After (RFC 6585 section 4)."""

    def check() -> None:
        seconds = request.environ.get(SECONDS_OVER)
        if seconds:
            raise RateLimitError(math.ceil(seconds))

    app.before_request(check)
    app.wsgi_app = Limited(app.wsgi_app, rate)  # type: ignore[method-assign, assignment]
