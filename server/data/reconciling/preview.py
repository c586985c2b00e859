"""Pages of the reconciliation service: the preview of a thing, flyouts, and the documentation."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request, url_for
from markupsafe import escape

from kg.asking.reconciling.entities import Entity
from kg.asking.reconciling.match import MARGIN, SURE
from server.data.reconciling.directory import BATCH, Directory
from server.data.reconciling.reconciliation_service import ReconciliationService
from server.web import addresses
from server.web.response_headers import HEADERS

_POLICY = "Content-Security-Policy"


def page(service: ReconciliationService, name: str) -> Response:
    """Return the preview of the thing `name`, which any page may frame; raises UnknownThingError."""
    directory = service.directory()
    thing = directory.thing(name)
    text = render_template(
        "reconcile_preview.html",
        name=thing.label(directory.language),
        description=directory.known.description(thing, directory.language),
        language=directory.language,
        rows=_rows(directory, thing),
        link=f"{request.script_root}/id/{addresses.encoded(thing.id)}",
        thing=thing.id,
    )
    response = service.page(text)
    response.headers[_POLICY] = HEADERS[_POLICY].replace("frame-ancestors 'none'", "frame-ancestors *")
    return response


def flyout(directory: Directory, kind: str, name: str) -> dict[str, Any]:
    """Return the flyout of a thing, a type or a property: the HTML that clients show beside a suggestion."""
    if kind == "entity":
        thing = directory.thing(name)
        title = thing.label(directory.language)
        about = directory.known.description(thing, directory.language)
    else:
        title = (directory.type if kind == "type" else directory.property)(name)["name"]
        about = f"{kind} {name}"
    return {"id": name, "html": f"<p><strong>{escape(title)}</strong></p><p>{escape(about)}</p>"}


def documentation(service: ReconciliationService) -> Response:
    """Return the documentation page: the address to copy, the types and the properties."""
    directory = service.directory()
    text = render_template(
        "reconcile.html",
        endpoint=url_for("reconcile/reconcile", _external=True),
        draft=url_for("reconcile/reconcile/v1", _external=True),
        types=[directory.type(name) for name in directory.types()],
        properties=directory.proposals("", None)["properties"],
        sure=f"{SURE:g}",
        margin=f"{MARGIN:g}",
        batch=BATCH,
    )
    return service.page(text)


def _rows(directory: Directory, thing: Entity) -> list[tuple[str, str]]:
    others = dict.fromkeys(name.text for name in thing.names if name.kind != "label")
    identifiers = [value.text for value in directory.known.of(thing.id, "wikidata")]
    rows = [("also", ", ".join(others)), ("Wikidata", ", ".join(identifiers))]
    return [(title, text) for title, text in rows if text]
