"""`/links/`: the links in the formats of others, and the page that says what each file is for."""

from __future__ import annotations

from functools import partial

from flask import Flask, Response, render_template, request

from kg.asking.links.link_files import LinkFile, link_files
from kg.errors import near
from kg.namespaces import BASE
from kg.reading.authorities import AUTHORITIES
from server.site import documents, pool_queries
from server.site.site import PerVersion, Site
from server.web.http_errors import UnknownThingError


def register(app: Flask, site: Site) -> None:
    """Give `app` the addresses of the files and of their list."""
    links = LinkFiles(site)
    app.add_url_rule("/links/", "links", links.listed)
    app.add_url_rule("/links/<name>", "links.file", links.one)


class LinkFiles:
    """Answers for the files of links of one site; they are made once for each version of the data."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._offers = PerVersion(
            lambda: link_files(partial(pool_queries.rows, site.pool), site.data_version)
        )

    def listed(self) -> Response:
        """Return the list of the files, as a page or in JSON."""
        found = self._all()
        return documents.page_or_json(
            self._site,
            lambda: render_template("links.html", offers=found, authorities=tuple(AUTHORITIES.values())),
            lambda: {"files": [_entry(offer) for offer in found]},
        )

    def one(self, name: str) -> Response:
        """Return one file; raises UnknownThingError, with near names, for one that there is not."""
        found = {offer.name: offer for offer in self._all()}
        if name not in found:
            likely = near(name, sorted(found))
            raise UnknownThingError(f"{BASE}links/{name}", tuple(f"{BASE}links/{other}" for other in likely))
        return documents.response(self._site, found[name].content, found[name].media_type)

    def _all(self) -> tuple[LinkFile, ...]:
        return self._offers.get(self._site.data_version)


def _entry(offer: LinkFile) -> dict[str, str | int]:
    return {
        "name": offer.name,
        "href": f"{request.script_root}/links/{offer.name}",
        "type": offer.media_type,
        "bytes": len(offer.content),
        "title": offer.title,
        "about": offer.about,
    }
