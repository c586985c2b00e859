"""Choices for a parameter of a saved query: the things of the graph that it may be, and near names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pyoxigraph as ox

from kg.asking.questions.parameters import Parameter, Term
from kg.errors import ParameterError, did_you_mean, near, there_are
from kg.namespaces import PREFIXES
from kg.terms import Suggest, expand, no_names, short, value

# Returns the rows of a SELECT query over the union of all graphs, each with its terms by name.
Ask = Callable[[str], Iterable[Any]]

_MOST = 5_000  # things that are looked through for near names
_SHOWN = 10
_ALIKE = 0.7  # from 0 to 1; a common prefix alone makes any two names half alike
_PATTERNS: Mapping[str, str] = MappingProxyType(
    {"class": "?thing a {}", "scheme": f"?thing <{PREFIXES['skos']}inScheme> {{}}"}
)
_ANYWHERE = "{{ {0} ?p ?o }} UNION {{ ?s ?p {0} }}"
_IRI = "FILTER ISIRI(?thing)"
_LABEL = (
    f"OPTIONAL {{ ?thing <{PREFIXES['rdfs']}label>|<{PREFIXES['skos']}prefLabel> ?name "
    'FILTER (lang(?name) = "en") }'
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice: the short name of a thing (`issue:five-points`) and its English label or an empty text."""

    name: str
    label: str


def choices(parameter: Parameter, ask: Ask, most: int) -> list[Choice]:
    """Return the first `most` choices of `parameter` by label; an empty list if it has no `choices`."""
    if not parameter.choices:
        return []
    query = f"{_labelled(f'{_pattern(parameter)} {_IRI}')} LIMIT {most}"
    return _named(parameter, ask(query))


def few(parameter: Parameter, ask: Ask, most: int) -> list[Choice]:
    """Return all choices of `parameter` by label; an empty list if it has no `choices`, or more than `most`.

    Of more, only so many are looked at, and no names: with a hundred thousand things, `choices` has to sort
    them all.
    """
    if not parameter.choices:
        return []
    found = [value(row["thing"]) for row in ask(_some(parameter, most + 1))]
    if not found or len(found) > most:
        return []
    things = " ".join(str(ox.NamedNode(iri)) for iri in found)
    return _named(parameter, ask(_labelled(f"VALUES ?thing {{ {things} }}")))


def some(parameter: Parameter, ask: Ask, most: int) -> list[str]:
    """Return the names of `most` things that `parameter` may be, in their order; all if there are no more.

    Of more, these are the ones that the store has first: nothing else is sorted.
    """
    if not parameter.choices:
        return []
    return sorted(short(row["thing"], parameter.names) for row in ask(_some(parameter, most)))


def holds(parameter: Parameter, term: Term, ask: Ask) -> bool:
    """Return whether the graph has the thing `term`, of the choices of `parameter` if it has some."""
    if not isinstance(term, ox.NamedNode):
        return True
    held = (
        f"VALUES ?thing {{ {term} }} {_pattern(parameter)}" if parameter.choices else _ANYWHERE.format(term)
    )
    return any(True for _ in ask(f"SELECT (1 AS ?held) {{ {held} }} LIMIT 1"))


def _named(parameter: Parameter, rows: Iterable[Any]) -> list[Choice]:
    return [Choice(short(row["thing"], parameter.names), value(row["label"])) for row in rows]


def check(parameter: Parameter, term: Term, ask: Ask, suggest: Suggest = no_names) -> None:
    """Raise ParameterError, with near names, if `term` names a thing that the graph does not hold.

    Where `parameter` has choices, the thing must be one of them. Literals always pass. Near names are those
    that are spelt like it, or else those that `suggest` returns.
    """
    if holds(parameter, term, ask) or not isinstance(term, ox.NamedNode):
        return
    found = sorted(value(row["thing"]) for row in ask(_candidates(parameter, term)))
    known = [short(ox.NamedNode(iri), parameter.names) for iri in found]
    name = short(term, parameter.names)
    likely = near(name, known, alike=_ALIKE) or _meant(parameter, suggest(name), known)
    instead = did_you_mean(likely) or there_are(known, _SHOWN)
    kind = parameter.choices[1] if parameter.choices else "thing"
    raise ParameterError(
        f"{parameter.name}: the graph has no {kind} called {name}{instead and f'; {instead}'}",
        parameter.name,
        likely or known[:_SHOWN],
    )


def _meant(parameter: Parameter, names: Sequence[str], known: Sequence[str]) -> list[str]:
    """Return those of `names` that may be the value of `parameter`."""
    return [name for name in names if not parameter.choices or name in known]


def _candidates(parameter: Parameter, term: ox.NamedNode) -> str:
    """Return the query for things whose names may be near: the choices, or those in one namespace."""
    if parameter.choices:
        things = _pattern(parameter)
    else:
        namespace = term.value[: max(term.value.rfind("/"), term.value.rfind("#")) + 1]
        things = f"?thing a ?class FILTER STRSTARTS(STR(?thing), {ox.Literal(namespace)})"
    return f"SELECT DISTINCT ?thing {{ {things} FILTER ISIRI(?thing) }} LIMIT {_MOST}"


def _some(parameter: Parameter, most: int) -> str:
    """Return the query for `most` things that `parameter` may be, without their names."""
    return f"SELECT DISTINCT ?thing {{ {_pattern(parameter)} {_IRI} }} LIMIT {most}"


def _labelled(things: str) -> str:
    """Return the query for the things of a pattern, with their labels and in their order."""
    return (
        f"SELECT ?thing (COALESCE(MIN(?name), '') AS ?label) {{ {things} {_LABEL} }} "
        "GROUP BY ?thing ORDER BY ?label ?thing"
    )


def _pattern(parameter: Parameter) -> str:
    source, name = parameter.choices or ("", "")
    return f"{_PATTERNS[source].format(ox.NamedNode(expand(name)))} ."
