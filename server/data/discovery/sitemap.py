"""Sitemaps (https://www.sitemaps.org/protocol.html): the pages of the service and of its things.

Statements have no entries of their own: the page of a telegram leads to them. With more addresses than one
file should have, `/sitemap.xml` is an index of files.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from xml.etree import ElementTree as ET

from pyoxigraph import Literal

from server.engine.workers.pool import Pool
from server.site import pool_queries
from server.site.pool_queries import value

XMLNS = "http://www.sitemaps.org/schemas/sitemap/0.9"
PER_FILE = 10_000  # the protocol allows 50,000
MOST = 200_000  # things; the first by name
PAGES = (
    *("", "about", "quality", "timeline", "matrix", "network", "queries/", "statements"),
    *("search", "sparql", "ontology", "docs/api"),
)
# Things are named `id/KIND/NAME`; what is below a telegram is a part of it.
_THINGS = (
    "SELECT DISTINCT ?s { ?s a ?class FILTER (ISIRI(?s) && STRSTARTS(STR(?s), %(home)s) "
    '&& REGEX(STRAFTER(STR(?s), %(home)s), "^[^/#]+/[^/#]+$")) } '
    f"ORDER BY ?s LIMIT {MOST}"
)


def things(pool: Pool) -> tuple[str, ...]:
    """Return the IRIs of the things in the graph, by name."""
    queries = [_THINGS % {"home": Literal(home)} for home in pool.names.homes]
    found = (value(row["s"]) for query in queries for row in pool_queries.rows(pool, query))
    return tuple(islice(found, MOST))


def files(count: int) -> int:
    """Return how many files `count` addresses need."""
    return max(1, -(-count // PER_FILE))


def url_set(addresses: Sequence[str]) -> bytes:
    """Return the sitemap of `addresses`."""
    return _document("urlset", "url", addresses)


def index(addresses: Sequence[str]) -> bytes:
    """Return the index of the sitemaps at `addresses`."""
    return _document("sitemapindex", "sitemap", addresses)


def _document(root: str, entry: str, addresses: Sequence[str]) -> bytes:
    tree = ET.Element(root, xmlns=XMLNS)
    for address in addresses:
        ET.SubElement(ET.SubElement(tree, entry), "loc").text = address
    ET.indent(tree, " ")
    written: bytes = ET.tostring(tree, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
