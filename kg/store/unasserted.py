"""What nobody asserts: readings, ascribed claims, proposed texts, and what a program found unconfirmed.

Each has a sentence that says so. None of them is held by anybody. A sentence names who ascribes or
proposes it, and who would hold it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import pyoxigraph as ox

from kg.namespaces import CG, ID, PREFIXES, RDF
from kg.terms import value

# Returns the rows of a SELECT query over the union of all graphs, each with its terms by name.
Ask = Callable[[str], Iterable[Any]]


class Standing(StrEnum):
    """Why a statement is not asserted; the words are those of the tables."""

    READING = "reading"
    ASCRIBED = "ascribed"
    PROPOSED = "proposed"
    FOUND = "found by a program"


CLASSES: Mapping[str, Standing] = MappingProxyType(
    {
        f"{CG}Reading": Standing.READING,
        f"{CG}AscribedClaim": Standing.ASCRIBED,
        f"{CG}ProposedText": Standing.PROPOSED,
    }
)
# What tells the standing of a statement: a property, its value, and the standing.
SIGNS: tuple[tuple[str, str, Standing], ...] = (
    *((RDF.type, iri, standing) for iri, standing in CLASSES.items()),
    (CG.certainty, f"{ID}certainty/found", Standing.FOUND),
)
STANDINGS: Mapping[str, Standing] = MappingProxyType({sign: standing for _, sign, standing in SIGNS})
_CLASS, _KIND, _BY, _WHOSE = "class", "kind", "by", "whose"
_ENGLISH = 'FILTER (lang(?text) = "en")'


def pattern(variable: str, standing: Standing | None = None) -> str:
    """Return the graph pattern in SPARQL for a statement of one standing, or of any, with its ?class.

    A branch for each sign, without variables for property and value: with a VALUES block of signs the engine
    begins with these, and so with all that a program ever found.
    """
    branches = (
        f"{{ ?{variable} <{how}> <{sign}> BIND (<{sign}> AS ?class) }}"
        for how, sign, one in SIGNS
        if standing in (None, one)
    )
    return " UNION ".join(branches)


# Rows of a statement, what is said of it, and the text. {signs} finds statements. {which} may restrict them,
# in each branch: before the branches it would be joined to all that they find.
_QUERY = f"""
PREFIX cg: <{CG}>
PREFIX rdfs: <{PREFIXES["rdfs"]}>
SELECT DISTINCT ?s ?role ?text {{{{
  {{{{ {{which}} {{{{ {{signs}} }}}} BIND ("{_CLASS}" AS ?role) BIND (STR(?class) AS ?text) }}}}
  UNION {{{{ {{which}} ?s cg:unassertedKind/rdfs:label ?text {_ENGLISH} BIND ("{_KIND}" AS ?role) }}}}
  UNION {{{{ {{which}} ?s cg:proposedBy/rdfs:label ?text {_ENGLISH} BIND ("{_BY}" AS ?role) }}}}
  UNION {{{{ {{which}}
    ?s a cg:AscribedClaim . ?outer cg:embeds+ ?s ; (cg:heldBy|cg:proposedBy)/rdfs:label ?text
    {_ENGLISH} BIND ("{_BY}" AS ?role) }}}}
  UNION {{{{ {{which}} ?s (cg:readHolder|cg:ascribedTo|cg:proposedFor)/rdfs:label ?text
    {_ENGLISH} BIND ("{_WHOSE}" AS ?role) }}}}
}}}} ORDER BY ?s ?role ?text"""


@dataclass(frozen=True, slots=True)
class Unasserted:
    """One statement that nobody asserts.

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
        if self.standing is Standing.FOUND:
            return "Found by a program, confirmed by nobody"
        return f"Proposed{by}{f' for {whose} to say' if whose else ''}"

    @property
    def advice(self) -> str:
        """Return in plain words what to make of it."""
        if self.standing is Standing.FOUND:
            return "Compare it with the words before you use it."
        return "No passage asserts it."


def read(ask: Ask, iris: Iterable[str] | None = None) -> dict[str, Unasserted]:
    """Return those of the statements `iris`, or of all, that nobody asserts, by IRI.

    Raises ValueError for an `iri` that is not valid, and what `ask` raises.
    """
    which = ""
    if iris is not None:
        own = [value(row["s"]) for row in ask(f"SELECT ?s {{ {_values(iris)} {pattern('s')} }}")]
        if not own:
            return {}
        which = _values(own)
    told: dict[str, dict[str, list[str]]] = {}
    for row in ask(_QUERY.format(which=which, signs=pattern("s"))):
        roles = told.setdefault(value(row["s"]), {})
        roles.setdefault(value(row["role"]), []).append(value(row["text"]))
    return {iri: _unasserted(roles) for iri, roles in told.items() if _CLASS in roles}


def _values(iris: Iterable[str]) -> str:
    return f"VALUES ?s {{ {' '.join(str(ox.NamedNode(iri)) for iri in dict.fromkeys(iris))} }}"


def _unasserted(roles: Mapping[str, list[str]]) -> Unasserted:
    return Unasserted(
        STANDINGS[roles[_CLASS][0]],
        roles.get(_KIND, [""])[0],
        tuple(roles.get(_BY, ())),
        tuple(roles.get(_WHOSE, ())),
    )


def _joined(names: Iterable[str]) -> str:
    """Return `names` as English joins them: "A", "A and B", "A, B and C"."""
    *first, last = names or ("",)
    return f"{', '.join(first)} and {last}" if first else last
