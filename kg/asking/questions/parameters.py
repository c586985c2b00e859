"""Parameters of saved queries: `VALUES ?name { default }` lines, filled with terms, never with text.

SPARQL 1.1 section 10 (VALUES); terms are written as N-Triples writes them. `UNDEF` as the default
leaves the name free, so that such a parameter narrows the answer only when it is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

import pyoxigraph as ox

from kg.errors import ParameterError
from kg.namespaces import PREFIXES, SHIPPED, Namespaces
from kg.reading.characters import nfc
from kg.terms import expand

Term = ox.NamedNode | ox.Literal
UNDEF = "UNDEF"  # in place of a value: any

# The addresses of queries have parameters of their own with these names.
RESERVED = frozenset({"format", "limit", "offset", "view"})
SOURCES = ("class", "scheme")  # where the choices of a parameter come from
_KEYS = frozenset({"name", "type", "default", "choices", "about"})
_NAME = re.compile(r"[a-z][a-z_]*\Z")
_BLOCK = r"^([ \t]*)VALUES \?{}[ \t]*\{{((?:\"(?:[^\"\\\n]|\\.)*\"|<[^>\n]*>|[^}}\"<\n])*)\}}[ \t]*$"
_LISTED = re.compile(r"One of: ([^.]+)\.")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,18}\Z", re.ASCII)
# Characters that some engines decode before they look where a text ends (SPARQL 1.1 section 19.2).
_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]|\\[uU]")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name, its type, and its default as text, empty for none.

    `choices` is a pair like ("class", "cg:Issue") of the things that it may be. With None it may be
    any thing. `about` is a sentence for people. `names` has the namespaces of the collection.
    """

    name: str
    type: str
    default: str = ""
    choices: tuple[str, str] | None = None
    about: str = ""
    names: Namespaces = SHIPPED

    @property
    def hint(self) -> str:
        """Return a description of the values that it accepts."""
        what = _TYPES[self.type].what
        return f"{what} of the {self.choices[0]} {self.choices[1]}" if self.choices else what

    @property
    def listed(self) -> tuple[str, ...]:
        """Return the texts that `about` lists, as in "One of: asserted, proposed."; none if it lists none."""
        found = _LISTED.search(self.about)
        return tuple(found[1].split(", ")) if found else ()

    def term(self, given: str) -> Term:
        """Return the term that `given` stands for; raises ParameterError if it is not of this type."""
        type_ = _TYPES[self.type]
        try:
            return _iri(given, self.names) if self.type == "iri" else type_.read(given)
        except ValueError:
            example = self.default or type_.example
            raise ParameterError(
                f"{self.name}: {given!r} is not {type_.what}; write it like {example}", self.name, (example,)
            ) from None


@dataclass(frozen=True, slots=True)
class _Type:
    what: str
    example: str
    read: Callable[[str], Term]  # raises ValueError


def parameters(entries: Any, names: Namespaces = SHIPPED) -> tuple[Parameter, ...]:
    """Return the parameters that the list `parameters:` of a header describes.

    `names` has the namespaces of the collection that the query is put to.

    Raises ValueError, with a message for the author of the query, if one is not valid.
    """
    if not isinstance(entries, list):
        raise ValueError("`parameters:` must be a list of entries like {name: issue, type: iri}")
    described = tuple(_parameter(entry, names) for entry in entries)
    if len({parameter.name for parameter in described}) < len(described):
        raise ValueError("two parameters have the same name; rename one")
    return described


def fill(text: str, terms: Mapping[str, Term | str]) -> str:
    """Return the query `text` with each of `terms`, by parameter, as the only value of its VALUES line.

    UNDEF in place of a term leaves the parameter free.
    """
    for name, term in terms.items():
        line = f"VALUES ?{name} {{ {term} }}"
        text = _block(name).sub(lambda match, line=line: match[1] + line, text)  # type: ignore[misc]
    return text


def place(text: str, name: str) -> int:
    """Return where in the query `text` the VALUES line of the parameter `name` begins, after its spaces."""
    found = _block(name).search(text)
    return found.end(1) if found else 0


def problems(text: str, described: tuple[Parameter, ...]) -> Iterator[str]:
    """Yield a message where the parameters `described` in a header do not fit the query `text` below it."""
    for parameter in described:
        lines = {content.strip() for _, content in _block(parameter.name).findall(text)}
        if len(lines) != 1:
            yield (
                f"{parameter.name} needs a line of its own, `VALUES ?{parameter.name} {{ … }}`; "
                "where there are several, they must be the same"
            )
        elif (lines == {"UNDEF"}) == bool(parameter.default):
            yield f"{parameter.name} needs either a default in the header or UNDEF in its line, not both"


def _parameter(entry: Any, names: Namespaces) -> Parameter:
    if not isinstance(entry, dict) or not {"name", "type"} <= set(entry) <= _KEYS:
        raise ValueError(
            f"a parameter needs name and type, and may have default, choices and about, not {entry}"
        )
    if not all(isinstance(text, str) for key, text in entry.items() if key != "choices"):
        raise ValueError(
            f"write each value of a parameter as a text, in quotation marks if needed, not {entry}"
        )
    choices = entry.get("choices")
    parameter = Parameter(
        entry["name"],
        entry["type"],
        entry.get("default", ""),
        _choices(choices) if choices else None,
        entry.get("about", ""),
        names,
    )
    if not _NAME.match(parameter.name) or parameter.name in RESERVED:
        raise ValueError(
            f"{parameter.name!r} is not a valid name of a parameter; use a to z and _, and none of "
            f"{', '.join(sorted(RESERVED))}"
        )
    if parameter.type not in _TYPES:
        raise ValueError(
            f"{parameter.type!r} is not a valid type of {parameter.name}; use one of {', '.join(_TYPES)}"
        )
    return parameter


def _choices(given: Any) -> tuple[str, str]:
    if isinstance(given, dict) and len(given) == 1:
        ((source, name),) = given.items()
        if source in SOURCES and isinstance(name, str) and name.partition(":")[0] in PREFIXES:
            return source, name
    raise ValueError(f"write choices like {{class: cg:Issue}} or {{scheme: id:voice}}, not {given}")


def _block(name: str) -> re.Pattern[str]:
    return re.compile(_BLOCK.format(re.escape(name)), re.MULTILINE)


def _iri(given: str, names: Namespaces = SHIPPED) -> Term:
    return ox.NamedNode(expand(nfc(given.strip()), names))


def _text(given: str) -> Term:
    if _UNSAFE.search(given):
        raise ValueError(given)
    return ox.Literal(nfc(given))


def _integer(given: str) -> Term:
    if not _INTEGER.match(given.strip()):
        raise ValueError(given)
    return _typed(str(int(given)), "integer")


def _date(given: str) -> Term:
    if not _DATE.match(given.strip()):
        raise ValueError(given)
    return _typed(date.fromisoformat(given.strip()).isoformat(), "date")


def _typed(lexical: str, datatype: str) -> ox.Literal:
    return ox.Literal(lexical, datatype=ox.NamedNode(PREFIXES["xsd"] + datatype))


_TYPES: Mapping[str, _Type] = MappingProxyType(
    {
        "iri": _Type("the name of a thing", "actor:fidel-castro or <https://…>", _iri),
        "text": _Type("a plain text", "Alekseev", _text),
        "integer": _Type("a whole number", "42", _integer),
        "date": _Type("a date", "1962-10-27", _date),
    }
)
