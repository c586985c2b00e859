"""Send one file of a release: in ranges, in gzip, with an entity tag for each coding, never in memory."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from pathlib import Path

from flask import Response, request
from werkzeug.wsgi import wrap_file

from kg.dumps.manifest import MANIFEST, SUMS, Entry, Manifest
from kg.dumps.media import medium
from kg.dumps.notice import ADDRESS
from server import codings
from server.downloads import ranges
from server.formats import content_type
from server.links import link
from server.refusals import RequestError

FOREVER = "public, max-age=31536000, immutable"
_GZIP = ".gz"
_READ = frozenset({"text/plain", "application/json", "text/markdown"})  # what people look at; others are kept
_BODILESS = (304, 412)


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
    coded = not twin and entry.gzip and codings.takes(request.accept_encodings, "gzip")
    tag = entry.gzip.sha256 if entry.gzip and (twin or coded) else entry.sha256
    response = _response(folder / (f"{entry.name}{_GZIP}" if twin or coded else entry.name), tag)
    media_type = medium(path).media_type if twin else entry.media_type
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


def _entry(folder: Path, manifest: Manifest, path: str) -> tuple[Entry, bool]:
    """Return the entry of `path` and whether it is the twin in gzip that is asked for."""
    if path in (MANIFEST, SUMS):  # which cannot list themselves
        content = (folder / path).read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        return Entry(path, "about", "", medium(path).media_type, len(content), digest), False
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
        environ = ranges.read(request.environ, f'"{tag}"', length)
        response.make_conditional(environ, accept_ranges=True, complete_length=length)
        if request.method == "HEAD" or response.status_code in _BODILESS:
            response.response = ()
            if response.status_code in _BODILESS:
                del response.headers["Content-Length"]
        else:
            unless_sent.pop_all()  # it is closed when it has been sent
    return response
