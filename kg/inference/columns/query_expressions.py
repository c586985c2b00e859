"""Expressions of SPARQL compiled to functions of a row: comparisons, EXISTS, texts, instants.

A row is a list of terms, in which each variable has its place. A function returns a term, a boolean, an
instant or a duration, and None where SPARQL has an error or the variable is not bound.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Literal, Node, URIRef, Variable

from kg.inference.columns import term_values

Row = list[Any]
Function = Callable[[Row], Any]
Exists = Callable[[CompValue], Function]


class UncoveredError(Exception):
    """Something of a rule or shape is not compiled here; the text says what."""


@lru_cache(maxsize=256)  # rules and shapes are the same in most builds, and rdflib's parser is slow
def algebra_of(text: str) -> CompValue:
    """Return the algebra of a query, which is not to be changed."""
    algebra: CompValue = translateQuery(parseQuery(text)).algebra
    return algebra


def term_text(term: Node) -> str:
    """Return a constant in N-Triples syntax."""
    if isinstance(term, Literal):
        if term.language:
            return f"{term_values.plain(str(term))}@{term.language}"
        return term_values.typed(str(term), str(term.datatype or ""))
    return f"<{term}>"


def variables(node: object) -> set[Variable]:
    """Return all variables in a part of a query."""
    if isinstance(node, Variable):
        return {node}
    if isinstance(node, CompValue):
        return set[Variable]().union(*(variables(part) for key, part in node.items() if key != "_vars"))
    if isinstance(node, Mapping):
        return set[Variable]().union(*map(variables, node.keys()))
    return set[Variable]().union(*map(variables, node)) if isinstance(node, list | tuple | set) else set()


class Expressions:
    """Compiles expressions; `slots` gives each variable its place, `exists` compiles a group."""

    def __init__(self, slots: Callable[[Variable], int], exists: Exists) -> None:
        self.slots, self.exists = slots, exists
        self._makers: dict[str, Callable[[CompValue], Function]] = {
            "RelationalExpression": self._relation,
            "ConditionalAndExpression": self._and,
            "ConditionalOrExpression": self._or,
            "UnaryNot": lambda e: _negated(self.compiled(e.expr)),
            "AdditiveExpression": self._sum,
            "Builtin_EXISTS": lambda e: self.exists(e.graph),
            "Builtin_NOTEXISTS": lambda e: _negated(self.exists(e.graph)),
            "Builtin_STR": lambda e: _mapped(
                self.compiled(e.arg), lambda t: term_values.plain(term_values.text(t))
            ),
            "Builtin_DATATYPE": lambda e: _mapped(self.compiled(e.arg), _datatype),
            "Builtin_BOUND": lambda e: _bound(self.compiled(e.arg)),
            "Builtin_IF": self._if,
            "Builtin_CONCAT": self._concat,
            "Builtin_SUBSTR": self._substring,
            "Builtin_STRDT": self._typed,
            "Builtin_REGEX": self._regex,
        }

    def compiled(self, node: Any) -> Function:
        """Return the function of an expression; raises UncoveredError for one that is not known here."""
        if isinstance(node, Variable):
            place = self.slots(node)
            return lambda row: row[place]
        if isinstance(node, Literal | URIRef):
            constant = term_text(node)
            return lambda _: constant
        maker = self._makers.get(node.name) if isinstance(node, CompValue) else None
        if maker is None:
            raise UncoveredError(f"the expression {getattr(node, 'name', node)}")
        return maker(node)

    def test(self, node: Any) -> Callable[[Row], bool]:
        """Return whether FILTER keeps a row."""
        function = self.compiled(node)
        return lambda row: function(row) is True

    def _relation(self, node: CompValue) -> Function:
        one, operator = self.compiled(node.expr), node.op
        if operator in {"IN", "NOT IN"}:
            return self._in(one, node)
        if operator not in term_values.COMPARED:
            raise UncoveredError(f"the operator {operator}")
        other = self.compiled(node.other)
        return lambda row: term_values.compare(one(row), operator, other(row))

    def _in(self, one: Function, node: CompValue) -> Function:
        if not all(isinstance(item, URIRef) for item in node.other):
            raise UncoveredError("IN with other values than IRIs")
        items, wanted = frozenset(map(term_text, node.other)), node.op == "IN"

        def function(row: Row) -> bool | None:
            term = one(row)
            return None if term is None else (term in items) is wanted

        return function

    def _and(self, node: CompValue) -> Function:
        tests = [self.compiled(part) for part in (node.expr, *node.other)]

        def function(row: Row) -> bool | None:
            found = [test(row) for test in tests]
            return False if False in found else None if None in found else True

        return function

    def _or(self, node: CompValue) -> Function:
        tests = [self.compiled(part) for part in (node.expr, *node.other)]

        def function(row: Row) -> bool | None:
            failed = False
            for test in tests:
                found = test(row)
                if found is True:
                    return True
                failed = failed or found is None
            return None if failed else False

        return function

    def _sum(self, node: CompValue) -> Function:
        if node.op != ["+"]:
            raise UncoveredError(f"the operator {node.op}")
        one, other = self.compiled(node.expr), self.compiled(node.other[0])

        def function(row: Row) -> datetime | None:
            moment, length = (_valued(part(row)) for part in (one, other))
            added = isinstance(moment, datetime) and isinstance(length, timedelta)
            return moment + length if added else None

        return function

    def _if(self, node: CompValue) -> Function:
        test, one, other = (self.compiled(part) for part in (node.arg1, node.arg2, node.arg3))
        return lambda row: one(row) if test(row) else other(row)

    def _concat(self, node: CompValue) -> Function:
        pieces = [self.compiled(part) for part in node.arg]

        def function(row: Row) -> str | None:
            terms = [piece(row) for piece in pieces]
            return None if None in terms else term_values.plain("".join(map(term_values.text, terms)))

        return function

    def _substring(self, node: CompValue) -> Function:
        if node.length is None or not all(isinstance(part, Literal) for part in (node.start, node.length)):
            raise UncoveredError("SUBSTR without numbers for its start and length")
        start, length = int(node.start) - 1, int(node.length)
        return _mapped(
            self.compiled(node.arg), lambda t: term_values.plain(term_values.text(t)[start : start + length])
        )

    def _typed(self, node: CompValue) -> Function:
        datatype = str(node.arg2)
        return _mapped(self.compiled(node.arg1), lambda t: term_values.typed(term_values.text(t), datatype))

    def _regex(self, node: CompValue) -> Function:
        if node.flags not in {None, Literal("i")} or not isinstance(node.pattern, Literal):
            raise UncoveredError("REGEX with other flags than i")
        pattern = re.compile(str(node.pattern), re.IGNORECASE if node.flags else 0)
        return _mapped(self.compiled(node.text), lambda t: bool(pattern.search(term_values.text(t))))


def _mapped(inner: Function, change: Callable[[str], Any]) -> Function:
    def function(row: Row) -> Any:
        term = inner(row)
        return change(term) if isinstance(term, str) else None

    return function


def _negated(inner: Function) -> Function:
    def function(row: Row) -> bool | None:
        found = inner(row)
        return None if found is None else not found

    return function


def _bound(inner: Function) -> Function:
    return lambda row: inner(row) is not None


def _datatype(term: str) -> str | None:
    if not term.startswith('"'):
        return None
    _, language, datatype = term_values.literal(term)
    string = "http://www.w3.org/2001/XMLSchema#string"
    return f"<{'http://www.w3.org/1999/02/22-rdf-syntax-ns#langString' if language else datatype or string}>"


def _valued(term: Any) -> Any:
    return term_values.value(term) if isinstance(term, str) else term
