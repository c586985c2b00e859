"""Queries to a store elsewhere over HTTP, with a deadline, few retries and a largest answer.

Only the address that the operator gave is asked: redirects are not followed, proxies of the environment are
ignored. What failed is told to the log with its address, and to clients without it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlencode

import httpx2

from kg.errors import BusyError, SizeLimitError, TimeLimitError
from server.engine.remote import store_address
from server.engine.remote.store_address import CONNECTING
from server.web.formats import Kind
from server.web.http_errors import StoreFailedError, StoreLateError

AT_ONCE = 32  # queries that a store is asked at the same time
_SHARE = 2  # how much larger than ours an answer of the store may be, whose format is longer
PAUSES = (0.1, 0.5)  # seconds before another attempt; queries change nothing, so they may be sent again
_BUSY, _GATEWAY = (429, 503), (502, 504)  # the latter from a proxy in front of the store
_RESULTS, _TRIPLES = "application/sparql-results+json", "application/n-triples"
_ACCEPT: dict[Kind, str] = {
    "solutions": _RESULTS,
    "boolean": _RESULTS,
    "graph": f"{_TRIPLES}, text/turtle;q=0.9",
}
_TYPES = {
    _RESULTS: False,
    "application/json": False,
    _TRIPLES: True,
    "text/turtle": True,
}  # whether of graphs
_CUT = "x-sql-state"  # with which Virtuoso says that its answer is a part
_LATE = "The store did not answer in time."


def connect(seconds: float, transport: httpx2.BaseTransport | None = None, at_once: int = 1) -> httpx2.Client:
    """Return a client with at most `at_once` connections, and `seconds` for each step of a request.

    It follows no redirect and uses no proxy of the environment. `transport` is what sends, by default over
    sockets.
    """
    return httpx2.Client(
        headers=store_address.headers(),
        trust_env=False,
        follow_redirects=False,
        timeout=httpx2.Timeout(seconds, connect=min(seconds, CONNECTING)),
        limits=httpx2.Limits(max_connections=at_once, max_keepalive_connections=at_once),
        transport=transport,
    )


class PassingFailureError(StoreFailedError):
    """The store gave no usable answer, and may give one to the same query in a moment."""


class StoreClient:
    """Asks the store at `address`, for answers of which we make at most `largest` bytes.

    Any thread may ask. `say` takes a line for the log; `transport` is what sends, by default over sockets;
    `pauses` are the seconds before each further attempt.
    Raises CablegraphError for an address that is not valid.
    """

    def __init__(
        self,
        address: str,
        largest: int,
        say: Callable[[str], None] = lambda _: None,
        transport: httpx2.BaseTransport | None = None,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._pauses = pauses
        self.address, self._largest, self._say = store_address.check(address), largest, say
        self._failure = ""  # that was told to the log last
        self._http = connect(CONNECTING, transport, AT_ONCE)

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def ask(self, form: Sequence[Sequence[str]], kind: Kind, deadline: float) -> bytes:
        """Return the answer to the query in the fields `form`: in JSON, or in Turtle for a graph.

        `deadline` is a value of `time.monotonic`. Raises TimeLimitError, SizeLimitError, BusyError,
        StoreFailedError and StoreLateError.
        """
        sent = urlencode([(name, value) for name, value in form]).encode("utf-8", "surrogatepass")
        for pause in self._pauses:
            try:
                return self._once(sent, kind, deadline)
            except (BusyError, PassingFailureError):
                if time.monotonic() + pause >= deadline:
                    raise
            time.sleep(pause)
        return self._once(sent, kind, deadline)

    def _once(self, sent: bytes, kind: Kind, deadline: float) -> bytes:
        with self._told(deadline):
            left = max(0.001, deadline - time.monotonic())
            request = self._http.build_request(
                "POST",
                self.address,
                content=sent,
                headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": _ACCEPT[kind]},
                timeout=httpx2.Timeout(left, connect=min(left, CONNECTING)),
            )
            response = self._http.send(request, stream=True)
            try:
                _refuse(response, kind)
                return self._body(response, deadline)
            finally:
                response.close()

    def _body(self, response: httpx2.Response, deadline: float) -> bytes:
        body = bytearray()
        for piece in response.iter_bytes():
            body += piece
            if len(body) > _SHARE * self._largest:
                raise SizeLimitError(
                    f"The answer is larger than {self._largest:,} bytes. Ask for less with LIMIT, fewer "
                    "variables or a narrower pattern, or fetch it in parts with ORDER BY, LIMIT and OFFSET."
                )
            if time.monotonic() > deadline:
                raise TimeLimitError(_LATE)
        return bytes(body)

    @contextmanager
    def _told(self, deadline: float) -> Iterator[None]:
        """Turn errors of HTTP into ours, and tell the log of the first of several alike."""
        try:
            yield
        except httpx2.ConnectTimeout as error:
            self._tell(f"accepts no connection: {error or 'too late'}")
            raise StoreLateError("The store of this service accepts no connection in time.") from None
        except httpx2.TimeoutException:
            raise TimeLimitError(_LATE) from None
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, RuntimeError) as error:
            late = time.monotonic() >= deadline
            self._tell(f"does not answer: {type(error).__name__}: {error}")
            raise TimeLimitError(_LATE) if late else PassingFailureError(_reason(error)) from None
        except (BusyError, StoreFailedError) as error:
            self._tell(str(error))
            raise
        else:
            if self._failure:
                self._tell("")

    def _tell(self, failure: str) -> None:
        if failure != self._failure:
            self._failure = failure
            self._say(f"the store {self.address} {(failure and f'failed: {failure}') or 'answers again'}")


def _reason(error: Exception) -> str:
    """Return for clients what is wrong; a connection that ends early leaves half an answer."""
    if isinstance(error, httpx2.ConnectError):
        return "The store of this service cannot be reached; try again in a moment."
    return "The store of this service broke off its answer; try again in a moment."


def _refuse(response: httpx2.Response, kind: Kind) -> None:
    """Raise an error unless the head of `response` is that of a whole answer to a query of that kind."""
    status, wait = response.status_code, response.headers.get("retry-after", "")
    if status in _BUSY and wait:  # without it, waiting helps nobody: the query took too long there
        raise BusyError("The store of this service is busy; try again in a moment.", _seconds(wait))
    if status != httpx2.codes.OK:
        failure = PassingFailureError if status in _GATEWAY else StoreFailedError
        raise failure(f"The store of this service answered with status {status}.")
    if _CUT in response.headers:
        raise StoreFailedError("The store of this service answered with a part, at a limit of its own.")
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if _TYPES.get(media_type) is not (kind == "graph"):
        raise StoreFailedError(f"The store of this service answered in {media_type or 'no format'}.")
    if kind == "graph" and not {"content-length", "transfer-encoding"} & set(response.headers):
        # Turtle that ends early may still be Turtle.
        raise StoreFailedError("The store of this service does not say where its answer ends.")


def _seconds(text: str) -> int:
    return min(int(text), 60) if text.isdecimal() else 1
