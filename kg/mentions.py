"""Which IRIs a SPARQL query names: in full or by prefix, but not in its texts, comments and prologue.

SPARQL 1.1 Query Language section 19.8, the terminals IRIREF, PNAME_LN and the four strings; SERVICE is
section 2 of SPARQL 1.1 Federated Query.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_PROLOGUE = re.compile(r"\bPREFIX\s+([\w.-]*):\s*<([^>]*)>", re.IGNORECASE)
_TOKEN = re.compile(
    r'''
    """(?:[^\\]|\\.)*?""" | \'\'\'(?:[^\\]|\\.)*?\'\'\'         # long strings before short ones
    | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*'
    | \b(?i:SERVICE)\s+(?:(?i:SILENT)\s+)?<(?P<service>[^<>\s]+)>
    | <(?P<iri>[a-zA-Z][^<>"{}|^`\\\x00-\x20]*:[^<>"{}|^`\\\x00-\x20]*)>
    | \#[^\n]*
    | (?<![\w?$@-])(?P<prefix>(?:[^\W\d_][\w.-]*)?):
      (?P<local>(?:\\.|[\w:%-])(?:(?:\\.|[\w.:%-])*(?:\\.|[\w:%-]))?)
    ''',
    re.VERBOSE | re.DOTALL,
)


def iris(query: str) -> list[str]:
    """Return the IRIs that the SPARQL `query` names, sorted, each once.

    The keyword `a` and namespaces in the prologue are not counted, and neither is a name whose
    prefix the query does not declare.
    """
    return sorted(set(_named(_PROLOGUE.sub(" ", query), prefixes(query))))


def services(query: str) -> list[str]:
    """Return the addresses of other services that `query` calls by their full IRI, sorted, each once."""
    return sorted({token["service"] for token in _TOKEN.finditer(query) if token["service"]})


def prefixes(query: str) -> dict[str, str]:
    """Return the namespaces that the prologue of `query` declares, by prefix."""
    return dict(_PROLOGUE.findall(query))


def _named(query: str, declared: dict[str, str]) -> Iterator[str]:
    for token in _TOKEN.finditer(query):
        if token["iri"]:
            yield token["iri"]
        elif token["local"] and token["prefix"] in declared:
            yield declared[token["prefix"]] + re.sub(r"\\(.)", r"\1", token["local"])
