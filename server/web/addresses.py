"""Canonical IRIs of things, and the addresses at which this host serves them.

The IRI of a thing begins with the base of its collection wherever it is served, that of a term with ours.
A host serves each thing at the same path below its root, which may be a prefix that a proxy sends
(SCRIPT_NAME).
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from kg.namespaces import SHIPPED, Namespaces
from kg.reading.authorities import AUTHORITIES

# The first segments of the paths that this service answers for.
SERVED = frozenset(
    {
        *("catalogue", "dataset", "dumps", "graph", "id", "links", "ontology", "problems", "queries"),
        *("shape", "sparql"),
        *AUTHORITIES,
    }
)
_WELL_KNOWN = ".well-known/"
_SAFE = "/#%:@!$&()*+,;=~-._?"  # needs no percent-encoding in an address
# Characters that an IRI cannot have (RFC 3987 section 2.2), and the one that escapes them.
_NOT_IN_IRI = frozenset('<>"{}|\\^`%') | {chr(code) for code in (*range(0x21), 0x7F)}


def canonical(path: str, names: Namespaces = SHIPPED) -> str:
    """Return the canonical IRI of the thing at the decoded `path` below the root of this service."""
    return names.iri("".join(quote(char) if char in _NOT_IN_IRI else char for char in path.lstrip("/")))


def local(iri: str, root: str = "", names: Namespaces = SHIPPED) -> str:
    """Return the address of a canonical IRI on this host, below `root`; empty if it is not served here."""
    path = names.path(iri)
    return f"{root}/{encoded(path)}" if _is_served(path) else ""


def encoded(iri: str) -> str:
    """Return `iri` as a URI, in ASCII (RFC 3987 section 3.1)."""
    return quote(iri, safe=_SAFE)


def link(iri: str, root: str = "", names: Namespaces = SHIPPED) -> str:
    """Return the target of a link for `iri`: here, on the web, or empty, as for `javascript:`."""
    here = local(iri, root, names)
    if here:
        return here
    try:
        return iri if urlsplit(iri).scheme in ("http", "https") else ""
    except ValueError:  # half an IPv6 address
        return ""


def _is_served(rest: str) -> bool:
    return rest.startswith(_WELL_KNOWN) or rest.partition("#")[0].partition("/")[0] in SERVED
