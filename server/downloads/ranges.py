"""Read the header Range as RFC 9110 section 14 wants it, before the library acts on it.

The library answers one range of bytes. What the section lets a server ignore is ignored: several
ranges, other units, what is no range at all; and what it says of suffixes and of the order of
preconditions (section 13.2.2) is brought into a form that the library reads in the same sense.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from werkzeug.http import is_resource_modified

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_RANGE = "HTTP_RANGE"
_BYTES = re.compile(r"bytes=[ \t]*(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))[ \t]*", re.IGNORECASE)


def read(environ: WSGIEnvironment, tag: str, length: int) -> WSGIEnvironment:
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
    """Tell whether a condition decides before the range does: If-Match, If-None-Match, or If-Range.

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
