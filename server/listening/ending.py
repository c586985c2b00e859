"""End a server by a signal as by a return: with whatever is to be done at the end, and with code 0."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def ending_signals() -> Iterator[None]:
    """Turn SIGTERM and SIGINT into SystemExit within the context, those that uvicorn raises again, too."""
    before = {number: signal.signal(number, _end) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - the form of a signal handler
    raise SystemExit(0)
