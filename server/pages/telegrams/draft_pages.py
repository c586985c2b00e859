"""The pages `/drafts/` and `/drafts/NAME`: what is proposed and not decided, for this machine alone."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, Response, render_template

from kg.curating.drafts import accept, by_passage
from kg.curating.drafts.curation_folders import CurationFolders
from kg.errors import DataError, UnknownNameError
from kg.reading.collection import description
from kg.reading.collection.collection import Collection
from server.site import documents
from server.site.site import Site
from server.web.http_errors import RequestError


def register(app: Flask, site: Site) -> None:
    """Add the pages to `app` if the site has a folder of drafts."""
    if site.drafts is not None:
        pages = DraftPages(folders_of(site.drafts, site.texts))
        app.add_url_rule("/drafts/", "drafts", pages.index)
        app.add_url_rule("/drafts/<name>", "drafts.draft", pages.draft)


def folders_of(drafts: Path, texts: Path | None) -> CurationFolders:
    """Return the folders around that of the drafts, beside which are the records, of a collection or not."""
    place = drafts.absolute().parent
    own = Collection.at(place) if (place / description.FILE).is_file() else None
    return CurationFolders.of(place / "records", drafts.absolute(), texts, own)


class DraftPages:
    """The list of the drafts, and a page for each; read anew for each request."""

    def __init__(self, folders: CurationFolders) -> None:
        self._folders = folders

    def index(self) -> Response:
        """Return a response with the list of the drafts."""
        return documents.fresh_html(render_template("drafts.html", names=self._folders.names()))

    def draft(self, name: str) -> Response:
        """Return a response with the proposals of one draft, or with the findings if it cannot be read.

        Raises RequestError if there is no such draft.
        """
        if name not in self._folders.names():
            raise RequestError(str(UnknownNameError("draft", name, self._folders.names())), "not-found")
        try:
            files = accept.proposals(self._folders, name)
        except DataError as error:
            return documents.fresh_html(render_template("draft.html", name=name, findings=error.findings))
        groups = by_passage.groups(self._folders, name, files)
        return documents.fresh_html(render_template("draft.html", name=name, groups=groups))
