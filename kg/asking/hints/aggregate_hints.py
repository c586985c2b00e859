"""Hints on aggregates: GROUP_CONCAT, COUNT, MIN and others over values that are unbound, or IRIs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.asking.hints.hint import Hint, hint_at
from kg.asking.query_parts.tokens import AGGREGATES, Token, tokenize

_AGGREGATE = re.compile(rf"\b(?:{'|'.join(AGGREGATES)})\s*\(", re.IGNORECASE)
_CURES = frozenset({"COALESCE", "IF"})
_NOTHING = frozenset({None, "", "0"})

Column = Sequence[str | None]  # the texts of the values, None for unbound


@dataclass(frozen=True, slots=True)
class Aggregate:
    """An aggregate: its name, the variable of its result, what is in its brackets, whether in an OPTIONAL."""

    name: str
    variable: str
    start: int
    inside: tuple[str, ...]
    optional: bool = False


def has_aggregate(query: str) -> bool:
    """Return whether `query` seems to have an aggregate; True in case of doubt."""
    return "(" in query and bool(_AGGREGATE.search(query))


def has_empty_value(columns: Mapping[str, Column]) -> bool:
    """Return whether any value of an answer is 0, empty or unbound."""
    return any(not _NOTHING.isdisjoint(values) for values in columns.values())


def aggregates(query: str) -> Iterator[Aggregate]:
    """Yield the aggregates `(NAME(…) AS ?variable)` of `query`."""
    tokens = list(tokenize(query))
    groups: list[bool] = []  # of each open brace, whether it is within an OPTIONAL
    for n, token in enumerate(tokens[:-1]):
        if token.text == "{":
            groups.append((n > 0 and tokens[n - 1].word == "OPTIONAL") or groups[-1:] == [True])
        elif token.text == "}":
            groups = groups[:-1]
        elif token.word in AGGREGATES and tokens[n + 1].text == "(":
            inside = _inside(tokens[n + 2 :])
            after = tokens[n + 3 + len(inside) :]
            if len(after) > 1 and after[0].word == "AS" and after[1].kind == "variable":
                words = tuple(t.word or t.text for t in inside)
                yield Aggregate(token.word, after[1].text[1:], token.start, words, groups[-1:] == [True])


def _inside(tokens: list[Token]) -> list[Token]:
    depth = 1
    for n, token in enumerate(tokens):
        depth += (token.text == "(") - (token.text == ")")
        if not depth:
            return tokens[:n]
    return tokens


def found_nothing(query: str, columns: Mapping[str, Column]) -> bool:
    """Return whether the answer is one row in which each aggregate is 0, empty or unbound."""
    results = [columns[one.variable] for one in aggregates(query) if one.variable in columns]
    return bool(results) and all(len(values) == 1 and values[0] in _NOTHING for values in results)


def odd(query: str, columns: Mapping[str, Column]) -> Iterator[Hint]:
    """Yield a hint for each aggregate of `query` that is empty or unbound in a row of its answer.

    SAMPLE, and what is in an OPTIONAL, get none if another row has a value: that an OPTIONAL found nothing
    for a row is no mistake.
    """
    for one in aggregates(query):
        values = columns.get(one.variable, ())
        empty = sum(value is None or value == "" for value in values)
        if not empty or one.name == "COUNT" or _CURES.intersection(one.inside):
            continue
        if (one.optional or one.name == "SAMPLE") and empty < len(values):
            continue
        rows = f"{empty} of {len(values)} rows" if len(values) > 1 else "the row"
        yield hint_at(query, one.start, "aggregate", _message(one, rows), [_cured(one)])


def _message(one: Aggregate, rows: str) -> str:
    cause = "is an IRI or unbound" if one.name == "GROUP_CONCAT" and "STR" not in one.inside else "is unbound"
    return (
        f"?{one.variable} has no value in {rows}: {one.name} has none for a group in which a value {cause}; "
        f"write {_cured(one)}"
    )


def _cured(one: Aggregate) -> str:
    variable = next((word for word in one.inside if word[:1] in "?$"), "?value")
    if one.name != "GROUP_CONCAT":
        return f"FILTER (BOUND({variable}))"
    distinct = "DISTINCT " if "DISTINCT" in one.inside else ""
    separator = "; …" if ";" in one.inside else ""
    return f'GROUP_CONCAT({distinct}COALESCE(STR({variable}), ""){separator})'
