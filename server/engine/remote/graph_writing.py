"""Graphs written to a store elsewhere by the SPARQL 1.1 Graph Store Protocol: PUT, POST and DELETE.

No statement has a blank node, so each request has the same effect twice as once, and is sent again if it
fails.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx2

from kg.errors import CablegraphError
from server.engine.remote import store_address
from server.engine.remote.store_client import connect

PAUSES = (0.5, 2.0, 8.0)  # seconds before another attempt
_PASSING = frozenset({408, 429, 500, 502, 503, 504})
_TOO_LARGE = 413
_TRIPLES = "application/n-triples"
_ACCEPTED = f"{_TRIPLES}, text/turtle;q=0.9"
_LONGEST = 300  # characters of what the store says


class GraphStore:
    """The graphs behind `address`, with `timeout` seconds for each request.

    `sleep` waits before the next attempt; `transport` is what sends, by default over sockets.

    Raises CablegraphError for an address that is not valid.
    """

    def __init__(
        self,
        address: str,
        timeout: float = 120.0,
        transport: httpx2.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.address, self._sleep = store_address.check(address), sleep
        self._http = connect(timeout, transport)

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def read(self, graph: str) -> bytes:
        """Return a graph in N-Triples or Turtle; empty if there is none."""
        response = self._send("GET", graph)
        return b"" if response.status_code == httpx2.codes.NOT_FOUND else response.content

    def replace(self, graph: str, lines: list[bytes]) -> None:
        """Make the triples in `lines`, of N-Triples, those of a graph."""
        self._write("PUT", graph, lines)

    def add(self, graph: str, lines: list[bytes]) -> None:
        """Add the triples in `lines` to a graph."""
        self._write("POST", graph, lines)

    def drop(self, graph: str) -> None:
        """Remove a graph, if it is there."""
        self._send("DELETE", graph)

    def _write(self, method: str, graph: str, lines: list[bytes]) -> None:
        response = self._send(method, graph, b"".join(lines))
        if response.status_code == _TOO_LARGE:
            if len(lines) < 2:
                raise CablegraphError(f"{self.address} takes no triple as long as one of <{graph}>")
            half = len(lines) // 2
            self._write(method, graph, lines[:half])
            self._write("POST", graph, lines[half:])

    def _send(self, method: str, graph: str, body: bytes = b"") -> httpx2.Response:
        """Return the response to a request that was answered at all; raises CablegraphError if none was."""
        reason = ""
        for pause in (0.0, *PAUSES):
            self._sleep(pause)
            try:
                response = self._http.request(
                    method,
                    httpx2.URL(self.address).copy_merge_params({"graph": graph}),
                    content=body,
                    headers={"Content-Type": _TRIPLES} if body else {"Accept": _ACCEPTED},
                )
            except httpx2.HTTPError as error:
                reason = f"{type(error).__name__}: {error}"
                continue
            if response.status_code not in _PASSING:
                self._refuse(method, graph, response)
                return response
            reason = f"status {response.status_code}"
        raise CablegraphError(
            f"{self.address} failed {len(PAUSES) + 1} times to {method} <{graph}>: {reason}. Once it "
            "answers, load again: what is there already is replaced."
        )

    def _refuse(self, method: str, graph: str, response: httpx2.Response) -> None:
        status = response.status_code
        absent = status == httpx2.codes.NOT_FOUND and method in ("GET", "DELETE")
        if response.is_success or absent or status == _TOO_LARGE:
            return
        said = " ".join(response.text.split())[:_LONGEST]
        raise CablegraphError(
            f"{self.address} answers {method} <{graph}> with status {status}: {said or 'nothing more'}. Give "
            "the address of its Graph Store Protocol, such as …/store of Oxigraph or …/data of Fuseki."
        )
