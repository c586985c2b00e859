"""Queries for other people's services: to paste, or to open in the query service of Wikidata by a link.

Nothing is sent from here: a link is followed by who clicks it.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

SERVICE = "https://query.wikidata.org/#"
_ABOUT = """\
# What Wikidata says of {count}, from https://w3id.org/cablegraph/
SELECT ?item ?itemLabel ?propertyLabel ?value ?valueLabel WHERE {{
  VALUES ?item {{ {items} }}
  ?item ?direct ?value .
  ?property wikibase:directClaim ?direct .
  SERVICE wikibase:label {{ bd:serviceParam wikibase:language "en,ru,es,mul". }}
}}
ORDER BY ?itemLabel ?propertyLabel
LIMIT 10000
"""
_VALUES = """\
# Things of https://w3id.org/cablegraph/ and the items of Wikidata that are exactly the same.
# It runs as it stands; put triple patterns about ?item below the block, wherever Wikidata can be queried.
SELECT ?item ?ours WHERE {{
  VALUES (?item ?ours) {{
{pairs}
  }}
}}
"""


def about(items: Iterable[str]) -> str:
    """Return a query for all that Wikidata says directly of `items`, which are its IRIs."""
    names = list(dict.fromkeys(item.rpartition("/")[2] for item in items))
    count = names[0] if len(names) == 1 else f"{len(names)} items"
    return _ABOUT.format(count=count, items=" ".join(f"wd:{name}" for name in names))


def opened(query: str) -> str:
    """Return the address that opens the query service of Wikidata with `query` filled in."""
    return SERVICE + quote(query, safe="")


def values(pairs: Iterable[tuple[str, str]]) -> str:
    """Return a query with a VALUES block of pairs of an item and a thing, both IRIs."""
    return _VALUES.format(pairs="\n".join(f"    (<{item}> <{ours}>)" for item, ours in sorted(pairs)))
