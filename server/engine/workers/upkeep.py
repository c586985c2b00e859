"""Reload the graph on SIGHUP and replace killed processes while queries keep running."""

from __future__ import annotations

import queue
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import FrameType

from kg.cache import CachedBuild
from kg.errors import CablegraphError
from server.engine.workers.pool import Pool
from server.web.http_errors import AbandonedError

_PAUSE = 0.2  # seconds between two looks at the processes
_LONG_PAUSE = 5.0  # after a failure that the next look would only repeat
_ENDING = 5.0  # seconds for a reload in progress when the service ends
_RELOAD, _END = "reload", "end"

Say = Callable[[str], None]


@contextmanager
def keeping(
    pool: Pool,
    build: Callable[[], CachedBuild],
    say: Say,
    give_up: Callable[[], None],
) -> Iterator[Callable[[], None]]:
    """Keep `pool` whole and up to date while the context lasts; yield what asks for a reload.

    SIGHUP asks for one too. `build` returns the graph as it is now. `say` gets a line for the
    log. `give_up` is called, once, when processes were killed that nobody is left to replace.
    Enter it from the main thread and with the pool made.
    """
    wishes: queue.SimpleQueue[str] = queue.SimpleQueue()  # may be put into from a signal handler

    def wish(_number: int = 0, _frame: FrameType | None = None) -> None:
        wishes.put(_RELOAD)

    thread = threading.Thread(target=_keep, args=(pool, wishes, build, say, give_up), daemon=True)
    before = signal.signal(signal.SIGHUP, wish)
    thread.start()
    try:
        yield wish
    finally:
        signal.signal(signal.SIGHUP, before)
        wishes.put(_END)
        thread.join(_ENDING)


def _keep(
    pool: Pool,
    wishes: queue.SimpleQueue[str],
    build: Callable[[], CachedBuild],
    say: Say,
    give_up: Callable[[], None],
) -> None:
    pause = _PAUSE
    while True:
        wish = _next(wishes, pause)
        if wish == _END:
            return
        try:
            if wish == _RELOAD:
                _reload(pool, build, say)
            pause = _mend(pool, build, say)
        except AbandonedError as error:
            say(f"ending: {error}")
            give_up()
            return


def _next(wishes: queue.SimpleQueue[str], pause: float) -> str:
    try:
        return wishes.get(timeout=pause)
    except queue.Empty:
        return ""


def _mend(pool: Pool, build: Callable[[], CachedBuild], say: Say) -> float:
    """Replace what was killed, if need be with newer data; return the seconds until the next look."""
    try:
        pool.mend()
    except AbandonedError:
        raise
    except (CablegraphError, OSError) as error:
        say(f"cannot load the data before again: {_reason(error)}")
        _reload(pool, build, say)
        return _LONG_PAUSE
    return _PAUSE


def _reload(pool: Pool, build: Callable[[], CachedBuild], say: Say) -> None:
    """Reload in a thread of its own, so that whatever breaks in a build breaks only that."""
    with ThreadPoolExecutor(1, "reload") as thread:
        error = thread.submit(lambda: pool.reload(build())).exception()
    if isinstance(error, AbandonedError):
        raise error
    if error is None:
        say(f"reloaded: data {pool.version[:16]}")
    else:
        say(f"not reloaded, the data before stays: {_reason(error)}")


def _reason(error: BaseException) -> str:
    """Return the first line of what is to be said of `error`; one that nobody foresaw has its name, too."""
    if isinstance(error, OSError):  # a full disk, a folder that is gone
        return error.strerror or str(error)
    name = "" if isinstance(error, CablegraphError) else f"{type(error).__name__}: "
    return name + str(error).partition("\n")[0]
