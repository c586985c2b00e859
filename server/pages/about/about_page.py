"""The page `/about`: what the collection is, who curates it, how to cite it, rights, version."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from importlib.metadata import version

from flask import Flask, Response, render_template, request, url_for

from kg.asking.citing import find_reference
from server.pages.about import question_sections
from server.pages.about.question_sections import QuestionSection
from server.pages.front.held_documents import DESCRIPTION, TELEGRAMS
from server.pages.telegrams import telegram_head
from server.pages.telegrams.telegram_head import PointAnswer
from server.site import documents, pool_queries, reference_responses
from server.site.first_answers import FirstAnswers, in_time
from server.site.pool_queries import Row, value
from server.site.reference_responses import PageReference
from server.site.site import PerVersion, Site

PAGE = "about"
SHOWN = 12  # texts whose rights are told; the question has those of each
DATA_SET = "dataset"  # the path of the whole
# Points of the description of a telegram that say whose its text is.
_RIGHTS = ("holding archive", "translated by", "obtained by", "published by", "rights")


@dataclass(frozen=True, slots=True)
class TextRights:
    """Whose the text of one telegram is: points with what is said of each, and what is not said."""

    iri: str
    name: str
    points: tuple[tuple[str, tuple[PointAnswer, ...], tuple[PointAnswer, ...]], ...]
    source: str


@dataclass(frozen=True, slots=True)
class AboutContent:
    """What the page shows of the data; `total` counts all telegrams.

    `late` says that some of it had no answer in time.
    """

    texts: tuple[TextRights, ...] = ()
    total: int = 0
    sections: tuple[QuestionSection, ...] = ()
    late: bool = False


def register(app: Flask, site: Site, answers: FirstAnswers) -> None:
    """Give `app` the page, made of `answers` about all of the data."""
    page = AboutPage(site, answers)
    app.add_url_rule("/about", "about", page.show)


class AboutPage:
    """The page of one site; its questions are asked once for each version of the data."""

    def __init__(self, site: Site, answers: FirstAnswers) -> None:
        self._site, self._answers = site, answers
        self._content = PerVersion(self._gather, keep=lambda content: not content.late)

    def show(self) -> Response:
        """Return the page; what had no answer in time is left out, and the page says so."""
        state = f"{self._site.data_version} {request.script_root}"
        content = in_time(lambda: self._content.get(state), AboutContent(late=True))
        text = render_template(
            "about.html",
            shown=content,
            all_telegrams=TELEGRAMS,
            description=DESCRIPTION,
            cited=in_time(self._cited, None),
            software=version("cablegraph"),
        )
        return documents.unfinished_html(text) if content.late else documents.html(self._site, text)

    def _cited(self) -> PageReference | None:
        """Return the reference to the whole data set, if the graph has one."""
        site = self._site
        ask = partial(pool_queries.rows, site.pool)
        whole = find_reference.find(ask, f"{site.about.base}{DATA_SET}", site.data_version, about=site.about)
        return reference_responses.of_page(whole, url_for("cite", rest=DATA_SET)) if whole else None

    def _gather(self) -> AboutContent:
        site = self._site
        held = self._answers.first(site.data_version, TELEGRAMS, SHOWN)
        texts = in_time(lambda: tuple(map(self._rights, held.rows())), None)
        sections = question_sections.gather(site, self._answers, PAGE, request.script_root)
        late = held.late or texts is None or any(section.late for section in sections)
        return AboutContent(texts or (), held.total, sections, late)

    def _rights(self, row: Row) -> TextRights:
        iri = value(row["telegram"])
        rows = pool_queries.saved_rows(self._site.pool, self._site.queries, DESCRIPTION, telegram=iri)
        points = telegram_head.points(rows)
        told = {point.name: point for point in points}
        return TextRights(
            iri,
            value(row["name"]) if "name" in row else iri,
            tuple((name, told[name].said, told[name].gaps) for name in _RIGHTS if name in told),
            telegram_head.source_address(points),
        )
