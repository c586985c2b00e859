"""The content codings of answers: one table, and the choice of one (RFC 9110 sections 8.4.1 and 12.5.3)."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from types import MappingProxyType

import brotli
import zstandard
from werkzeug.datastructures import Accept

IDENTITY = "identity"
_OLDEST = "gzip"


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


def best(accepted: Accept) -> str:
    """Return the coding that the client likes most, `identity` if it takes none that is here.

    Whoever takes anything (`*`) gets gzip: not all who say so know the younger codings.
    """
    named = {name.lower() for name in accepted.values()}
    known = [coding for coding in CODINGS if coding == _OLDEST or coding in named]
    found = max(known, key=accepted.quality)
    return found if accepted.quality(found) > 0 else IDENTITY


def takes(accepted: Accept, coding: str) -> bool:
    """Tell whether the client takes `coding`."""
    return bool(accepted.quality(coding) > 0)
