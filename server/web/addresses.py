"""Canonical IRIs and where this host serves them.

A thing is called `https://w3id.org/cablegraph/…` wherever it is served. Below its root, which may
be a prefix that a proxy gave (SCRIPT_NAME), a host serves each under the same path.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from kg.namespaces import BASE
from kg.reading.authorities import AUTHORITIES

# The first steps of the paths that this service answers for.
SERVED = frozenset(
    {"catalogue", "dataset", "dumps", "graph", "id", "links", "ontology", "problems", "queries", *AUTHORITIES}
)
_WELL_KNOWN = ".well-known/"
_PLAIN = "/#%:@!$&()*+,;=~-._?"  # stands as it is in an address
# What an IRI has no letter for (RFC 3987 section 2.2), and the sign that escapes it.
_NEVER = frozenset('<>"{}|\\^`%') | {chr(code) for code in (*range(0x21), 0x7F)}


def canonical(path: str) -> str:
    """Return the canonical IRI of what stands at the decoded `path` below the root of this service."""
    return BASE + "".join(quote(sign) if sign in _NEVER else sign for sign in path.lstrip("/"))


def local(iri: str, root: str = "") -> str:
    """Return the address on this host, below `root`, for a canonical IRI; empty if it is served elsewhere."""
    rest = iri.removeprefix(BASE)
    if rest == iri or not _served(rest):
        return ""
    return f"{root}/{encoded(rest)}"


def encoded(iri: str) -> str:
    """Return `iri` as a URI, in ASCII (RFC 3987 section 3.1)."""
    return quote(iri, safe=_PLAIN)


def link(iri: str, root: str = "") -> str:
    """Return where a page may lead for `iri`: here, to the web, or nowhere (no `javascript:`)."""
    here = local(iri, root)
    if here:
        return here
    try:
        return iri if urlsplit(iri).scheme in ("http", "https") else ""
    except ValueError:  # half an IPv6 address
        return ""


def _served(rest: str) -> bool:
    return rest.startswith(_WELL_KNOWN) or rest.partition("#")[0].partition("/")[0] in SERVED
