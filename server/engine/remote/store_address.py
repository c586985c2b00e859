"""The address of a store that an operator gives: whether it is valid, and what every request to it has."""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.parse import urlsplit

from kg.errors import CablegraphError

AUTHORIZATION = "CABLEGRAPH_STORE_AUTHORIZATION"  # environment variable; other processes see no value of it
AGENT = "cablegraph (https://w3id.org/cablegraph)"
CONNECTING = 3.0  # seconds until a connection is accepted
_SCHEMES = ("http", "https")
_EXAMPLE = "https://example.org/sparql"


def is_address(text: str) -> bool:
    """Return whether `text` is meant as an address, and not as the path of a folder."""
    return text.partition("://")[0].lower() in _SCHEMES


def check(address: str) -> str:
    """Return `address` as it is; raises CablegraphError if it is not that of a service."""
    try:
        url = urlsplit(address)
        valid = url.scheme in _SCHEMES and url.hostname and url.port != 0
    except ValueError:
        valid = False
    if not valid or "#" in address or not address.isascii() or not address.isprintable() or " " in address:
        raise CablegraphError(f"{address!r} is not a valid address of a service; use one such as {_EXAMPLE}.")
    if "@" in url.netloc:
        raise CablegraphError(
            "An address with a name or a password is not a valid address of a service, since others see it. "
            f"For a store, put `Basic …` or `Bearer …` into the environment variable {AUTHORIZATION}."
        )
    return address


def headers(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the header fields that every request to a store has."""
    own = {"User-Agent": AGENT, "Accept-Encoding": "identity"}
    proof = environment.get(AUTHORIZATION, "")
    return own | ({"Authorization": proof} if proof else {})
