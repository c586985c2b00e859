"""The pages `/timeline`, `/matrix` and `/network`, made of saved questions."""

from __future__ import annotations

from functools import partial

from flask import Flask, Response, render_template, request

from kg.asking.questions.filled_query import fill_query
from server.pages.overviews import stance_matrix, tie_networks
from server.pages.overviews.collection_timeline import (
    LANES,
    TOLD,
    CollectionTimeline,
    LaneEntry,
    entries,
    timeline_of,
)
from server.pages.overviews.stance_matrix import STANDINGS
from server.pages.overviews.tie_networks import RELATIONS, TIES, TIES_QUERY, WIDE, ArcDiagram
from server.site import documents, pool_queries
from server.site.pool_queries import Row
from server.site.site import PerVersion, Site
from server.web.http_errors import RequestError


def register(app: Flask, site: Site) -> None:
    """Give `app` these pages."""
    pages = OverviewPages(site)
    app.add_url_rule("/timeline", "timeline", pages.timeline)
    app.add_url_rule("/matrix", "matrix", pages.matrix)
    app.add_url_rule("/network", "network", pages.network)


class OverviewPages:
    """The pages of one site; each question is asked once for each version of the data."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._told: PerVersion[dict[str, list[LaneEntry]]] = PerVersion(lambda: entries(self._rows(TOLD)))
        self._standings = PerVersion(lambda: stance_matrix.told_rows(self._rows(STANDINGS)))
        self._documents = PerVersion(lambda: tie_networks.of_documents(self._rows(RELATIONS)))
        self._actors = {tie: PerVersion(partial(self._actors_with, tie)) for tie in TIES}

    def timeline(self) -> Response:
        """Return the page with the lanes, or with the one that `lane` names."""
        lane = _chosen("lane", ("", *LANES), "")
        shown: CollectionTimeline = timeline_of(self._told.get(self._site.data_version), lane)
        return self._page("timeline.html", shown=shown, lanes=LANES, lane=lane, question=TOLD)

    def matrix(self) -> Response:
        """Return the page with the matrix, by the account of the actor that `by` names."""
        rows = self._standings.get(self._site.data_version)
        tellers = stance_matrix.tellers(rows)
        by = _chosen("by", ("", *(teller.iri for teller in tellers)), "")
        shown = stance_matrix.matrix_of(rows, by)
        return self._page(
            "matrix.html", shown=shown, tellers=tellers, by=by, signs=stance_matrix.SIGNS, question=STANDINGS
        )

    def network(self) -> Response:
        """Return the page with both networks; that of actors has the ties that `tie` names, or the first."""
        version = self._site.data_version
        told = (tie for tie in TIES if self._actors[tie].get(version).arcs)
        tie = _chosen("tie", ("", *TIES), "") or next(told, TIES[0])
        return self._page(
            "network.html",
            documents=self._documents.get(version),
            actors=self._actors[tie].get(version),
            ties=TIES,
            tie=tie,
            wide=WIDE,
            relations=RELATIONS,
            question=TIES_QUERY,
        )

    def _actors_with(self, tie: str) -> ArcDiagram:
        return tie_networks.of_actors(self._rows(TIES_QUERY, tie=tie))

    def _page(self, template: str, **shown: object) -> Response:
        return documents.html(self._site, render_template(f"overviews/{template}", **shown))

    def _rows(self, name: str, **texts: str) -> list[Row]:
        """Return the rows of a saved question; none if an operator's own folder of queries lacks it."""
        query = self._site.queries.get(name)
        if query is None:
            return []
        pool = self._site.pool
        return pool_queries.rows(pool, fill_query(query, texts, partial(pool_queries.rows, pool)).text)


def _chosen(parameter: str, values: tuple[str, ...], default: str) -> str:
    """Return the value of `parameter` in the request; raises RequestError if it is none of `values`."""
    given = request.args.get(parameter, default) or default
    if given not in values:
        raise RequestError(f"{parameter} must be one of: {', '.join(filter(None, values))}.")
    return given
