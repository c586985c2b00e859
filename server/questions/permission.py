"""Refuse a saved query that asks a service which the operator has not allowed, and name the option."""

from __future__ import annotations

from collections.abc import Sequence

from kg.saved import SavedQuery
from server.refusals import ServiceRefusedError


def require(query: SavedQuery, allowed: Sequence[str]) -> None:
    """Raise ServiceRefusedError, which names the option, unless `query` calls only `allowed` services."""
    missing = [address for address in query.services if address not in allowed]
    if missing:
        options = " ".join(f"--allow-service {address}" for address in missing)
        raise ServiceRefusedError(
            f"{query.name or 'This query'} asks {' and '.join(f'<{address}>' for address in missing)}, "
            f"which nobody has allowed here. It needs the option {options}."
        )
