"""The pages of the saved queries: the list, and one for each: form, answer, text, snippets, footnote."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import render_template, url_for

from kg.asking.links import wikidata
from kg.asking.questions.choices import Ask, Choice, choices
from kg.asking.questions.filled_query import FilledQuery
from kg.asking.questions.saved_queries import SavedQuery
from kg.namespaces import WIKIDATA
from server.engine.evaluation.query_request import QueryAnswer
from server.pages.questions import answer_table, question_list, views
from server.pages.questions.answer_table import AnswerTable
from server.pages.questions.views import PLAIN
from server.site.result_pages import CHOICES, excerpt
from server.web.formats import Kind

MOST_CHOICES = 300  # more than these are better typed than looked for in a list
_INPUTS = {"integer": "number", "date": "date"}


# Kind of answer -> ending of its address, lines of Python and of R, in which {} is the quoted address.
_TABLE = (
    "csv",
    "import csv\nimport io\nimport urllib.request\n\n"
    "with urllib.request.urlopen({}) as answer:\n"
    '    rows = list(csv.DictReader(io.TextIOWrapper(answer, "utf-8")))\n'
    "for row in rows:\n    print(row)",
    'rows <- read.csv({}, encoding = "UTF-8")\nprint(rows)',
)
_TEXT = (
    "import urllib.request\n\nwith urllib.request.urlopen({}) as answer:\n    print(answer.read().decode())",
    'writeLines(readLines({}, encoding = "UTF-8"))',
)
_LINES: Mapping[Kind, tuple[str, str, str]] = MappingProxyType(
    {"solutions": _TABLE, "boolean": ("json", *_TEXT), "graph": ("ttl", *_TEXT)}
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form; `value` is what it has now, `choices` what to choose from, if so few."""

    name: str
    input: str
    hint: str
    default: str
    value: str
    choices: tuple[Choice, ...]


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


def snippets(kind: Kind, address: str, suffix: str) -> list[tuple[str, str]]:
    """Return pairs of a language and the lines that ask for an answer of this `kind`.

    `address` is that of the query without an ending, `suffix` its parameters with their question mark.
    """
    ending, python, r = _LINES[kind]
    whole = f"{address}.{ending}{suffix}"
    quoted = json.dumps(whole)  # a text that Python and R read alike
    return [
        ("cURL", f"curl --fail {shlex.quote(whole)}"),
        ("Python", python.format(quoted)),
        ("R", r.format(quoted)),
    ]


@dataclass(frozen=True, slots=True)
class Shown:
    """What one page shows; `total` is the number of all rows, None for what is no table.

    `view` is the name of the view, `others` the addresses of the other views by name.
    """

    question: FilledQuery
    answer: QueryAnswer
    total: int | None
    citation: str
    fields: tuple[Field, ...]
    view: str = PLAIN
    others: Mapping[str, str] | None = None


def listed(queries: Iterable[SavedQuery], words: str = "", tag: str = "") -> str:
    """Return the page that lists those of `queries` that have the `words` and the `tag`."""
    every = list(queries)
    found = question_list.matching(every, words, tag)
    return render_template(
        "queries.html",
        groups={"": found} if words or tag else question_list.by_tag(found),
        found=len(found),
        total=len(every),
        tags=question_list.tags(every),
        words=words,
        tag=tag,
    )


def render(shown: Shown, links: Mapping[str, str], suffix: str, root: str, address: str) -> str:
    """Return the page on a host whose addresses begin with `root`; `address` is that of the query, whole.

    `links` leads to other pages of the answer by relation; `suffix` holds the values that were given.
    """
    answer, query = shown.answer, shown.question.query
    kind = "graph" if answer.kind == "graph" else "solutions"
    table = answer_table.table(query, answer.body, root) if answer.kind == "solutions" else None
    formats = (*CHOICES[kind], *((("md", "Markdown"),) if kind == "solutions" else ()))
    return render_template(
        "query.html",
        query=query,
        shown=shown,
        table=table,
        view=views.view(shown.view, table) if table else None,
        graph=excerpt(answer.body.decode()) if answer.kind == "graph" else None,
        yes=b"true" in answer.body,
        links=links,
        query_service=_query_service(table),
        suffix=suffix,
        whole=[
            (label, f"{url_for('query', file=f'{query.name}.{ending}')}{suffix}") for ending, label in formats
        ],
        snippets=snippets(answer.kind, address, suffix),
        plain="\n".join(line for line in shown.question.text.splitlines() if not line.startswith("#+")),
    )


def _query_service(table: AnswerTable | None) -> str:
    """Return the address that asks Wikidata about its items in `table`; empty if there are none."""
    cells = (cell for row in table.rows for cell in row.cells) if table else ()
    items = [cell.full for cell in cells if cell.full.startswith(WIKIDATA)]
    return wikidata.query_service_link(wikidata.query_about(items)) if items else ""
