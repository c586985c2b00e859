"""Saved queries: `queries/NAME.rq`, each one question that runs as it lies there in any engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from kg.asking.questions import columns, parameters, query_header
from kg.asking.questions.columns import QUERY_COLUMN, Column
from kg.asking.questions.parameters import Parameter
from kg.errors import DataError, Finding, UnknownNameError
from kg.reading import comment_header
from kg.reading.comment_header import Header, Problem
from kg.resources import listed
from kg.store import sparql


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """One saved query: its name, what its header says, and its SPARQL text, header included.

    `show` is a name in `query_header.SHOWS`; a `federated` query asks other services, at the addresses
    in `services`.
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


def load(folder: Traversable) -> dict[str, SavedQuery]:
    """Return the saved queries of `folder` by name, in the order of names.

    Raises DataError when the header of one is not right.
    """
    return {name: _read(folder, name) for name in _names(folder)}


def find(folder: Traversable, name: str) -> SavedQuery:
    """Return the saved query `name` of `folder`; no other one is read.

    Raises UnknownNameError, with near names, if there is none, and DataError when its header is not right.
    """
    known = _names(folder)
    if name not in known:
        raise UnknownNameError("saved query", name, known)
    return _read(folder, name)


def parse(name: str, text: str, file: str = "") -> SavedQuery:
    """Return the query `text` as a saved one called `name`; what its header does not say is empty.

    Raises DataError, with every finding and its line in `file`, when the header is not right.
    """
    path = file or f"queries/{name}.rq"
    header = comment_header.read(path, text)
    wrong = list(query_header.problems(header))
    try:
        found = parameters.parameters(header.values.get("parameters", []))
        wrong += [(header.line("parameters"), message) for message in parameters.problems(text, found)]
    except ValueError as error:
        wrong.append((header.line("parameters"), str(error)))
    if not wrong:
        wrong = list(_unfit(header, text))
    if wrong:
        raise DataError(Finding(path, line, message) for line, message in wrong)
    said = header.values
    return SavedQuery(
        name=name,
        title=header.text("title"),
        question=header.text("question"),
        why=header.text("why"),
        tags=tuple(said.get("tags", ())),
        text=text,
        parameters=found,
        columns=columns.columns(header, QUERY_COLUMN),
        show=said.get("show", "table"),
        federated="federated" in said,
        evidence=tuple(said.get("evidence", ())),
        services=sparql.services(text),
    )


def _unfit(header: Header, text: str) -> Iterator[Problem]:
    """Yield where a header without problems does not fit the query below it."""
    try:
        projected = sparql.projection(text)
    except SyntaxError:
        return  # whoever asks the query says where it is wrong
    if header.values:
        yield from query_header.mismatches(header, projected or ())
    calls = sparql.calls_service(text)
    if calls and header.values and "federated" not in header.values:
        yield 1, "the query calls another service; write `federated: true`"
    if "federated" in header.values and not calls:
        yield header.line("federated"), "the query calls no other service; leave `federated` out"


def _names(folder: Traversable) -> list[str]:
    return sorted(file.name.removesuffix(".rq") for file in listed(folder, ".rq"))


def _read(folder: Traversable, name: str) -> SavedQuery:
    return parse(name, (folder / f"{name}.rq").read_text(encoding="utf-8"))
