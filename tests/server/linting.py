"""Lint one HTTP exchange, given as JSON on standard input; write what is bad as a JSON list.

A program of its own: httplint's dependencies install a package called `tests`, which would take the
place of this one.
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

from httplint import HttpRequestLinter, HttpResponseLinter
from httplint.note import levels


def main() -> None:
    exchange = json.load(sys.stdin)
    linter = HttpResponseLinter(
        _related=request(exchange), no_content=exchange["method"] == "HEAD" or exchange["status"] == 304
    )
    linter.base_uri = exchange["address"]
    linter.process_response_topline(b"1.1", str(exchange["status"]).encode(), exchange["reason"].encode())
    linter.process_headers(lines(exchange["answered"]))
    linter.feed_content(base64.b64decode(exchange["body"]))
    linter.finish_content(complete=True)
    bad = [note for note in linter.notes if note.level == levels.BAD]
    json.dump([f"{note.level.value} {note.subject}: {note.summary}" for note in bad], sys.stdout)


def request(exchange: dict[str, Any]) -> HttpRequestLinter:
    linter = HttpRequestLinter()
    linter.process_request_topline(exchange["method"].encode(), exchange["address"].encode(), b"HTTP/1.1")
    linter.process_headers(lines(exchange["asked"]))
    linter.finish_content(complete=True)
    return linter


def lines(headers: list[list[str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


if __name__ == "__main__":
    main()
