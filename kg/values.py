"""Terms as values of Python, by their datatype (XML Schema 1.1 part 2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType

import pyoxigraph as ox

from kg.namespaces import PREFIXES

Value = str | int | float | bool | date | datetime | None

_INTEGERS = (
    *("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger"),
    *(
        "nonPositiveInteger",
        "negativeInteger",
        "unsignedInt",
        "unsignedLong",
        "unsignedShort",
        "unsignedByte",
    ),
)
_READ: Mapping[str, Callable[[str], Value]] = MappingProxyType(
    {
        PREFIXES["xsd"] + name: read
        for names, read in (
            (_INTEGERS, int),
            (("decimal", "double", "float"), float),
            (("boolean",), lambda text: text in ("true", "1")),
            (("date",), date.fromisoformat),
            (("dateTime", "dateTimeStamp"), datetime.fromisoformat),
        )
        for name in names
    }
)


def python(term: object) -> Value:
    """Return `term` as a number, a truth value, a day or moment, or a text; None for an unbound one.

    An IRI is its own text, a blank node its label; what Python has no value for, as the year 0,
    stays the text that it is.
    """
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        return _literal(term)
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def _literal(term: ox.Literal) -> Value:
    try:
        return _READ.get(term.datatype.value, str)(term.value)
    except ValueError:
        return term.value
