"""What no passage asserts: readings, ascribed claims and proposed texts, each with a sentence that says so.

None of them is held by anybody. A sentence names who ascribes or proposes it, and who would hold it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import pyoxigraph as ox

from kg.namespaces import CG, PREFIXES
from kg.terms import value

# Returns the rows of a SELECT query over the union of all graphs, each with its terms by name.
Ask = Callable[[str], Iterable[Any]]


class Standing(StrEnum):
    """Why a statement is not asserted; the words are those of the tables."""

    READING = "reading"
    ASCRIBED = "ascribed"
    PROPOSED = "proposed"


CLASSES: Mapping[str, Standing] = MappingProxyType(
    {
        f"{CG}Reading": Standing.READING,
        f"{CG}AscribedClaim": Standing.ASCRIBED,
        f"{CG}ProposedText": Standing.PROPOSED,
    }
)
_CLASS, _KIND, _BY, _WHOSE = "class", "kind", "by", "whose"
_ENGLISH = 'FILTER (lang(?text) = "en")'


def pattern(variable: str) -> str:
    """Return the graph pattern in SPARQL for a statement that no passage asserts, with its ?class."""
    return f"?{variable} a ?class FILTER (?class IN ({', '.join(f'<{iri}>' for iri in CLASSES)}))"


# Rows of a statement, what is said of it, and the text; {which} may restrict the statements.
_QUERY = f"""
PREFIX cg: <{CG}>
PREFIX rdfs: <{PREFIXES["rdfs"]}>
SELECT DISTINCT ?s ?role ?text {{{{
  {{which}}
  {{{{ {pattern("s")} BIND ("{_CLASS}" AS ?role) BIND (STR(?class) AS ?text) }}}}
  UNION {{{{ ?s cg:unassertedKind/rdfs:label ?text {_ENGLISH} BIND ("{_KIND}" AS ?role) }}}}
  UNION {{{{ ?s cg:proposedBy/rdfs:label ?text {_ENGLISH} BIND ("{_BY}" AS ?role) }}}}
  UNION {{{{ ?s a cg:AscribedClaim . ?outer cg:embeds+ ?s ; (cg:heldBy|cg:proposedBy)/rdfs:label ?text
    {_ENGLISH} BIND ("{_BY}" AS ?role) }}}}
  UNION {{{{ ?s (cg:readHolder|cg:ascribedTo|cg:proposedFor)/rdfs:label ?text
    {_ENGLISH} BIND ("{_WHOSE}" AS ?role) }}}}
}}}} ORDER BY ?s ?role ?text"""


@dataclass(frozen=True, slots=True)
class Unasserted:
    """One statement that no passage asserts.

    `kind` is the English name of the kind of statement that it would be, and may be empty. `by` are the
    names of those who ascribe or propose it, `whose` of those who would hold or say it.
    """

    standing: Standing
    kind: str = ""
    by: tuple[str, ...] = ()
    whose: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """Return in plain words what it is, without a full stop."""
        by = f" by {_joined(self.by)}" if self.by else ""
        whose = _joined(self.whose)
        if self.standing is Standing.READING:
            return f"A possible reading, not adopted{f'; it would be that of {whose}' if whose else ''}"
        if self.standing is Standing.ASCRIBED:
            return f"Ascribed{by}{f' to {whose}' if whose else ''}"
        return f"Proposed{by}{f' for {whose} to say' if whose else ''}"


def read(ask: Ask, iris: Iterable[str] | None = None) -> dict[str, Unasserted]:
    """Return those of the statements `iris`, or of all, that no passage asserts, by IRI.

    Raises ValueError for an `iri` that is not valid, and what `ask` raises.
    """
    which = ""
    if iris is not None:
        own = [value(row["s"]) for row in ask(f"SELECT ?s {{ {_values(iris)} {pattern('s')} }}")]
        if not own:
            return {}
        which = _values(own)
    told: dict[str, dict[str, list[str]]] = {}
    for row in ask(_QUERY.format(which=which)):
        roles = told.setdefault(value(row["s"]), {})
        roles.setdefault(value(row["role"]), []).append(value(row["text"]))
    return {iri: _unasserted(roles) for iri, roles in told.items() if _CLASS in roles}


def _values(iris: Iterable[str]) -> str:
    return f"VALUES ?s {{ {' '.join(str(ox.NamedNode(iri)) for iri in dict.fromkeys(iris))} }}"


def _unasserted(roles: Mapping[str, list[str]]) -> Unasserted:
    return Unasserted(
        CLASSES[roles[_CLASS][0]],
        roles.get(_KIND, [""])[0],
        tuple(roles.get(_BY, ())),
        tuple(roles.get(_WHOSE, ())),
    )


def _joined(names: Iterable[str]) -> str:
    """Return `names` as English joins them: "A", "A and B", "A, B and C"."""
    *first, last = names or ("",)
    return f"{', '.join(first)} and {last}" if first else last
