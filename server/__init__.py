"""The web service: a SPARQL endpoint for programs, pages for people, and its commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from server.application import Service, create_app

__all__ = ["Service", "create_app"]


def __getattr__(name: str) -> Any:
    """Return a name in `__all__`, imported only now, so that a command in `server` loads no web framework."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from server import application  # noqa: PLC0415 - see above

    return getattr(application, name)
