"""The rate limit: a token bucket for each client, in bounded memory; 429 beyond it.

This is not Flask-Limiter. That keeps an entry for every address until its window ends, without a
bound, and brings three more libraries for one table.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from wsgiref.types import WSGIEnvironment

from server.web.handling import Handler, Reply
from server.web.http_errors import RateLimitError
from server.web.request_target import client_name

SECONDS_OVER = (
    "cablegraph.seconds-over"  # key in the WSGI environment of a request to refuse: seconds to wait
)
_CLIENTS = 10_000  # buckets kept; beyond, the least recently used is dropped
_UNLIMITED = frozenset({"/healthz", "/readyz", "/metrics"})  # for monitoring


class Rate:
    """A limit of `per_minute` requests a minute for each client, in bursts of up to that number."""

    def __init__(
        self, per_minute: int, clock: Callable[[], float] = time.monotonic, clients: int = _CLIENTS
    ) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._clients = clients
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = (
            OrderedDict()
        )  # tokens, and the time of that number

    def take(self, address: str) -> float:
        """Take a token of the client at `address`; return 0.0, or the seconds until there is one."""
        name, now = client_name(address), self._clock()
        with self._lock:
            tokens, before = self._buckets.pop(name, (float(self._per_minute), now))
            tokens = min(self._per_minute, tokens + (now - before) * self._per_minute / 60)
            missing = max(0.0, 1 - tokens)
            self._buckets[name] = (tokens - (0 if missing else 1), now)
            if len(self._buckets) > self._clients:
                self._buckets.popitem(last=False)
        return missing * 60 / self._per_minute


class RateLimitLayer:
    """The handler `inner`; the layer sets SECONDS_OVER in each request beyond `rate`.

    It is in front of the answer cache, so that stored responses count, too. The application refuses.
    """

    def __init__(self, inner: Handler, rate: Rate) -> None:
        self._inner = inner
        self._rate = rate

    async def __call__(self, environ: WSGIEnvironment) -> Reply:
        """Answer one request."""
        if environ["PATH_INFO"] not in _UNLIMITED:
            seconds = self._rate.take(environ.get("REMOTE_ADDR", ""))
            if seconds:
                environ[SECONDS_OVER] = seconds
        return await self._inner(environ)


def refuse(environ: WSGIEnvironment) -> None:
    """Raise RateLimitError, which gives 429 with Retry-After (RFC 6585 section 4), if SECONDS_OVER is set."""
    seconds = environ.get(SECONDS_OVER)
    if seconds:
        raise RateLimitError(math.ceil(seconds))
