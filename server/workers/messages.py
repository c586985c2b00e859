"""What goes into the pool, what comes out, and how both travel over a socket.

A message is a JSON head and a body of bytes, each preceded by its length. JSON and not pickle: a
worker reads text of strangers, so nothing that it sends back may be able to run code.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from kg.errors import QuerySyntaxError

Kind = Literal["solutions", "boolean", "graph"]
Head = dict[str, Any]

_LENGTHS = struct.Struct("!IQ")
_CHUNK = 1 << 20
_SMALL = 1 << 16  # bytes of a body that go out together with the head, in one call


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may use.

    `timeout` and `wait` are seconds: for one query, and for a worker to become free. `memory` is
    the address space in bytes that a worker may take beyond the store; `result` is the largest
    answer in bytes; `workers` is how many queries run at once. `counting` is in seconds, for each
    count that the service makes for its own description, beside the queries of clients.
    """

    timeout: float = 10.0
    memory: int = 512 << 20
    result: int = 32 << 20
    workers: int = field(default_factory=lambda: max(2, os.cpu_count() or 2))
    wait: float = 2.0
    counting: float = 120.0


@dataclass(frozen=True, slots=True)
class Request:
    """One query and how it is to be answered.

    `types` gives the wanted media type for each kind of result; a kind that is left out cannot
    be answered. `default_graphs` and `named_graphs` are the dataset of the protocol (SPARQL 1.1
    Protocol section 2.1.4): both None leaves the choice to the query. `timeout` in seconds can
    only lower the limit. `base` resolves relative IRIs (section 2.3). `services` are the exact
    addresses that the query may call; ServiceCallsError then tells the calls to make.
    """

    query: str
    types: Mapping[Kind, str]
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    timeout: float | None = None
    base: str | None = None
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One complete result, serialised.

    `version` is that of the data it was made from. `volatile`: the next may differ all the same.
    """

    body: bytes
    kind: Kind
    media_type: str
    version: str = ""
    volatile: bool = False


def request_to_head(request: Request) -> Head:
    """Return `request` as a head that `request_from_head` understands."""
    return {name: getattr(request, name) for name in Request.__slots__} | {"types": dict(request.types)}


def request_from_head(head: Head) -> Request:
    """Return the request that `request_to_head` put into `head`."""
    sets = {name: _tuple(head[name]) for name in ("default_graphs", "named_graphs", "services")}
    return Request(**(head | sets))


def encoded(request: Request) -> tuple[Head, bytes]:
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
