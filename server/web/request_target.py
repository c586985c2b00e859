"""Host, scheme and prefix under which a client reached this service, checked before use; clients.

Addresses in descriptions, pages and manifests begin with them. They come from the header Host, or from what a
proxy says instead (X-Forwarded-Host, X-Forwarded-Proto, X-Forwarded-Prefix).
"""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv6Address, ip_address, ip_network
from wsgiref.types import WSGIEnvironment

from server.web.http_errors import RequestError

# A name or IPv4 address as in DNS, or an IPv6 address; and a port (RFC 3986 section 3.2.2, RFC 9110 section
# 7.2). Of the other characters that RFC 3986 allows in a name, none occurs in the name of a host.
_HOST = re.compile(
    r"(?:([a-z0-9-]+(?:\.[a-z0-9-]+)*\.?)|\[([0-9a-f:.]+)\])(?::([1-9][0-9]{0,4}))?", re.ASCII | re.I
)
_PREFIX = re.compile(r"(?:/[\w.~!$&'()*+,;=:@%-]+)*", re.ASCII)
_LONGEST = 259  # 253 characters of a name in DNS, a colon and a port
_LARGEST_PORT = 65_535


def refuse_wrong(environ: WSGIEnvironment) -> None:
    """Raise RequestError if host, scheme or prefix of a request is not valid (RFC 9112 section 3.2).

    A request of HTTP/1.0 may have no Host; then the address is used on which the service listens.
    """
    host = environ.get("HTTP_HOST")
    if host is not None and not is_host(host):
        raise RequestError(
            f"The header Host, or X-Forwarded-Host of a proxy, has the value {host[:100]!r}, which is not "
            "valid; send a name of letters, digits and hyphens, an IPv4 address, or an IPv6 address in "
            f"brackets, and perhaps a colon and a port from 1 to {_LARGEST_PORT}, as in example.org:8000."
        )
    scheme = environ.get("wsgi.url_scheme")
    if scheme not in ("http", "https"):
        raise RequestError(f"X-Forwarded-Proto of a proxy is {scheme!r}; it must be http or https.")
    if not _PREFIX.fullmatch(environ.get("SCRIPT_NAME", "").rstrip("/")):
        raise RequestError("X-Forwarded-Prefix of a proxy must be a path that begins with a slash.")


def is_host(value: str) -> bool:
    """Return whether `value` is a host with or without a port, that is not empty."""
    found = _HOST.fullmatch(value)
    if not found or len(value) > _LONGEST or int(found[3] or 1) > _LARGEST_PORT:
        return False
    try:
        return not found[2] or bool(IPv6Address(found[2]))
    except AddressValueError:
        return False


def without_empty_port(value: str) -> str:
    """Return the host `value` without a colon at its end, after which the default port is left out."""
    return value[:-1] if value.endswith(":") and is_host(value[:-1]) else value


def client_name(address: str) -> str:
    """Return the name of one client: its IPv4 address, its IPv6 network of 64 bits, or else the text."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:100]
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else str(ip_network((parsed, 64), strict=False))
    return str(parsed)
