"""Prefixes that a query uses without declaring them, and declarations for those that are known here.

SPARQL 1.1 section 4.1.1 wants each prefix declared. Known ones are added to the text of the query before the
engine reads it, so that the query also parses where a part of it is looked at. Its lines keep their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

from kg.namespaces import PREFIXES
from kg.store import keywords

# Whatever looks like a prefix, also in texts and IRIs: a parse without it tells whether it is one.
_USED = re.compile(r"(?<![\w:?$@-])([A-Za-z](?:[\w.-]*[\w-])?|):")
_KNOWN: Mapping[str, str] = MappingProxyType(PREFIXES)
_MOST = 50  # names that look like prefixes; each costs a parse


def complete(query: str, base: str | None = None, known: Mapping[str, str] = _KNOWN) -> str:
    """Return `query` with declarations of the `known` prefixes that it uses undeclared.

    It is returned unchanged if it needs none, or if declarations would not make it a query.
    """
    if _parses(keywords.as_graph(query), base, {}):
        return query
    needed = undeclared(query, base, known)
    if not needed or not needed.keys() <= known.keys():
        return query
    return declarations(needed) + query


def undeclared(query: str, base: str | None = None, known: Mapping[str, str] = _KNOWN) -> dict[str, str]:
    """Return the prefixes that `query` uses undeclared, in the order of their use, and what they stand for.

    An unknown one stands for an empty text. None are returned if declarations would not make it a query.
    """
    text = keywords.as_graph(query)  # calls no service
    names: list[str] = list(dict.fromkeys(_USED.findall(query)))
    every = dict.fromkeys(names, "urn:x:")
    if len(names) > _MOST or not _parses(text, base, every):
        return {}
    needed = [name for name in names if not _parses(text, base, {n: every[n] for n in names if n != name})]
    return {name: known.get(name, "") for name in needed}


def declarations(prefixes: Mapping[str, str]) -> str:
    """Return a PREFIX declaration for each of `prefixes`, in one line that ends with a space."""
    return "".join(f"PREFIX {name}: <{namespace}> " for name, namespace in prefixes.items())


def _parses(query: str, base: str | None, prefixes: dict[str, str]) -> bool:
    return keywords.parses(query, partial(keywords.parse, base=base, prefixes=prefixes))
