"""Every name has an address: things, parts of the vocabulary, graphs, the data set.

https://www.w3.org/TR/cooluris/, with the document at the address of the thing itself: the
name is canonical, the address is that of this host, so that the two are never one and the same.
"""

from __future__ import annotations

from flask import Flask, Response, request, url_for
from pyoxigraph import NamedNode

from kg.namespaces import GRAPH, PREFIXES
from server.pages.things import graph_store, ontology_page, thing_page, things, unknown_names
from server.pages.things.things import Thing
from server.site import documents, pool_queries
from server.site.result_pages import CHOICES
from server.site.site import Site
from server.web import addresses
from server.web.addresses import canonical
from server.web.formats import HTML
from server.web.http_errors import UnknownThingError

_ONTOLOGY_GRAPH = f"{GRAPH}ontology"
_VERSION = f"{PREFIXES['owl']}versionIRI"
_ALL = "CONSTRUCT WHERE { ?s ?p ?o }"


def register(app: Flask, site: Site) -> None:
    """Give `app` the addresses of everything that the graph names."""
    for rule in ("/id/<path:rest>", "/.well-known/genid/<path:rest>", "/dataset"):
        app.add_url_rule(rule, f"thing{rule}", lambda rest="": _thing(site))  # noqa: ARG005 - a part of the path
    for rule in ("/ontology", "/ontology/<version>"):
        app.add_url_rule(rule, f"ontology{rule}", lambda version="": _ontology(site, version))
    app.add_url_rule("/graph/<path:rest>", "graph", lambda rest: _graph(site))  # noqa: ARG005
    app.add_template_global(lambda iri: addresses.link(iri, request.script_root), "address_of")


def _thing(site: Site) -> Response:
    media_type = documents.requested_type(documents.RDF_OR_HTML)
    thing = _known(site, canonical(request.path))
    if media_type == HTML:
        return _linked(_page(site, thing), thing.iri)
    return _linked(documents.rdf(site, thing.triples(), media_type), thing.iri)


def _known(site: Site, iri: str) -> Thing:
    """Return the thing called `iri`; raises UnknownThingError and RetiredThingError."""
    try:
        NamedNode(iri)
    except ValueError:  # no IRI, so that nothing can be called so
        raise UnknownThingError(iri) from None
    thing = things.gather(site.pool, iri)
    if thing is None:
        raise unknown_names.unknown(site.pool, iri)
    unknown_names.refuse_retired(thing)
    return thing


def _page(site: Site, thing: Thing, contents: str = "") -> Response:
    text = thing_page.render(thing, request.script_root, url_for("sparql/sparql"), contents)
    return documents.html(site, text)


def _ontology(site: Site, version: str) -> Response:
    media_type = documents.requested_type(documents.RDF_OR_HTML)
    triples = pool_queries.triples(site.pool, _ALL, (_ONTOLOGY_GRAPH,))
    iri = canonical(request.path)
    versions = {pool_queries.value(t.object) for t in triples if t.predicate.value == _VERSION}
    if not triples or (version and iri not in versions):
        raise UnknownThingError(iri, tuple(sorted(versions)))
    if media_type == HTML:
        text = ontology_page.render(triples, request.script_root)
        return _linked(documents.html(site, text), iri)
    return _linked(documents.rdf(site, triples, media_type), iri)


def _graph(site: Site) -> Response:
    """Answer for the name of a graph: people get what is said about it, programs its statements."""
    media_type = documents.requested_type(documents.RDF_OR_HTML)
    if media_type == HTML:
        thing = _known(site, canonical(request.path))
        return _linked(_page(site, thing, url_for("graphs", graph=thing.iri)), thing.iri)
    return graph_store.lead(site, request.path)


def _linked(response: Response, iri: str) -> Response:
    """Return `response` with links to the canonical name and to the other formats (RFC 8288, RFC 6596)."""
    response.headers.add("Link", f'<{addresses.encoded(iri)}>; rel="canonical"')
    for name, _ in CHOICES["graph"]:
        response.headers.add("Link", f'<?format={name}>; rel="alternate"; type="{documents.type_of(name)}"')
    return response
