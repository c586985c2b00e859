"""HTTP routes of everything that the graph names: things, ontology terms, graphs, the data set.

https://www.w3.org/TR/cooluris/, with the document at the address of the thing itself: names are canonical
IRIs and addresses are on this host, so that the two always differ.
"""

from __future__ import annotations

from datetime import date
from functools import partial

from flask import Flask, Response, request, url_for
from pyoxigraph import NamedNode

from kg.asking.citing import find_reference
from kg.asking.citing.reference import Reference
from kg.asking.questions.citation import today
from kg.namespaces import CG, PREFIXES
from kg.reading.ontology import ONTOLOGY_GRAPH
from server.pages.things import (
    graph_store,
    ontology_page,
    portraits,
    thing_lists,
    thing_page,
    things,
    unknown_names,
)
from server.pages.things.things import Thing
from server.site import documents, pool_queries, reference_responses
from server.site.first_answers import FirstAnswers
from server.site.result_pages import CHOICES
from server.site.site import Site
from server.web import addresses
from server.web.addresses import canonical
from server.web.formats import HTML
from server.web.http_errors import UnknownThingError

_VERSION = f"{PREFIXES['owl']}versionIRI"
_ALL = "CONSTRUCT WHERE { ?s ?p ?o }"


def register(app: Flask, site: Site, answers: FirstAnswers) -> None:
    """Add the routes of everything that the graph names to `app`; `answers` are about all of the data."""
    thing_lists.register(app, site, answers)
    app.add_url_rule("/dataset", "dataset", lambda: _dataset(site, answers))
    # No redirect: `/id/voice` is the concept scheme, `/id/voice/` the list of what it has.
    for rule in ("/id/<rest>", "/id/<path:rest>", "/.well-known/genid/<path:rest>"):
        app.add_url_rule(rule, f"thing{rule}", lambda rest="": show(site, answers))  # noqa: ARG005
    for rule in ("/ontology", "/ontology/<version>"):
        app.add_url_rule(rule, f"ontology{rule}", lambda version="": _ontology(site, version))
    app.add_url_rule("/ontology/terms/<name>", "ontology.term", lambda name: _term(site, name))
    app.add_url_rule("/cite/<path:rest>", "cite", lambda rest: _cite(site, rest))
    app.add_url_rule("/graph/<path:rest>", "graph", lambda rest: _graph(site))  # noqa: ARG005
    app.add_template_global(lambda iri: addresses.link(iri, request.script_root, site.names), "address_of")


def show(site: Site, answers: FirstAnswers) -> Response:
    """Return the page about the thing at the path of the present request, or its statements in RDF.

    A store may keep the names of all things with its `answers`.
    """
    media_type = documents.requested_type(documents.RDF_OR_HTML)
    thing = _existing_thing(site, canonical(request.path, site.names), answers)
    if media_type == HTML:
        return _with_links(_page(site, thing), thing.iri)
    return _with_links(documents.rdf(site, thing.triples(), media_type), thing.iri)


def _dataset(site: Site, answers: FirstAnswers) -> Response:
    """Return the page about the data set, or for RDF the redirect to VoID, which has all its parts."""
    if documents.requested_type(documents.RDF_OR_HTML) == HTML:
        return show(site, answers)
    return graph_store.see_other(url_for("void", format=request.args.get("format")))


def _existing_thing(site: Site, iri: str, answers: FirstAnswers | None = None) -> Thing:
    """Return the thing with the name `iri`; raises UnknownThingError and RetiredThingError."""
    try:
        NamedNode(iri)
    except ValueError:  # not a valid IRI, so not the name of anything
        raise UnknownThingError(iri) from None
    thing = things.gather(site.pool, iri)
    if thing is None:
        raise unknown_names.unknown(site.pool, iri, answers.kept(site.data_version) if answers else None)
    unknown_names.refuse_retired(thing)
    return thing


def _cite(site: Site, rest: str) -> Response:
    """Return the citation of the thing at the path `rest`, as of today, in the requested format."""
    form = reference_responses.chosen()
    iri = canonical(f"/{rest}", site.names)
    reference = _reference(site, iri, today())
    if reference is None:
        raise unknown_names.unknown(site.pool, iri)
    return reference_responses.response(reference, form)


def _reference(site: Site, iri: str, seen: date | None = None) -> Reference | None:
    """Return the reference to the thing `iri`, or None; raises UnknownThingError if that is no name."""
    try:
        return find_reference.find(
            partial(pool_queries.rows, site.pool), iri, site.data_version, seen, site.about
        )
    except ValueError:  # not a valid IRI
        raise UnknownThingError(iri) from None


def _page(site: Site, thing: Thing, contents: str = "", example: str = "") -> Response:
    reference = _reference(site, thing.iri)
    address = url_for("cite", rest=site.names.path(thing.iri))
    cited = reference_responses.of_page(reference, address) if reference else None
    portrait = portraits.gather(site, thing.iri, thing.classes)
    endpoint = url_for("sparql/sparql")
    text = thing_page.render(
        thing,
        request.script_root,
        endpoint,
        contents,
        cited,
        names=site.names,
        portrait=portrait,
        example=example,
    )
    return documents.html(site, text)


def _ontology(site: Site, version: str) -> Response:
    media_type = documents.requested_type(documents.RDF_OR_HTML)
    triples = pool_queries.triples(site.pool, _ALL, (ONTOLOGY_GRAPH.value,))
    iri = canonical(request.path, site.names)
    versions = {pool_queries.value(t.object) for t in triples if t.predicate.value == _VERSION}
    if not triples or (version and iri not in versions):
        raise UnknownThingError(iri, tuple(sorted(versions)))
    if media_type == HTML:
        text = ontology_page.render(triples, request.script_root, site.names)
        return _with_links(documents.html(site, text), iri)
    return _with_links(documents.rdf(site, triples, media_type), iri)


def _term(site: Site, name: str) -> Response:
    """Return the page about the term `name` of the ontology with a query that shows its use, or its RDF."""
    media_type = documents.requested_type(documents.RDF_OR_HTML)
    thing = _existing_thing(site, f"{CG}{name}")
    if media_type == HTML:
        return _with_links(_page(site, thing, example=ontology_page.example(thing)), thing.iri)
    return _with_links(documents.rdf(site, thing.triples(), media_type), thing.iri)


def _graph(site: Site) -> Response:
    """Return the page about a graph, or for RDF the redirect from its name to its statements."""
    media_type = documents.requested_type(documents.RDF_OR_HTML)
    if media_type == HTML:
        thing = _existing_thing(site, canonical(request.path, site.names))
        return _with_links(_page(site, thing, url_for("graphs", graph=thing.iri)), thing.iri)
    return graph_store.redirect_to_graph(site, request.path)


def _with_links(response: Response, iri: str) -> Response:
    """Return `response` with Link headers to the canonical name and other formats (RFC 8288, RFC 6596)."""
    response.headers.add("Link", f'<{addresses.encoded(iri)}>; rel="canonical"')
    for name, _ in CHOICES["graph"]:
        response.headers.add("Link", f'<?format={name}>; rel="alternate"; type="{documents.type_of(name)}"')
    return response
