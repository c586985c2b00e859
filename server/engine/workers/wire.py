"""Messages between processes over a socket: a JSON head and a body of bytes, preceded by lengths.

JSON and not pickle: a worker reads text of strangers, so nothing that it sends may be able to run
code.
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
_SMALL = 1 << 16  # bytes; a body up to this size is sent together with the head, in one call


def request_to_head(request: QueryRequest) -> Head:
    """Return the head of a message with all fields of `request`."""
    return {name: getattr(request, name) for name in QueryRequest.__slots__} | {"types": dict(request.types)}


def request_from_head(head: Head) -> QueryRequest:
    """Return the request in a head that `request_to_head` made."""
    sets = {name: _tuple(head[name]) for name in ("default_graphs", "named_graphs", "services")}
    return QueryRequest(**(head | sets))


def encode(request: QueryRequest) -> tuple[Head, bytes]:
    """Return head and body of the message for `request`; raises QuerySyntaxError for a lone surrogate."""
    head = request_to_head(request)
    try:
        return head, head.pop("query").encode()
    except UnicodeEncodeError:
        raise QuerySyntaxError("This is not SPARQL: it has half of a surrogate pair.") from None


def _tuple(values: list[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)


def send(sock: socket.socket, head: Head, body: bytes | bytearray = b"") -> None:
    """Send one message; raises OSError if the other side is gone."""
    head_bytes = json.dumps(head).encode()
    start = _LENGTHS.pack(len(head_bytes), len(body)) + head_bytes
    if len(body) <= _SMALL:
        sock.sendall(start + body)
    else:
        sock.sendall(start)
        sock.sendall(body)


def receive(sock: socket.socket, deadline: float | None = None) -> tuple[Head, bytes]:
    """Return head and body of the next message; each side sends one and then waits for the other.

    `deadline` is a value of `time.monotonic`. Raises TimeoutError if it has passed and
    EOFError if the other side is gone or sends more than one message.
    """
    received = _receive_until(_LENGTHS.size, bytearray(), sock, deadline)
    head_length, body_length = _LENGTHS.unpack_from(received)
    start = _LENGTHS.size + head_length
    _receive_until(start + body_length, received, sock, deadline)
    if len(received) > start + body_length:
        raise EOFError
    whole = memoryview(received)
    return json.loads(bytes(whole[_LENGTHS.size : start])), bytes(whole[start:])


def _receive_until(
    length: int, received: bytearray, sock: socket.socket, deadline: float | None
) -> bytearray:
    """Return `received` with at least `length` bytes."""
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
