"""HTTP routes of robots.txt, llms.txt, sitemap.xml and favicon.ico."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask, Response, redirect, request, url_for

from server.data.discovery import llms_text, sitemap
from server.site import documents
from server.site.first_answers import FirstAnswers
from server.site.site import PerVersion, Site
from server.web import addresses
from server.web.http_errors import RequestError

_TEXT, _XML = "text/plain", "application/xml"
START = "start"  # the tag of the questions to begin with
# What a crawler need not fetch: every answer to every query. Things, questions and downloads are open.
_ROBOTS = """\
User-agent: *
Disallow: {root}/sparql?
Disallow: {root}/graphs?
Disallow: {root}/search?
Disallow: {root}/reconcile
Allow: {root}/

Sitemap: {sitemap}
"""


def register(app: Flask, site: Site, answers: FirstAnswers) -> None:
    """Give `app` the addresses of these files; a store may keep the names of things with its `answers`."""
    files = SiteFiles(site, answers)
    app.add_url_rule("/robots.txt", "robots", files.robots)
    app.add_url_rule("/llms.txt", "llms", files.llms)
    app.add_url_rule("/sitemap.xml", "sitemap", files.sitemap)
    app.add_url_rule("/favicon.ico", "favicon", _favicon)


@dataclass(frozen=True, slots=True)
class ListedThings:
    """The number of all things, and what returns the IRIs of some: how many, after how many others."""

    number: int
    some: Callable[[int, int], Sequence[str]]


class SiteFiles:
    """The files of one site; its things are read once for each version of the data."""

    def __init__(self, site: Site, answers: FirstAnswers) -> None:
        self._site, self._answers = site, answers
        self._things = PerVersion(lambda: sitemap.things(site.pool))

    def robots(self) -> Response:
        """Return the response with robots.txt (RFC 9309)."""
        text = _ROBOTS.format(root=request.script_root, sitemap=url_for("sitemap", _external=True))
        return documents.response(self._site, text.encode(), _TEXT)

    def llms(self) -> Response:
        """Return the response with llms.txt."""
        site = self._site
        queries = [query for query in site.queries.values() if START in query.tags]
        hidden = set() if site.downloads else {"dumps/"}
        state = f"Data version: {site.data_version}. Licence: {site.about.licence}"
        text = llms_text.text(site.name, state, queries, _address, hidden)
        return documents.response(site, text.encode(), _TEXT)

    def sitemap(self) -> Response:
        """Return the response with the sitemap, or with `?page=` one file of several.

        Raises RequestError for a page that there is not.
        """
        pages, things = self._pages(), self._things_of(self._site.data_version)
        number, count = request.args.get("page", ""), sitemap.files(len(pages) + things.number)
        if number and not (number.isascii() and number.isdecimal() and 1 <= int(number[:9]) <= count):
            raise RequestError(
                f"There is no page {number!r} of the sitemap; there are 1 to {count}.", "not-found"
            )
        if number or count == 1:
            start = (int(number or 1) - 1) * sitemap.PER_FILE
            shown = pages[start : start + sitemap.PER_FILE]
            left, skipped = sitemap.PER_FILE - len(shown), max(0, start - len(pages))
            body = sitemap.url_set([*shown, *map(self._address_of, things.some(left, skipped))])
        else:
            home = url_for("sitemap", _external=True)
            body = sitemap.index([f"{home}?page={n}" for n in range(1, count + 1)])
        return documents.response(self._site, body, _XML)

    def _things_of(self, version: str) -> ListedThings:
        """Return the things of the data `version`: those that a store keeps, or all that there are."""
        if kept := self._answers.kept(version):
            return ListedThings(sum(kept.folders().values()), kept.every_thing)
        every = self._things.get(version)
        return ListedThings(len(every), lambda most, skip: every[skip : skip + most])

    def _address_of(self, iri: str) -> str:
        return request.url_root.rstrip("/") + addresses.local(iri, names=self._site.names)

    def _pages(self) -> list[str]:
        """Return the addresses of all pages and questions."""
        site = self._site
        paths = [*sitemap.PAGES, *(("dumps/",) if site.downloads else ())]
        paths += [f"queries/{name}" for name in site.queries]
        return [_address(path) for path in paths]


def _address(path: str) -> str:
    return request.url_root + path


def _favicon() -> Response:
    """Return a redirect to the icon, which browsers look for here without a page that names it."""
    response = redirect(url_for("static", filename="favicon.svg"), 301)
    assert isinstance(response, Response)  # noqa: S101 - the class of the application
    return response
