"""What a parameter may be in this graph: the things to choose from, and near names for a wrong one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pyoxigraph as ox

from kg.asking.questions.parameters import Parameter, Term
from kg.errors import ParameterError, did_you_mean, near, there_are
from kg.namespaces import PREFIXES
from kg.terms import expand, short, value

# Gives the rows of a SELECT query over the union of all graphs, each with its terms by name.
Ask = Callable[[str], Iterable[Any]]

_MOST = 5_000  # things that are looked through for near names
_SHOWN = 10
_ALIKE = 0.7  # of 1; a common prefix alone makes any two names half alike
_PATTERNS: Mapping[str, str] = MappingProxyType(
    {"class": "?thing a {}", "scheme": f"?thing <{PREFIXES['skos']}inScheme> {{}}"}
)
_ANYWHERE = "{{ {0} ?p ?o }} UNION {{ ?s ?p {0} }}"
_LABEL = (
    f"OPTIONAL {{ ?thing <{PREFIXES['rdfs']}label>|<{PREFIXES['skos']}prefLabel> ?name "
    'FILTER (lang(?name) = "en") }'
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: its name as people write it, and its English label, which may be empty."""

    name: str
    label: str


def choices(parameter: Parameter, ask: Ask, most: int) -> list[Choice]:
    """Return the first `most` things that `parameter` may be, by label; none where it is not bound so."""
    if not parameter.choices:
        return []
    query = (
        f"SELECT ?thing (COALESCE(MIN(?name), '') AS ?label) {{ {_pattern(parameter)} {_LABEL} "
        f"FILTER ISIRI(?thing) }} GROUP BY ?thing ORDER BY ?label ?thing LIMIT {most}"
    )
    return [Choice(short(row["thing"]), value(row["label"])) for row in ask(query)]


def check(parameter: Parameter, term: Term, ask: Ask) -> None:
    """Raise ParameterError, with near names, for the name of a thing that the graph does not hold.

    Where the parameter has choices, the thing must be one of them. Other types of values pass.
    """
    if not isinstance(term, ox.NamedNode):
        return
    held = (
        f"VALUES ?thing {{ {term} }} {_pattern(parameter)}" if parameter.choices else _ANYWHERE.format(term)
    )
    if any(True for _ in ask(f"SELECT (1 AS ?held) {{ {held} }} LIMIT 1")):
        return
    known = [short(row["thing"]) for row in ask(_like(parameter, term))]
    likely = near(short(term), known, alike=_ALIKE)
    instead = did_you_mean(likely) or there_are(known, _SHOWN)
    kind = parameter.choices[1] if parameter.choices else "thing"
    raise ParameterError(
        f"{parameter.name}: the graph has no {kind} called {short(term)}{instead and f'; {instead}'}",
        parameter.name,
        likely or known[:_SHOWN],
    )


def _like(parameter: Parameter, term: ox.NamedNode) -> str:
    """Return the query for the things to look for near names among: the choices, or the same folder."""
    if parameter.choices:
        pattern = _pattern(parameter)
    else:
        folder = term.value[: max(term.value.rfind("/"), term.value.rfind("#")) + 1]
        pattern = f"?thing a ?class FILTER STRSTARTS(STR(?thing), {ox.Literal(folder)})"
    return f"SELECT DISTINCT ?thing {{ {pattern} FILTER ISIRI(?thing) }} ORDER BY ?thing LIMIT {_MOST}"


def _pattern(parameter: Parameter) -> str:
    source, name = parameter.choices or ("", "")
    return f"{_PATTERNS[source].format(ox.NamedNode(expand(name)))} ."
