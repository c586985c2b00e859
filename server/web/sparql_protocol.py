"""Parser of requests of the SPARQL 1.1 Protocol (section 2.1) and of the method QUERY (RFC 10008)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIEnvironment

from werkzeug.http import parse_options_header
from werkzeug.wsgi import get_input_stream

from server.web.http_errors import RequestError, UpdateRefusedError

METHODS = ("GET", "HEAD", "POST", "QUERY", "OPTIONS")
FORM, QUERY, UPDATE = (
    "application/x-www-form-urlencoded",
    "application/sparql-query",
    "application/sparql-update",
)
QUERY_LIMIT = (1 << 20) + (64 << 10)  # bytes of query text
BODY_LIMIT = 3 * QUERY_LIMIT + (64 << 10)  # a form may encode each byte as three
URI_LIMIT = 8192  # bytes of path and query string
FORM_FIELD = "form"  # what the form of the pages sends beside the query
VERSIONS = frozenset({"1.0", "1.1", "1.2"})  # SPARQL 1.2 Protocol section 2.1

Parameters = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Operation:
    """A query with its dataset, time limit in seconds and format; `query` is None if there is none.

    `by_form` tells whether it comes from the form of the pages, `view` is how a page is to show the answer.
    """

    query: str | None
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    timeout: float | None = None
    format_name: str | None = None
    by_form: bool = False
    view: str = ""

    def parameters(self) -> dict[str, str | tuple[str, ...]]:
        """Return the parameters that ask the same by GET, but for the format and the view."""
        given: dict[str, str | tuple[str, ...]] = {
            "query": self.query or "",
            "default-graph-uri": self.default_graphs or (),
            "named-graph-uri": self.named_graphs or (),
            "timeout": f"{self.timeout:g}" if self.timeout else (),
        }
        return {name: value for name, value in given.items() if value}


def operation(environ: WSGIEnvironment) -> Operation:
    """Return the operation that a request contains.

    Raises RequestError (400, 415), HTTPException (413) and, for an update, UpdateRefusedError.
    """
    method, in_url = environ["REQUEST_METHOD"], parameters(environ.get("QUERY_STRING", "").encode("latin-1"))
    if method in ("GET", "HEAD"):
        return _from_parameters(in_url, required=False)
    mimetype, options = parse_options_header(environ.get("CONTENT_TYPE"))
    mimetype = mimetype.lower()
    _refuse_coding(environ.get("HTTP_CONTENT_ENCODING", "identity"), options.get("charset", "utf-8"))
    read = _BODIES.get(mimetype)
    if read is None or (method == "QUERY" and mimetype == FORM):
        raise RequestError(
            f"The type {mimetype or '(none)'} of the body is not one for a query; "
            f"use {QUERY} or, by POST, {FORM}.",
            "unsupported-media-type",
        )
    return read(get_input_stream(environ, max_content_length=BODY_LIMIT).read(), in_url)


def parameters(encoded: bytes) -> Parameters:
    """Return the names and values in `encoded` (HTML form encoding), each decoded exactly once.

    Raises RequestError when the text is not UTF-8.
    """
    pairs = (part.partition(b"=") for part in encoded.split(b"&") if part)
    return [(_decode(name), _decode(value)) for name, _, value in pairs]


def _decode(encoded: bytes) -> str:
    text = encoded.replace(b"+", b" ")
    return _text(unquote_to_bytes(text) if b"%" in text else text)


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise RequestError(f"The request is not in UTF-8; byte {error.start} of a value is wrong.") from None


def _refuse_coding(coding: str, charset: str) -> None:
    if coding.lower() != "identity" or charset.lower() not in ("utf-8", "utf8", "us-ascii"):
        raise RequestError(
            "The body is compressed or not in UTF-8; send it in UTF-8, uncompressed.",
            "unsupported-media-type",
        )


def _from_form(body: bytes, in_url: Parameters) -> Operation:
    return _from_parameters(in_url + parameters(body), required=True)


def _from_text(body: bytes, in_url: Parameters) -> Operation:
    return _from_parameters([*in_url, ("query", _text(body))], required=True)


def _refuse_update(*_: object) -> Operation:
    raise UpdateRefusedError("The graph is read-only; this service accepts no updates.")


_BODIES: dict[str, Callable[[bytes, Parameters], Operation]] = {
    FORM: _from_form,
    QUERY: _from_text,
    UPDATE: _refuse_update,
}


def _from_parameters(given: Parameters, *, required: bool) -> Operation:
    values = _group(given)
    if "update" in values:
        _refuse_update()
    _check_version(values)
    dataset = [values.get(name) for name in ("default-graph-uri", "named-graph-uri")]
    queries = values.get("query", [])
    if len(queries) != 1 and (required or queries or any(dataset)):
        raise RequestError(f"A request needs exactly one query; this one has {len(queries)}.")
    if queries and not queries[0].strip():
        raise RequestError("The query is empty.")
    if queries and len(queries[0].encode()) > QUERY_LIMIT:
        raise RequestError(f"The query is longer than {QUERY_LIMIT:,} bytes.", "body-too-large")
    default_graphs, named_graphs = (tuple(graphs) if graphs else None for graphs in dataset)
    return Operation(
        queries[0] if queries else None,
        default_graphs,
        named_graphs,
        _timeout(values.get("timeout", [])),
        values.get("format", [""])[-1] or None,
        by_form=FORM_FIELD in values,
        view=values.get("view", [""])[-1],
    )


def names_format(query_string: bytes, mimetype: str, body: bytes) -> bool:
    """Return whether a request has `format` once and with a value, so that Accept does not matter."""
    encoded = [query_string, body] if mimetype == FORM else [query_string]
    if not any(b"format" in part for part in encoded):
        return False
    formats = [value for part in encoded for name, value in parameters(part) if name == "format"]
    return len(formats) == 1 and formats[0] != ""


def _group(given: Parameters) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in given:
        values.setdefault(name, []).append(value)
    return values


def _check_version(values: dict[str, list[str]]) -> None:
    for version in values.get("version", []):
        if version not in VERSIONS:
            raise RequestError(
                f"There is no version {version!r} of SPARQL; use one of {', '.join(sorted(VERSIONS))}."
            )


def _timeout(given: list[str]) -> float | None:
    if not given or not given[-1]:
        return None
    try:
        seconds = float(given[-1])
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise RequestError(f"timeout must be a number of seconds above 0, not {given[-1]!r}.")
    return seconds
