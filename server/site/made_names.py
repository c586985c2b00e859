"""Names for passages and statements that have none: made for pages from what the graph says of them.

They are no labels in the graph: there they would repeat, for each passage of each document, what its
document, voice and number say already, in one language, and would be found by every search.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pyoxigraph import NamedNode

from kg.errors import CablegraphError
from kg.namespaces import PREFIXES
from server.engine.workers.pool import Pool
from server.site import pool_queries
from server.site.pool_queries import Row, value

MOST = 500  # things that are named at once
_SECONDS = 1.0  # a page whose names take longer has short identifiers instead
_WRITER = f"{PREFIXES['voice']}writer"
_PARAGRAPH = "paragraph"  # what a passage of the writer's is called
_HEAD = "".join(
    f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("cg", "dcterms", "oa", "prov", "rdfs", "skos")
)
# What a name is made of, by role.
_WAYS: tuple[tuple[str, str], ...] = (
    ("document", "cg:passageOf/cg:renders"),
    *((name, f"cg:{name}") for name in ("voice", "ordinal", "participant", "mode", "atEvent", "about")),
    *((name, f"cg:{name}") for name in ("property", "value", "asWritten", "firstDay", "lastDay")),
    *((name, f"cg:{name}") for name in ("names", "mentions", "numberOf", "markingKind", "officeHolder")),
    *((name, f"cg:{name}") for name in ("ofOffice", "inCatalogue")),
    ("text", "prov:used"),
    ("day", "dcterms:date"),
    ("words", "cg:evidence/oa:exact"),
)
# The first of these whose roles are all there makes the name.
_NAMES: tuple[str, ...] = (
    "{document}, {voice} {ordinal}",
    "{participant}, {mode}: {atEvent}",
    "{about}, {property}: {value}",
    "{about}, {property}: {days}",
    "{days}",
    "“{asWritten}”: {names}",
    "“{asWritten}”: {mentions}",
    "{numberOf}, number: {asWritten}",
    "{markingKind}: “{asWritten}”",
    "{officeHolder}: {ofOffice}",
    "{about} in {inCatalogue}",
    "reading of {text}, {day}",
    "“{words}”",
)
_FORMS = tuple((frozenset(re.findall(r"{(\w+)}", form)), form) for form in _NAMES)


def of(pool: Pool, iris: Iterable[str]) -> Mapping[str, str]:
    """Return names of those among `iris` that are passages or statements, by IRI; none if it takes too long.

    At most MOST are named; what is nothing of the kind has no name.
    """
    asked = list(dict.fromkeys(iris))[:MOST]
    try:
        return _made(pool, asked) if asked else {}
    except (CablegraphError, ValueError):  # the page is complete and useful without names
        return {}


def _made(pool: Pool, iris: Iterable[str]) -> dict[str, str]:
    ways = " UNION ".join(f'{{ ?x {path} ?o BIND ("{role}" AS ?role) }}' for role, path in _WAYS)
    which = pool_queries.values("x", iris)
    query = f"{_HEAD} SELECT DISTINCT ?x ?role ?o {{ {which} {ways} }} ORDER BY ?x ?role ?o"
    told: dict[str, dict[str, Row]] = {}
    for row in pool_queries.rows(pool, query, _SECONDS):
        told.setdefault(value(row["x"]), {}).setdefault(value(row["role"]), row)  # the first of several
    things = {value(row["o"]) for roles in told.values() for row in roles.values()
              if isinstance(row["o"], NamedNode)}  # fmt: skip
    labels = _labels(pool, things)
    said = {iri: {role: _said(row, labels) for role, row in roles.items()} for iri, roles in told.items()}
    return {iri: name for iri, roles in said.items() if (name := _name(roles))}


def _labels(pool: Pool, iris: Iterable[str]) -> dict[str, str]:
    """Return the English labels of `iris`; the writer's voice is called by its passages."""
    which = pool_queries.values("x", sorted(iris))
    ways = "{ ?x rdfs:label ?o } UNION { ?x skos:prefLabel ?o }"
    query = f'{_HEAD} SELECT ?x (MIN(?o) AS ?name) {{ {which} {ways} FILTER (lang(?o) = "en") }} GROUP BY ?x'
    return {value(row["x"]): value(row["name"]) for row in pool_queries.rows(pool, query, _SECONDS)} | {
        _WRITER: _PARAGRAPH
    }


def _said(row: Row, labels: Mapping[str, str]) -> str:
    """Return the text of a value: of a thing its label, which may be empty."""
    term = row["o"]
    return labels.get(term.value, "") if isinstance(term, NamedNode) else value(term)


def _name(roles: Mapping[str, str]) -> str:
    """Return the name that these texts by role make, or an empty text."""
    told = {role: text for role, text in roles.items() if text}
    if {"firstDay", "lastDay"} <= set(told):
        told["days"] = " to ".join(dict.fromkeys((told["firstDay"], told["lastDay"])))
    return next((form.format_map(told) for roles, form in _FORMS if roles <= set(told)), "")
