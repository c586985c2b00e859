"""The pages of the saved queries: the list, and one for each with its form, answer, text and footnote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import render_template
from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from kg.choices import Ask, Choice, choices
from kg.questions import Question
from kg.saved import SavedQuery
from server.messages import Answer
from server.page import CHOICES, Cell
from server.thing_page import Writer

MOST_CHOICES = 300  # more than these are better typed than looked for in a list
_INPUTS = {"integer": "number", "date": "date"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form; `value` is what it has now, `choices` what to choose from, if so few."""

    name: str
    input: str
    hint: str
    default: str
    value: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What one page shows; `total` is the number of all rows, None for what is no table."""

    question: Question
    answer: Answer
    total: int | None
    citation: str
    fields: tuple[Field, ...]


def listed(queries: Iterable[SavedQuery]) -> str:
    """Return the page that lists `queries`."""
    return render_template("queries.html", queries=list(queries))


def fields(
    query: SavedQuery, values: Mapping[str, str], ask: Ask, most: int = MOST_CHOICES
) -> tuple[Field, ...]:
    """Return the fields for the parameters of `query`, with the `values` they have.

    `ask` finds what there is to choose from; more than `most` choices are not offered.
    """
    found = []
    for parameter in query.parameters:
        some = choices(parameter, ask, most + 1)
        found.append(
            Field(
                parameter.name,
                _INPUTS.get(parameter.type, "text"),
                parameter.about or parameter.hint,
                parameter.default,
                values.get(parameter.name, ""),
                tuple(some) if len(some) <= most else (),
            )
        )
    return tuple(found)


def render(shown: Shown, links: Mapping[str, str], suffix: str, root: str) -> str:
    """Return the page on a host whose addresses begin with `root`.

    `links` leads to other pages of the answer by relation; `suffix` holds the values that were given.
    """
    answer = shown.answer
    kind = "graph" if answer.kind == "graph" else "solutions"
    names, rows = _table(answer, root) if answer.kind == "solutions" else ((), [])
    return render_template(
        "query.html",
        query=shown.question.query,
        shown=shown,
        names=names,
        rows=rows,
        text=answer.body.decode() if answer.kind == "graph" else "",
        yes=b"true" in answer.body,
        links=links,
        suffix=suffix,
        formats=(*CHOICES[kind], *((("md", "Markdown"),) if kind == "solutions" else ())),
    )


def _table(answer: Answer, root: str) -> tuple[list[str], list[list[Cell]]]:
    solutions = parse_query_results(answer.body, QueryResultsFormat.JSON)
    assert isinstance(solutions, QuerySolutions)  # noqa: S101 - the kind was looked at
    writer = Writer({}, root)
    names = [variable.value for variable in solutions.variables]
    return names, [[Cell("") if term is None else writer.cell(term) for term in row] for row in solutions]
