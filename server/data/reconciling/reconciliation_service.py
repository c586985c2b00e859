"""The reconciliation service behind both versions: the directory of the present data, and responses."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from flask import Response, request

from kg.asking.reconciling.index import memory_index
from kg.asking.reconciling.index.kept_index import KeptIndex
from kg.asking.reconciling.match import Reconciler
from kg.asking.reconciling.suggest import Suggester
from server.data.reconciling.directory import Directory
from server.site import documents, pool_queries
from server.site.site import PerVersion, Site

JSON = "application/json"
LANGUAGES = ("en", "ru", "es")

NameFile = Callable[[str], Path | None]  # by data version


class ReconciliationService:
    """The service of one site.

    `file` returns the file of all names of the data of a version, or None. Without one that can be used the
    worker pool reads the names into memory, once for each version.
    """

    def __init__(self, site: Site, file: NameFile = lambda _: None) -> None:
        self.site, self._file = site, file
        self._names = PerVersion(self._read)

    def _read(self) -> tuple[Reconciler, Suggester]:
        kept = self._kept()
        ask = partial(pool_queries.rows, self.site.pool)
        reconciler = Reconciler(kept) if kept else memory_index.over(ask, self.site.names)
        return reconciler, Suggester(reconciler)

    def _kept(self) -> KeptIndex | None:
        version = self.site.data_version
        file = self._file(version)
        return KeptIndex.opened(file, version, self.site.names) if file else None

    def directory(self) -> Directory:
        """Return the directory of the present data, in the language of this request.

        It stays the same for the whole request. Raises what a query raises, and BusyError while new data
        are being read.
        """
        return Directory(*self._names.get(self.site.data_version), language())

    def read(self) -> bool:
        """Whether the names of the present data need not be read, so that `directory` returns at once."""
        return self._names.known(self.site.data_version) or self._kept() is not None

    def json(self, content: Mapping[str, Any]) -> Response:
        """Return a response with `content` as JSON, its entity tag, date and language."""
        body = json.dumps(content, ensure_ascii=False).encode() + b"\n"
        return self.with_language(documents.response(self.site, body, JSON))

    def page(self, text: str) -> Response:
        """Return a response with the page `text`, in the language of this request."""
        return self.with_language(documents.html(self.site, text))

    def with_language(self, response: Response) -> Response:
        """Return `response` with Content-Language, and Vary on Accept-Language."""
        response.content_language.add(language())
        response.vary.add("Accept-Language")
        return response


def language() -> str:
    """Return the language that this request prefers, by default English (RFC 9110 section 12.5.4)."""
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
