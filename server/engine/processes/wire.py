"""Messages between processes over a socket: a JSON head and a body of bytes, preceded by lengths.

JSON and not pickle: a worker reads text of strangers, so nothing that it sends may be able to run
code.
"""

from __future__ import annotations

import json
import socket
import struct
from dataclasses import fields
from functools import lru_cache
from typing import Any

from kg.errors import QuerySyntaxError
from kg.namespaces import SHIPPED, Namespaces
from server.engine.evaluation.query_request import QueryRequest

Head = dict[str, Any]

_SETS = ("default_graphs", "named_graphs", "services", "part")
_OTHERWISE = frozenset({"query", "types", "names"})  # fields that are written in another way
_DEFAULTS = tuple((each.name, each.default) for each in fields(QueryRequest) if each.name not in _OTHERWISE)
_COLLECTIONS = 4  # whose namespaces a worker keeps; a pool has one
_LENGTHS = struct.Struct("!IQ")
_CHUNK = 1 << 20
_SMALL = 1 << 16  # bytes; a message up to this size is read in one call


def request_to_head(request: QueryRequest) -> Head:
    """Return the head of a message with all fields of `request` that differ from their default."""
    written: Head = {"query": request.query, "types": dict(request.types)}
    for name, default in _DEFAULTS:
        value = getattr(request, name)
        if value != default:
            written[name] = value
    if request.names != SHIPPED:
        written["names"] = [request.names.base, request.names.others]
    return written


def request_from_head(head: Head) -> QueryRequest:
    """Return the request in a head that `request_to_head` made."""
    sets = {name: tuple(head[name]) for name in _SETS if name in head}
    if "names" in head:
        base, others = head["names"]
        head = head | {"names": _names(base, tuple(map(tuple, others)))}
    return QueryRequest(**(head | sets))


@lru_cache(_COLLECTIONS)
def _names(base: str, others: tuple[tuple[str, str], ...]) -> Namespaces:
    """Return the namespaces, whose prefixes are then made once for all requests."""
    return Namespaces(base, others)


def encode(request: QueryRequest) -> tuple[Head, bytes]:
    """Return head and body of the message for `request`; raises QuerySyntaxError for a lone surrogate."""
    head = request_to_head(request)
    try:
        query = head.pop("query").encode()
    except UnicodeEncodeError:
        raise QuerySyntaxError("This is not SPARQL: it has half of a surrogate pair.") from None
    if request.fetched is None:
        return head, query
    head["fetched"] = [[key, len(body)] for key, body in request.fetched]  # their lengths, and bytes behind
    return head, b"".join((query, *(body for _, body in request.fetched)))


def decode(head: Head, body: bytes) -> Head:
    """Return the head that `request_from_head` takes, from head and body that `encode` made."""
    if "fetched" not in head:
        return head | {"query": body.decode()}
    end, fetched = len(body), []
    for key, length in reversed(head["fetched"]):
        fetched.append((key, body[end - length : end]))
        end -= length
    return head | {"query": body[:end].decode(), "fetched": tuple(reversed(fetched))}


def message(head: Head, body: bytes | bytearray = b"") -> bytes:
    """Return the bytes of one message."""
    head_bytes = json.dumps(head).encode()
    return b"".join((_LENGTHS.pack(len(head_bytes), len(body)), head_bytes, body))


def send(sock: socket.socket, head: Head, body: bytes | bytearray = b"") -> None:
    """Send one message; raises OSError if the other side is gone."""
    sock.sendall(message(head, body))


def receive(sock: socket.socket) -> tuple[Head, bytes]:
    """Return head and body of the next message; each side sends one and then waits for the other.

    Raises EOFError if the other side is gone or sends more than one message.
    """
    incoming = Incoming()
    while missing := incoming.missing:
        incoming.add(sock.recv(min(_CHUNK, missing)))
    return incoming.message()


class Incoming:
    """A message of which the bytes come one after the other."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._whole = 0  # length of the message; 0 while it is not known

    @property
    def missing(self) -> int:
        """How many bytes to read at most; 0 when the message is whole."""
        missing = (self._whole or _LENGTHS.size) - len(self._received)
        return max(_SMALL, missing) if missing > 0 else 0

    def add(self, piece: bytes) -> None:
        """Add some bytes; raises EOFError if there are none, or more than the message has."""
        self._received += piece
        if not self._whole and len(self._received) >= _LENGTHS.size:
            self._whole = _LENGTHS.size + sum(_LENGTHS.unpack_from(self._received))
        if not piece or len(self._received) > (self._whole or _LENGTHS.size):
            raise EOFError

    def message(self) -> tuple[Head, bytes]:
        """Return head and body of the message, which is whole."""
        start = _LENGTHS.size + _LENGTHS.unpack_from(self._received)[0]
        whole = memoryview(self._received)
        return json.loads(str(whole[_LENGTHS.size : start], "utf-8")), bytes(whole[start:])
