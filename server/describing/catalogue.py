"""The addresses at which the service and its data describe themselves."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from flask import Flask, Response, url_for
from pyoxigraph import Triple

from kg import examples, saved
from kg.errors import BusyError
from kg.saved import SavedQuery
from server import documents
from server.describing import dcat, description, partitions
from server.describing.census import Census
from server.describing.counting import Statistics
from server.describing.description import Service
from server.downloads import catalogue as dump_catalogue

if TYPE_CHECKING:
    from server.site import Site

_WAIT = 5.0  # seconds for a description that is being made for somebody else
_BUSY = "Other descriptions are being made; ask again in a moment."


class Catalogue:
    """All that is said about one site; the counts are made once for each version of its data."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._census = site.census or Census(site.pool)
        self._making = threading.Lock()

    @cached_property
    def queries(self) -> tuple[SavedQuery, ...]:
        """Return the saved queries; they come with the code and do not change under it."""
        return tuple(saved.load(self._site.queries).values())

    @property
    def statistics(self) -> Statistics:
        """Return the counts of the data as they are now."""
        return self._census.statistics()

    @property
    def service(self) -> Service:
        """Return what is to be said of the service at the address of the present request."""
        site = self._site
        return Service(
            _address("sparql/sparql"),
            site.name,
            site.data_version,
            site.pool.limits,
            site.services.allowed,
        )

    def service_description(self, media_type: str) -> Response:
        """Return the answer to a request without a query (SPARQL 1.1 Service Description section 2)."""
        service, statistics = self.service, self.statistics
        parts = (
            description.triples(service, statistics),
            partitions.triples(statistics, service.endpoint),
            self._examples(),
        )
        return self._made(chain(*parts), media_type, statistics)

    def void(self) -> Response:
        """Return the description of the data (VoID, “Discovery with well-known URI”)."""
        media_type = documents.wanted()
        statistics = self.statistics
        found = partitions.triples(statistics, self.service.endpoint)
        files = dump_catalogue.dumps(_address("dumps")) if self._site.releases else ()
        return self._made(chain(found, files), media_type, statistics)

    def _made(self, triples: Iterable[Triple], media_type: str, statistics: Statistics) -> Response:
        """Return the document, one at a time: of thousands of graphs it takes seconds of this process."""
        if not self._making.acquire(timeout=_WAIT):
            raise BusyError(_BUSY)
        try:
            response = documents.written(self._site, triples, media_type)
        finally:
            self._making.release()
        if statistics.pending:  # nobody is to keep it as long as there is more to come
            response.headers["Cache-Control"] = "no-store"
        return response

    def examples(self) -> Response:
        """Return the saved queries as example queries."""
        media_type = documents.wanted()
        return documents.written(self._site, self._examples(), media_type)

    @cached_property
    def _canonical(self) -> tuple[Triple, ...]:
        return tuple(examples.triples(self.queries))

    def _examples(self) -> Iterator[Triple]:
        """Return what the graph of queries holds, with the address of this host beside the canonical one."""
        return chain(self._canonical, examples.targets(self.queries, self.service.endpoint))

    def dcat(self) -> Response:
        """Return the entry for data catalogues."""
        media_type = documents.wanted()
        found = dcat.triples(self.service, f"{_address('graphs')}?default", _address("void"))
        files = dump_catalogue.latest(_address("dumps")) if self._site.releases else ()
        return documents.written(self._site, chain(found, files), media_type)


def register(app: Flask, site: Site) -> Catalogue:
    """Give `app` the addresses of the descriptions and return what makes them."""
    catalogue = Catalogue(site)
    app.add_url_rule("/.well-known/void", "void", catalogue.void)
    app.add_url_rule("/.well-known/sparql-examples", "examples", catalogue.examples)
    app.add_url_rule("/catalogue", "catalogue", catalogue.dcat)
    return catalogue


def _address(endpoint: str) -> str:
    return url_for(endpoint, _external=True)
