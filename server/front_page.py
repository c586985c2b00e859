"""The front page `/`: questions to begin with, telegrams, addresses for programs."""

from __future__ import annotations

from flask import Flask, Response, render_template, request

from server.site import documents, pool_queries
from server.site.pool_queries import Row, value
from server.site.site import PerVersion, Site
from server.web import addresses

TELEGRAMS = "telegrams-held"  # the saved query that lists them
EVERYBODY = "who-is-who"  # the saved query that lists all actors
START = "start"  # the tag of the questions on this page
SHOWN = 12  # number of telegrams; the saved query lists them all


def register(app: Flask, site: Site) -> None:
    """Give `app` its front page."""
    front = FrontPage(site)
    app.add_url_rule("/", "start", front.show)


class FrontPage:
    """The front page of one site; its telegrams are queried once for each version of the data."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._telegrams = PerVersion(self._rows)

    def show(self) -> Response:
        """Return the page."""
        telegrams = self._telegrams.get(self._site.data_version)
        text = render_template(
            "front.html",
            questions=[query for query in self._site.queries.values() if START in query.tags],
            total_questions=len(self._site.queries),
            telegrams=[_telegram(row, request.script_root) for row in telegrams[:SHOWN]],
            total=len(telegrams),
            all_telegrams=TELEGRAMS,
            everybody=EVERYBODY if EVERYBODY in self._site.queries else "",
        )
        return documents.html(self._site, text)

    def _rows(self) -> list[Row]:
        query = self._site.queries.get(TELEGRAMS)  # an operator's own folder of queries may lack it
        return pool_queries.rows(self._site.pool, query.text) if query else []


def _telegram(row: Row, root: str) -> dict[str, str]:
    texts = {name: value(term) for name, term in row.items()}
    return {**texts, "href": addresses.link(texts["telegram"], root)}
