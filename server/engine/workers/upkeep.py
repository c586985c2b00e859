"""Reloads of the graph on SIGHUP, and replacement of killed processes, while queries keep running."""

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

_PAUSE = 0.2  # seconds between two checks of the processes
_LONG_PAUSE = 5.0  # seconds after a failure that the next check would only repeat
_ENDING = 5.0  # seconds for a reload in progress when the service ends
_RELOAD, _END = "reload", "end"

Log = Callable[[str], None]


@contextmanager
def maintain(
    pool: Pool,
    build: Callable[[], CachedBuild],
    log: Log,
    give_up: Callable[[], None],
) -> Iterator[Callable[[], None]]:
    """Replace killed processes of `pool` while the context lasts; yield a function that requests a reload.

    SIGHUP requests one, too. `build` returns the graph as it is now. `log` is called with each line for
    the log. `give_up` is called once, if no process is left that could replace the killed ones.
    Enter the context from the main thread, after the pool is created.
    """
    commands: queue.SimpleQueue[str] = queue.SimpleQueue()  # a signal handler may put into it

    def request_reload(_number: int = 0, _frame: FrameType | None = None) -> None:
        commands.put(_RELOAD)

    thread = threading.Thread(target=_loop, args=(pool, commands, build, log, give_up), daemon=True)
    before = signal.signal(signal.SIGHUP, request_reload)
    thread.start()
    try:
        yield request_reload
    finally:
        signal.signal(signal.SIGHUP, before)
        commands.put(_END)
        thread.join(_ENDING)


def _loop(
    pool: Pool,
    commands: queue.SimpleQueue[str],
    build: Callable[[], CachedBuild],
    log: Log,
    give_up: Callable[[], None],
) -> None:
    pause = _PAUSE
    while True:
        command = _next(commands, pause)
        if command == _END:
            return
        try:
            if command == _RELOAD:
                _reload(pool, build, log)
            pause = _mend(pool, build, log)
        except AbandonedError as error:
            log(f"ending: {error}")
            give_up()
            return


def _next(commands: queue.SimpleQueue[str], pause: float) -> str:
    try:
        return commands.get(timeout=pause)
    except queue.Empty:
        return ""


def _mend(pool: Pool, build: Callable[[], CachedBuild], log: Log) -> float:
    """Replace killed processes, if need be with newer data; return the seconds until the next check."""
    try:
        pool.mend()
    except AbandonedError:
        raise
    except (CablegraphError, OSError) as error:
        log(f"cannot load the previous data again: {_reason(error)}")
        _reload(pool, build, log)
        return _LONG_PAUSE
    return _PAUSE


def _reload(pool: Pool, build: Callable[[], CachedBuild], log: Log) -> None:
    """Reload in a thread of its own, so that an error in a build ends only that thread."""
    with ThreadPoolExecutor(1, "reload") as thread:
        error = thread.submit(lambda: pool.reload(build())).exception()
    if isinstance(error, AbandonedError):
        raise error
    if error is None:
        log(f"reloaded: data {pool.version[:16]}")
    else:
        log(f"not reloaded, the previous data stays: {_reason(error)}")


def _reason(error: BaseException) -> str:
    """Return the first line of the message of `error`, after its class name if it is unexpected."""
    if isinstance(error, OSError):  # a full disk, a folder that is gone
        return error.strerror or str(error)
    name = "" if isinstance(error, CablegraphError) else f"{type(error).__name__}: "
    return name + str(error).partition("\n")[0]
