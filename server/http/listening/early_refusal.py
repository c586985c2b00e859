"""Refuse what never becomes a request to the application: a problem document in bytes, ready to be sent."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from http import HTTPStatus

from kg.errors import CablegraphError
from server.web import problems
from server.web.formats import json_text
from server.web.response_headers import HEADERS

Refusal = tuple[int, list[tuple[bytes, bytes]], bytes]


def refusal(error: CablegraphError, limits: Mapping[str, float]) -> Refusal:
    """Return status, headers and body of the answer for `error` (RFC 9457), after which the connection ends.

    `limits` maps names of problems to the limit exceeded. The form is JSON: what the client accepts
    may not be known yet.
    """
    name = str(uuid.uuid4())
    document = problems.document(error, f"urn:uuid:{name}", limits)
    body = f"{json_text(document)}\n".encode()
    told = {
        **HEADERS,
        **problems.headers(error),
        "Content-Type": problems.MEDIA_TYPES[0],
        "Content-Length": str(len(body)),
        "Cache-Control": "no-store",
        "X-Request-ID": name,
        "Connection": "close",
    }
    headers = [(key.lower().encode(), value.encode("latin-1")) for key, value in told.items()]
    return document["status"], headers, body


def message(answer: Refusal) -> bytes:
    """Return `answer` as it goes over the wire (RFC 9112 section 2.1)."""
    status, headers, body = answer
    start = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode()
    lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
    return start + lines + b"\r\n" + body
