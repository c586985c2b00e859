"""The WSGI application, which is Flask with all addresses; and the service, with all layers around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from wsgiref.types import WSGIEnvironment

from flask import Flask, request

from kg.asking.questions import saved_queries
from kg.asking.questions.saved_queries import SavedQuery
from kg.reading.collection.description import Description
from kg.resources import folder
from kg.store.layers import OURS
from kg.store.statistics import StatisticsOf
from server import error_responses, routes, sparql_endpoint
from server.data.describing.shapes import FindingsOf
from server.data.downloads.releases import Releases
from server.data.reconciling.reconciliation_service import NameFile
from server.engine.processes.waiting import InLoop
from server.engine.workers.pool import Pool
from server.http.layers import rate_limit
from server.http.layers.answer_cache import AnswerCache
from server.http.layers.answer_store import ResponseStore
from server.http.layers.observers import Exchange, ObserverLayer
from server.http.layers.rate_limit import Rate, RateLimitLayer
from server.pages.search import ways_on
from server.pages.search.word_indexes import IndexFile, WordIndexes
from server.routes import BesideGraph
from server.site.first_answers import FirstAnswers, KeptFile
from server.site.other_services import Services
from server.site.site import Site
from server.sparql_endpoint import Endpoint
from server.sparql_handler import SparqlHandler
from server.web import response_headers
from server.web.handling import Handler, InThreads, Reply
from server.web.sparql_protocol import BODY_LIMIT

THREADS = 16  # for pages; more than workers, so that cheap requests are answered while queries run
_REPAIRS = 4  # threads that have workers killed and forked
_SITE = "cablegraph.site"  # under which the application keeps its site
MAX_AGE = 300  # seconds


def create_app(  # noqa: PLR0913 - all but one have defaults
    pool: Pool,
    *,
    name: str = "",
    about: Description = OURS,
    data_version: str,
    max_age: int = MAX_AGE,
    services: Services | None = None,
    releases: Releases | None = None,
    statistics: StatisticsOf = lambda _: None,
    findings: FindingsOf = lambda _: None,
    queries: Mapping[str, SavedQuery] | None = None,
    search: IndexFile = lambda _: None,
    kept: KeptFile = lambda _: None,
    names: NameFile = lambda _: None,
    texts: Path | None = None,
    drafts: Path | None = None,
) -> Flask:
    """Return the WSGI application that answers from `pool`.

    `name` is the heading of the pages, by default the name of the collection that `about` describes. The pool
    has its namespaces. `data_version` identifies the state of the graph and is part of every entity tag.
    `max_age` is for how many seconds other caches may reuse a response. `services` makes the calls that
    queries may make to other services, by default none. `releases` has the files for download, by default
    none. `statistics` returns the counts of the data of a version, or None if there are none; then the
    descriptions say so. `findings` returns those of the validation of a version, or None if there was none.
    `queries` are the saved queries by name, by default those that come with the code.
    `search` returns the file of the index for the search of the data of a version, or None if there is none;
    then the words are read from the pool; `kept` returns that of the answers that a store keeps, or None, and
    then they are asked of the pool; `names` returns that of all names, or None, and then reconciliation reads
    them from the pool into memory. `texts` is the folder of texts that the pages of telegrams show, `drafts`
    that of drafts, which have pages if it is there.
    """
    app = Flask(
        "server", static_folder="site/static", static_url_path="/static", template_folder="site/templates"
    )
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    site = Site(
        pool,
        name or about.name,
        data_version,
        max_age,
        services or Services(pool),
        saved_queries.load(folder("queries")) if queries is None else queries,
        downloads=releases is not None,
        about=about,
        texts=texts,
        drafts=drafts,
    )
    has_editor = (Path(app.static_folder or "") / "vendor" / "editor.js").is_file()
    app.context_processor(lambda: {"site": site, "licence": site.about.licence, "has_editor": has_editor})
    app.extensions[_SITE] = site
    response_headers.register(app, site.about.licence)
    app.before_request(lambda: rate_limit.refuse(request.environ))
    indexes = WordIndexes(pool, site.queries, search)
    answers = FirstAnswers(pool, site.queries, kept)
    beside = BesideGraph(indexes, answers, statistics, findings, names)
    finder = routes.register(app, site, releases, beside)
    error_responses.register(app, site, partial(ways_on.find, finder))
    return app


class Service:
    """The whole service as a handler: `app`, which `create_app` made, with `/sparql` in the event loop.

    `cache_size` is for how many bytes of responses the answer cache stores, 0 for none. `rate` limits the
    requests of each client. The `observers` are called after each request.
    """

    def __init__(
        self,
        app: Flask,
        *,
        cache_size: int = 0,
        rate: Rate | None = None,
        observers: Sequence[Callable[[Exchange], None]] = (),
    ) -> None:
        site: Site = app.extensions[_SITE]
        self._threads = ThreadPoolExecutor(THREADS, "answer")
        self._repairs = ThreadPoolExecutor(_REPAIRS, "repair")
        pages = InThreads(app, self._threads)
        handler: Handler = SparqlHandler(Endpoint(site), pages, InLoop(self._repairs), app.logger)
        if cache_size:
            handler = AnswerCache(
                handler,
                ResponseStore(cache_size),
                lambda: (site.data_version, site.pool.reloads),
                partial(sparql_endpoint.preferences, site.choices),
            )
        if rate:
            handler = RateLimitLayer(handler, rate)
        self._handler = ObserverLayer(handler, observers) if observers else handler

    async def __call__(self, environ: WSGIEnvironment) -> Reply:
        """Answer one request."""
        return await self._handler(environ)

    def close(self) -> None:
        """End the threads; close the pool before, so that none waits for it."""
        self._threads.shutdown(cancel_futures=True)
        self._repairs.shutdown(cancel_futures=True)
