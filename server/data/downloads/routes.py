"""HTTP routes below /dumps/: the index for people and programs, releases, their files, change reports."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, Response, redirect, request, url_for

from kg.publishing.changes import report_json
from kg.publishing.dumps import notice, release_folders
from kg.publishing.dumps.manifest import Manifest, to_json
from kg.reading.collection.description import Description
from server.data.describing import dcat_releases
from server.data.downloads import changes_page, file_responses, release_page
from server.data.downloads.releases import ChangeReports, Releases
from server.site import documents
from server.site.site import Site
from server.web import negotiation
from server.web.formats import GRAPHS, HTML, JSON
from server.web.http_errors import NotAcceptableError, RequestError
from server.web.response_headers import link

_LINKSET = "application/linkset+json"  # RFC 9264
_OFFERS = (*GRAPHS, JSON, HTML)
_REPORTS = {"md": "text/markdown", "json": JSON, "html": HTML}
_NAMED = {"json": JSON, "linkset": _LINKSET}


def register(app: Flask, site: Site, releases: Releases | None) -> None:
    """Add the routes of `releases` to `app`; without releases they respond with 404."""
    dumps = Dumps(site, releases)
    app.add_url_rule("/dumps/", "dumps", dumps.index)
    app.add_url_rule("/dumps/latest/", "dumps.latest", dumps.latest)
    app.add_url_rule("/dumps/latest/<path:path>", "dumps.latest.file", dumps.latest)
    app.add_url_rule("/dumps/<name>/", "dumps.release", dumps.index)
    app.add_url_rule("/dumps/<name>/changes-from/<older>", "dumps.changes", dumps.changes)
    app.add_url_rule("/dumps/<name>/<path:path>", "dumps.file", dumps.file)


class Dumps:
    """Answers requests for the releases of one site."""

    def __init__(self, site: Site, releases: Releases | None) -> None:
        self._site, self._offered = site, releases
        self._changes = ChangeReports(releases, releases.say) if releases else None

    @property
    def _releases(self) -> Releases:
        if self._offered is None:
            raise RequestError("This service offers no files to download.", "not-found")
        return self._offered

    def index(self, name: str = "") -> Response:
        """Return the index of the release `name`, by default that of the present data, as negotiated."""
        releases, about = self._releases, self._site.about
        name = name or releases.current()
        manifest = releases.manifest(name)
        media_type = _requested_type()
        if media_type == HTML:
            older = release_folders.before(releases.folder, name)
            text = release_page.render(name, manifest, releases.names, older, about)
            response = documents.fresh_html(text)
        elif media_type == JSON:
            response = documents.response(self._site, to_json(manifest, about), JSON)
        elif media_type == _LINKSET:
            response = documents.json(self._site, _linkset(name, manifest, about), _LINKSET)
        else:
            triples = dcat_releases.triples(name, manifest, releases.names, _home(), about)
            response = documents.rdf(self._site, triples, media_type)
        return _with_signposts(response, name, manifest, about)

    def latest(self, path: str = "") -> Response:
        """Redirect (302) to the release of the present data, or to one of its files."""
        root = url_for("dumps")
        response = redirect(f"{root}{self._releases.current()}/{path}", 302)
        response.headers["Cache-Control"] = "no-cache"
        assert isinstance(response, Response)  # noqa: S101 - the class of the application
        return response

    def changes(self, name: str, older: str) -> Response:
        """Return the change report from the release `older` to `name` as a page, Markdown or JSON."""
        self._releases.manifest(name)
        assert self._changes  # noqa: S101 - there are releases
        folder = self._changes.between(older, name)
        media_type = _requested_report_type()
        if media_type == HTML:
            report = json.loads((folder / report_json.JSON).read_bytes())
            text = changes_page.render(report, older, name, request.script_root, self._site.names)
            response = documents.fresh_html(text)
        else:
            file = folder / (report_json.JSON if media_type == JSON else report_json.MARKDOWN)
            response = documents.response(self._site, file.read_bytes(), media_type)
        return response

    def file(self, name: str, path: str) -> Response:
        """Return one file of the release `name`."""
        releases = self._releases
        return file_responses.response(releases.folder, name, releases.manifest(name), path, self._site.about)


def _requested_type() -> str:
    format_name = request.args.get("format", "")
    if format_name in _NAMED:
        return _NAMED[format_name]
    acceptable = negotiation.best(request.accept_mimetypes, _OFFERS)
    return JSON if acceptable == JSON and not format_name else documents.requested_type(documents.RDF_OR_HTML)


def _requested_report_type() -> str:
    format_name = request.args.get("format", "")
    if format_name and format_name not in _REPORTS:
        raise RequestError(
            f"There is no format called {format_name!r} here; there are: {', '.join(_REPORTS)}."
        )
    media_type = _REPORTS.get(format_name) or negotiation.best(
        request.accept_mimetypes, tuple(_REPORTS.values())
    )
    if not media_type:
        raise NotAcceptableError(f"Change reports come only as {', '.join(_REPORTS.values())}.")
    return media_type


def _home() -> str:
    return url_for("dumps", _external=True)


def _with_signposts(response: Response, name: str, manifest: Manifest, about: Description) -> Response:
    """Return `response` with the links of the FAIR Signposting profile.

    The headers name the files of the whole graph, the linkset all files.
    """
    here = f"{request.script_root}/dumps/{name}/"
    link(response, f"{notice.address(about)}{name}/", "cite-as")
    link(response, "https://schema.org/Dataset", "type")
    link(response, f"{here}?format=ttl", "describedby", "text/turtle")
    link(response, f"{here}?format=linkset", "linkset", _LINKSET)
    for entry in manifest.files:
        if entry.group == "whole":
            link(response, here + entry.name, "item", entry.media_type)
    return response


def _linkset(name: str, manifest: Manifest, about: Description) -> dict[str, Any]:
    """Return the linkset of the release with all its files (RFC 9264 section 4.2)."""
    here = f"{_home()}{name}/"
    links = {
        "anchor": here,
        "cite-as": [{"href": f"{notice.address(about)}{name}/"}],
        "license": [{"href": manifest.licence}],
        "describedby": [{"href": f"{here}?format=ttl", "type": "text/turtle"}],
        "item": [{"href": here + entry.name, "type": entry.media_type} for entry in manifest.files],
    }
    return {"linkset": [links]}
