"""HTTP routes below `/links/`: links to other catalogues as files, and the page that lists them."""

from __future__ import annotations

from functools import partial

from flask import Flask, Response, render_template, request

from kg.asking.links.link_files import LinkFile, link_files
from kg.errors import near
from kg.reading.authorities import AUTHORITIES
from server.site import documents, pool_queries
from server.site.site import PerVersion, Site
from server.web.http_errors import UnknownThingError


def register(app: Flask, site: Site) -> None:
    """Add the routes of the files and of their list to `app`."""
    links = LinkFiles(site)
    app.add_url_rule("/links/", "links", links.index)
    app.add_url_rule("/links/<name>", "links.file", links.file)


class LinkFiles:
    """The files of links of one site; they are made once for each data version."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._offers = PerVersion(
            lambda: link_files(partial(pool_queries.rows, site.pool), site.data_version, site.about)
        )

    def index(self) -> Response:
        """Return a response with the list of the files, as a page or in JSON."""
        files = self._all()
        return documents.page_or_json(
            self._site,
            lambda: render_template("links.html", offers=files, authorities=tuple(AUTHORITIES.values())),
            lambda: {"license": self._site.about.licence, "files": [_entry(offer) for offer in files]},
        )

    def file(self, name: str) -> Response:
        """Return a response with the file `name`; raises UnknownThingError if there is none."""
        files = {offer.name: offer for offer in self._all()}
        if name not in files:
            likely = near(name, sorted(files))
            home = f"{self._site.names.base}links/"
            raise UnknownThingError(home + name, tuple(home + other for other in likely))
        return documents.response(self._site, files[name].content, files[name].media_type)

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
