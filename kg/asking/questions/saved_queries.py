"""Saved queries: files `queries/NAME.rq`, each a question that any SPARQL engine can run unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources.abc import Traversable

from kg.asking.questions import columns, parameters, query_header
from kg.asking.questions.columns import QUERY_COLUMN, Column
from kg.asking.questions.parameters import Parameter
from kg.errors import DataError, Finding, UnknownNameError
from kg.namespaces import SHIPPED, Namespaces
from kg.reading import comment_header
from kg.reading.characters import nfc, wrong_character
from kg.reading.comment_header import Header, Problem
from kg.resources import listed
from kg.store import sparql


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """One saved query: its name, the contents of its header, and its SPARQL text with the header.

    `show` is a key of `query_header.SHOWS`. A `federated` query calls other services, whose addresses
    are in `services`.
    """

    name: str
    title: str
    question: str
    why: str
    tags: tuple[str, ...]
    text: str
    parameters: tuple[Parameter, ...] = ()
    columns: tuple[Column, ...] = ()
    show: str = "table"
    federated: bool = False
    evidence: tuple[str, ...] = ()
    services: tuple[str, ...] = ()


def load(folder: Traversable, names: Namespaces = SHIPPED) -> dict[str, SavedQuery]:
    """Return the saved queries of `folder` by name, in the order of names.

    `names` has the namespaces of the collection that they are put to.

    Raises DataError if the header of one is not valid.
    """
    return {name: _read(folder, name, names) for name in _names(folder)}


def find(folder: Traversable, name: str, names: Namespaces = SHIPPED) -> SavedQuery:
    """Return the saved query `name` of `folder`, without reading the others.

    Raises UnknownNameError, with near names, if there is none, and DataError if its header is not valid.
    """
    known = _names(folder)
    if name not in known:
        raise UnknownNameError("saved query", name, known)
    return _read(folder, name, names)


@lru_cache(maxsize=512)  # a text is read again by each application, build and reload
def parse(name: str, text: str, file: str = "", names: Namespaces = SHIPPED) -> SavedQuery:
    """Return the query `text` as the saved query `name`; keys that its header lacks are empty.

    Raises DataError, with every finding and its line in `file`, if the header is not valid.
    """
    path = file or f"queries/{name}.rq"
    header = comment_header.read(path, text)
    problems = list(query_header.problems(header))
    lines = enumerate(text.split("\n"), 1)
    problems += [(line, wrong) for line, one in lines if (wrong := wrong_character("the query", one))]
    try:
        described = parameters.parameters(header.values.get("parameters", []), names)
        problems += [(header.line("parameters"), message) for message in parameters.problems(text, described)]
    except ValueError as error:
        problems.append((header.line("parameters"), str(error)))
    if not problems:
        problems = list(_mismatches(header, text))
    if problems:
        raise DataError(Finding(path, line, message) for line, message in problems)
    said = header.values
    return SavedQuery(
        name=name,
        title=header.text("title"),
        question=header.text("question"),
        why=header.text("why"),
        tags=tuple(said.get("tags", ())),
        text=text,
        parameters=described,
        columns=columns.columns(header, QUERY_COLUMN),
        show=said.get("show", "table"),
        federated="federated" in said,
        evidence=tuple(said.get("evidence", ())),
        services=sparql.services(text),
    )


def _mismatches(header: Header, text: str) -> Iterator[Problem]:
    """Yield where a header without problems does not fit the query below it."""
    try:
        projected = sparql.projection(text)
    except SyntaxError:
        return  # whoever runs the query reports the syntax error
    if header.values:
        yield from query_header.mismatches(header, projected or ())
    calls = sparql.calls_service(text)
    if calls and header.values and "federated" not in header.values:
        yield 1, "the query calls another service; write `federated: true`"
    if "federated" in header.values and not calls:
        yield header.line("federated"), "the query calls no other service; leave `federated` out"


def _names(folder: Traversable) -> list[str]:
    return sorted(file.name.removesuffix(".rq") for file in listed(folder, ".rq"))


def _read(folder: Traversable, name: str, names: Namespaces) -> SavedQuery:
    return parse(name, nfc((folder / f"{name}.rq").read_text(encoding="utf-8")), names=names)
