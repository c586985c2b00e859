"""The front page `/`, made of saved questions; what is for programs stands at its foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, Response, render_template

from server.pages.front import event_picture, first_questions, held_documents
from server.pages.front.event_picture import EVENT, STANCES, EventPicture
from server.pages.front.first_questions import START, FirstQuestion
from server.pages.front.held_documents import DESCRIPTION, TELEGRAMS, HeldDocument
from server.site import documents, pool_queries
from server.site.first_answers import FirstAnswers, FirstRows, in_time
from server.site.pool_queries import Row, value
from server.site.site import PerVersion, Site

EVERYBODY = "who-is-who"  # the saved query that lists all actors
PEOPLE = "who-is-told-of-most"  # the saved query that ranks them
SHOWN, NAMES = 12, 10  # number of telegrams and of people; the saved queries list them all


@dataclass(frozen=True, slots=True)
class FrontContent:
    """What the page shows of the data; `total` counts all telegrams.

    `depth` is that of all telegrams shown, if it is the same and nobody read any of them for claims.
    `late` says that some of it had no answer in time.
    """

    telegrams: Sequence[HeldDocument] = ()
    total: int = 0
    depth: str = ""
    picture: EventPicture | None = None
    people: Sequence[dict[str, str]] = ()
    questions: tuple[FirstQuestion, ...] = ()
    late: bool = False


def register(app: Flask, site: Site, answers: FirstAnswers) -> None:
    """Give `app` its front page, made of `answers` about all of the data."""
    front = FrontPage(site, answers)
    app.add_url_rule("/", "start", front.show)


class FrontPage:
    """The front page of one site; its content is gathered once for each version of the data."""

    def __init__(self, site: Site, answers: FirstAnswers) -> None:
        self._site, self._answers = site, answers
        self._content = PerVersion(self._gather, keep=lambda content: not content.late)

    def show(self) -> Response:
        """Return the page; what had no answer in time is left out, and the page says so."""
        content = in_time(lambda: self._content.get(self._site.data_version), FrontContent(late=True))
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
        return documents.unfinished_html(text) if content.late else documents.html(self._site, text)

    def _gather(self) -> FrontContent:
        telegrams, people = self._first(TELEGRAMS, SHOWN), self._first(PEOPLE, NAMES)
        described = in_time(lambda: held_documents.documents(telegrams.rows(), self._description), None)
        picture = in_time(self._picture, None)
        shown = (
            described if described is not None else held_documents.documents(telegrams.rows(), lambda _: ())
        )
        return FrontContent(
            *(shown, telegrams.total, held_documents.depth_of_all(shown)),
            picture,
            [{key: value(term) for key, term in row.items()} for row in people.rows()],
            first_questions.choose(
                self._site.about.pages.questions, self._site.queries, lambda name: self._first(name, 1).rows()
            ),
            telegrams.late or people.late or described is None,
        )

    def _first(self, name: str, most: int) -> FirstRows:
        return self._answers.first(self._site.data_version, name, most)

    def _description(self, iri: str) -> list[Row]:
        return pool_queries.saved_rows(self._site.pool, self._site.queries, DESCRIPTION, telegram=iri)

    def _picture(self) -> EventPicture | None:
        found = pool_queries.rows(self._site.pool, EVENT)
        if not found:
            return None
        event, name = value(found[0]["event"]), value(found[0]["name"])
        rows = pool_queries.saved_rows(self._site.pool, self._site.queries, STANCES, at=event)
        return event_picture.picture(event, name, rows)
