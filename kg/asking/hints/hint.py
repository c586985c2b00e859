"""A hint on a query: its kind, the place in the query, one sentence, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any

# What a hint may be about; server/README.md shows this table, and a test compares.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "undeclared-prefix": "a prefix that is used without being declared; other engines refuse the query",
        "misspelt-namespace": "a namespace that is nearly one of ours",
        "unknown-term": "a class, property, list value or thing that the graph does not have",
        "unused-term": "a term of the ontology that no triple uses",
        "retired-term": "a term that another one replaces",
        "literal-language": "a text without the language tag, or with another one than the graph has",
        "literal-datatype": "a number or date of another datatype than the graph has",
        "nothing-matches": "a triple pattern that matches nothing by itself",
        "nothing-fits-both": "two triple patterns that match by themselves, but not the same thing",
        "aggregate": "an aggregate over values that are unbound, or that it cannot join",
        "engine-differs": "a pattern that the engine answers otherwise than SPARQL 1.1 says",
        "decomposed-text": "a text in Unicode's form NFD, which no text of the graph has",
        "parameter-value": "a value of a parameter of a saved question with which it has no row",
    }
)


class HintWarning(UserWarning):
    """The answer to a SPARQL query is as it should be, but is empty or odd for the reason that is named."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One hint; `line` and `column` count from 1, `instead` lists what may be written, likeliest first."""

    kind: str
    message: str
    line: int
    column: int
    instead: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the hint as one line."""
        return f"line {self.line}, column {self.column}: {self.message}"

    def moved(self, columns: int) -> Hint:
        """Return the hint with its place moved by `columns`."""
        return replace(self, column=self.column + columns)

    def to_json(self) -> dict[str, Any]:
        """Return the hint as a JSON object."""
        return asdict(self) | {"instead": list(self.instead)}


def from_json(content: Mapping[str, Any]) -> Hint:
    """Return the hint that `to_json` returned."""
    return Hint(**{**content, "instead": tuple(content["instead"])})


def hint_at(query: str, start: int, kind: str, message: str, instead: Iterable[str] = ()) -> Hint:
    """Return the hint about the character of `query` at `start`, counted from 0."""
    before = query[:start]
    return Hint(kind, message, before.count("\n") + 1, len(before) - before.rfind("\n"), tuple(instead))
