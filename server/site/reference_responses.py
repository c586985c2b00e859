"""Responses with a reference in the format that the request asks for, and links to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlencode

from flask import Response, request

from kg.asking.citing import schema_org
from kg.asking.citing.reference import Kind, Reference
from kg.asking.citing.reference_formats import FORMATS, ReferenceFormat
from server.web import negotiation
from server.web.formats import content_type
from server.web.http_errors import NotAcceptableError, RequestError

_BY_TYPE: Mapping[str, ReferenceFormat] = MappingProxyType(
    {form.media_type: form for form in FORMATS.values()}
)
# https://www.zotero.org/support/kb/item_types_and_fields
_ITEM_TYPES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.TELEGRAM: "letter",
        Kind.STATEMENT: "dictionaryEntry",
        Kind.THING: "dictionaryEntry",
        Kind.ANSWER: "dataset",
    }
)


def chosen(name: str | None = None) -> ReferenceFormat:
    """Return the format that the present request asks for; `name`, by default `?format=`, overrides Accept.

    Raises RequestError for an unknown format, and NotAcceptableError if none is acceptable.
    """
    name = request.args.get("format", "") if name is None else name
    if name and name not in FORMATS:
        raise RequestError(f"There is no format called {name!r}; there are: {', '.join(FORMATS)}.")
    if name:
        return FORMATS[name]
    best = negotiation.best(request.accept_mimetypes, tuple(_BY_TYPE))
    if best is None:
        raise NotAcceptableError(f"References come as {', '.join(_BY_TYPE)}.")
    return _BY_TYPE[best]


def response(reference: Reference, form: ReferenceFormat) -> Response:
    """Return the response with `reference`, as a file of its own name; its day is that of the request."""
    headers = {
        "Content-Type": content_type(form.media_type),
        "Cache-Control": "no-cache",
        "Content-Disposition": f'inline; filename="{reference.key[:100]}.{form.ending}"',
    }
    return Response(form.write(reference), headers=headers)


@dataclass(frozen=True, slots=True)
class PageReference:
    """The reference of a page: its JSON-LD, what Zotero calls its kind, and the addresses of its formats."""

    reference: Reference
    document: str
    item_type: str
    links: list[tuple[str, str]]


def of_page(reference: Reference, address: str) -> PageReference:
    """Return `reference`, whose formats are at `address`, for the template `cite.html`."""
    return PageReference(
        reference, schema_org.embedded(reference), _ITEM_TYPES[reference.kind], links(address)
    )


def links(address: str) -> list[tuple[str, str]]:
    """Return the label and the address of each format of the reference at `address`."""
    path, _, query = address.partition("?")
    before = f"{query}&" if query else ""
    return [(form.label, f"{path}?{before}{urlencode({'format': name})}") for name, form in FORMATS.items()]
