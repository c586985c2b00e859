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
    """What the page shows of the data; `total` counts all telegrams."""

    texts: tuple[TextRights, ...]
    total: int
    sections: tuple[QuestionSection, ...]


def register(app: Flask, site: Site) -> None:
    """Give `app` the page."""
    page = AboutPage(site)
    app.add_url_rule("/about", "about", page.show)


class AboutPage:
    """The page of one site; its questions are asked once for each version of the data."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._content = PerVersion(self._gather)

    def show(self) -> Response:
        """Return the page."""
        text = render_template(
            "about.html",
            shown=self._content.get(f"{self._site.data_version} {request.script_root}"),
            all_telegrams=TELEGRAMS,
            description=DESCRIPTION,
            cited=self._cited(),
            software=version("cablegraph"),
        )
        return documents.html(self._site, text)

    def _cited(self) -> PageReference | None:
        """Return the reference to the whole data set, if the graph has one."""
        site = self._site
        ask = partial(pool_queries.rows, site.pool)
        whole = find_reference.find(ask, f"{site.about.base}{DATA_SET}", site.data_version, about=site.about)
        return reference_responses.of_page(whole, url_for("cite", rest=DATA_SET)) if whole else None

    def _gather(self) -> AboutContent:
        site = self._site
        held = pool_queries.saved_rows(site.pool, site.queries, TELEGRAMS)
        texts = tuple(self._rights(row) for row in held[:SHOWN])
        return AboutContent(texts, len(held), question_sections.gather(site, PAGE, request.script_root))

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
