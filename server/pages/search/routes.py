"""HTTP route `/search`: people, events, quotes and saved queries by words, as a page or in JSON."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, render_template, request, url_for

from kg.errors import ParameterError
from server.data.reconciling.reconciliation_service import ReconciliationService
from server.pages.search.finder import Finder, FoundPassage, Hit, Hits, SearchResult
from server.site import documents
from server.web import addresses

LONGEST = 300  # characters of the words, as of a name to be reconciled
_OTHER = "Search results come as json and as html."


def register(app: Flask, names: ReconciliationService) -> None:
    """Add the route of the search to `app`; `names` finds things by their names."""
    finder = Finder(names)

    def search() -> Response:
        media_type = documents.requested_page_or_json(request.args.get("format", ""), _OTHER)
        words = _words()
        found = finder.find(words)
        return documents.page_or_json(
            names.site, lambda: _page(words, found), lambda: _content(words, found), media_type, end="\n"
        )

    app.add_url_rule("/search", "search", search)


def _words() -> str:
    words = request.args.get("q", "").strip()
    if len(words) > LONGEST:
        raise ParameterError(f"q must be at most {LONGEST} characters, not {len(words)}", "q")
    return words


def _page(words: str, found: SearchResult) -> str:
    return render_template(
        "search.html", words=words, found=found, longest=LONGEST, link=_href, last=_last, amount=amount
    )


def amount(hits: Hits) -> str:
    """Return the number of hits in words: `12`, or `more than 12` if the total is unknown."""
    return f"more than {hits.total:,}" if hits.more else f"{hits.total:,}"


def _href(iri: str) -> str:
    return addresses.link(iri, request.script_root)


def _last(iri: str) -> str:
    """Return the last path segment of `iri`, the short name of a passage."""
    return iri.rpartition("/")[2]


def _content(words: str, found: SearchResult) -> dict[str, Any]:
    return {
        "q": words,
        "things": _hits(found.things),
        "texts": _hits(found.texts),
        "questions": {
            "total": len(found.questions),
            "more": False,
            "shown": [
                {"name": one.name, "title": one.title, "question": one.question, "href": _query(one.name)}
                for one in found.questions
            ],
        },
    }


def _query(name: str) -> str:
    return url_for("query", file=name)


def _hits(hits: Hits) -> dict[str, Any]:
    return {"total": hits.total, "more": hits.more, "shown": [_hit(hit) for hit in hits.shown]}


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "iri": hit.iri,
        "href": _href(hit.iri),
        "text": hit.text,
        "kind": hit.kind,
        "about": hit.about,
        "passages": [_passage(place) for place in hit.passages],
    }


def _passage(place: FoundPassage) -> dict[str, str]:
    return {
        "iri": place.iri,
        "href": _href(place.iri),
        "telegram": place.telegram,
        "telegram_href": _href(place.telegram),
        "title": place.title,
    }
