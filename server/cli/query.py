"""The command `cablegraph query`: the answer to a saved question, a file or standard input."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import click

from kg.asking.citing.reference_formats import FOOTNOTE, FORMATS
from kg.asking.hints.hint import Hint
from kg.asking.questions import saved_queries
from kg.asking.questions.choices import Ask
from kg.asking.questions.citation import cite
from kg.asking.questions.filled_query import FilledQuery, fill_query
from kg.asking.questions.saved_queries import SavedQuery
from kg.cli.group import takes_collections
from kg.errors import CablegraphError, ParameterError, UnknownNameError
from kg.publishing.stores.kept_answers import KeptAnswers
from kg.reading.collection.collection import Collection
from kg.terms import no_names
from server.cli.store_places import GraphPlace, Place, collection_of, takes_store
from server.engine.evaluation import answer_hints
from server.engine.evaluation.query_request import Limits, QueryAnswer, QueryRequest
from server.engine.workers.pool import Pool
from server.pages.questions import text_tables
from server.site import pool_queries
from server.site.other_services import Services
from server.web.formats import RESULTS, SHORT_NAMES, Kind

# Formats that the engine does not write are made from JSON.
_FROM_JSON = ("table", "markdown")
_FORMATS = (*_FROM_JSON, "csv", "json", "tsv", "xml", "ttl", "nt", "jsonld", "rdf", "nq", "trig")

_NEAR = 3  # saved questions that are shown in place of one that is not there
OpenPool = Callable[[Limits, GraphPlace], AbstractContextManager[Pool]]


def command(open_pool: OpenPool) -> click.Command:
    """Return the command `query`, which asks the pool that `open_pool` opens."""

    @takes_collections
    @takes_store("Ask")
    @click.command("query")
    @click.argument("what", nargs=-1, metavar="[NAME|FILE|-|WORDS…]")
    @click.option("--param", "-p", "given", multiple=True, metavar="NAME=VALUE",
                  help="Give a parameter a value; repeat it for another.")  # fmt: skip
    @click.option("--format", "form", type=click.Choice(_FORMATS), default="table", show_default=True)
    @click.option("--timeout", type=click.FloatRange(min=0, min_open=True), default=60.0, show_default=True,
                  help="Longest time for the query, in seconds.")  # fmt: skip
    @click.option("--show", is_flag=True, help="Write the query and its parameters instead of asking it.")
    @click.option("--allow-service", "allowed", multiple=True, metavar="URL",
                  help="Exact address that a query may call with SERVICE; repeatable.")  # fmt: skip
    @click.option("--tag", "tags", multiple=True, metavar="TAG",
                  help="List the saved questions with this tag; several narrow the list.")  # fmt: skip
    @click.option("--search", metavar="WORDS", help="List the saved questions that answer these words.")
    @click.option("--wide", is_flag=True, help="Write table cells whole, on a terminal too.")
    @click.option("--records", is_flag=True, help="Write the rows as records, one below the other.")
    @click.option("--cite", "citing", is_flag=True, help="Write a footnote for the answer, not the answer.")
    @click.option("--cite-as", "cited", type=click.Choice(list(FORMATS)),
                  help="Write the citation in this format, for a reference manager.")  # fmt: skip
    def query(  # noqa: PLR0913 - one for each option
        *,
        what: tuple[str, ...],
        given: tuple[str, ...],
        form: str,
        timeout: float,
        allowed: tuple[str, ...],
        tags: tuple[str, ...],
        search: str | None,
        cited: str | None,
        store: Place,
        collection: Collection,
        **flags: bool,
    ) -> None:
        """Ask the graph: a saved question by NAME, a FILE with SPARQL, or - for standard input.

        Without an argument the saved questions are listed, with several WORDS those that answer them.
        Default graph is the union of all layers.

        \b
        cablegraph query who-criticised
        cablegraph query --tag criticism
        cablegraph query president of Cuba
        cablegraph query --search quarantine
        cablegraph query who-criticised --param issue=issue:soviet-decisions-on-the-crisis
        cablegraph query who-did-what-at-an-event --format csv
        cablegraph query --show who-criticised
        cablegraph query who-criticised --cite
        cablegraph query who-criticised --store http://127.0.0.1:7878/query
        cablegraph query identifiers-from-wikidata --allow-service https://query.wikidata.org/sparql
        echo 'SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }' | cablegraph query -
        """  # noqa: D301 - click does not rewrap the lines after \b
        collection = collection_of(store, collection)
        asked = GraphPlace(store, collection)
        words = search or (" ".join(what) if len(what) > 1 else "")
        if words or not what:
            # imported only for lists: an answer needs none of its libraries
            from server.cli import question_search  # noqa: PLC0415

            question_search.listed(asked, tags, words)
        elif flags["show"]:
            _show(_saved_query(what[0], collection))
        else:
            saved, values = _named(what[0], asked), _values(given)
            own = not saved.name  # a saved question is checked, a query of the caller's is not
            with open_pool(Limits(timeout=timeout, workers=1, hints=own), asked) as pool:
                ask = partial(pool_queries.rows, pool)
                filled = fill_query(saved, values, ask, partial(asked.called, ask))
                if cited or flags["citing"]:
                    written = cite(filled, pool.version, about=collection.about).written(cited or FOOTNOTE)
                    # As bytes, RIS keeps its line ends on every system.
                    click.echo(written.encode() if cited else written, nl=False)
                else:
                    services = Services(pool, allowed)
                    services.require(saved)
                    file = asked.kept(pool.version)
                    answer = _kept(file, filled, form) or services.answer(
                        QueryRequest(filled.text, _types(form), hints=own)
                    )
                    _write(answer, form, **flags)
                    for hint in answer.hints or _hints(filled, answer, ask, asked, file):
                        click.echo(f"hint: {hint}", err=True)

    return query


def _kept(file: KeptAnswers | None, filled: FilledQuery, form: str) -> QueryAnswer | None:
    """Return the answer that a store on disk keeps, None if it has to be asked."""
    media_type = _types(form).get("solutions", "")
    if file is None or not media_type:
        return None
    # imported only for a store that keeps answers: another needs none of its libraries
    from server.pages.questions import kept_rows  # noqa: PLC0415

    found = kept_rows.answer(file, filled, media_type, Limits().result)
    return found[0] if found else None


def _hints(
    filled: FilledQuery, answer: QueryAnswer, ask: Ask, asked: GraphPlace, file: KeptAnswers | None
) -> list[Hint]:
    """Return the hints on the saved question `filled` if its `answer` is a table without rows."""
    form = RESULTS.get(answer.media_type)
    if not form or answer.kind != "solutions" or filled.query.services or not filled.query.name:
        return []
    if not answer_hints.has_no_rows(answer.body, form):
        return []
    # imported only for hints: an answer needs none of these libraries
    from kg.asking.questions import question_hints  # noqa: PLC0415
    from kg.asking.searching.search_index import SearchIndex  # noqa: PLC0415
    from server.pages.questions import kept_rows  # noqa: PLC0415

    if file and (kept := kept_rows.hints(file, filled)) is not None:
        return kept
    names = asked.collection.names
    index = SearchIndex.of(asked.built.search, asked.built.version, names)
    return question_hints.on_empty(filled, ask, index.near if index else no_names, names)


def _show(saved: SavedQuery) -> None:
    from server.cli import question_search  # noqa: PLC0415 - as above

    click.echo(question_search.with_parameters(saved))


def _named(what: str, asked: GraphPlace) -> SavedQuery:
    """Return the query `what`; if there is none, list those that answer this word on standard error."""
    try:
        return _saved_query(what, asked.collection)
    except UnknownNameError as error:
        from server.cli import question_search  # noqa: PLC0415 - as above

        question_search.by_words(asked.collection, error.name, asked.built, most=_NEAR, err=True)
        raise


def _saved_query(what: str, collection: Collection) -> SavedQuery:
    if what == "-":
        name, content = "standard input", sys.stdin.buffer.read()
    elif Path(what).is_file():
        name, content = what, Path(what).read_bytes()
    elif what.endswith((".rq", ".sparql")) or {"/", os.sep} & set(what):
        raise CablegraphError(f"there is no file {what!r}; cablegraph query lists the saved questions")
    else:
        return saved_queries.find(collection.queries, what, collection.names)
    return saved_queries.parse("", _decode(content, name), name)


def _decode(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CablegraphError(f"{name} is not UTF-8: byte {error.start} is wrong") from None


def _values(given: tuple[str, ...]) -> Mapping[str, str]:
    """Return the values by name; raises ParameterError for a name given twice or without a value."""
    values: dict[str, str] = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals:
            raise ParameterError(
                f"--param takes NAME=VALUE, as in issue=issue:five-points, not {pair!r}", name
            )
        if name in values:
            raise ParameterError(f"{name} is given twice; ask twice instead", name)
        values[name] = value
    return values


def _types(form: str) -> dict[Kind, str]:
    """Return the media type of a format for each kind of result."""
    results, graph = SHORT_NAMES["json"][0], SHORT_NAMES["ttl"][1]
    if form not in _FROM_JSON:
        results, graph = SHORT_NAMES[form]
    types: dict[Kind, str] = {}
    if results:
        types["solutions"] = types["boolean"] = results
    if graph:
        types["graph"] = graph
    return types


def _write(answer: QueryAnswer, form: str, *, wide: bool, records: bool, **_: bool) -> None:
    if form == "table" and answer.kind != "graph":
        terminal = sys.stdout.isatty()
        width = shutil.get_terminal_size().columns if terminal and not wide else None
        coloured = terminal and not os.environ.get("NO_COLOR")  # https://no-color.org
        click.echo(text_tables.terminal_text(answer.body, width, records=records, coloured=coloured))
    elif form == "markdown" and answer.kind != "graph":
        click.echo(text_tables.markdown_table(answer.body), nl=False)
    else:
        sys.stdout.buffer.write(answer.body)


query = command(lambda limits, asked: asked.pool(limits))
