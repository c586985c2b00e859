"""The command `cablegraph query`: ask a saved question, a file or standard input."""

from __future__ import annotations

import shutil
import sys
from importlib.resources.abc import Traversable
from pathlib import Path

import click

from kg import cache, saved
from kg.progress import Progress
from kg.resources import folder
from server.formats import SHORT_NAMES
from server.messages import Kind, Limits, Request
from server.pool import Pool
from server.table import render

_FORMATS = ("table", "csv", "json", "tsv", "xml", "ttl", "nt", "jsonld", "rdf")


@click.command("query")
@click.argument("what", required=False, metavar="[NAME|FILE|-]")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="table", show_default=True)
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), default=60.0, show_default=True,
              help="Longest time for the query, in seconds.")  # fmt: skip
def query(what: str | None, form: str, timeout: float) -> None:
    r"""Ask the graph: a saved question by NAME, a FILE with SPARQL, or - for standard input.

    Without an argument the saved questions are listed. Default graph is the union of all layers.

    \b
    cablegraph query who-criticised
    cablegraph query who-did-what-at-an-event --format csv
    echo 'SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }' | cablegraph query -
    """
    if what is None:
        _list(folder("queries"))
        return
    built = cache.current(progress=Progress())
    types = _types(form)
    with Pool(lambda: cache.store(built), Limits(timeout=timeout, workers=1)) as pool:
        answer = pool.answer(Request(_text(what, folder("queries")), types))
    if form == "table" and answer.kind != "graph":
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        click.echo(render(answer.body, width))
    else:
        sys.stdout.buffer.write(answer.body)


def _list(queries: Traversable) -> None:
    for name, entry in saved.load(queries).items():
        click.echo(f"{name:36} {entry.question}")


def _text(what: str, queries: Traversable) -> str:
    if what == "-":
        return sys.stdin.buffer.read().decode("utf-8")
    if Path(what).is_file():
        return Path(what).read_text(encoding="utf-8")
    return saved.find(queries, what).text


def _types(form: str) -> dict[Kind, str]:
    """Return the media types that a format means for each kind of result; a table is made from JSON."""
    results, graph = SHORT_NAMES["json"][0], SHORT_NAMES["ttl"][1]
    if form != "table":
        results, graph = SHORT_NAMES[form]
    types: dict[Kind, str] = {}
    if results:
        types["solutions"] = types["boolean"] = results
    if graph:
        types["graph"] = graph
    return types
