"""Ask a server over one kept connection, with as little of our own time as Python allows."""

from __future__ import annotations

import socket
import time
from typing import Self
from urllib.parse import quote

from .peers import Peer

Answer = tuple[float, int, bytes]


class Line:
    """One kept-alive connection to `peer`; an answer takes at most `patience` seconds."""

    def __init__(self, peer: Peer, patience: float = 60.0) -> None:
        self._peer, self._patience = peer, patience
        self._open()

    def _open(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self._peer.port), timeout=self._patience)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def request(self, query: str) -> bytes:
        """Return the request that asks `query`, ready to be sent many times."""
        accept = "application/n-triples" if _makes_graph(query) else "application/sparql-results+json"
        path = f"{self._peer.path}?query={quote(query)}"
        return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {accept}\r\n\r\n".encode()

    def ask(self, request: bytes) -> Answer:
        """Return seconds, status and body; status 0 when there was no answer in time."""
        try:
            return self._asked(request)
        except ConnectionError:  # a server closes a connection that was idle while others had their turn
            self._reopen()
            return self._asked(request)

    def _asked(self, request: bytes) -> Answer:
        begin = time.perf_counter()
        try:
            self._socket.sendall(request)
            status, body = _answer(self._socket)
        except TimeoutError:
            self._reopen()
            return time.perf_counter() - begin, 0, b""
        return time.perf_counter() - begin, status, body

    def _reopen(self) -> None:
        self._socket.close()
        self._open()


def _makes_graph(query: str) -> bool:
    return "CONSTRUCT" in query or "DESCRIBE" in query


def _answer(sock: socket.socket) -> tuple[int, bytes]:
    data = bytearray()
    while (end := data.find(b"\r\n\r\n")) < 0:
        data += _piece(sock)
    head, body = bytes(data[:end]).lower(), data[end + 4 :]
    status = int(head[9:12])
    if b"transfer-encoding: chunked" in head:
        return status, _chunked(sock, body)
    length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += _piece(sock)
    return status, bytes(body)


def _chunked(sock: socket.socket, data: bytearray) -> bytes:
    """Return the content of chunks (RFC 9112 section 7.1), of which `data` is what has come so far."""
    joined, place = bytearray(), 0
    while True:
        while (end := data.find(b"\r\n", place)) < 0:
            data += _piece(sock)
        length = int(data[place:end], 16)
        place = end + 2 + length + 2
        while len(data) < place:
            data += _piece(sock)
        if not length:
            return bytes(joined)
        joined += data[end + 2 : place - 2]


def _piece(sock: socket.socket) -> bytes:
    piece = sock.recv(1 << 18)
    if not piece:
        raise ConnectionError("the server closed the connection")
    return piece
