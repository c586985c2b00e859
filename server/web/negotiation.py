"""Content negotiation (RFC 9110 section 12.5): the media types and the content coding of a response.

Which kind of result a query has is known only once the engine has read it, so that a media type is
chosen for every kind beforehand. Of codings there are those in CODINGS.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

import brotli
import zstandard
from werkzeug.datastructures import Accept, MIMEAccept
from werkzeug.http import parse_accept_header

from server.web.formats import BOOLEANS, GRAPHS, HTML, OFFERS, RESULTS, SHORT_NAMES, Kind
from server.web.http_errors import NotAcceptableError, RequestError

Types = Mapping[Kind, str]

_REMEMBERED = 256  # wishes
_LONGEST = 500  # characters of a wish that is worth remembering


_KNOWN = frozenset({*SHORT_NAMES, *BOOLEANS, *GRAPHS, HTML})
IDENTITY = "identity"
_OLDEST = "gzip"


class Choices:
    """Types and codings for wishes that come again and again; remembers a bounded number of them."""

    def __init__(self) -> None:
        self._remembered = lru_cache(_REMEMBERED)(_chosen)
        self._codings = lru_cache(_REMEMBERED)(_coding)

    def types(self, accept: str, format_name: str | None = None) -> Types:
        """Return what `choose` returns for the header `accept`, and raise what it raises."""
        if len(accept) + len(format_name or "") > _LONGEST:
            return _chosen(accept, format_name)
        return self._remembered(accept, format_name)

    def coding(self, accept_encoding: str) -> str:
        """Return what `best_coding` returns for the header `accept_encoding`."""
        return (_coding if len(accept_encoding) > _LONGEST else self._codings)(accept_encoding)


def _chosen(accept: str, format_name: str | None) -> Types:
    return MappingProxyType(choose(parse_accept_header(accept, MIMEAccept), format_name))


def _coding(accept_encoding: str) -> str:
    return best_coding(parse_accept_header(accept_encoding))


def choose(accept: MIMEAccept, format_name: str | None = None) -> dict[Kind, str]:
    """Return the media type to answer each kind of result with; a kind without one is left out.

    `format_name`, from `?format=`, is a short name or a media type and overrides `accept`. Raises
    RequestError for a name that does not exist and NotAcceptableError when no kind has a type.
    """
    if format_name:
        return _named(format_name)
    found = {kind: best(accept, offers) for kind, offers in OFFERS.items()}
    types = {kind: media_type for kind, media_type in found.items() if media_type}
    if not types:
        raise NotAcceptableError("None of the formats you accept is one that this service writes.")
    return types


def best(accept: MIMEAccept, offers: Sequence[str]) -> str | None:
    """Return the offer that the client likes most, the first among equals, or None.

    Without an Accept header everything is welcome. Parameters such as `charset` or `profile` are
    not looked at. The most specific range decides over a type, so that `;q=0` can exclude it.
    """
    if not accept:
        return offers[0]
    ranges = MIMEAccept([(value.partition(";")[0].strip(), quality) for value, quality in accept])
    liked = max(offers, key=ranges.quality)
    return liked if ranges.quality(liked) > 0 else None


def _named(name: str) -> dict[Kind, str]:
    solutions, graph = _pair(name.lower())
    boolean = name.lower() if name.lower() in BOOLEANS else solutions
    wanted: dict[Kind, str | None] = {"solutions": solutions, "boolean": boolean, "graph": graph}
    return {kind: media_type for kind, media_type in wanted.items() if media_type}


def _pair(names: str) -> tuple[str | None, str | None]:
    """Return the media types of a table and of a graph for the first known of `names`, parted by commas."""
    known = [name.strip() for name in names.split(",") if name.strip() in _KNOWN]
    name = known[0] if known else names  # some clients send every name that they know of a format
    if name in SHORT_NAMES:
        return SHORT_NAMES[name]
    if name in (*BOOLEANS, *GRAPHS, HTML):
        return (
            name if name in RESULTS or name == HTML else None,
            name if name in GRAPHS or name == HTML else None,
        )
    raise RequestError(
        f"There is no format {name!r}; there are: {', '.join(SHORT_NAMES)}, and the media types themselves."
    )


def _zstd(body: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=6).compress(body)  # RFC 8878


def _brotli(body: bytes) -> bytes:
    compressed: bytes = brotli.compress(body, quality=5)  # RFC 7932
    return compressed


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)  # RFC 1952; without the time, the same bytes each time


# The first among those that the client likes as much is taken.
CODINGS: Mapping[str, Callable[[bytes], bytes]] = MappingProxyType(
    {"zstd": _zstd, "br": _brotli, "gzip": _gzip}
)


def best_coding(accepted: Accept) -> str:
    """Return the coding that the client likes most, `identity` if it takes none that is here.

    Whoever takes anything (`*`) gets gzip: not all who say so know the younger codings.
    """
    named = {name.lower() for name in accepted.values()}
    known = [coding for coding in CODINGS if coding == _OLDEST or coding in named]
    found = max(known, key=accepted.quality)
    return found if accepted.quality(found) > 0 else IDENTITY


def takes_coding(accepted: Accept, coding: str) -> bool:
    """Return whether the client takes `coding`."""
    return bool(accepted.quality(coding) > 0)
