"""Pages of `/sparql`: the query form, tables, the beginning of a graph, problems. None needs a script."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import render_template

from kg.namespaces import PREFIXES
from server.engine.evaluation.query_request import QueryAnswer
from server.site.cells import json_cell
from server.web.problems import PROBLEMS, TYPES, Problem
from server.web.sparql_protocol import Operation

LINES, SIGNS = 500, 50_000  # what somebody may scroll through; whoever wants more takes the file
_END = "."  # of the statements about one subject, and of a declaration (Turtle sections 2.2 and 2.4)


ROWS = 1000  # more rows than this are left to the other formats, and the page says so
EXAMPLE = """\
# Who kept silent or stayed away, and in which words do we know it?
PREFIX cg: <https://w3id.org/cablegraph/ontology#>
PREFIX oa: <http://www.w3.org/ns/oa#>
SELECT ?actor ?mode ?event ?quote
WHERE {
  VALUES ?mode {
    <https://w3id.org/cablegraph/id/mode/silent>
    <https://w3id.org/cablegraph/id/mode/absent>
  }
  ?part cg:mode ?mode ; cg:participant ?actor ; cg:atEvent ?event ;
        cg:evidence/oa:exact ?quote .
}
ORDER BY ?mode ?actor
"""
# Format names of `?format=` with what to call them, for results and for graphs.
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
    """The beginning of a text, or all of it: the text, how many lines that are, and how many there are."""

    text: str
    lines: int
    total: int

    @property
    def cut(self) -> bool:
        """Whether something is left out."""
        return self.lines < self.total


def excerpt(turtle: str, lines: int = LINES, signs: int = SIGNS) -> Excerpt:
    """Return at most `lines` lines and `signs` signs of `turtle`, ended with a statement where one ends.

    A line that is too long by itself is cut within.
    """
    every = turtle.splitlines(keepends=True)
    if len(every) <= lines and len(turtle) <= signs:
        return Excerpt(turtle, len(every), len(every))
    fitting = _fitting(every[:lines], signs)
    whole = max((n for n, line in enumerate(fitting, 1) if line.rstrip().endswith(_END)), default=0)
    kept = fitting[:whole] if whole else fitting
    return Excerpt("".join(kept) or f"{turtle[:signs]}…", len(kept), len(every))


def _fitting(lines: list[str], signs: int) -> list[str]:
    """Return the first of `lines` that have at most `signs` signs together."""
    left = signs
    for n, line in enumerate(lines):
        left -= len(line)
        if left < 0:
            return lines[:n]
    return lines


def start_page() -> str:
    """Return the page with the form, an example and what the graph is."""
    return render_template("start.html", query=EXAMPLE, prefixes=PREFIXES, choices=CHOICES)


def result_page(operation: Operation, answer: QueryAnswer, address: str, root: str = "") -> str:
    """Return the page that shows `answer` to `operation`, asked at `address`.

    What this graph has a name for is linked where this host, below `root`, tells about it.
    """
    kind = "graph" if answer.kind == "graph" else "solutions"
    links = [(label, f"{address}?{_parameters(operation, name)}") for name, label in CHOICES[kind]]
    common = {"query": operation.query, "links": links, "choices": CHOICES}
    if answer.kind == "graph":
        return render_template("graph.html", shown=excerpt(answer.body.decode()), **common)
    result = json.loads(answer.body)
    if answer.kind == "boolean":
        return render_template("boolean.html", answer=result["boolean"], **common)
    names, rows = result["head"]["vars"], result["results"]["bindings"]
    table = [[json_cell(row.get(name), root) for name in names] for row in rows[:ROWS]]
    return render_template("table.html", names=names, rows=table, total=len(rows), **common)


def problem_page(document: dict[str, Any], excerpt: str, query: str | None) -> str:
    """Return the page for a problem document, with the query to mend where there is one."""
    name = document["type"].removeprefix(TYPES)
    return render_template(
        "problem.html", problem=document, name=name, excerpt=excerpt, query=query, choices=CHOICES
    )


def about_page(name: str, problem: Problem) -> str:
    """Return the page that explains one kind of problem."""
    return render_template("about.html", name=name, problem=problem, problems=PROBLEMS)


def _parameters(operation: Operation, format_name: str) -> str:
    given = {
        "query": operation.query,
        "default-graph-uri": operation.default_graphs or (),
        "named-graph-uri": operation.named_graphs or (),
        "format": format_name,
    }
    return urlencode(given, doseq=True)
