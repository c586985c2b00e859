"""HTTP routes of the descriptions: service description, VoID, example queries, DCAT catalogue."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain

from flask import Flask, Response, request, url_for
from pyoxigraph import Triple

from kg.asking.questions import query_triples
from kg.errors import BusyError, near
from kg.namespaces import DCTERMS, FOAF
from kg.store.statistics import NOT_COUNTED, Statistics, StatisticsOf
from server.data.describing import dcat, dcat_releases, service_description, void
from server.data.describing.service_description import ServiceFacts
from server.site import documents, pool_queries
from server.site.site import PerVersion, Site
from server.web.http_errors import UnknownThingError

# Description, publisher with name, and date of the data set.
_SHARED_WITH_DCAT = frozenset({f"{DCTERMS}description", DCTERMS.publisher, DCTERMS.modified, FOAF.name})
_WAIT = 5.0  # seconds to wait while another description is being made
_BUSY = "Other descriptions are being made; try again in a moment."


class Catalogue:
    """The descriptions of one site; `statistics` returns the counts of a data version."""

    def __init__(self, site: Site, statistics: StatisticsOf) -> None:
        self._site = site
        self._statistics = statistics
        self._metadata: PerVersion[list[Triple]] = PerVersion(self._read_metadata)
        self._queries = tuple(site.queries.values())
        self._making = threading.Lock()

    @property
    def statistics(self) -> Statistics:
        """The counts of the present data."""
        return self._statistics(self._site.data_version) or NOT_COUNTED

    @property
    def service(self) -> ServiceFacts:
        """The facts about the service, at the address of the present request."""
        site = self._site
        return ServiceFacts(
            _address("sparql/sparql"),
            site.name,
            site.data_version,
            site.pool.limits,
            site.services.allowed,
            _address("void"),
            _address("examples"),
            site.about,
        )

    def service_description(self, media_type: str) -> Response:
        """Return the response to a request without a query (SPARQL 1.1 Service Description section 2)."""
        described = service_description.triples(self.service, self.statistics)
        return documents.rdf(self._site, described, media_type)

    def void(self) -> Response:
        """Return the response with the description of the data (VoID, “Discovery with well-known URI”)."""
        media_type = documents.requested_type()
        files = dcat_releases.dumps(_address("dumps"), self._site.about) if self._site.downloads else ()
        return self._response(chain(self._void(), files), media_type)

    def _void(self) -> Iterator[Triple]:
        """Return the metadata in the graph and the counts of the data."""
        own = self._metadata.get(self._site.data_version)
        return chain(own, void.triples(self.statistics, self.service.endpoint, self._site.names))

    def _read_metadata(self) -> list[Triple]:
        names, statistics = self._site.names, self.statistics
        query = "CONSTRUCT WHERE { ?s ?p ?o }"
        if service_description.left_out_of_void(statistics, names):
            others = [other.names.dataset for other in self._site.about.others]
            query = void.described(names, service_description.graphs_in_void(statistics), others)
        return pool_queries.triples(self._site.pool, query, (f"{names.graph}meta",))

    def _response(self, triples: Iterable[Triple], media_type: str) -> Response:
        """Return the response; one is written at a time, as it takes seconds with thousands of graphs."""
        if not self._making.acquire(timeout=_WAIT):
            raise BusyError(_BUSY)
        try:
            return documents.rdf(self._site, triples, media_type)
        finally:
            self._making.release()

    def examples(self) -> Response:
        """Return the response with the saved queries as example queries, or with the one of `?query=`.

        Raises UnknownThingError, with similar names, if there is no such query.
        """
        media_type = documents.requested_type()
        name = request.args.get("query", "")
        if not name:
            return documents.rdf(self._site, self._examples(), media_type)
        known, names = self._site.queries, self._site.names
        if name not in known:
            likely = near(name, sorted(known))
            raise UnknownThingError(names.queries + name, tuple(names.queries + other for other in likely))
        one = (known[name],)
        described = (
            query_triples.triples(one, names),
            query_triples.targets(one, self.service.endpoint, names),
        )
        return documents.rdf(self._site, chain(*described), media_type)

    @cached_property
    def _canonical(self) -> tuple[Triple, ...]:
        return tuple(query_triples.triples(self._queries, self._site.names))

    def _examples(self) -> Iterator[Triple]:
        """Return the triples of the saved queries, with this endpoint beside the canonical one as target."""
        targets = query_triples.targets(self._queries, self.service.endpoint, self._site.names)
        return chain(self._canonical, targets)

    def dcat(self) -> Response:
        """Return the response with the entry for data catalogues (DCAT 3)."""
        media_type = documents.requested_type()
        entry = dcat.triples(self.service, f"{_address('graphs')}?default", _address("void"))
        files = dcat_releases.latest(_address("dumps"), self._site.about) if self._site.downloads else ()
        return documents.rdf(self._site, chain(entry, self._said_of_data(), files), media_type)

    def _said_of_data(self) -> Iterator[Triple]:
        """Return what the graph says of the data set in terms that DCAT uses, too."""
        own = self._metadata.get(self._site.data_version)
        return (triple for triple in own if triple.predicate.value in _SHARED_WITH_DCAT)


def register(app: Flask, site: Site, statistics: StatisticsOf) -> Catalogue:
    """Add the routes of the descriptions to `app`; return the catalogue that makes them."""
    catalogue = Catalogue(site, statistics)
    app.add_url_rule("/.well-known/void", "void", catalogue.void)
    app.add_url_rule("/.well-known/sparql-examples", "examples", catalogue.examples)
    app.add_url_rule("/catalogue", "catalogue", catalogue.dcat)
    return catalogue


def _address(endpoint: str) -> str:
    return url_for(endpoint, _external=True)
