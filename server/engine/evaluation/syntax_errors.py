"""Syntax errors for people, from the engine's messages: place, line with caret, one plain sentence.

The engine reports the place where its furthest attempt ended. An attempt at a keyword ends after as
many characters as the keyword has, whatever they are. So that place is behind the mistake, and is
moved back by the length of the shortest keyword tried.
"""

from __future__ import annotations

import re

from kg import errors
from kg.errors import QuerySyntaxError, did_you_mean
from kg.namespaces import PREFIXES
from kg.store import known_prefixes

_PLACE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_KEYWORD = re.compile(r"(?<![\w\"'\\])[A-Z][A-Z0-9]+(?=,|$)")
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)+)"')
_SENTENCE = re.compile(r"(?:^|, )([A-Z][\w]+(?: [\w]+)+)(?=,|$)")
_MOST_TOKENS = 6
_ALIKE = 0.7  # of a prefix: rfds and rdfs have 0.75


def explain(query: str, message: str) -> QuerySyntaxError:
    """Return the error for `query` from the engine's `message`.

    Line and column count from 1; they are 0 if the engine names no place.
    """
    unknown = [name for name, namespace in known_prefixes.undeclared(query).items() if not namespace]
    if unknown:
        return _undeclared_prefix(query, unknown[0])
    match = _PLACE.match(message)
    if not match:
        return QuerySyntaxError(f"This is not SPARQL: {message}")
    expected = match.group(3)
    offset = _offset(query, int(match.group(1)), int(match.group(2))) - _overrun(expected)
    line, column = _place(query, max(0, offset))
    return QuerySyntaxError(
        f"This is not SPARQL at line {line}, column {column}{_why(expected)}.", line, column
    )


def _undeclared_prefix(query: str, prefix: str) -> QuerySyntaxError:
    line, column = _place(query, query.index(f"{prefix}:"))
    near = did_you_mean(f"{name}:" for name in errors.near(prefix, PREFIXES, alike=_ALIKE))
    known = f"; {near}" if near else ""
    return QuerySyntaxError(
        f"The prefix {prefix}: at line {line}, column {column} is not declared. "
        f"Begin the query with PREFIX {prefix}: <…>{known}",
        line,
        column,
    )


def excerpt(query: str, line: int, column: int, width: int = 100) -> str:
    """Return line number `line` of `query`, cut to `width` characters, with a caret under `column`."""
    lines = query.split("\n")
    if not 1 <= line <= len(lines):
        return ""
    start = max(0, column - 1 - width // 2)
    shown = lines[line - 1][start : start + width].replace("\t", " ").rstrip("\r")
    return f"{shown}\n{' ' * (column - 1 - start)}^"


def _offset(query: str, line: int, column: int) -> int:
    return sum(len(text) + 1 for text in query.split("\n")[: line - 1]) + column - 1


def _place(query: str, offset: int) -> tuple[int, int]:
    before = query[:offset]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _overrun(expected: str) -> int:
    exact = _TOKEN.search(expected) or _SENTENCE.search(expected) or "['" in expected
    keywords = _KEYWORD.findall(expected)
    return 0 if exact or not keywords else min(map(len, keywords))


def _why(expected: str) -> str:
    sentences = _SENTENCE.findall(expected)
    if sentences:
        return f" ({sentences[0]})"
    tokens = [token.replace("\\", "") or "\\" for token in _TOKEN.findall(expected)]
    return f", where {' or '.join(tokens[:_MOST_TOKENS])} could stand" if tokens else ""
