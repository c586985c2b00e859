"""The front page `/`, made of saved questions; what is for programs stands at its foot."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, render_template

from server.pages.front import event_picture, first_questions, held_documents
from server.pages.front.event_picture import EVENT, STANCES, EventPicture
from server.pages.front.first_questions import START, FirstQuestion
from server.pages.front.held_documents import DESCRIPTION, TELEGRAMS, HeldDocument
from server.site import documents, pool_queries
from server.site.pool_queries import Row, value
from server.site.site import PerVersion, Site

EVERYBODY = "who-is-who"  # the saved query that lists all actors
PEOPLE = "who-is-told-of-most"  # the saved query that ranks them
SHOWN, NAMES = 12, 10  # number of telegrams and of people; the saved queries list them all


@dataclass(frozen=True, slots=True)
class FrontContent:
    """What the page shows of the data; `total` counts all telegrams."""

    telegrams: list[HeldDocument]
    total: int
    picture: EventPicture | None
    people: list[dict[str, str]]
    questions: tuple[FirstQuestion, ...]


def register(app: Flask, site: Site) -> None:
    """Give `app` its front page."""
    front = FrontPage(site)
    app.add_url_rule("/", "start", front.show)


class FrontPage:
    """The front page of one site; its content is queried once for each version of the data."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._content = PerVersion(self._gather)

    def show(self) -> Response:
        """Return the page."""
        content = self._content.get(self._site.data_version)
        text = render_template(
            "front.html",
            shown=content,
            start=START,
            total_questions=len(self._site.queries),
            all_telegrams=TELEGRAMS,
            stances=STANCES,
            most_told=PEOPLE,
            everybody=EVERYBODY if EVERYBODY in self._site.queries else "",
        )
        return documents.html(self._site, text)

    def _gather(self) -> FrontContent:
        telegrams = self._rows(TELEGRAMS)
        people = [{key: value(term) for key, term in row.items()} for row in self._rows(PEOPLE)[:NAMES]]
        return FrontContent(
            held_documents.documents(telegrams[:SHOWN], lambda iri: self._rows(DESCRIPTION, telegram=iri)),
            len(telegrams),
            self._picture(),
            people,
            first_questions.choose(self._site.about.pages.questions, self._site.queries, self._rows),
        )

    def _picture(self) -> EventPicture | None:
        found = pool_queries.rows(self._site.pool, EVENT)
        if not found:
            return None
        event, name = value(found[0]["event"]), value(found[0]["name"])
        return event_picture.picture(event, name, self._rows(STANCES, at=event))

    def _rows(self, name: str, **things: str) -> list[Row]:
        return pool_queries.saved_rows(self._site.pool, self._site.queries, name, **things)
