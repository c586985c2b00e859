"""HTTP routes of the reading pages: `/id/telegram/NAME` for a browser, where the telegram was read."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from urllib.parse import quote

from flask import Flask, Response, render_template, request, url_for
from pyoxigraph import NamedNode

from kg.asking.citing import find_reference
from kg.terms import short
from server.pages.telegrams import reading, reading_pages
from server.pages.telegrams.held_telegrams import Neighbours, Telegram, TelegramTexts
from server.pages.telegrams.reading_pages import ReadingPage
from server.pages.telegrams.telegram_head import points, source_address
from server.site import documents, pool_queries, reference_responses
from server.site.first_answers import FirstAnswers
from server.site.pool_queries import Row
from server.site.result_pages import CHOICES
from server.site.site import PerVersion, Site
from server.web import addresses
from server.web.addresses import canonical
from server.web.formats import HTML
from server.web.http_errors import RequestError

# The saved queries that have the content of these pages; without one of them there are no such pages.
QUOTES, STATEMENTS = "quotes-in-place", "paragraph-by-paragraph"
DESCRIPTION = "description-of-a-telegram"
RDF = "statements"  # the value of `?view=` for the page about the telegram as a thing

Other = Callable[[], Response]


def register(app: Flask, site: Site, other: Other, answers: FirstAnswers) -> None:
    """Add the routes of the reading pages to `app`.

    `other` answers for what is not to be read here: another format, and a telegram that is known by reference
    only. A store may keep the order of all telegrams with its `answers`.
    """
    app.add_template_filter(_fragment, "fragment")
    pages = TelegramPages(site, TelegramTexts(site), other, answers)
    app.add_url_rule("/id/telegram/<name>", "telegram", pages.show)
    app.add_url_rule("/static/lights.css", "telegram.lights", lambda: _lights(site))
    app.add_url_rule("/id/in/<collection>/telegram/<name>", "telegram.elsewhere", pages.show)


class TelegramPages:
    """Answers requests for the reading pages of one site."""

    def __init__(self, site: Site, texts: TelegramTexts, other: Other, answers: FirstAnswers) -> None:
        self._site = site
        self._texts = texts
        self._other = other
        ask = partial(pool_queries.rows, site.pool)
        self._neighbours = PerVersion(lambda: Neighbours(ask, answers.kept(site.data_version)))

    def show(self, name: str, collection: str = "") -> Response:  # noqa: ARG002 - parts of the path
        """Return the response with the reading page, or what `other` answers."""
        iri = canonical(request.path, self._site.names)
        page = request.args.get("view") != RDF and {QUOTES, STATEMENTS} <= self._site.queries.keys()
        if not page or documents.requested_type(documents.RDF_OR_HTML) != HTML:
            return self._other()
        beside = self._neighbours.get(self._site.data_version).of(iri)
        if beside is None:
            return self._other()
        response = documents.html(self._site, self._page(iri, *beside))
        response.headers.add("Link", f'<{addresses.encoded(iri)}>; rel="canonical"')
        for form, _ in CHOICES["graph"]:
            response.headers.add(
                "Link", f'<?format={form}>; rel="alternate"; type="{documents.type_of(form)}"'
            )
        return response

    def _page(self, iri: str, before: Telegram | None, own: Telegram, after: Telegram | None) -> str:
        text = self._texts.text(iri)
        passages = reading.passages(self._rows(QUOTES, iri), self._rows(STATEMENTS, iri), text)
        description = points(self._rows(DESCRIPTION, iri))
        pages = reading_pages.cut(passages)
        page = _chosen(pages)
        reference = find_reference.find(
            partial(pool_queries.rows, self._site.pool), iri, self._site.data_version, None, self._site.about
        )
        cited = url_for("cite", rest=self._site.names.path(iri))
        return render_template(
            "telegram.html",
            iri=iri,
            name=short(NamedNode(iri), self._site.names),
            title=own.name,
            before=before,
            after=after,
            points=description,
            source=source_address(description),
            pages=pages,
            page=page,
            anchors=reading_pages.anchors(pages, page.number) if page else {},
            lights=reading_pages.lights(page) if page else {},
            has_text=text is not None,
            formats=CHOICES["graph"],
            questions={"quotes": QUOTES, "statements": STATEMENTS, "description": DESCRIPTION},
            rdf=RDF,
            cited=reference_responses.of_page(reference, cited) if reference else None,
        )

    def _rows(self, name: str, iri: str) -> list[Row]:
        return pool_queries.saved_rows(self._site.pool, self._site.queries, name, telegram=iri)


def _lights(site: Site) -> Response:
    """Return the style sheet that lights up claims with their quotes: these pages may run no script."""
    text = render_template("lights.css", most=reading_pages.MOST)
    return documents.response(site, text.encode(), "text/css")


def _fragment(words: str) -> str:
    """Return `words` for a text directive, where hyphen, comma and ampersand have meanings.

    https://wicg.github.io/scroll-to-text-fragment/#syntax
    """
    return quote(words, safe="").replace("-", "%2D")


def _chosen(pages: tuple[ReadingPage, ...]) -> ReadingPage | None:
    """Return the page that `?page=` asks for, by default the first; None for a telegram without passages.

    Raises RequestError for a page that there is not.
    """
    wanted = request.args.get("page") or "1"
    if not pages and wanted == "1":
        return None
    if not (wanted.isascii() and wanted.isdigit() and 1 <= int(wanted[:9]) <= len(pages)):
        raise RequestError(f"There is no page {wanted!r}; there are: 1 to {len(pages)}.", "not-found")
    return pages[int(wanted) - 1]
