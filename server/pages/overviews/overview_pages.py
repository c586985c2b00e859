"""The pages `/timeline`, `/matrix` and `/network`, made of saved questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from flask import Flask, Response, render_template, request

from server.pages.overviews import stance_matrix, tie_networks, timeline_parts
from server.pages.overviews.collection_timeline import (
    LANES,
    TOLD,
    CollectionTimeline,
    LaneEntry,
    entries,
    timeline_of,
)
from server.pages.overviews.stance_matrix import STANDINGS
from server.pages.overviews.tie_networks import NO_TIES, RELATIONS, TIES, TIES_QUERY, WIDE, ArcDiagram
from server.pages.overviews.timeline_parts import UNDATED
from server.site import documents
from server.site.first_answers import FirstAnswers, in_time
from server.site.pool_queries import Row
from server.site.site import PerVersion, Site
from server.web.http_errors import RequestError

_AT = re.compile(rf"(\d{{4}}(-\d{{2}})?|{UNDATED})?", re.ASCII)
Draw = Callable[[Iterable[Row]], ArcDiagram]


def register(app: Flask, site: Site, answers: FirstAnswers) -> None:
    """Give `app` these pages, made of `answers` about all of the data."""
    pages = OverviewPages(site, answers)
    app.add_url_rule("/timeline", "timeline", pages.timeline)
    app.add_url_rule("/matrix", "matrix", pages.matrix)
    app.add_url_rule("/network", "network", pages.network)


class OverviewPages:
    """The pages of one site; each question is asked once for each version of the data."""

    def __init__(self, site: Site, answers: FirstAnswers) -> None:
        self._site, self._answers = site, answers
        self._told = PerVersion(self._entries, keep=_there)
        self._standings = PerVersion(self._stands, keep=_there)
        self._documents = PerVersion(
            partial(self._network, RELATIONS, {}, tie_networks.of_documents), keep=_there
        )
        self._actors = {
            tie: PerVersion(
                partial(self._network, TIES_QUERY, {"tie": tie}, tie_networks.of_actors), keep=_there
            )
            for tie in TIES
        }

    def timeline(self) -> Response:
        """Return the page with the lanes, or with the one that `lane` names; of a large collection a part.

        Raises RequestError if `at` names no year or month.
        """
        lane, at = _chosen("lane", ("", *LANES), ""), request.args.get("at", "")
        if not _AT.fullmatch(at):
            raise RequestError("at must be a year as 1962, a month as 1962-10, or none for what has no day.")
        version = self._site.data_version
        kept = self._answers.kept(version)
        if kept and kept.parts(TOLD, {}):
            part, late = timeline_parts.of_kept(kept, at), False
        else:
            found = in_time(lambda: self._told.get(version), None)
            part, late = timeline_parts.of_entries(found or entries(()), at), found is None
        shown: CollectionTimeline = timeline_of(part.found, lane, part.totals)
        return self._page(
            "timeline.html",
            late,
            shown=shown,
            lanes=LANES,
            lane=lane,
            question=TOLD,
            part=part,
            undated=UNDATED,
        )

    def matrix(self) -> Response:
        """Return the page with the matrix, by the account of the actor that `by` names."""
        found = in_time(lambda: self._standings.get(self._site.data_version), None)
        rows = found or []
        tellers = stance_matrix.tellers(rows)
        by = _chosen("by", ("", *(teller.iri for teller in tellers)), "")
        shown = stance_matrix.matrix_of(rows, by)
        signs = stance_matrix.SIGNS
        return self._page(
            "matrix.html", found is None, shown=shown, tellers=tellers, by=by, signs=signs, question=STANDINGS
        )

    def network(self) -> Response:
        """Return the page with both networks; that of actors has the ties that `tie` names, or the first."""
        told = (tie for tie in TIES if (one := self._of_actors(tie)) and one.arcs)
        tie = _chosen("tie", ("", *TIES), "") or next(told, TIES[0])
        written, actors = self._diagram(self._documents), self._of_actors(tie)
        return self._page(
            "network.html",
            written is None or actors is None,
            documents=written or NO_TIES,
            actors=actors or NO_TIES,
            ties=TIES,
            tie=tie,
            wide=WIDE,
            relations=RELATIONS,
            question=TIES_QUERY,
        )

    def _of_actors(self, tie: str) -> ArcDiagram | None:
        return self._diagram(self._actors[tie])

    def _diagram(self, made: PerVersion[ArcDiagram | None]) -> ArcDiagram | None:
        """Return a network, or None if its question has no answer in time."""
        return in_time(lambda: made.get(self._site.data_version), None)

    def _network(self, question: str, given: Mapping[str, str], draw: Draw) -> ArcDiagram | None:
        found = self._answers.first(self._site.data_version, question, given=given)
        return None if found.late else draw(found.rows())

    def _entries(self) -> dict[str, list[LaneEntry]] | None:
        found = self._answers.first(self._site.data_version, TOLD)
        return None if found.late else entries(found.rows())

    def _stands(self) -> list[dict[str, str]] | None:
        found = self._answers.first(self._site.data_version, STANDINGS)
        return None if found.late else stance_matrix.told_rows(found.rows())

    def _page(self, template: str, late: bool, **shown: object) -> Response:
        """Return the page, or one that says what it lacks if some of it is `late`."""
        text = render_template(f"overviews/{template}", late=late, **shown)
        return documents.unfinished_html(text) if late else documents.html(self._site, text)


def _there(made: object) -> bool:
    """Return whether an answer came in time."""
    return made is not None


def _chosen(parameter: str, values: tuple[str, ...], default: str) -> str:
    """Return the value of `parameter` in the request; raises RequestError if it is none of `values`."""
    given = request.args.get(parameter, default) or default
    if given not in values:
        raise RequestError(f"{parameter} must be one of: {', '.join(filter(None, values))}.")
    return given
