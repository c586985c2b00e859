"""A stream over the tokens of one query: reading of terms, skipping of what is between brackets."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox

from kg.asking.query_parts.tokens import Token, iri_of, number_of, text_of, tokenize
from kg.namespaces import RDF, XSD

_PAIRS: Mapping[str, str] = {"(": ")", "{": "}", "[": "]"}
_BOOLEANS = ("TRUE", "FALSE")


class TokenStream:
    """The tokens of `query` after its prologue, from first to last; `prefixes` are those that it may use.

    Methods raise SyntaxError where the next token is another than they read.
    """

    type = ox.NamedNode(f"{RDF}type")

    def __init__(self, query: str, prefixes: Mapping[str, str]) -> None:
        self.prefixes: dict[str, str] = dict(prefixes)
        self.declared: dict[str, Token] = {}  # the token of each namespace that the query declares
        self.tokens = [*tokenize(query), Token("end", "", len(query))]
        self.place = 0
        self._prologue()

    @property
    def next(self) -> Token:
        """The next token, of the kind `end` after the last."""
        return self.tokens[self.place]

    @property
    def start(self) -> int:
        """The place in the query where the next token begins."""
        return self.next.start

    def take(self, word: str) -> bool:
        """Return whether the next token is this keyword or mark, and step over it if so."""
        found = self.next.word == word
        self.place += found
        return found

    def expect(self, word: str) -> None:
        """Step over this keyword or mark."""
        if not self.take(word):
            raise SyntaxError(f"{self.next.text!r} where {word} should stand, at {self.start}")

    def step(self) -> Token:
        """Return the next token and step over it; the end is an error."""
        token = self.next
        if token.kind == "end":
            raise SyntaxError("the query ends too early")
        self.place += 1
        return token

    def skip_brackets(self) -> list[Token]:
        """Step over the brackets that open here, with all that is in them, and return that."""
        first = self.step().text
        if first not in _PAIRS:
            raise SyntaxError(f"{first!r} where a bracket should stand")
        begin, open_ = self.place, [_PAIRS[first]]
        while open_:
            text = self.step().text
            if text in _PAIRS:
                open_.append(_PAIRS[text])
            elif text == open_[-1]:
                open_.pop()
        return self.tokens[begin : self.place - 1]

    def skip_term_or_brackets(self) -> None:
        """Step over one term, or over brackets."""
        if self.next.text in _PAIRS:
            self.skip_brackets()
        else:
            self.step()

    def variable_or_iri(self) -> ox.NamedNode | str:
        """Return the IRI here, or the name of the variable."""
        slot = self.term()
        if isinstance(slot, ox.Literal):
            raise SyntaxError("a literal stands where none can")
        return slot

    def term(self) -> ox.NamedNode | ox.Literal | str:
        """Return the term here; a variable or blank node, or an IRI that cannot be resolved, by its text."""
        token = self.step()
        if token.kind in ("iri", "name"):
            return self.node(token) or f" {token.text}"
        if token.kind in ("variable", "blank"):
            return token.text.lstrip("?$")
        literal = self._literal(token)
        if literal is None:
            raise SyntaxError(f"{token.text!r} is no term")
        return literal

    def node(self, token: Token) -> ox.NamedNode | None:
        """Return the IRI of a token; None if it is relative or its prefix is unknown."""
        try:
            return ox.NamedNode(iri_of(token, self.prefixes))
        except ValueError:
            return None

    def _literal(self, token: Token) -> ox.Literal | None:
        if token.kind == "number":
            return number_of(token)
        if token.word in _BOOLEANS:
            return ox.Literal(token.text.lower(), datatype=ox.NamedNode(f"{XSD}boolean"))
        if token.kind != "string":
            return None
        content = text_of(token)
        if self.next.kind == "tag":
            return ox.Literal(content, language=self.step().text[1:].lower())
        if self.take("^^"):
            datatype = self.node(self.step())
            return datatype and ox.Literal(content, datatype=datatype)
        return ox.Literal(content)

    def _prologue(self) -> None:
        while self.next.word in ("PREFIX", "BASE", "VERSION"):
            if self.step().word == "PREFIX":
                name = self.step().text.removesuffix(":")
                self.declared[name] = self.next
                self.prefixes[name] = iri_of(self.next, {})
            self.step()
