"""A shorter query on the pattern of a SELECT: whether it has any row.

It leaves out what does not decide that: the order, what is selected, and OPTIONAL parts that nothing else
reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.asking.query_parts.tokens import AGGREGATES, Token, tokenize
from kg.store import keywords

_BOUNDS = frozenset({"HAVING", "LIMIT", "OFFSET", "VALUES"})


@dataclass(frozen=True, slots=True)
class _Optional:
    """An OPTIONAL directly in the pattern: where it begins and ends, and its variables."""

    start: int
    end: int
    variables: frozenset[str]


def any_row(query: str) -> str:
    """Return a query with one row if the SELECT `query` has any, and none otherwise.

    It is empty if that cannot be told from its pattern alone, as with HAVING.
    """
    pattern = _pattern(query)
    return f"{keywords.prologue(query)}\nSELECT (1 AS ?rows) {pattern} LIMIT 1" if pattern else ""


def _pattern(query: str) -> str:
    """Return the pattern of a SELECT without some OPTIONAL parts; empty if more than that decides."""
    declared = len(keywords.prologue(query))
    tokens = [token for token in tokenize(query) if token.start >= declared]
    opening = next((n for n, token in enumerate(tokens) if token.text == "{"), None)
    if opening is None or tokens[0].word != "SELECT":
        return ""
    closing = _closing(tokens, opening)
    after = tokens[closing + 1 :]
    grouped = any(token.word == "GROUP" for token in after)
    counted = any(token.word in AGGREGATES for token in tokens[:opening])
    if any(token.word in _BOUNDS for token in after) or (counted and not grouped):
        return ""
    return _shortened(query, tokens[opening : closing + 1])


def _shortened(query: str, tokens: Sequence[Token]) -> str:
    """Return the text of the group `tokens` without the OPTIONAL parts whose variables nothing else reads."""
    parts = [(token.start, token.text) for token in tokens if token.kind == "variable"]
    text, end = "", tokens[-1].start + 1
    for one in reversed(list(_optional(tokens))):
        before = {name[1:] for place, name in parts if place < one.start}
        others = {name[1:] for place, name in parts if not one.start <= place < one.end}
        own = one.variables - before
        if not own & others:
            text = query[one.end : end] + text
            end = one.start
            parts = [(place, name) for place, name in parts if not one.start <= place < one.end]
    return query[tokens[0].start : end] + text


def _optional(tokens: Sequence[Token]) -> Iterator[_Optional]:
    """Yield the OPTIONAL parts that stand directly in the group `tokens`, in their order."""
    depth = 0
    for n, token in enumerate(tokens):
        depth += (token.text == "{") - (token.text == "}")
        if depth == 1 and token.word == "OPTIONAL":
            closing = n + 1 + _closing(tokens[n + 1 :], 0)
            inside = tokens[n:closing]
            names = frozenset(one.text[1:] for one in inside if one.kind == "variable")
            yield _Optional(token.start, tokens[closing].start + 1, names)


def _closing(tokens: Sequence[Token], opening: int) -> int:
    """Return the number of the token that closes the brace `opening`."""
    depth = 0
    for n in range(opening, len(tokens)):
        depth += (tokens[n].text == "{") - (tokens[n].text == "}")
        if not depth:
            return n
    return len(tokens) - 1
