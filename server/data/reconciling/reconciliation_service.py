"""What both versions of the reconciliation service share: who answers for the present data, and JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Response, request

from kg.asking.reconciling.match import Reconciler
from kg.asking.reconciling.suggest import Suggester
from server.data.reconciling.directory import Directory
from server.site import documents, pool_queries
from server.site.site import PerVersion, Site

JSON = "application/json"
LANGUAGES = ("en", "ru", "es")


class ReconciliationService:
    """Answers for one site; names are read once for each version of its data, by the worker pool."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._names = PerVersion(self._read)

    def _read(self) -> tuple[Reconciler, Suggester]:
        reconciler = Reconciler.over(partial(pool_queries.rows, self.site.pool))
        return reconciler, Suggester(reconciler)

    def directory(self) -> Directory:
        """Return what there is now, for the language of this request; it does not change under a request.

        Raises what a query raises, and BusyError while new data are being read.
        """
        return Directory(*self._names.get(self.site.data_version), language())

    def json(self, content: Mapping[str, Any]) -> Response:
        """Return `content` as JSON, tagged and dated, for the language of this request."""
        body = json.dumps(content, ensure_ascii=False).encode() + b"\n"
        return self.spoken(documents.response(self.site, body, JSON))

    def page(self, text: str) -> Response:
        """Return a page in the language of this request."""
        return self.spoken(documents.html(self.site, text))

    def spoken(self, response: Response) -> Response:
        """Return `response` with its language, by which it may differ."""
        response.content_language.add(language())
        response.vary.add("Accept-Language")
        return response


def language() -> str:
    """Return the language that this request wants, English by default (RFC 9110 section 12.5.4)."""
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
