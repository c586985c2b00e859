"""Saved queries: `queries/NAME.rq`, each one question that runs as it lies there in any engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable

import yaml

from kg.asking.questions import parameters, query_header
from kg.asking.questions.parameters import Parameter
from kg.asking.questions.query_header import Column, Header, Problem
from kg.errors import DataError, Finding, UnknownNameError
from kg.store import sparql


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """One saved query: its name, what its header says, and its SPARQL text, header included.

    `show` is a name in `kg.headers.SHOWS`; a `federated` query asks other services, at the addresses
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
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".rq")), key=lambda f: f.name)
    return {query.name: query for query in map(_read, files)}


def find(folder: Traversable, name: str) -> SavedQuery:
    """Return the saved query `name`; raises UnknownNameError, with near names, if there is none."""
    known = load(folder)
    if name not in known:
        raise UnknownNameError("saved query", name, known)
    return known[name]


def parse(name: str, text: str) -> SavedQuery:
    """Return the query `text` as a saved one called `name`; what its header does not say is empty.

    Raises DataError, with every finding and its line, when the header is not right.
    """
    header, wrong = _header(text)
    try:
        found = parameters.parameters(header.said.get("parameters", []))
        wrong += [(header.line("parameters"), message) for message in parameters.problems(text, found)]
    except ValueError as error:
        wrong.append((header.line("parameters"), str(error)))
    if not wrong:
        wrong = list(_unfit(header, text))
    if wrong:
        raise DataError(Finding(f"queries/{name}.rq", line, message) for line, message in wrong)
    said = header.said
    title, question, why = (said.get(key, "") for key in ("title", "question", "why"))
    return SavedQuery(
        *(name, title, question, why, tuple(said.get("tags", ())), text, found, query_header.columns(header)),
        show=said.get("show", "table"),
        federated="federated" in said,
        evidence=tuple(said.get("evidence", ())),
        services=sparql.services(text),
    )


def _header(text: str) -> tuple[Header, list[Problem]]:
    """Return the header of a query and what is wrong with it; an empty one if it cannot be read."""
    try:
        header = query_header.read(text)
    except (ValueError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error)
        line = min(mark.line + 1, query_header.last_line(text)) if mark else 1  # YAML may notice it below
        return Header(), [(line, f"the lines `#+` are not the header of a query: {reason}")]
    return header, list(query_header.problems(header))


def _unfit(header: Header, text: str) -> Iterator[Problem]:
    """Yield where a header without problems does not fit the query below it."""
    try:
        projected = sparql.projection(text)
    except SyntaxError:
        return  # whoever asks the query says where it is wrong
    if header.said:
        yield from query_header.mismatches(header, projected or ())
    calls = sparql.calls_service(text)
    if calls and header.said and "federated" not in header.said:
        yield 1, "the query calls another service; write `federated: true`"
    if "federated" in header.said and not calls:
        yield header.line("federated"), "the query calls no other service; leave `federated` out"


def _read(file: Traversable) -> SavedQuery:
    return parse(file.name.removesuffix(".rq"), file.read_text(encoding="utf-8"))
