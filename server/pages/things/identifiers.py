"""HTTP routes from identifiers of other catalogues to things: `/wikidata/Q11256`, and the whole maps."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import partial
from io import StringIO
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, render_template, request

from kg.asking.links.link_table import Link, LinkTable, read
from kg.errors import UnknownNameError
from kg.namespaces import Namespaces
from kg.reading.authorities import AUTHORITIES, Authority
from server.site import documents, pool_queries
from server.site.site import PerVersion, Site
from server.web import addresses
from server.web.http_errors import UnlinkedError

_CSV = "text/csv"
_COLUMNS = ("identifier", "item", "thing", "label", "relation", "certainty", "checked")


def register(app: Flask, site: Site) -> None:
    """Add to `app`, for each catalogue, a route for identifiers and routes for the whole map."""
    identifiers = Identifiers(site)
    for authority in AUTHORITIES.values():
        name = authority.name
        app.add_url_rule(f"/{name}/<path:identifier>", name, partial(identifiers.resolve, authority))
        app.add_url_rule(f"/{name}.json", f"{name}.json", partial(identifiers.all_as_json, authority))
        app.add_url_rule(f"/{name}.csv", f"{name}.csv", partial(identifiers.all_as_csv, authority))


class Identifiers:
    """Handles requests for identifiers of other catalogues, by the links of one site."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._table = PerVersion(
            lambda: LinkTable(read(partial(pool_queries.rows, site.pool), site.names), site.names)
        )

    def resolve(self, authority: Authority, identifier: str) -> Response:
        """Return a redirect (303) to the thing that `identifier` is linked to, or the list (300) of several.

        Raises UnlinkedError, with the reason, if it is invalid or linked to nothing.
        """
        links = self._links_to(authority, identifier)
        if len(links) > 1:
            return self._multiple_choices(authority, links)
        target = addresses.local(links[0].iri, request.script_root, self._site.names)
        if request.args.get("format"):
            target += f"?{urlencode({'format': request.args['format']})}"
        head = {"Location": target, "Cache-Control": f"public, max-age={self._site.max_age}"}
        return Response(f"See {target}\n", 303, head, content_type="text/plain; charset=utf-8")

    def all_as_json(self, authority: Authority) -> Response:
        """Return a response with the map from the identifiers of a catalogue to things, in JSON."""
        links: dict[str, list[dict[str, Any]]] = {}
        for link in self._matches(authority):
            links.setdefault(link.identifier or "", []).append(_entry(link, self._site.names))
        about = {"catalogue": authority.title, "iri": authority.iri, "license": self._site.about.licence}
        version = {"data_version": self._site.data_version}
        return documents.json(self._site, {**about, **version, "links": links}, end="\n")

    def all_as_csv(self, authority: Authority) -> Response:
        """Return a response with the same map in CSV."""
        output = StringIO()
        table = csv.DictWriter(output, _COLUMNS, extrasaction="ignore", lineterminator="\r\n")  # RFC 4180
        table.writeheader()
        for link in self._matches(authority):
            table.writerow({"identifier": link.identifier, **_entry(link, self._site.names)})
        return documents.response(self._site, output.getvalue().encode(), _CSV)

    def _links(self) -> LinkTable:
        return self._table.get(self._site.data_version)

    def _matches(self, authority: Authority) -> list[Link]:
        return sorted(self._links().matches(authority), key=lambda link: (link.identifier or "", link.thing))

    def _links_to(self, authority: Authority, text: str) -> Sequence[Link]:
        base = f"{self._site.names.base}{authority.name}/"
        identifier = authority.read(text)
        if identifier is None:
            example = f"use one such as {authority.example}."
            raise UnlinkedError(
                f"{text!r} is not a valid identifier of {authority.title}; {example}", base + text
            )
        try:
            return self._links().to(f"{authority.name}:{identifier}")
        except UnknownNameError as error:
            near = tuple(base + other for other in error.near)
            reason = f"Nothing here is linked to {identifier} of {authority.title}."
            raise UnlinkedError(reason, base + identifier, near) from error

    def _multiple_choices(self, authority: Authority, links: Sequence[Link]) -> Response:
        response = documents.page_or_json(
            self._site,
            lambda: render_template("several.html", authority=authority, links=links),
            lambda: {"links": [_entry(link, self._site.names) for link in links]},
            end="\n",
        )
        if response.status_code == 200:  # not 304
            response.status_code = 300
        return response


def _entry(link: Link, names: Namespaces) -> dict[str, Any]:
    return {
        "thing": link.iri,
        "href": addresses.local(link.iri, request.script_root, names),
        "label": link.label,
        "item": link.item,
        "relation": link.relation,
        "certainty": link.certainty,
        "checked": link.checked.isoformat(),
    }
