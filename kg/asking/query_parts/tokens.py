"""The tokens of a SPARQL query with their places, by the terminals of the grammar (SPARQL 1.1 section 19.8).

pyoxigraph gives neither a syntax tree nor places, and rdflib's parser takes longer than most queries. What
these tokens say is used for hints alone: whether a text is a query, and what it asks, the engine decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kg.namespaces import XSD

AGGREGATES = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")
_NAME = r"[^\W\d_](?:[\w.-]*[\w-])?"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[^\w\s]"
_LOCAL = rf"(?:[\w:]|{_ESCAPED})(?:(?:[\w.:-]|{_ESCAPED})*(?:[\w:-]|{_ESCAPED}))?"
_TOKEN = re.compile(
    rf'''
    (?P<space>[\s\ufeff]+|\#[^\r\n]*)
    |(?P<iri><[^<>"{{}}|^`\\\x00-\x20]*>)
    |(?P<string>"""(?:(?:"|"")?(?:[^"\\]|\\.))*"""|\'\'\'(?:(?:'|'')?(?:[^'\\]|\\.))*\'\'\'
        |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
    |(?P<blank>_:[\w](?:[\w.-]*[\w-])?)
    |(?P<name>(?:{_NAME})?:(?:{_LOCAL})?)
    |(?P<variable>[?$]\w+)
    |(?P<tag>@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*)
    |(?P<number>[+-]?(?:\d+\.\d*[eE][+-]?\d+|\.?\d+[eE][+-]?\d+|\d*\.\d+|\d+))
    |(?P<word>[A-Za-z_][A-Za-z_0-9]*)
    |(?P<mark>\^\^|&&|\|\||!=|<=|>=|.)
    ''',
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_CONTROL = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}
_DATATYPES = ((re.compile(r"[+-]?\d+"), "integer"), (re.compile(r"[+-]?\d*\.\d+"), "decimal"))


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its kind, its text as written, and the place of its first character, from 0."""

    kind: str
    text: str
    start: int

    @property
    def word(self) -> str:
        """The keyword or mark in capitals; an empty text for any other token."""
        return self.text.upper() if self.kind in ("word", "mark") else ""


def tokenize(query: str) -> Iterator[Token]:
    """Yield the tokens of `query`, without white space and comments."""
    for match in _TOKEN.finditer(query):
        if match.lastgroup and match.lastgroup != "space":
            yield Token(match.lastgroup, match.group(), match.start())


def iri_of(token: Token, prefixes: Mapping[str, str]) -> str:
    """Return the IRI that a token of the kind `iri` or `name` stands for; empty if its prefix is unknown."""
    if token.kind == "iri":
        return unescape(token.text[1:-1])
    prefix, _, local = token.text.partition(":")
    return prefixes[prefix] + re.sub(r"\\(.)", r"\1", local) if prefix in prefixes else ""


def text_of(token: Token) -> str:
    """Return the content of a token of the kind `string`."""
    quotes = 3 if token.text[:3] in ('"""', "'''") else 1
    return unescape(token.text[quotes:-quotes])


def number_of(token: Token) -> ox.Literal:
    """Return the literal that a token of the kind `number` stands for."""
    name = next((name for form, name in _DATATYPES if form.fullmatch(token.text)), "double")
    return ox.Literal(token.text, datatype=ox.NamedNode(XSD + name))


def unescape(text: str) -> str:
    """Return `text` with its escapes replaced (SPARQL 1.1 sections 19.2 and 19.7)."""
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _CONTROL.get(match[3], match[3])
