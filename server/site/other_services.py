"""SERVICE calls to the SPARQL endpoints that the operator allows; the pool gets their solutions as data.

Only the exact addresses that are allowed are called. Redirects and proxies of the environment are ignored.
A public name with a private address is refused: the name is looked up once, and the address that was
checked is the one that is connected to.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from kg.asking.questions.saved_queries import SavedQuery
from kg.errors import BusyError
from server.engine.evaluation import federation
from server.engine.evaluation.federation import Call, replace_calls
from server.engine.evaluation.query_request import QueryAnswer, QueryRequest
from server.engine.remote import store_address
from server.engine.workers.pool import Pool
from server.web.http_errors import RequestError, ServiceCallsError, ServiceFailedError, ServiceRefusedError

Lookup = Callable[..., list[tuple[Any, ...]]]  # like socket.getaddrinfo

_PORTS = {"http": 80, "https": 443}
_JSON = "application/sparql-results+json"
_JSON_TYPES = (_JSON, "application/json")
_NOTHING = "{}"  # what SILENT makes of a failure: one solution without a value (section 2.2)
_BUSY = "Other queries are waiting for other services; try again in a moment."


def options(addresses: Iterable[str]) -> str:
    """Return the options of `cablegraph serve` and `cablegraph query` that allow these addresses."""
    return " ".join(f"--allow-service {address}" for address in addresses)


@dataclass(frozen=True, slots=True)
class CallLimits:
    """Limits of SERVICE calls: `timeout` seconds for all calls of a query, `size` bytes for each response.

    A query may make `calls` of them; `at_once` queries may wait for other services at the same time.
    """

    timeout: float = 10.0
    size: int = 4 << 20
    calls: int = 4
    at_once: int = 4


class Services:
    """Answers queries from `pool`, with calls to the exact addresses in `allowed`.

    Raises CablegraphError for an address that is not a valid address of a service.
    """

    def __init__(
        self,
        pool: Pool,
        allowed: tuple[str, ...] = (),
        limits: CallLimits | None = None,
        lookup: Lookup = socket.getaddrinfo,
    ) -> None:
        for address in allowed:
            store_address.check(address)
        self.allowed = allowed
        self._pool = pool
        self._limits = limits or CallLimits()
        self._lookup = lookup
        self._slots = threading.BoundedSemaphore(self._limits.at_once)

    def answer(self, request: QueryRequest, client: str = "") -> QueryAnswer:
        """Return the complete answer to `request` of `client`.

        It is marked volatile if another service contributed to it. Raises what `Pool.ask` raises,
        RequestError for too many calls, and ServiceFailedError if a call that is not SILENT fails.
        """
        try:
            return self._pool.answer(self.allowing(request), client)
        except ServiceCallsError as error:
            calls = [Call(*call) for call in error.calls]
        if len(calls) > self._limits.calls:
            raise RequestError(f"A query may call at most {self._limits.calls} services.")
        query = replace_calls(request.query, calls, self._call_all(calls))
        # Places in hints would be those of the query with the solutions in it.
        return replace(self._pool.answer(replace(request, query=query, hints=False), client), volatile=True)

    def allowing(self, request: QueryRequest) -> QueryRequest:
        """Return `request`, for which the pool then raises ServiceCallsError if it makes allowed calls."""
        return replace(request, services=self.allowed) if self.allowed else request

    def missing(self, query: SavedQuery) -> tuple[str, ...]:
        """Return the addresses that `query` calls and that are not allowed."""
        return tuple(address for address in query.services if address not in self.allowed)

    def require(self, query: SavedQuery) -> None:
        """Raise ServiceRefusedError, with the option to set, unless all services of `query` are allowed."""
        missing = self.missing(query)
        if missing:
            raise ServiceRefusedError(
                f"{query.name or 'This query'} calls {' and '.join(f'<{address}>' for address in missing)}, "
                f"which is not allowed here. It needs the option {options(missing)}."
            )

    def _call_all(self, calls: list[Call]) -> list[str]:
        if not self._slots.acquire(timeout=self._pool.limits.wait):
            raise BusyError(_BUSY)
        try:
            deadline = time.monotonic() + self._limits.timeout
            return [self._call(call, deadline) for call in calls]
        finally:
            self._slots.release()

    def _call(self, call: Call, deadline: float) -> str:
        try:
            results = fetch(call.address, call.query, deadline, self._limits.size, self._lookup)
            return federation.as_values(results, call.query)
        except ServiceFailedError as error:
            if call.silent:
                return _NOTHING
            raise ServiceFailedError(f"The service <{call.address}> {error}.") from None


def fetch(address: str, query: str, deadline: float, size: int, lookup: Lookup = socket.getaddrinfo) -> bytes:
    """Return the response of the service at `address` to `query`: SPARQL results in JSON, as bytes.

    `deadline` is a value of `time.monotonic`, `size` the limit in bytes, and `lookup` resolves a host name.
    Raises ServiceFailedError; its text continues a sentence whose subject is the service.
    """
    url = urlsplit(address)
    try:
        with closing(_connect(url, deadline, lookup)) as sock, _shut_at(sock, deadline):
            return _post(sock, url, query, size)
    except (http.client.HTTPException, OSError, ValueError):
        late = "did not answer in time" if time.monotonic() >= deadline else "cannot be reached"
        raise ServiceFailedError(late) from None


def _post(sock: socket.socket, url: SplitResult, query: str, size: int) -> bytes:
    connection = http.client.HTTPConnection(url.netloc)
    connection.sock = sock
    path = (url.path or "/") + (f"?{url.query}" if url.query else "")
    headers = {
        "Host": url.netloc,
        "Accept": _JSON,
        "Accept-Encoding": "identity",
        "Content-Type": "application/x-www-form-urlencoded",
        "User-Agent": store_address.AGENT,
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
        raise ServiceFailedError(f"answered with more than {size:,} bytes; narrow the query")
    return body


@contextmanager
def _shut_at(sock: socket.socket, deadline: float) -> Iterator[None]:
    """Shut `sock` down at `deadline`, even while bytes still arrive."""
    timer = threading.Timer(max(0.0, deadline - time.monotonic()), _shut, (sock,))
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def _shut(sock: socket.socket) -> None:
    with suppress(OSError):  # the peer may have closed it already
        sock.shutdown(socket.SHUT_RDWR)


def _connect(url: SplitResult, deadline: float, lookup: Lookup) -> socket.socket:
    host, port = url.hostname or "", url.port or _PORTS[url.scheme]
    family, kind, protocol, _, target = lookup(host, port, type=socket.SOCK_STREAM)[0]
    if not _is_address(host) and not ipaddress.ip_address(target[0]).is_global:
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


def _is_address(host: str) -> bool:
    """Return whether the operator wrote an IP address or localhost, so that a private one is intended."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return True
