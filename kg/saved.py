"""Saved queries: `queries/NAME.rq`, each one question that runs as it lies there in any engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from kg import parameters
from kg.errors import DataError, Finding, UnknownNameError
from kg.parameters import Parameter
from kg.rules import header


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """One saved query: its name, what its header says, and its SPARQL text, header included."""

    name: str
    title: str
    question: str
    why: str
    tags: tuple[str, ...]
    text: str
    parameters: tuple[Parameter, ...] = ()


def load(folder: Traversable) -> dict[str, SavedQuery]:
    """Return the saved queries of `folder` by name, in the order of names.

    Raises DataError when the parameters of one are not described rightly.
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

    Raises DataError when its parameters are not described rightly.
    """
    head: Mapping[str, Any] = {}
    found: tuple[Parameter, ...] = ()
    try:
        head = header(text)
        found = parameters.parameters(head.get("parameters", []))
        wrong = list(parameters.problems(text, found))
    except (TypeError, ValueError, yaml.YAMLError) as error:  # the header of somebody's own file
        wrong = [f"the lines `#+` are not the header of a query: {error}"]
    if wrong:
        raise DataError(Finding(f"queries/{name}.rq", 1, message) for message in wrong)
    title, question, why = (head.get(key, "") for key in ("title", "question", "why"))
    return SavedQuery(name, title, question, why, tuple(head.get("tags", ())), text, found)


def _read(file: Traversable) -> SavedQuery:
    return parse(file.name.removesuffix(".rq"), file.read_text(encoding="utf-8"))
