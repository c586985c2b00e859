"""Responses to requests that never reach the application: problem documents, as bytes to send."""

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
    """Return status, headers and body of the response for `error` (RFC 9457); the connection ends after it.

    `limits` maps names of problems to the limit exceeded, in seconds or bytes. The format is JSON, since
    Accept may not have been read yet.
    """
    request_id = str(uuid.uuid4())
    document = problems.document(error, f"urn:uuid:{request_id}", limits)
    body = f"{json_text(document)}\n".encode()
    fields = {
        **HEADERS,
        **problems.headers(error),
        "Content-Type": problems.MEDIA_TYPES[0],
        "Content-Length": str(len(body)),
        "Cache-Control": "no-store",
        "X-Request-ID": request_id,
        "Connection": "close",
    }
    headers = [(key.lower().encode(), value.encode("latin-1")) for key, value in fields.items()]
    return document["status"], headers, body


def message(response: Refusal) -> bytes:
    """Return `response` as the bytes of an HTTP/1.1 message (RFC 9112 section 2.1)."""
    status, headers, body = response
    start = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode()
    lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
    return start + lines + b"\r\n" + body
