"""Why a saved question has no row with its values by default, and values with which it has some.

Our questions begin with things of our own telegrams, which another collection does not have. A store on disk
of a large graph keeps what is found here once, so that no page looks for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Self

from kg.asking.hints import hint as hints
from kg.asking.hints.hint import Hint
from kg.asking.questions import question_hints
from kg.asking.questions.choices import Ask
from kg.asking.questions.filled_query import fill_query
from kg.asking.questions.saved_queries import SavedQuery
from kg.publishing.stores.kept_answers import KeptAnswers
from kg.publishing.stores.kept_questions import hash_of

_SECONDS = 20.0  # in which other values are tried


@dataclass(frozen=True, slots=True)
class EmptyAnswer:
    """What is known of a question without rows: hints, and the `first` values of its parameters with rows."""

    hints: tuple[Hint, ...] = ()
    first: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def to_json(self) -> bytes:
        """Return it as JSON."""
        told = {"hints": [one.to_json() for one in self.hints], "first": dict(self.first)}
        return json.dumps(told, ensure_ascii=False).encode()

    @classmethod
    def from_json(cls, content: bytes) -> Self:
        """Return what `to_json` wrote."""
        told = json.loads(content)
        return cls(tuple(map(hints.from_json, told["hints"])), told["first"])


def name_of(query: SavedQuery) -> str:
    """Return the name under which a store keeps what is known of the empty answer to `query`, by its text."""
    return f"empty {query.name} {hash_of(query.text)}"


def of(file: KeptAnswers, query: SavedQuery) -> EmptyAnswer | None:
    """Return what the `file` of a store has on the empty answer to `query`; None if it has nothing."""
    content = file.made(name_of(query))
    return EmptyAnswer.from_json(content) if content else None


def may_be_empty(query: SavedQuery) -> bool:
    """Return whether `query` has a table that depends on values by default, and asks nowhere else."""
    return bool(query.columns) and not query.federated and any(one.default for one in query.parameters)


def explained(query: SavedQuery, ask: Ask) -> EmptyAnswer:
    """Return why `query` has no rows with its values by default, and values with which it has some.

    `ask` runs a SELECT query.
    """
    filled = fill_query(query, {}, lambda _: [])
    found = tuple(question_hints.on_empty(filled, ask, names=query.parameters[0].names, seconds=_SECONDS))
    instead = next((one.instead[0] for one in found if one.instead), "")
    name, _, given = instead.partition("=")
    return EmptyAnswer(found, {name: given} if name else {})
