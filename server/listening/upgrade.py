"""Pass over another protocol that a client offers (RFC 9110 section 7.8: a server may ignore Upgrade).

llhttp ends a request with such an offer before its body. Java's client makes one with every first
request, that of a query in a body included; so the request is put to the parser again without it.
"""

from __future__ import annotations

from collections.abc import Iterable

_OFFERS = frozenset({b"upgrade", b"http2-settings"})


def without_offer(method: bytes, target: bytes, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return the head of a request of HTTP/1.1 without its offer; names of headers in small letters."""
    lines = [b"%s %s HTTP/1.1" % (method, target)]
    for name, value in headers:
        if name in _OFFERS:
            continue
        kept = _without_options(value) if name == b"connection" else value
        lines.append(b"%s: %s" % (name, kept))
    return b"\r\n".join([*lines, b"", b""])


def _without_options(value: bytes) -> bytes:
    options = [option.strip() for option in value.split(b",")]
    return b", ".join(option for option in options if option.lower() not in _OFFERS)
