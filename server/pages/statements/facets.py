"""Facets: the values that each point of a choice has among what is left, with their counts and addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from kg.asking.questions.parameters import Parameter
from kg.publishing.stores.statement_index import Counted
from server.pages.statements.choice import ANY, READING, Chosen

# Returns how many statements of a choice have each value of a point.
Count = Callable[[Chosen, str], Sequence[Counted]]
LINKED = 4  # values of a facet that have a link of their own; the form has more
OFFERED = 300  # values of a facet in the form; a longer list would be harder to use than typing
LABELS: Mapping[str, str] = MappingProxyType(
    {
        "holder": "Holder",
        "reporter": "Reported by",
        "issue": "Issue",
        "topic": "Topic",
        "stance": "Stance",
        "kind": "Kind",
        "basis": "Basis",
        "certainty": "Certainty",
        "voice": "Voice",
        "telegram": "Telegram",
        "reading": "Reading",
    }
)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value: as the address has it, its name, how many statements have it, and the address with it."""

    value: str
    label: str
    count: int | None
    href: str


@dataclass(frozen=True, slots=True)
class Facet:
    """One point: its values, the most frequent first, what is chosen of them, and the address without it.

    `known` is how many values there are; not all may be among `values`.
    """

    point: str
    label: str
    about: str
    values: tuple[FacetValue, ...]
    chosen: str
    without: str
    known: int = 0

    @property
    def offered(self) -> tuple[FacetValue, ...]:
        """The values in the form, the chosen one among them even if no statement is left with it."""
        offered = self.values[:OFFERED]
        missing = self.chosen and self.chosen not in {one.value for one in offered}
        known = next((one for one in self.values[OFFERED:] if one.value == self.chosen), None)
        return (*offered, *((known or FacetValue(self.chosen, self.chosen, 0, ""),) if missing else ()))

    @property
    def linked(self) -> tuple[FacetValue, ...]:
        """The values that have a link of their own."""
        return tuple(one for one in self.values if one.value != self.chosen)[:LINKED]

    @property
    def chosen_label(self) -> str:
        """The name of the chosen value."""
        return next((one.label for one in self.values if one.value == self.chosen), self.chosen)


def facets(choice: Chosen, points: Iterable[Parameter], count: Count, path: str) -> tuple[Facet, ...]:
    """Return the facet of each of `points`; the counts of a chosen one are those without it."""
    made = []
    for parameter in points:
        name = parameter.name
        without = choice.narrowed(name, ANY if name == READING else "")
        made.append(_facet(parameter, count(without, name), choice, path))
    return tuple(made)


def _facet(parameter: Parameter, counted: Sequence[Counted], choice: Chosen, path: str) -> Facet:
    """Return the facet with the values that are OFFERED, and what is chosen."""
    name = parameter.name
    chosen = choice.values.get(name, parameter.default)
    shown = [one for place, one in enumerate(counted) if place < OFFERED or one.value == chosen]
    values = tuple(
        FacetValue(one.value, one.label, one.count, choice.narrowed(name, one.value).href(path))
        for one in shown
    )
    known = len(counted)
    if name == READING:
        values = (*values, FacetValue(ANY, "any", None, choice.narrowed(name, ANY).href(path)))
        known += 1
    without = choice.narrowed(name, "").href(path)
    return Facet(name, LABELS.get(name, name), parameter.about, values, chosen, without, known)
