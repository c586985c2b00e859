"""HTTP route `/search`: things, statements and saved questions by words, as a page or in JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import Flask, Response, render_template, request, url_for
from pyoxigraph import NamedNode

from kg.asking.searching import search_fields
from kg.asking.searching.search_fields import FILTERS
from kg.asking.searching.typed_words import LONGEST, TypedWord
from kg.namespaces import Namespaces
from kg.terms import short
from server.data.reconciling.reconciliation_service import ReconciliationService
from server.pages.search.finder import Finder, FoundPassage, Hit, Hits, SearchResult
from server.pages.search.word_indexes import WordIndexes
from server.site import documents
from server.site.site import Site
from server.web import addresses

CHOICES = 300  # of a filter; with more it is typed
_OTHER = "Search results come as json and as html."


def register(
    app: Flask, names: ReconciliationService, indexes: WordIndexes, patient: Callable[[], bool] = lambda: True
) -> Finder:
    """Add the route of the search to `app` and return the search.

    `names` finds things by their names, `indexes` all by words; a search that is not `patient` does not wait
    for the names.
    """
    finder = Finder(names, indexes, patient)

    def search() -> Response:
        media_type = documents.requested_page_or_json(request.args.get("format", ""), _OTHER)
        text = request.args.get("q", "").strip()
        narrowed = {name: given for name in FILTERS if (given := request.args.get(name, "").strip())}
        found = finder.find(text, narrowed)
        response = documents.page_or_json(
            names.site,
            lambda: _page(text, narrowed, found, _choices(finder), names.site.names),
            lambda: _content(text, narrowed, found, names.site),
            media_type,
            end="\n",
        )
        return response if found.spelt and found.described else documents.unfinished(response)

    app.add_url_rule("/search", "search", search)
    return finder


def _choices(finder: Finder) -> dict[str, list[tuple[str, str]]]:
    """Return for each filter its values with their names, in the order of the names; none if too many."""
    every = {name: finder.index().choices(name, CHOICES + 1) for name in FILTERS}
    return {name: choices if len(choices) <= CHOICES else [] for name, choices in every.items()}


def _page(
    text: str,
    narrowed: Mapping[str, str],
    found: SearchResult,
    choices: Mapping[str, list[tuple[str, str]]],
    names: Namespaces,
) -> str:
    return render_template(
        "search.html",
        words=text,
        narrowed=narrowed,
        found=found,
        choices=choices,
        longest=LONGEST,
        link=partial(_href, names),
        last=_last,
        amount=amount,
        places=_places,
        short=lambda iri: short(NamedNode(iri), names),
    )


def amount(hits: Hits) -> str:
    """Return the number of hits in words: `12`, or `more than 12` if the total is unknown."""
    return f"more than {hits.total:,}" if hits.more else f"{hits.total:,}"


def _places(hit: Hit) -> str:
    """Return in words in which fields the words were found: `silent, session in name; kept in content`."""
    fields: dict[str, list[str]] = {}
    for word, names in hit.found.items():
        fields.setdefault(search_fields.fields()[names[0]].label, []).append(word)
    return "; ".join(f"{', '.join(words)} in {label}" for label, words in fields.items())


def _href(names: Namespaces, iri: str) -> str:
    return addresses.link(iri, request.script_root, names)


def _last(iri: str) -> str:
    """Return the last path segment of `iri`, the short name of a passage."""
    return iri.rpartition("/")[2]


def _content(text: str, narrowed: Mapping[str, str], found: SearchResult, site: Site) -> dict[str, Any]:
    questions = [_question(hit, site) for hit in found.questions.shown]
    return {
        "license": site.about.licence,
        "q": text,
        "narrowed": dict(narrowed),
        "words": [_word(word) for word in found.words.words],
        "left_out": list(found.words.dropped),
        "things": _hits(found.things, site.names),
        "texts": _hits(found.texts, site.names),
        "questions": _hits(found.questions, site.names) | {"shown": questions},
    }


def _word(word: TypedWord) -> dict[str, Any]:
    return {"word": word.word, "known": word.known, "beginning": word.beginning, "near": list(word.near)}


def _question(hit: Hit, site: Site) -> dict[str, Any]:
    name = hit.iri.rpartition("/")[2]
    return {
        "name": name,
        "title": site.queries[name].title,
        "question": hit.text,
        "href": url_for("query", file=name),
        "found": _found(hit),
    }


def _hits(hits: Hits, names: Namespaces) -> dict[str, Any]:
    shown = [_hit(hit, names) for hit in hits.shown]
    return {"total": hits.total, "more": hits.more, "every": hits.every, "shown": shown}


def _hit(hit: Hit, names: Namespaces) -> dict[str, Any]:
    return {
        "iri": hit.iri,
        "href": _href(names, hit.iri),
        "text": hit.text,
        "kind": hit.kind,
        "about": hit.about,
        "found": _found(hit),
        "quotes": list(hit.quotes),
        "passages": [_passage(place, names) for place in hit.passages],
    }


def _found(hit: Hit) -> dict[str, list[str]]:
    return {word: list(names) for word, names in hit.found.items()}


def _passage(place: FoundPassage, names: Namespaces) -> dict[str, str]:
    return {
        "iri": place.iri,
        "href": _href(names, place.iri),
        "telegram": place.telegram,
        "telegram_href": _href(names, place.telegram),
        "title": place.title,
    }
