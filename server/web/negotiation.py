"""Content negotiation (RFC 9110 section 12.5): the media type and the content coding of a response.

Which kind of result a query has is known only after the engine has parsed it. So a media type is
chosen for each kind beforehand. The content codings are those in CODINGS.
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

_CACHED = 256  # header values whose result is kept
_LONGEST = 500  # characters of a header value whose result is kept


_KNOWN = frozenset({*SHORT_NAMES, *BOOLEANS, *GRAPHS, HTML})
IDENTITY = "identity"
_GZIP = "gzip"


class Choices:
    """Media types and codings for header values, with a cache of bounded size for repeated ones."""

    def __init__(self) -> None:
        self._types = lru_cache(_CACHED)(_choose_types)
        self._normal = lru_cache(_CACHED)(lambda accept: _normal(self.types(accept)))
        self._codings = lru_cache(_CACHED)(_choose_coding)

    def types(self, accept: str, format_name: str | None = None) -> Types:
        """Return what `choose` returns for a value of Accept, and raise what it raises."""
        if len(accept) + len(format_name or "") > _LONGEST:
            return _choose_types(accept, format_name)
        return self._types(accept, format_name)

    def normal(self, accept: str) -> str:
        """Return a text for a value of Accept, the same where `types` are; raises what these raise."""
        return _normal(self.types(accept)) if len(accept) > _LONGEST else self._normal(accept)

    def coding(self, accept_encoding: str) -> str:
        """Return what `best_coding` returns for a value of Accept-Encoding."""
        return (_choose_coding if len(accept_encoding) > _LONGEST else self._codings)(accept_encoding)


def _choose_types(accept: str, format_name: str | None) -> Types:
    return MappingProxyType(choose(parse_accept_header(accept, MIMEAccept), format_name))


def _normal(types: Types) -> str:
    return " ".join(map("=".join, sorted(types.items())))


def _choose_coding(accept_encoding: str) -> str:
    return best_coding(parse_accept_header(accept_encoding))


def choose(accept: MIMEAccept, format_name: str | None = None) -> dict[Kind, str]:
    """Return the media type to write each kind of result in; a kind without one is left out.

    `format_name`, from `?format=`, is a short name or a media type and overrides `accept`. Raises
    RequestError for an unknown name and NotAcceptableError when no kind has a media type.
    """
    if format_name:
        return _types_named(format_name)
    offered = {kind: best(accept, offers) for kind, offers in OFFERS.items()}
    types = {kind: media_type for kind, media_type in offered.items() if media_type}
    if not types:
        raise NotAcceptableError("This service writes none of the formats that you accept.")
    return types


def best(accept: MIMEAccept, offers: Sequence[str]) -> str | None:
    """Return the offer that the client prefers, the first among equals, or None if it accepts none.

    Without an Accept header everything is acceptable. Parameters such as `charset` or `profile` are
    ignored. The most specific range decides on a type, so that `;q=0` can exclude it.
    """
    if not accept:
        return offers[0]
    ranges = MIMEAccept([(value.partition(";")[0].strip(), quality) for value, quality in accept])
    preferred = max(offers, key=ranges.quality)
    return preferred if ranges.quality(preferred) > 0 else None


def _types_named(name: str) -> dict[Kind, str]:
    solutions, graph = _result_and_graph_types(name.lower())
    boolean = name.lower() if name.lower() in BOOLEANS else solutions
    wanted: dict[Kind, str | None] = {"solutions": solutions, "boolean": boolean, "graph": graph}
    return {kind: media_type for kind, media_type in wanted.items() if media_type}


def _result_and_graph_types(names: str) -> tuple[str | None, str | None]:
    """Return the media types of results and graphs for the first known of `names`, separated by commas."""
    known = [name.strip() for name in names.split(",") if name.strip() in _KNOWN]
    name = known[0] if known else names  # some clients send all names of a format that they know
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


# In order of preference when the client likes several equally.
CODINGS: Mapping[str, Callable[[bytes], bytes]] = MappingProxyType(
    {"zstd": _zstd, "br": _brotli, "gzip": _gzip}
)


def best_coding(accepted: Accept) -> str:
    """Return the coding that the client prefers, `identity` if it accepts none of CODINGS.

    A client that accepts anything (`*`) gets gzip: not all that send `*` know the newer codings.
    """
    named = {name.lower() for name in accepted.values()}
    known = [coding for coding in CODINGS if coding == _GZIP or coding in named]
    preferred = max(known, key=accepted.quality)
    return preferred if accepted.quality(preferred) > 0 else IDENTITY


def takes_coding(accepted: Accept, coding: str) -> bool:
    """Return whether the client accepts `coding`."""
    return bool(accepted.quality(coding) > 0)
