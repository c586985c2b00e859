"""A saved query with the values of its parameters: the text to ask, and what was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.asking.questions.choices import Ask, check
from kg.asking.questions.parameters import Term, fill
from kg.asking.questions.saved_queries import SavedQuery
from kg.errors import ParameterError, did_you_mean, near
from kg.terms import short, value


@dataclass(frozen=True, slots=True)
class Question:
    """A saved query as it is asked; `values` are those of its parameters that have one, as people write."""

    query: SavedQuery
    text: str
    values: Mapping[str, str] = field(default_factory=dict)


def question(query: SavedQuery, given: Mapping[str, object], ask: Ask) -> Question:
    """Return `query` with the values `given` to its parameters; None and "" stand for the default.

    `ask` looks into the graph. Raises ParameterError for a parameter that the query has not, a
    value of another type, and a thing that the graph does not hold.
    """
    known = {parameter.name: parameter for parameter in query.parameters}
    for name in given:
        if name not in known:
            raise _unknown(query, name)
    terms: dict[str, Term] = {}
    for name, what in given.items():
        if what not in (None, ""):
            terms[name] = known[name].term(str(what))
            check(known[name], terms[name], ask)
    defaults = {p.name: p.default for p in query.parameters if p.default}
    values = defaults | {name: _written(term) for name, term in terms.items()}
    ordered = {name: values[name] for name in known if name in values}
    return Question(query, fill(query.text, terms), ordered)


def _written(term: Term) -> str:
    """Return a term as its parameter reads it."""
    return value(term) if hasattr(term, "datatype") else short(term)


def _unknown(query: SavedQuery, name: str) -> ParameterError:
    names = [parameter.name for parameter in query.parameters]
    likely = near(name, names)
    hint = did_you_mean(likely) or f"it has {', '.join(names) or 'none'}"
    return ParameterError(f"{query.name} has no parameter {name!r}; {hint}", name, likely or names)
