"""From an identifier of another catalogue to our thing: `/wikidata/Q11256`, `/viaf/…`, and the whole maps."""

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
from kg.namespaces import BASE
from kg.reading.authorities import AUTHORITIES, Authority
from kg.store.layers import LICENCE
from server.site import documents, pool_queries
from server.site.site import PerVersion, Site
from server.web import addresses
from server.web.http_errors import UnlinkedError

_CSV = "text/csv"
_COLUMNS = ("identifier", "item", "thing", "label", "relation", "certainty", "checked")


def register(app: Flask, site: Site) -> None:
    """Give `app` an address for each identifier of each catalogue, and one for each whole map."""
    identifiers = Identifiers(site)
    for authority in AUTHORITIES.values():
        name = authority.name
        app.add_url_rule(f"/{name}/<path:identifier>", name, partial(identifiers.lead, authority))
        app.add_url_rule(f"/{name}.json", f"{name}.json", partial(identifiers.all_as_json, authority))
        app.add_url_rule(f"/{name}.csv", f"{name}.csv", partial(identifiers.all_as_csv, authority))


class Identifiers:
    """Answers for the identifiers of other catalogues from the links of one site."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._table = PerVersion(lambda: LinkTable(read(partial(pool_queries.rows, site.pool))))

    def lead(self, authority: Authority, identifier: str) -> Response:
        """Lead to the one thing that an identifier means (303), or list those that it may mean (300).

        Raises UnlinkedError, which says why, for an identifier that leads nowhere.
        """
        found = self._found(authority, identifier)
        if len(found) > 1:
            return self._listed(authority, found)
        target = addresses.local(found[0].iri, request.script_root)
        if request.args.get("format"):
            target += f"?{urlencode({'format': request.args['format']})}"
        head = {"Location": target, "Cache-Control": f"public, max-age={self._site.max_age}"}
        return Response(f"See {target}\n", 303, head, content_type="text/plain; charset=utf-8")

    def all_as_json(self, authority: Authority) -> Response:
        """Return the map from the identifiers of a catalogue to our things in JSON."""
        links: dict[str, list[dict[str, Any]]] = {}
        for link in self._matches(authority):
            links.setdefault(link.identifier or "", []).append(_entry(link))
        about = {"catalogue": authority.title, "iri": authority.iri, "license": LICENCE}
        version = {"data_version": self._site.data_version}
        return documents.json(self._site, {**about, **version, "links": links}, end="\n")

    def all_as_csv(self, authority: Authority) -> Response:
        """Return the same map as a table."""
        output = StringIO()
        table = csv.DictWriter(output, _COLUMNS, extrasaction="ignore", lineterminator="\r\n")  # RFC 4180
        table.writeheader()
        for link in self._matches(authority):
            table.writerow({"identifier": link.identifier, **_entry(link)})
        return documents.response(self._site, output.getvalue().encode(), _CSV)

    def _links(self) -> LinkTable:
        return self._table.get(self._site.data_version)

    def _matches(self, authority: Authority) -> list[Link]:
        return sorted(self._links().matches(authority), key=lambda link: (link.identifier or "", link.thing))

    def _found(self, authority: Authority, text: str) -> Sequence[Link]:
        base = f"{BASE}{authority.name}/"
        identifier = authority.read(text)
        if identifier is None:
            like = f"one looks like {authority.example}."
            raise UnlinkedError(f"{text!r} is no identifier of {authority.title}; {like}", base + text)
        try:
            return self._links().to(f"{authority.name}:{identifier}")
        except UnknownNameError as error:
            near = tuple(base + other for other in error.near)
            reason = f"Nothing here is linked to {identifier} of {authority.title}."
            raise UnlinkedError(reason, base + identifier, near) from error

    def _listed(self, authority: Authority, found: Sequence[Link]) -> Response:
        response = documents.page_or_json(
            self._site,
            lambda: render_template("several.html", authority=authority, links=found),
            lambda: {"links": [_entry(link) for link in found]},
            end="\n",
        )
        if response.status_code == 200:  # and not 304
            response.status_code = 300
        return response


def _entry(link: Link) -> dict[str, Any]:
    return {
        "thing": link.iri,
        "href": addresses.local(link.iri, request.script_root),
        "label": link.label,
        "item": link.item,
        "relation": link.relation,
        "certainty": link.certainty,
        "checked": link.checked.isoformat(),
    }
