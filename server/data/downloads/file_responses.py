"""Responses with one file of a release: in ranges, in gzip, never in memory.

The entity tag of a file is made of its SHA-256, one for each coding; `read_range` is RFC 9110 section 14.
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

from kg.publishing.dumps.file_types import file_type
from kg.publishing.dumps.manifest import MANIFEST, SUMS, Manifest, ManifestEntry
from kg.publishing.dumps.notice import ADDRESS
from server.web import negotiation
from server.web.formats import content_type
from server.web.http_errors import RequestError
from server.web.response_headers import link

_RANGE = "HTTP_RANGE"
_BYTES = re.compile(r"bytes=[ \t]*(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))[ \t]*", re.IGNORECASE)


FOREVER = "public, max-age=31536000, immutable"
_GZIP = ".gz"
_READ = frozenset({"text/plain", "application/json", "text/markdown"})  # what people look at; others are kept
_BODILESS = (304, 412)


def read_range(environ: WSGIEnvironment, tag: str, length: int) -> WSGIEnvironment:
    """Return `environ` with one range of a representation of `length` bytes, or without any.

    `tag` is its strong entity tag, in quotes. A range that cannot be satisfied is left to be refused.
    """
    if _RANGE not in environ:
        return environ
    plain = {name: value for name, value in environ.items() if name != _RANGE}
    wanted = _one(environ[_RANGE], length)
    if not wanted or environ["REQUEST_METHOD"] != "GET" or _overtaken(plain, tag):
        return plain
    return {**plain, _RANGE: wanted}


def _overtaken(environ: WSGIEnvironment, tag: str) -> bool:
    """Return whether a condition decides before the range does: If-Match, If-None-Match, or If-Range.

    If-Range compares strongly (section 13.1.5): a weak tag never fits, nor does a date, for no date
    of change is told.
    """
    given = environ.get("HTTP_IF_RANGE")
    return (given is not None and given.strip() != tag) or not is_resource_modified(environ, tag)


def _one(value: str, length: int) -> str:
    """Return the one range that `value` asks for, or nothing if there is none to go by."""
    found = _BYTES.fullmatch(value.strip())
    if not found:
        return ""
    first, last, suffix = found.groups()
    if suffix is not None:  # the last bytes; of none of them nothing can be sent (section 14.1.2)
        return f"bytes={max(length - int(suffix), 0) if int(suffix) else length}-"
    if last and int(last) < int(first):
        return ""
    return f"bytes={first}-{last}"


def sent(folder: Path, name: str, manifest: Manifest, path: str) -> Response:
    """Return the file `path` of the release `name` in `folder`; `manifest` says what there is.

    Only a path that is listed leads to a file. Raises RequestError for another, and the 416 of
    werkzeug for a range that cannot be satisfied.
    """
    try:
        return _sent(folder / name, name, manifest, path)
    except OSError:
        raise RequestError("This file is no longer here.", "not-found") from None


def _sent(folder: Path, name: str, manifest: Manifest, path: str) -> Response:
    entry, twin = _entry(folder, manifest, path)
    coded = not twin and entry.gzip and negotiation.takes_coding(request.accept_encodings, "gzip")
    tag = entry.gzip.sha256 if entry.gzip and (twin or coded) else entry.sha256
    response = _response(folder / (f"{entry.name}{_GZIP}" if twin or coded else entry.name), tag)
    media_type = file_type(path).media_type if twin else entry.media_type
    response.headers["Content-Type"] = content_type(media_type)
    if coded:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = FOREVER
    way = "inline" if media_type in _READ else "attachment"
    response.headers["Content-Disposition"] = f'{way}; filename="{telling(name, path)}"'
    link(response, f"{request.script_root}/dumps/{name}/", "collection")
    link(response, f"{ADDRESS}{name}/", "cite-as")
    return response


def telling(name: str, path: str) -> str:
    """Return what the file `path` of the release `name` is called where it is kept."""
    title = path.replace("/", "-")
    rest = title.removeprefix("cablegraph")
    return f"cablegraph-{name}{rest if rest != title else f'-{title}'}"


def _entry(folder: Path, manifest: Manifest, path: str) -> tuple[ManifestEntry, bool]:
    """Return the entry of `path` and whether it is the twin in gzip that is asked for."""
    if path in (MANIFEST, SUMS):  # which cannot list themselves
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
        f"The release of data {manifest.version[:16]} has no file {path!r}; {MANIFEST} lists what it has.",
        "not-found",
    )


def _response(file: Path, tag: str) -> Response:
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
            unless_sent.pop_all()  # it is closed when it has been sent
    return response
