"""Call the other services that an operator allows, and give their solutions to the pool as data.

Only exact addresses that were allowed, never a redirect, never a proxy of the environment, and
no private address behind a public name: the name is looked up once, and what was looked at is
what is connected to.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from kg.asking.questions.saved_queries import SavedQuery
from kg.errors import BusyError, CablegraphError
from server.engine.evaluation import federation
from server.engine.evaluation.federation import Call, replace_calls
from server.engine.evaluation.query_request import QueryAnswer, QueryRequest
from server.engine.workers.pool import Pool
from server.web.http_errors import RequestError, ServiceCallsError, ServiceFailedError, ServiceRefusedError

Lookup = Callable[..., list[tuple[Any, ...]]]  # like socket.getaddrinfo

_PORTS = {"http": 80, "https": 443}
_JSON = "application/sparql-results+json"
_JSON_TYPES = (_JSON, "application/json")
_AGENT = "cablegraph (https://w3id.org/cablegraph)"
_NOTHING = "{}"  # what SILENT makes of a failure: one solution without a value (section 2.2)
_BUSY = "Other services are being asked for other queries; ask again in a moment."


@dataclass(frozen=True, slots=True)
class CallLimits:
    """What the calls of one query may use: `timeout` seconds together, `size` bytes each.

    `calls` is how many a query may make, `at_once` how many queries may wait for other services.
    """

    timeout: float = 10.0
    size: int = 4 << 20
    calls: int = 4
    at_once: int = 4


class Services:
    """Answers queries from `pool`, with calls to the exact addresses in `allowed`.

    Raises CablegraphError for an address that cannot be one of a service.
    """

    def __init__(
        self,
        pool: Pool,
        allowed: tuple[str, ...] = (),
        limits: CallLimits | None = None,
        lookup: Lookup = socket.getaddrinfo,
    ) -> None:
        for address in allowed:
            _check(address)
        self.allowed = allowed
        self._pool = pool
        self._limits = limits or CallLimits()
        self._lookup = lookup
        self._places = threading.BoundedSemaphore(self._limits.at_once)

    def answer(self, request: QueryRequest) -> QueryAnswer:
        """Return the complete answer to `request`, marked volatile when another service had part in it.

        Raises what `Pool.answer` raises, RequestError for too many calls, and ServiceFailedError
        when another service does not answer as it should and the call is not SILENT.
        """
        try:
            return self._pool.answer(replace(request, services=self.allowed) if self.allowed else request)
        except ServiceCallsError as error:
            calls = [Call(*call) for call in error.calls]
        if len(calls) > self._limits.calls:
            raise RequestError(f"A query may call at most {self._limits.calls} services.")
        query = replace_calls(request.query, calls, self._called(calls))
        return replace(self._pool.answer(replace(request, query=query)), volatile=True)

    def require(self, query: SavedQuery) -> None:
        """Raise ServiceRefusedError, which names the option, unless `query` calls only allowed services."""
        missing = [address for address in query.services if address not in self.allowed]
        if missing:
            options = " ".join(f"--allow-service {address}" for address in missing)
            raise ServiceRefusedError(
                f"{query.name or 'This query'} asks {' and '.join(f'<{address}>' for address in missing)}, "
                f"which nobody has allowed here. It needs the option {options}."
            )

    def _called(self, calls: list[Call]) -> list[str]:
        if not self._places.acquire(timeout=self._pool.limits.wait):
            raise BusyError(_BUSY)
        try:
            deadline = time.monotonic() + self._limits.timeout
            return [self._one(call, deadline) for call in calls]
        finally:
            self._places.release()

    def _one(self, call: Call, deadline: float) -> str:
        try:
            results = fetch(call.address, call.query, deadline, self._limits.size, self._lookup)
            return federation.as_values(results, call.query)
        except ServiceFailedError as error:
            if call.silent:
                return _NOTHING
            raise ServiceFailedError(f"The service <{call.address}> {error}.") from None


def fetch(address: str, query: str, deadline: float, size: int, lookup: Lookup = socket.getaddrinfo) -> bytes:
    """Return what the service at `address` answers to `query`, in the JSON of SPARQL results.

    `deadline` is a moment of `time.monotonic`, `size` the most bytes taken, `lookup` what finds the
    address of a name. Raises ServiceFailedError with the rest of a sentence that begins with the
    service.
    """
    url = urlsplit(address)
    try:
        with closing(_connected(url, deadline, lookup)) as sock, _ended(sock, deadline):
            return _answered(sock, url, query, size)
    except (http.client.HTTPException, OSError, ValueError):
        late = "did not answer in time" if time.monotonic() >= deadline else "cannot be reached"
        raise ServiceFailedError(late) from None


def _answered(sock: socket.socket, url: SplitResult, query: str, size: int) -> bytes:
    connection = http.client.HTTPConnection(url.netloc)
    connection.sock = sock
    path = (url.path or "/") + (f"?{url.query}" if url.query else "")
    headers = {
        "Host": url.netloc,
        "Accept": _JSON,
        "Accept-Encoding": "identity",
        "Content-Type": "application/x-www-form-urlencoded",
        "User-Agent": _AGENT,
        "Connection": "close",
    }
    connection.request("POST", path, urlencode({"query": query}), headers)
    with connection.getresponse() as response:
        if response.status != 200:
            raise ServiceFailedError(f"answered with status {response.status}")
        if response.headers.get_content_type() not in _JSON_TYPES:
            raise ServiceFailedError("did not answer in JSON")
        body = response.read(size + 1)
    if len(body) > size:
        raise ServiceFailedError(f"answered with more than {size:,} bytes; narrow what is asked of it")
    return body


@contextmanager
def _ended(sock: socket.socket, deadline: float) -> Iterator[None]:
    """End every wait on `sock` at `deadline`, however slowly bytes drip in."""
    timer = threading.Timer(max(0.0, deadline - time.monotonic()), _shut, (sock,))
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def _shut(sock: socket.socket) -> None:
    with suppress(OSError):  # it may have ended by itself
        sock.shutdown(socket.SHUT_RDWR)


def _connected(url: SplitResult, deadline: float, lookup: Lookup) -> socket.socket:
    host, port = url.hostname or "", url.port or _PORTS[url.scheme]
    family, kind, protocol, _, target = lookup(host, port, type=socket.SOCK_STREAM)[0]
    if not _named_exactly(host) and not ipaddress.ip_address(target[0]).is_global:
        raise ServiceFailedError("has a public name but a private address")
    sock = socket.socket(family, kind, protocol)
    try:
        sock.settimeout(max(0.001, deadline - time.monotonic()))
        sock.connect(target)
        if url.scheme == "https":
            return ssl.create_default_context().wrap_socket(sock, server_hostname=host)
    except BaseException:
        sock.close()
        raise
    return sock


def _named_exactly(host: str) -> bool:
    """Return whether the operator wrote the address itself, so that a private one is what is meant."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return True


def _check(address: str) -> None:
    try:
        url = urlsplit(address)
        good = url.scheme in _PORTS and url.hostname and url.port != 0 and "@" not in url.netloc
    except ValueError:
        good = False
    if not good or "#" in address or not address.isascii() or not address.isprintable():
        raise CablegraphError(f"{address!r} is no address of a service, like https://example.org/sparql.")
