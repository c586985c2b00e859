"""Checks of single values by the components of SHACL, as pySHACL decides them.

Literals whose form leaves no doubt are decided at once, all others by the same reader that pySHACL uses.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from pyshacl.rdfutil.compare import compare_literal
from rdflib import RDF, SH, XSD, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Literal, Node

from kg.checking.compiled.shape_paths import Data
from kg.checking.shacl import comparable
from kg.inference.columns import term_values
from kg.inference.columns.query_expressions import UncoveredError, term_text
from kg.inference.columns.statement_columns import is_literal

Check = Callable[[str], bool]
_NUMBER = re.compile(r'"(0|[1-9][0-9]{0,17})"\^\^<http://www.w3.org/2001/XMLSchema#integer>')
_INSTANT = re.compile(
    r'"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2})"'
    r"\^\^<http://www.w3.org/2001/XMLSchema#dateTime>"
)

# What a literal of a datatype is in Python; pySHACL takes literals of other datatypes as they are.
_VALUES: dict[Node, type | tuple[type, ...]] = {
    XSD.string: (str, bytes), RDF.langString: (str, bytes), XSD.integer: int, XSD.float: float,
    XSD.decimal: Decimal, XSD.boolean: bool, XSD.date: date, XSD.time: time, XSD.dateTime: datetime,
}  # fmt: skip


@lru_cache(maxsize=65536)
def plainly(term: str) -> int | datetime | None:
    """Return the value of a whole number or an instant in its usual form; None for all else."""
    if match := _NUMBER.fullmatch(term):
        return int(match.group(1))
    match = _INSTANT.fullmatch(term)
    try:
        return datetime.fromisoformat(match.group(1)) if match else None
    except ValueError:
        return None


@lru_cache(maxsize=65536)
def node(term: str) -> Node:
    """Return a term as pySHACL sees it."""
    if not is_literal(term):
        return URIRef(term[1:-1])
    words, language, datatype = term_values.literal(term)
    if language:
        return Literal(words, lang=language)
    plain = datatype in {"", str(XSD.string)}
    return comparable(Literal(words, datatype=None if plain else URIRef(datatype), normalize=False))


def value_check(shapes: Graph, parameter: URIRef, given: Node, data: Data) -> Check:
    """Return the check of one parameter of a shape; raises UncoveredError for one that is not known here."""
    maker = _MAKERS.get(parameter)
    if maker is None:
        raise UncoveredError(f"the parameter {parameter}")
    return maker(shapes, given, data)


def _class(_: Graph, given: Node, data: Data) -> Check:
    return data.has_class(term_text(given))


def _kind(_: Graph, given: Node, __: Data) -> Check:
    if given == SH.IRI:
        return lambda term: term[0] == "<"
    if given == SH.Literal:
        return is_literal
    raise UncoveredError(f"the kind of node {given}")


def _datatype(_: Graph, given: Node, __: Data) -> Check:
    text = given == XSD.string
    plain = {int: XSD.integer, datetime: XSD.dateTime}

    def check(term: str) -> bool:
        if not is_literal(term):
            return False
        if text and term[-1] == '"':
            return True
        value = plainly(term)
        return plain[type(value)] == given if value is not None else _has_datatype(node(term), given)

    return check


def _has_datatype(literal: Any, given: Node) -> bool:
    """Return whether a literal has a datatype and a text that fits it."""
    known = {None if literal.language else XSD.string} if literal.datatype is None else {literal.datatype}
    if given not in known or getattr(literal, "ill_typed", None) is True:
        return False
    return isinstance(literal.value, _VALUES.get(given, object))


def _pattern(_: Graph, given: Node, __: Data) -> Check:
    search = re.compile(str(given)).search
    return lambda term: search(term_values.text(term)) is not None


def _least(_: Graph, given: Node, __: Data) -> Check:
    length = int(str(given))
    return lambda term: len(term_values.text(term)) >= length


def _most(_: Graph, given: Node, __: Data) -> Check:
    length = int(str(given))
    # The text of a term is shorter than the term.
    return lambda term: len(term) <= length or len(term_values.text(term)) <= length


def _languages(shapes: Graph, given: Node, _: Data) -> Check:
    known = {str(language).lower() for language in Collection(shapes, given)}

    def check(term: str) -> bool:
        language = term_values.literal(term)[1].lower() if is_literal(term) else ""
        return bool(language) and (language in known or language.split("-")[0] in known or "*" in known)

    return check


def _in(shapes: Graph, given: Node, _: Data) -> Check:
    values = set(Collection(shapes, given))
    if not all(isinstance(value, URIRef) for value in values):
        return lambda term: node(term) in values
    return frozenset(map(term_text, values)).__contains__


def _from(_: Graph, given: Node, __: Data) -> Check:
    bound, least = given, plainly(term_text(given))

    def check(term: str) -> bool:
        value = plainly(term)
        if isinstance(value, int) and isinstance(least, int):
            return value >= least
        return is_literal(term) and _not_below(node(term), bound)

    return check


def _not_below(literal: Any, bound: Any) -> bool:
    if isinstance(literal.value, str) is not isinstance(bound.value, str):
        return False
    try:
        return bool(compare_literal(literal, bound) >= 0)  # type: ignore[no-untyped-call]
    except (TypeError, NotImplementedError):
        return False


def before(one: str, other: str, *, equal: bool) -> bool:
    """Return whether a value is less than another, or equal where allowed, as pySHACL compares them."""
    left, right = plainly(one), plainly(other)
    if left is None or right is None or type(left) is not type(right):
        left, right = (_compared(node(term)) for term in (one, other))
        # A literal of rdflib is a text of Python's too.
        if isinstance(left, Literal) is not isinstance(right, Literal):
            return False
    return bool(left <= right if equal else left < right)  # type: ignore[operator]


def _compared(term: Any) -> Any:
    """Return what pySHACL compares: text for IRIs and texts, else the literal itself."""
    if isinstance(term, URIRef):
        return str(term)
    return term.value if isinstance(term.value, str) else term


_MAKERS: dict[Node, Callable[[Graph, Node, Data], Check]] = {
    SH["class"]: _class,
    SH.nodeKind: _kind,
    SH.datatype: _datatype,
    SH.pattern: _pattern,
    SH.minLength: _least,
    SH.maxLength: _most,
    SH.languageIn: _languages,
    SH["in"]: _in,
    SH.minInclusive: _from,
}
VALUE_PARAMETERS = frozenset(_MAKERS)
