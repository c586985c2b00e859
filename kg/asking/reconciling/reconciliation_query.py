"""Reconciliation query: a name, types and conditions on properties, with limits; and its candidates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kg.errors import ParameterError

LONGEST = 300  # characters of a name or of a value that anything can be found for
MOST_CANDIDATES = 100
CANDIDATES = 10  # by default
MOST_CONDITIONS, MOST_VALUES = 20, 50


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that the thing has any, all or none of `values` for the property with an id.

    Each value is a text for people, or the id or IRI of a thing. With `required`, things that do not
    fulfil the condition are left out; otherwise it changes their scores.
    """

    property: str
    values: tuple[str, ...]
    required: bool = False
    quantifier: Literal["any", "all", "none"] = "any"


@dataclass(frozen=True, slots=True)
class ReconciliationQuery:
    """A query for the things that `name` stands for; it has a name, or a condition, or both.

    `types` are local names of classes. Candidates have any of them, with `all_types` all of them. With
    `prefer_types` other things get a lower score. Subject headings are candidates only if `types` has Topic.
    """

    name: str = ""
    types: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    limit: int = CANDIDATES
    all_types: bool = False
    prefer_types: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that may be meant: its id, its `score` from 0 to 100, and whether it is certainly meant.

    `features` are the parts of the score, numbers and truth values, by name.
    """

    id: str
    score: float
    match: bool
    features: Mapping[str, float | bool]


def check(query: ReconciliationQuery, types: Mapping[str, object], properties: Mapping[str, object]) -> None:
    """Raise ParameterError, with what is allowed, if `query` is not valid."""
    if not 1 <= query.limit <= MOST_CANDIDATES:
        raise ParameterError(f"limit must be a whole number from 1 to {MOST_CANDIDATES}", "limit")
    if len(query.conditions) > MOST_CONDITIONS:
        raise ParameterError(f"a query has at most {MOST_CONDITIONS} properties", "properties")
    for name in query.types:
        if name not in types:
            raise ParameterError(f"there is no type {name!r}; there are: {', '.join(types)}", "type", types)
    for condition in query.conditions:
        _check_condition(condition, properties)


def _check_condition(condition: Condition, properties: Mapping[str, object]) -> None:
    name = condition.property
    if name not in properties:
        known = ", ".join(properties)
        raise ParameterError(f"there is no property {name!r}; there are: {known}", "properties", properties)
    if not 1 <= len(condition.values) <= MOST_VALUES:
        raise ParameterError(f"a property has 1 to {MOST_VALUES} values", "properties")
