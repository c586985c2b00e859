"""Responses with one file of a release: byte ranges, gzip, conditional requests; never whole in memory.

The entity tag of a file is its SHA-256, one for each content coding. `read_range` implements RFC 9110
section 14.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import ExitStack
from pathlib import Path
from wsgiref.types import WSGIEnvironment

from flask import Response, request
from werkzeug.http import is_resource_modified
from werkzeug.wsgi import wrap_file

from kg.publishing.dumps import notice
from kg.publishing.dumps.file_types import file_type
from kg.publishing.dumps.manifest import MANIFEST, SUMS, Manifest, ManifestEntry
from kg.reading.collection.description import Description
from kg.store.layers import OURS
from server.web import negotiation
from server.web.formats import content_type
from server.web.http_errors import RequestError
from server.web.response_headers import link

_RANGE = "HTTP_RANGE"
_BYTES = re.compile(r"bytes=[ \t]*(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))[ \t]*", re.IGNORECASE)

FOREVER = "public, max-age=31536000, immutable"
_GZIP = ".gz"
_INLINE = frozenset({"text/plain", "application/json", "text/markdown"})  # a browser shows; others are saved
_BODILESS = (304, 412)


def read_range(environ: WSGIEnvironment, tag: str, length: int) -> WSGIEnvironment:
    """Return `environ` with the one byte range to send of a file of `length` bytes, or without a range.

    `tag` is the strong entity tag of the file, in quotes. werkzeug refuses an unsatisfiable range later.
    """
    if _RANGE not in environ:
        return environ
    plain = {name: value for name, value in environ.items() if name != _RANGE}
    single = _single_range(environ[_RANGE], length)
    if not single or environ["REQUEST_METHOD"] != "GET" or _condition_decides(plain, tag):
        return plain
    return {**plain, _RANGE: single}


def _condition_decides(environ: WSGIEnvironment, tag: str) -> bool:
    """Return whether If-Match, If-None-Match or If-Range makes the server ignore the range.

    If-Range compares strongly (section 13.1.5): a weak tag never matches, nor does a date, since these
    responses have no Last-Modified.
    """
    if_range = environ.get("HTTP_IF_RANGE")
    return (if_range is not None and if_range.strip() != tag) or not is_resource_modified(environ, tag)


def _single_range(value: str, length: int) -> str:
    """Return the range in the header `value`, normalized; empty if it is invalid or has several ranges."""
    match = _BYTES.fullmatch(value.strip())
    if not match:
        return ""
    first, last, suffix = match.groups()
    if suffix is not None:  # the last bytes; a suffix of length 0 is unsatisfiable (section 14.1.2)
        return f"bytes={max(length - int(suffix), 0) if int(suffix) else length}-"
    if last and int(last) < int(first):
        return ""
    return f"bytes={first}-{last}"


def response(folder: Path, name: str, manifest: Manifest, path: str, about: Description = OURS) -> Response:
    """Return the response with the file `path` of the release `name` in `folder`, described by `manifest`.

    `about` describes the collection. Only paths that `manifest` lists are served. Raises RequestError for
    others, and werkzeug's 416 for an unsatisfiable range.
    """
    try:
        answer = _file_response(folder / name, name, manifest, path)
    except OSError:
        raise RequestError("This file is no longer here.", "not-found") from None
    link(answer, f"{notice.address(about)}{name}/", "cite-as")
    return answer


def _file_response(folder: Path, name: str, manifest: Manifest, path: str) -> Response:
    entry, compressed = _entry(folder, manifest, path)
    coded = not compressed and entry.gzip and negotiation.takes_coding(request.accept_encodings, "gzip")
    tag = entry.gzip.sha256 if entry.gzip and (compressed or coded) else entry.sha256
    response = _conditional(folder / (f"{entry.name}{_GZIP}" if compressed or coded else entry.name), tag)
    media_type = file_type(path).media_type if compressed else entry.media_type
    parameter = "" if compressed else file_type(path).parameter
    response.headers["Content-Type"] = content_type(media_type) + (f"; {parameter}" if parameter else "")
    if coded:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = FOREVER
    disposition = "inline" if media_type in _INLINE else "attachment"
    response.headers["Content-Disposition"] = f'{disposition}; filename="{download_name(name, path)}"'
    link(response, f"{request.script_root}/dumps/{name}/", "collection")
    return response


def download_name(name: str, path: str) -> str:
    """Return the name under which clients save the file `path` of the release `name`."""
    title = path.replace("/", "-")
    rest = title.removeprefix("cablegraph")
    return f"cablegraph-{name}{rest if rest != title else f'-{title}'}"


def _entry(folder: Path, manifest: Manifest, path: str) -> tuple[ManifestEntry, bool]:
    """Return the entry of `path`, and whether `path` names its gzip file."""
    if path in (MANIFEST, SUMS):  # they cannot list themselves
        content = (folder / path).read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        return ManifestEntry(path, "about", "", file_type(path).media_type, len(content), digest), False
    known = manifest.by_name
    if path in known:
        return known[path], False
    plain = path.removesuffix(_GZIP)
    if plain != path and plain in known and known[plain].gzip:
        return known[plain], True
    raise RequestError(
        f"The release of data {manifest.version[:16]} has no file {path!r}; {MANIFEST} lists its files.",
        "not-found",
    )


def _conditional(file: Path, tag: str) -> Response:
    """Return the response with `file`, or the part of it that the conditions and the range ask for."""
    with ExitStack() as unless_sent:
        content = unless_sent.enter_context(file.open("rb"))
        length = file.stat().st_size
        response = Response(wrap_file(request.environ, content), direct_passthrough=True)
        response.content_length = length
        response.set_etag(tag)
        environ = read_range(request.environ, f'"{tag}"', length)
        response.make_conditional(environ, accept_ranges=True, complete_length=length)
        if request.method == "HEAD" or response.status_code in _BODILESS:
            response.response = ()
            if response.status_code in _BODILESS:
                del response.headers["Content-Length"]
        else:
            unless_sent.pop_all()  # the response closes it when it has been sent
    return response
