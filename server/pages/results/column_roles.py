"""Roles of the columns of a result in a view: guessed from the values, or chosen in the address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from kg.namespaces import XSD
from server.site.result_rows import NUMBERS, RAW, TABLE, Binding

CHART, TIMELINE, NETWORK, MATRIX = "chart", "timeline", "network", "matrix"
_DATES = frozenset(f"{XSD}{name}" for name in ("date", "dateTime"))
_THING, _NUMBER, _DATE, _TEXT = "thing", "number", "date", "text"
# What stands between the two ends of a tie, as people call the variable.
_TIES = frozenset({"p", "pred", "predicate", "property", "relation", "tie"})


@dataclass(frozen=True, slots=True)
class Role:
    """One role: its name in the address, its label, and whether the view can do without."""

    name: str
    label: str
    optional: bool = False


# The roles of each view. A view without roles can show every table.
ROLES: Mapping[str, tuple[Role, ...]] = MappingProxyType(
    {
        TABLE: (),
        CHART: (Role("bar", "a bar for each"), Role("length", "as long as", optional=True)),
        TIMELINE: (
            Role("date", "from"),
            Role("until", "until", optional=True),
            Role("label", "called"),
        ),
        NETWORK: (
            Role("source", "from"),
            Role("target", "to"),
            Role("label", "by", optional=True),
        ),
        MATRIX: (Role("row", "rows"), Role("column", "columns"), Role("cell", "cells")),
        RAW: (),
    }
)


@dataclass(frozen=True, slots=True)
class RoleField:
    """A choice in the form: one role, the column that has it, and the columns that may have it."""

    role: Role
    column: str
    columns: tuple[str, ...]


def kinds(columns: Sequence[str], rows: Sequence[Binding]) -> dict[str, str]:
    """Return what each of `columns` holds in all rows that have a value; a column without any is left out."""
    found: dict[str, set[str]] = {name: set() for name in columns}
    for row in rows:
        for name, term in row.items():
            found[name].add(_kind(term["type"], term.get("datatype", "")))
    return {name: min(some) if len(some) == 1 else _TEXT for name, some in found.items() if some}


def _kind(term_type: str, datatype: str) -> str:
    if term_type in ("uri", "bnode"):
        return _THING
    return _DATE if datatype in _DATES else _NUMBER if datatype in NUMBERS else _TEXT


def fields(
    view: str, columns: Sequence[str], rows: Sequence[Binding], given: Mapping[str, str]
) -> tuple[RoleField, ...] | None:
    """Return the roles of `view` with their columns; None if no column can have one that it needs.

    A column that `given` names by role overrides the guess; one that the result does not have is not heeded.
    """
    guessed = _GUESSES[view](kinds(columns, rows)) if view in _GUESSES else {}
    chosen = {
        role.name: given[role.name]
        if given.get(role.name) in columns or (role.optional and given.get(role.name) == "")
        else guessed.get(role.name, "")
        for role in ROLES[view]
    }
    if any(not chosen[role.name] and not role.optional for role in ROLES[view]):
        return None
    return tuple(RoleField(role, chosen[role.name], tuple(columns)) for role in ROLES[view])


def possible(columns: Sequence[str], rows: Sequence[Binding]) -> tuple[str, ...]:
    """Return the views that a result with `rows` can have, the table first."""
    return tuple(view for view in ROLES if fields(view, columns, rows, {}) is not None)


def _chart(held: Mapping[str, str]) -> dict[str, str]:
    bars, lengths = _of(held, _THING, _TEXT, _DATE), _of(held, _NUMBER)
    return {"bar": next(bars, ""), "length": next(lengths, "")}


def _timeline(held: Mapping[str, str]) -> dict[str, str]:
    dates, labels = _of(held, _DATE), _of(held, _THING, _TEXT)
    return {"date": next(dates, ""), "until": next(dates, ""), "label": next(labels, "")}


def _network(held: Mapping[str, str]) -> dict[str, str]:
    tie = next((name for name in held if name.casefold() in _TIES), "")
    ends = [name for name in _of(held, _THING) if name != tie][:2]
    labels = (name for name in _of(held, _THING, _TEXT) if name not in ends)
    source, target = ends if len(ends) == 2 else ("", "")
    return {"source": source, "target": target, "label": tie or next(labels, "")}


def _matrix(held: Mapping[str, str]) -> dict[str, str]:
    heads = [*_of(held, _THING), *_of(held, _TEXT)][:2]
    cells = [name for name in held if name not in heads]
    row, column = heads if len(heads) == 2 else ("", "")
    return {"row": row, "column": column, "cell": next(iter(cells), "")}


def _of(held: Mapping[str, str], *wanted: str) -> Iterator[str]:
    return (name for name, kind in held.items() if kind in wanted)


_GUESSES = MappingProxyType({CHART: _chart, TIMELINE: _timeline, NETWORK: _network, MATRIX: _matrix})
