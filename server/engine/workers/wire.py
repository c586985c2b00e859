"""How requests and answers travel between processes over a socket.

A message is a JSON head and a body of bytes, each preceded by its length. JSON and not pickle: a
worker reads text of strangers, so nothing that it sends back may be able to run code.
"""

from __future__ import annotations

import json
import socket
import struct
import time
from typing import Any

from kg.errors import QuerySyntaxError
from server.engine.evaluation.query_request import QueryRequest

Head = dict[str, Any]

_LENGTHS = struct.Struct("!IQ")
_CHUNK = 1 << 20
_SMALL = 1 << 16  # bytes of a body that go out together with the head, in one call


def request_to_head(request: QueryRequest) -> Head:
    """Return `request` as a head that `request_from_head` understands."""
    return {name: getattr(request, name) for name in QueryRequest.__slots__} | {"types": dict(request.types)}


def request_from_head(head: Head) -> QueryRequest:
    """Return the request that `request_to_head` put into `head`."""
    sets = {name: _tuple(head[name]) for name in ("default_graphs", "named_graphs", "services")}
    return QueryRequest(**(head | sets))


def encoded(request: QueryRequest) -> tuple[Head, bytes]:
    """Return `request` as a message; raises QuerySyntaxError for half of a surrogate pair."""
    head = request_to_head(request)
    try:
        return head, head.pop("query").encode()
    except UnicodeEncodeError:
        raise QuerySyntaxError("This is not SPARQL: it holds half of a surrogate pair.") from None


def _tuple(values: list[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)


def send(sock: socket.socket, head: Head, body: bytes | bytearray = b"") -> None:
    """Send one message; raises OSError when the other side is gone."""
    encoded = json.dumps(head).encode()
    start = _LENGTHS.pack(len(encoded), len(body)) + encoded
    if len(body) <= _SMALL:
        sock.sendall(start + body)
    else:
        sock.sendall(start)
        sock.sendall(body)


def receive(sock: socket.socket, deadline: float | None = None) -> tuple[Head, bytes]:
    """Return the next message, which nothing follows: each side waits for the other's.

    `deadline` is a moment of `time.monotonic`. Raises TimeoutError when it has passed and
    EOFError when the other side is gone, or sends more than one message.
    """
    received = _until(_LENGTHS.size, bytearray(), sock, deadline)
    head_length, body_length = _LENGTHS.unpack_from(received)
    start = _LENGTHS.size + head_length
    _until(start + body_length, received, sock, deadline)
    if len(received) > start + body_length:
        raise EOFError
    whole = memoryview(received)
    return json.loads(bytes(whole[_LENGTHS.size : start])), bytes(whole[start:])


def _until(length: int, received: bytearray, sock: socket.socket, deadline: float | None) -> bytearray:
    """Return `received` when it holds `length` bytes at least."""
    while len(received) < length:
        sock.settimeout(_remaining(deadline))
        piece = sock.recv(min(_CHUNK, max(_SMALL, length - len(received))))
        if not piece:
            raise EOFError
        received += piece
    return received


def _remaining(deadline: float | None) -> float | None:
    if deadline is None:
        return None
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
