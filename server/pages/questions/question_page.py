"""HTML pages of the saved queries: the list; for each query form, answer, text, snippets, citation."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlencode

from flask import render_template, url_for

from kg.asking.hints.hint import Hint
from kg.asking.links import wikidata
from kg.asking.questions.choices import Ask, Choice, few
from kg.asking.questions.filled_query import FilledQuery
from kg.asking.questions.saved_queries import SavedQuery
from kg.namespaces import SHIPPED, WIKIDATA, Namespaces
from server.engine.evaluation.query_request import QueryAnswer
from server.pages.questions import answer_table, question_list, views
from server.pages.questions.answer_table import AnswerTable
from server.pages.questions.views import PLAIN
from server.site.reference_responses import PageReference
from server.site.result_pages import CHOICES, excerpt, without_header
from server.web.formats import Kind

MOST_CHOICES = 300  # a longer list would be harder to use than typing
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
    """One field of the form; `value` is its present value, `choices` are empty if there are too many."""

    name: str
    input: str
    hint: str
    default: str
    value: str
    choices: tuple[Choice, ...]


def fields(
    query: SavedQuery, values: Mapping[str, str], ask: Ask, most: int = MOST_CHOICES
) -> tuple[Field, ...]:
    """Return the form fields for the parameters of `query`, with their present `values`.

    `ask` queries the graph for choices; more than `most` are not offered.
    """
    return tuple(
        Field(
            parameter.name,
            _INPUTS.get(parameter.type, "text"),
            parameter.about or parameter.hint,
            parameter.default,
            values.get(parameter.name, ""),
            tuple(few(parameter, ask, most)),
        )
        for parameter in query.parameters
    )


def snippets(kind: Kind, address: str, suffix: str) -> list[tuple[str, str]]:
    """Return pairs of a language and the lines of code that request an answer of this `kind`.

    `address` is that of the query without an ending, `suffix` its query string with the question mark.
    """
    ending, python, r = _LINES[kind]
    whole = f"{address}.{ending}{suffix}"
    quoted = json.dumps(whole)  # a string literal in both Python and R
    return [
        ("cURL", f"curl --fail {shlex.quote(whole)}"),
        ("Python", python.format(quoted)),
        ("R", r.format(quoted)),
    ]


@dataclass(frozen=True, slots=True)
class QuestionContent:
    """The content of the page of one query; `total` is the number of all rows, None unless it is a table.

    `view` is the name of the view, `others` the addresses of the other views by name. `needs` are the options
    that an operator must set before there is an answer, empty if there is one. `grounds` says what the shown
    rows rest on, and may be empty. `hints` say why there are no rows. `name` makes names for passages.
    A graph is made of the first `matches` of the pattern of its query, or of all.
    """

    question: FilledQuery
    answer: QueryAnswer
    total: int | None
    cited: PageReference
    fields: tuple[Field, ...]
    view: str = PLAIN
    others: Mapping[str, str] | None = None
    needs: str = ""
    grounds: str = ""
    hints: Sequence[Hint] = ()
    name: Callable[[list[str]], Mapping[str, str]] = lambda _: MappingProxyType({})
    matches: int | None = None

    @property
    def better(self) -> list[tuple[Hint, list[tuple[str, str]]]]:
        """The hints, each with the values that have rows and the addresses of the answers with them."""
        path = url_for("query", file=self.question.query.name)
        return [(hint, [(value, self._with(path, value)) for value in hint.instead]) for hint in self.hints]

    def _with(self, path: str, value: str) -> str:
        """Return the address of the same question with another `value`, written as in `who=actor:a`."""
        name, _, other = value.partition("=")
        return f"{path}?{urlencode({**self.question.values, name: other, 'format': 'html'})}"


def render_list(queries: Iterable[SavedQuery], words: str = "", tag: str = "") -> str:
    """Return the page that lists those of `queries` that contain the `words` and have the `tag`."""
    every = list(queries)
    matches = question_list.matching(every, words, tag)
    return render_template(
        "queries.html",
        groups={"": matches} if words or tag else question_list.by_tag(matches),
        found=len(matches),
        total=len(every),
        tags=question_list.tags(every),
        words=words,
        tag=tag,
    )


def render(
    content: QuestionContent,
    links: Mapping[str, str],
    suffix: str,
    root: str,
    address: str,
    names: Namespaces = SHIPPED,
) -> str:
    """Return the page of a query at the absolute `address`; local addresses begin with `root`.

    `links` are the addresses of other pages of the answer by relation; `suffix` is the query string.
    `names` has the namespaces of the collection.
    """
    answer, query = content.answer, content.question.query
    kind = "graph" if answer.kind == "graph" else "solutions"
    is_table = answer.kind == "solutions"
    table = (
        answer_table.named(answer_table.table(query, answer.body, root, names), content.name)
        if is_table
        else None
    )
    formats = (*CHOICES[kind], *((("md", "Markdown"),) if kind == "solutions" else ()))
    return render_template(
        "query.html",
        query=query,
        shown=content,
        table=table,
        view=views.view(content.view, table) if table else None,
        graph=excerpt(answer.body.decode()) if answer.kind == "graph" else None,
        yes=b"true" in answer.body,
        links=links,
        query_service=_query_service(table),
        suffix=suffix,
        whole=[
            (label, f"{url_for('query', file=f'{query.name}.{ending}')}{suffix}") for ending, label in formats
        ],
        snippets=snippets(answer.kind, address, suffix),
        plain=without_header(content.question.text),
    )


def _query_service(table: AnswerTable | None) -> str:
    """Return the address of a Wikidata query about the items in `table`; empty if there are none."""
    cells = (cell for row in table.rows for cell in row.cells) if table else ()
    items = [cell.full for cell in cells if cell.full.startswith(WIKIDATA)]
    return wikidata.query_service_link(wikidata.query_about(items)) if items else ""
