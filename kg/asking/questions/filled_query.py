"""Filled query: a saved query with values for its parameters, and the SPARQL text to run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.asking.questions.choices import Ask, check
from kg.asking.questions.parameters import Parameter, Term, fill
from kg.asking.questions.saved_queries import SavedQuery
from kg.errors import ParameterError, did_you_mean, near
from kg.terms import Suggest, no_names, short, value


@dataclass(frozen=True, slots=True)
class FilledQuery:
    """A saved query that is ready to run: `text` is its SPARQL, `values` the texts of its parameters by name.

    A parameter without a value is not in `values`.
    """

    query: SavedQuery
    text: str
    values: Mapping[str, str] = field(default_factory=dict)


def fill_query(
    query: SavedQuery, given: Mapping[str, object], ask: Ask, suggest: Suggest = no_names
) -> FilledQuery:
    """Return `query` with the values `given` to its parameters; None and "" stand for the default.

    `ask` runs a SELECT query on the graph, `suggest` returns names for the message of an error. Raises
    ParameterError for a parameter that the query does not have, a value of another type, and a thing that the
    graph does not hold.
    """
    known = {parameter.name: parameter for parameter in query.parameters}
    for name in given:
        if name not in known:
            raise _unknown(query, name)
    terms: dict[str, Term] = {}
    for name, text in given.items():
        if text not in (None, ""):
            terms[name] = known[name].term(str(text))
            check(known[name], terms[name], ask, suggest)
    defaults = {p.name: p.default for p in query.parameters if p.default}
    values = defaults | {name: _parameter_text(known[name], term) for name, term in terms.items()}
    ordered = {name: values[name] for name in known if name in values}
    return FilledQuery(query, fill(query.text, terms), ordered)


def _parameter_text(parameter: Parameter, term: Term) -> str:
    """Return the text from which a parameter reads `term`."""
    return value(term) if hasattr(term, "datatype") else short(term, parameter.names)


def _unknown(query: SavedQuery, name: str) -> ParameterError:
    names = [parameter.name for parameter in query.parameters]
    likely = near(name, names)
    hint = did_you_mean(likely) or f"it has {', '.join(names) or 'none'}"
    return ParameterError(f"{query.name} has no parameter {name!r}; {hint}", name, likely or names)
