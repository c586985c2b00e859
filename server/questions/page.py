"""The pages of the saved queries: the list, and one for each with its form, answer, text and footnote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import render_template, url_for

from kg.links import query_service
from kg.namespaces import WIKIDATA
from kg.questions import Question
from kg.saved import SavedQuery
from server.excerpt import excerpt
from server.page import CHOICES
from server.questions import answer_table, views
from server.questions import search as query_search
from server.questions.answer_table import Table
from server.questions.form import Field
from server.questions.snippets import snippets
from server.questions.views import PLAIN
from server.workers.messages import Answer


@dataclass(frozen=True, slots=True)
class Shown:
    """What one page shows; `total` is the number of all rows, None for what is no table.

    `view` is the name of the view, `others` the addresses of the other views by name.
    """

    question: Question
    answer: Answer
    total: int | None
    citation: str
    fields: tuple[Field, ...]
    view: str = PLAIN
    others: Mapping[str, str] | None = None


def listed(queries: Iterable[SavedQuery], words: str = "", tag: str = "") -> str:
    """Return the page that lists those of `queries` that have the `words` and the `tag`."""
    every = list(queries)
    found = query_search.matching(every, words, tag)
    return render_template(
        "queries.html",
        groups={"": found} if words or tag else query_search.by_tag(found),
        found=len(found),
        total=len(every),
        tags=query_search.tags(every),
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


def _query_service(table: Table | None) -> str:
    """Return the address that asks Wikidata about its items in `table`; empty if there are none."""
    cells = (cell for row in table.rows for cell in row.cells) if table else ()
    items = [cell.full for cell in cells if cell.full.startswith(WIKIDATA)]
    return query_service.opened(query_service.about(items)) if items else ""
