"""Hints on the text of a query, whatever its answer: what the engine reads in its own way, and text in NFD.

The table in server/README.md, "Where the engine differs from SPARQL 1.1", has the reasons.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from kg.asking.hints.hint import Hint, hint_at
from kg.asking.query_parts import query_reader
from kg.asking.query_parts.paths import Pattern
from kg.asking.query_parts.token_stream import TokenStream
from kg.asking.query_parts.tokens import Token, text_of, tokenize
from kg.namespaces import PREFIXES

_KIND = "engine-differs"
_KNOWN: Mapping[str, str] = MappingProxyType(PREFIXES)
_GRAPH = re.compile(r"GRAPH\s*[?$]")  # in capitals
_COUNTS = ("COUNT", "SUM", "AVG", "GROUP_CONCAT")  # what changes with the number of equal solutions
_DOLLAR, _LETTER = re.compile(r"\\\$"), re.compile(r"\$\d+[A-Za-z_]")


def on_text(query: str, known: Mapping[str, str] = _KNOWN) -> Iterator[Hint]:
    """Yield the hints on the text of `query`, by their kinds; `known` prefixes need no declaration."""
    if not unicodedata.is_normalized("NFC", query):
        yield from _decomposed(query)
    capitals = query.upper()
    if "|" not in query and "REPLACE" not in capitals and not _GRAPH.search(capitals):
        return  # most queries are not read further
    tokens = list(tokenize(query))
    if any(token.word == "GRAPH" for token in tokens):
        yield from _graphs(query, tokens, known)
    yield from _paths(query, tokens)
    yield from _replacements(query, tokens)


def _decomposed(query: str) -> Iterator[Hint]:
    for token in tokenize(query):
        composed = unicodedata.normalize("NFC", token.text)
        if composed != token.text:
            message = (
                f"{composed} has combining characters (Unicode form NFD), as no text of the graph has; "
                "write it with composed ones (NFC)"
            )
            yield hint_at(query, token.start, "decomposed-text", message, [composed])


def _graphs(query: str, tokens: list[Token], known: Mapping[str, str]) -> Iterator[Hint]:
    """Yield the hints on GRAPH with a variable, whose braces do not bind it or whose filter sees it."""
    patterns = query_reader.read(TokenStream(query, known)).patterns
    for n, token in enumerate(tokens[:-2]):
        variable = tokens[n + 1]
        if token.word != "GRAPH" or variable.kind != "variable" or tokens[n + 2].text != "{":
            continue
        inside = _within(tokens[n + 3 :])
        name, bound = variable.text, _binds(patterns, variable, inside)
        yield from _unbound(query, token, name, inside, bound=bound)
        if any(name in _names(inside[m + 1 :]) for m, one in enumerate(inside) if one.word == "FILTER"):
            message = f"a FILTER within GRAPH {name} {{ … }} sees {name} here, and does not by SPARQL 1.1"
            yield _differs(query, token, message, "the FILTER after the braces")


def _unbound(query: str, token: Token, name: str, inside: list[Token], *, bound: bool) -> Iterator[Hint]:
    words = {one.word for one in inside}
    if "SELECT" in words:
        what, instead = "a subquery", f"GRAPH {name} within the subquery"
    elif bound or not words & {"VALUES", "GRAPH"}:
        return
    elif "GRAPH" in words:
        what, instead = "another GRAPH", f"GRAPH {name} {{}} GRAPH ?other {{ … }}"
    else:
        what, instead = "VALUES alone", f"GRAPH {name} {{}} VALUES …"
    message = f"{name} stays unbound here with {what} in GRAPH {name} {{ … }}; by SPARQL 1.1 it is each graph"
    yield _differs(query, token, message, instead)


def _binds(patterns: list[Pattern], variable: Token, inside: list[Token]) -> bool:
    """Return whether a triple pattern among the tokens `inside` is asked of the graph `variable`."""
    end = inside[-1].start if inside else 0
    return any(
        pattern.graph == variable.text[1:] and variable.start < pattern.start <= end for pattern in patterns
    )


def _paths(query: str, tokens: list[Token]) -> Iterator[Hint]:
    """Yield a hint on the first path with alternatives in a query that counts or adds without DISTINCT."""
    counting = any(
        token.word in _COUNTS and [one.word for one in tokens[n + 1 : n + 3]] != ["(", "DISTINCT"]
        for n, token in enumerate(tokens)
    )
    either = next((token for token in tokens if token.word == "|"), None)
    if counting and either:
        message = "what several alternatives of a path join counts once here, and once for each by SPARQL 1.1"
        yield _differs(query, either, message, "UNION to count each", "DISTINCT to count once everywhere")


def _replacements(query: str, tokens: list[Token]) -> Iterator[Hint]:
    for n, token in enumerate(tokens):
        if token.word != "REPLACE" or tokens[n + 1 : n + 2] == []:
            continue
        for text in (text_of(one) for one in _within(tokens[n + 2 :]) if one.kind == "string"):
            if _DOLLAR.search(text):
                yield _differs(
                    query, token, "\\\\$ in a replacement stays as it is here; by SPARQL 1.1 it is $", '"$$"'
                )
            elif _LETTER.search(text):
                message = "a letter after $1 in a replacement is read here as part of the name of the group"
                yield _differs(query, token, message, '"${1}"')


def _within(tokens: list[Token]) -> list[Token]:
    """Return those of `tokens`, which follow an opening bracket, that stand before its closing one."""
    depth = 1
    for n, token in enumerate(tokens):
        depth += (token.text in ("(", "{")) - (token.text in (")", "}"))
        if not depth:
            return tokens[:n]
    return tokens


def _names(tokens: list[Token]) -> set[str]:
    """Return the variables in the brackets that begin at the first bracket of `tokens`, if that is near."""
    start = next((n for n, token in enumerate(tokens) if token.text in ("(", "{")), None)
    return set() if start is None else {t.text for t in _within(tokens[start + 1 :]) if t.kind == "variable"}


def _differs(query: str, token: Token, message: str, *instead: str) -> Hint:
    return hint_at(query, token.start, _KIND, f"{message}; write {' or '.join(instead)}", instead)
