"""All addresses of the service, registered; and the handlers of `/problems/…`, `/healthz`, `/readyz`."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response

from kg.errors import CablegraphError
from kg.store.statistics import StatisticsOf
from server import answer_details, completions, sparql_pages
from server.data.describing import routes as describing
from server.data.describing import shapes
from server.data.describing.shapes import FindingsOf
from server.data.discovery import routes as discovery
from server.data.downloads import routes as downloads
from server.data.downloads.releases import Releases
from server.data.reconciling import v0_2, v1_0
from server.data.reconciling.reconciliation_service import NameFile
from server.engine.evaluation.query_request import QueryRequest
from server.engine.workers.pool import Pool
from server.pages.about import about_page, quality_page
from server.pages.front import front_page
from server.pages.openapi import routes as openapi
from server.pages.overviews import overview_pages
from server.pages.questions import routes as questions
from server.pages.search import routes as search
from server.pages.search.finder import Finder
from server.pages.search.word_indexes import WordIndexes
from server.pages.statements import routes as statements
from server.pages.telegrams import draft_pages
from server.pages.telegrams import routes as telegrams
from server.pages.things import graph_store, identifiers, links_page
from server.pages.things import routes as things
from server.site import documents, result_pages
from server.site.first_answers import FirstAnswers
from server.site.site import Site
from server.sparql_endpoint import Endpoint
from server.web.formats import content_type
from server.web.http_errors import RequestError
from server.web.problem_types import PROBLEMS

_PROBE = QueryRequest("ASK {}", {"boolean": "text/boolean"}, timeout=2.0)


@dataclass(frozen=True, slots=True)
class BesideGraph:
    """What is known of the graph beside it: words for the search, and answers about all of the data.

    `statistics` are its counts, `findings` those of the validation, `names` is the file of all names.
    """

    indexes: WordIndexes
    answers: FirstAnswers
    statistics: StatisticsOf = lambda _: None
    findings: FindingsOf = lambda _: None
    names: NameFile = lambda _: None


def register(
    app: Flask,
    site: Site,
    releases: Releases | None,
    beside: BesideGraph,
) -> Finder:
    """Give `app` its addresses, and return the search behind that of the search.

    `releases` has the files for download, `beside` what is known of the graph beside it.
    """
    indexes, answers = beside.indexes, beside.answers
    about = describing.register(app, site, beside.statistics)
    shapes.register(app, site, beside.findings)
    graph_store.register(app, site, beside.statistics)
    things.register(app, site, answers)
    telegrams.register(app, site, lambda: things.show(site, answers), answers)
    draft_pages.register(app, site)
    questions.register(
        app, site, lambda text: indexes.get(site.data_version).near(text), answers, beside.statistics
    )
    openapi.register(app, site)
    service = v0_2.register(app, site, beside.names)
    v1_0.register(app, service)
    finder = search.register(app, service, indexes, lambda: answers.kept(site.data_version) is None)
    statements.register(app, site, answers)
    identifiers.register(app, site)
    links_page.register(app, site)
    downloads.register(app, site, releases)
    sparql_pages.register(app, Endpoint(site), about)
    answer_details.register(app, site)
    completions.register(app, site, answers)
    front_page.register(app, site, answers)
    about_page.register(app, site, answers)
    quality_page.register(app, site, answers, beside.findings)
    overview_pages.register(app, site, answers)
    discovery.register(app, site, answers)
    app.add_url_rule("/problems/<name>", "problem", _problem_page)
    register_health(app, site.pool)
    return finder


def _problem_page(name: str) -> Response:
    if name not in PROBLEMS:
        raise RequestError(f"There is no problem {name!r}; there are: {', '.join(PROBLEMS)}.", "not-found")
    return documents.fresh_html(result_pages.about_page(name, PROBLEMS[name]))


def register_health(app: Flask, pool: Pool) -> None:
    """Give `app` the addresses /healthz and /readyz."""
    app.add_url_rule("/healthz", "health", lambda: _health(pool))
    app.add_url_rule("/readyz", "ready", lambda: _ready(pool))


def _health(pool: Pool) -> Response:
    """Return 200 if the data process is running, else 503; runs no query."""
    return _plain_text("ok") if pool.alive else _plain_text("the data process is gone", 503)


def _ready(pool: Pool) -> Response:
    """Return 200 if a worker answers a query now, else 503, as when all workers are busy."""
    try:
        answer = pool.answer(_PROBE)
    except CablegraphError as error:
        return _plain_text(str(error), 503)
    return _plain_text(f"ready: data {answer.version}" if answer.version else "ready")


def _plain_text(text: str, status: int = 200) -> Response:
    headers = {"Content-Type": content_type("text/plain"), "Cache-Control": "no-store"}
    return Response(f"{text}\n", status, headers)
