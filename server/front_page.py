"""The first page: what may be asked, which telegrams there are, and where programs find what."""

from __future__ import annotations

from flask import Flask, Response, render_template, request

from server.site import documents, pool_queries
from server.site.pool_queries import Row, value
from server.site.site import PerVersion, Site
from server.web import addresses

TELEGRAMS = "telegrams-held"  # the saved query that lists them
EVERYBODY = "who-is-who"  # the saved query that lists all actors
START = "start"  # the tag of the questions that stand on this page
SHOWN = 12  # telegrams; the saved query has them all


def register(app: Flask, site: Site) -> None:
    """Give `app` its first page."""
    front = FrontPage(site)
    app.add_url_rule("/", "start", front.show)


class FrontPage:
    """The first page of one site; what it says of the data is looked up once for each version of them."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._telegrams = PerVersion(self._held)

    def show(self) -> Response:
        """Return the page."""
        found = self._telegrams.get(self._site.data_version)
        text = render_template(
            "front.html",
            questions=[query for query in self._site.queries.values() if START in query.tags],
            total_questions=len(self._site.queries),
            telegrams=[_telegram(row, request.script_root) for row in found[:SHOWN]],
            total=len(found),
            all_telegrams=TELEGRAMS,
            everybody=EVERYBODY if EVERYBODY in self._site.queries else "",
        )
        return documents.html(self._site, text)

    def _held(self) -> list[Row]:
        query = self._site.queries.get(TELEGRAMS)  # an operator's own folder of queries may have no such
        return pool_queries.rows(self._site.pool, query.text) if query else []


def _telegram(row: Row, root: str) -> dict[str, str]:
    texts = {name: value(term) for name, term in row.items()}
    return {**texts, "href": addresses.link(texts["telegram"], root)}
