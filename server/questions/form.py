"""The fields of the form for the parameters of a saved query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.choices import Ask, Choice, choices
from kg.saved import SavedQuery

MOST_CHOICES = 300  # more than these are better typed than looked for in a list
_INPUTS = {"integer": "number", "date": "date"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form; `value` is what it has now, `choices` what to choose from, if so few."""

    name: str
    input: str
    hint: str
    default: str
    value: str
    choices: tuple[Choice, ...]


def fields(
    query: SavedQuery, values: Mapping[str, str], ask: Ask, most: int = MOST_CHOICES
) -> tuple[Field, ...]:
    """Return the fields for the parameters of `query`, with the `values` they have.

    `ask` finds what there is to choose from; more than `most` choices are not offered.
    """
    found = []
    for parameter in query.parameters:
        some = choices(parameter, ask, most + 1)
        found.append(
            Field(
                parameter.name,
                _INPUTS.get(parameter.type, "text"),
                parameter.about or parameter.hint,
                parameter.default,
                values.get(parameter.name, ""),
                tuple(some) if len(some) <= most else (),
            )
        )
    return tuple(found)
