"""HTML pages of `/sparql`: query form, result tables, excerpts of graphs, problems; none needs a script."""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import StringIO
from typing import Any
from urllib.parse import urlencode

from flask import render_template

from kg.asking.questions.saved_queries import SavedQuery
from kg.namespaces import SHIPPED, Namespaces
from server.engine.evaluation.query_request import QueryAnswer
from server.site.cells import json_cell
from server.site.reference_responses import PageReference
from server.site.result_rows import PLAINLY, RAW, TABLE, Shown
from server.web.problem_types import PROBLEMS, Problem
from server.web.problems import TYPES
from server.web.sparql_protocol import URI_LIMIT, Operation

LINES, CHARACTERS = 500, 50_000  # a page shows at most; larger graphs are for the other formats
_END = "."  # ends the statements about a subject, and a declaration (Turtle sections 2.2 and 2.4)
ROWS = 1000  # a page shows at most; it says how many more the other formats have
EXAMPLE = """\
# Who kept silent or stayed away, who tells so, and in which words?
PREFIX cg: <https://w3id.org/cablegraph/ontology#>
PREFIX mode: <https://w3id.org/cablegraph/id/mode/>
PREFIX oa: <http://www.w3.org/ns/oa#>
SELECT ?actor ?mode ?event ?teller ?quote
WHERE {
  VALUES ?mode { mode:silent mode:absent }
  ?part cg:mode ?mode ; cg:participant ?actor ; cg:atEvent ?event ;
        cg:heldBy ?teller ; cg:evidence/oa:exact ?quote .
}
ORDER BY ?mode ?actor
"""
# Values of `?format=` with their labels, for results and for graphs.
CHOICES = {
    "solutions": (("json", "JSON"), ("xml", "XML"), ("csv", "CSV"), ("tsv", "TSV")),
    "graph": (
        ("ttl", "Turtle"),
        ("nt", "N-Triples"),
        ("rdf", "RDF/XML"),
        ("jsonld", "JSON-LD"),
        ("nq", "N-Quads"),
        ("trig", "TriG"),
    ),
}


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The beginning of a text, or all of it; `lines` counts its lines, `total` those of the whole text."""

    text: str
    lines: int
    total: int

    @property
    def cut(self) -> bool:
        """Whether lines are left out."""
        return self.lines < self.total


def excerpt(turtle: str, lines: int = LINES, characters: int = CHARACTERS) -> Excerpt:
    """Return at most `lines` lines and `characters` characters of `turtle`, up to the end of a statement.

    A first line that is longer than `characters` is cut, with an ellipsis.
    """
    every = list(StringIO(turtle, newline="\n"))  # splitlines() would also split literals, at U+2028
    if len(every) <= lines and len(turtle) <= characters:
        return Excerpt(turtle, len(every), len(every))
    fitting = _fitting(every[:lines], characters)
    whole = max((n for n, line in enumerate(fitting, 1) if line.rstrip().endswith(_END)), default=0)
    kept = fitting[:whole] if whole else fitting
    return Excerpt("".join(kept) or f"{turtle[:characters]}…", len(kept), len(every))


def _fitting(lines: list[str], characters: int) -> list[str]:
    """Return the longest beginning of `lines` with at most `characters` characters in all."""
    left = characters
    for n, line in enumerate(lines):
        left -= len(line)
        if left < 0:
            return lines[:n]
    return lines


def without_header(text: str) -> str:
    """Return the text of a saved query without its header."""
    return "\n".join(line for line in text.split("\n") if not line.startswith("#+"))


def start_page(names: Namespaces = SHIPPED, saved: SavedQuery | None = None) -> str:
    """Return the page with the query form, which holds `saved` or an example, and an introduction."""
    query, example = (without_header(saved.text), saved.name) if saved else (EXAMPLE, "")
    return render_template(
        "start.html", query=query, example=example, prefixes=names.prefixes, choices=CHOICES
    )


def result_page(  # noqa: PLR0913 - what the page shows
    operation: Operation,
    answer: QueryAnswer,
    address: str,
    root: str = "",
    rests_on: str = "",
    *,
    names: Namespaces = SHIPPED,
    cited: PageReference | None = None,
    shown: Shown = PLAINLY,
) -> str:
    """Return the page that shows `answer` to `operation`, requested at `address`.

    IRIs of this graph are linked to their pages on this host, below `root`. `rests_on` says what the rows
    rest on, and may be empty; `cited` is the citation, unless its address is too long. `names` has the
    namespaces of the collection, `shown` the rows, labels, the view and the time taken.
    """
    kind = "graph" if answer.kind == "graph" else "solutions"
    targets = [(name, label, f"{address}?{_parameters(operation, name)}") for name, label in CHOICES[kind]]
    pivot = shown.pivot
    common: dict[str, Any] = {
        "query": operation.query,
        "links": [link for link in targets if len(link[2]) <= URI_LIMIT],
        "choices": CHOICES,
        "hints": answer.hints,
        "cited": cited,
        "shown": shown,
        "asked": operation.view,
        "page": page_address(operation, address),
    }
    if pivot is None:
        return render_template("boolean.html", answer=json.loads(answer.body)["boolean"], **common)
    if answer.kind == "graph" and pivot.name == RAW:
        return render_template("graph.html", excerpt=pivot.content, **common)
    listed = shown.rows[:ROWS] if pivot.name == TABLE else ()
    table = [[json_cell(row.get(name), root, names) for name in shown.columns] for row in listed]
    return render_template(
        "table.html", names=shown.columns, rows=table, total=len(shown.rows), rests_on=rests_on, **common
    )


def page_address(operation: Operation, address: str) -> str:
    """Return the address of the page of the answer to `operation`; empty if it would be too long."""
    page = f"{address}?{_parameters(operation, 'html')}"
    return page if len(page) <= URI_LIMIT else ""


def problem_page(document: dict[str, Any], excerpt: str, query: str | None, ways: object = None) -> str:
    """Return the page for a problem document, with `query`, if there is one, in a form to correct it.

    `ways` are those on from an address that is not there, or None.
    """
    name = document["type"].removeprefix(TYPES)
    return render_template(
        "problem.html", problem=document, name=name, excerpt=excerpt, query=query, choices=CHOICES, ways=ways
    )


def about_page(name: str, problem: Problem) -> str:
    """Return the page that explains one kind of problem."""
    return render_template("problem_type.html", name=name, problem=problem, problems=PROBLEMS)


def _parameters(operation: Operation, format_name: str) -> str:
    return urlencode({**operation.parameters(), "format": format_name}, doseq=True)
