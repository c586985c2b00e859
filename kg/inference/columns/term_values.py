"""Values of terms in N-Triples syntax: their text, language and datatype, and how SPARQL compares them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from kg.namespaces import XSD

_LITERAL = re.compile(r'"(?P<text>.*)"(?:@(?P<language>[\w-]+)|\^\^<(?P<datatype>[^>]*)>)?', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_NUMBERS = frozenset(f"{XSD}{name}" for name in ("integer", "decimal", "double", "float", "int", "long"))
_DURATION = re.compile(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")
COMPARED: dict[str, Callable[[Any, Any], bool]] = {"=": eq, "!=": ne, "<": lt, ">": gt, "<=": le, ">=": ge}


def text(term: str) -> str:
    """Return an IRI without its brackets, or the text of a literal, as STR does."""
    return literal(term)[0] if term[0] == '"' else term[1:-1]


@lru_cache(maxsize=4096)
def literal(term: str) -> tuple[str, str, str]:
    """Return text, language and datatype of a literal, without what it does not have."""
    match = _LITERAL.fullmatch(term)
    if match is None:
        raise ValueError(term)
    written, language, datatype = match.group("text", "language", "datatype")
    return _ESCAPE.sub(_unescaped, written) if "\\" in written else written, language or "", datatype or ""


def _unescaped(match: re.Match[str]) -> str:
    short, long, letter = match.groups()
    return chr(int(short or long, 16)) if short or long else _ESCAPED.get(letter, letter)


def plain(words: str) -> str:
    """Return a text as a literal without language."""
    return typed(words, "")


def typed(words: str, datatype: str) -> str:
    """Return a text as a literal of a datatype."""
    escaped = words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"^^<{datatype}>' if datatype else f'"{escaped}"'


@lru_cache(maxsize=65536)
def value(term: str) -> object:
    """Return what SPARQL compares of a term: an IRI itself, a number, an instant, a text.

    None stands for what has no such value, as an ill-formed literal.
    """
    if term[0] != '"':
        return term
    words, language, datatype = literal(term)
    if language:
        return (words, language.lower())
    if datatype in {"", f"{XSD}string"}:
        return words
    try:
        return _value(words, datatype)
    except (ValueError, InvalidOperation):
        return None


def _value(words: str, datatype: str) -> object:
    if datatype in _NUMBERS:
        return Decimal(words)
    if datatype == f"{XSD}dateTime":
        return datetime.fromisoformat(words)
    if datatype == f"{XSD}boolean":
        return words in {"true", "1"}
    if datatype == f"{XSD}dayTimeDuration":
        return _duration(words)
    return None


def _duration(words: str) -> timedelta | None:
    match = _DURATION.fullmatch(words)
    if match is None:
        return None
    sign, *counts = match.groups()
    days, hours, minutes, seconds = (float(count or 0) for count in counts)
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -length if sign else length


def compare(one: object, operator: str, other: object) -> bool | None:
    """Return how two terms compare; None where SPARQL has an error."""
    equality = operator in {"=", "!="}
    if isinstance(one, str) and one == other and equality:
        return operator == "="
    left, right = (value(term) if isinstance(term, str) else term for term in (one, other))
    if left is None or right is None:
        return None
    named = any(isinstance(term, str) and term[0] == "<" for term in (one, other))
    if named or type(left) is not type(right):
        return operator == "!=" if equality else None
    if not _have_order(left, right) and not (equality and isinstance(left, tuple)):
        return None
    return COMPARED[operator](left, right)


def _have_order(left: object, right: object) -> bool:
    """Return whether two values of one kind have an order.

    Texts with a language have none, nor have an instant with offset and one without.
    """
    if isinstance(left, datetime) and isinstance(right, datetime):
        return (left.tzinfo is None) is (right.tzinfo is None)
    return not isinstance(left, tuple)
