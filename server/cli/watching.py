"""The option `--watch`: what was just saved is served, and what is wrong with it is shown."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from kg import cache
from kg.cache import CachedBuild
from kg.errors import CablegraphError, DataError, Finding

_PAUSE = 0.5  # seconds between two looks at the folder
_ENDING = 2.0  # seconds for the last look when the service ends
_LEFT_OUT = ("out", "w3id")  # folders that no build reads
Snapshot = frozenset[tuple[str, int, int]]


class Watched:
    """A build whose findings are kept, and are those of the files that were saved last.

    `build` makes it, `log` takes lines. While the findings are violations, `build` raises DataError, and
    the former data stay served.
    """

    def __init__(self, build: Callable[[], CachedBuild], log: Callable[[str], None]) -> None:
        self._build, self._log = build, log
        self.findings: Sequence[Finding] = ()
        self.problem = ""

    def __call__(self) -> CachedBuild:
        """Return the build of the files as they are; raises what `build` raises."""
        try:
            built = self._build()
        except DataError as error:
            self._keep(error.findings, "these violations are not served yet")
            raise
        except CablegraphError as error:
            self._keep((), str(error))
            raise
        self._keep(cache.findings(built) or (), "")
        return built

    def _keep(self, findings: Sequence[Finding], problem: str) -> None:
        self.findings, self.problem = findings, problem
        for line in (*map(str, findings), *filter(None, [problem])):
            self._log(line)


def show(app: Flask, watched: Watched) -> None:
    """Make every page of `app` show what was found in the files that were saved last."""
    app.context_processor(lambda: {"saved": watched})


def snapshot(place: Path) -> Snapshot:
    """Return path, size and time of each file below `place`, without hidden files and what builds write."""
    files = (file for file in place.rglob("*") if file.is_file() and _is_read(file.relative_to(place)))
    found = set()
    for file in files:
        try:
            state = file.stat()
        except FileNotFoundError:  # an editor has just replaced it
            continue
        found.add((str(file), state.st_size, state.st_mtime_ns))
    return frozenset(found)


def _is_read(path: Path) -> bool:
    return path.parts[0] not in _LEFT_OUT and not any(part.startswith((".", "__")) for part in path.parts)


@contextmanager
def changes(place: Path, changed: Callable[[], None], pause: float = _PAUSE) -> Iterator[None]:
    """Call `changed` after each change of a file below `place` while the context lasts.

    An editor may write several files, or one in steps: it is called when two looks show the same.
    """
    ended = threading.Event()
    before = snapshot(place)

    def look() -> None:
        known = last = before
        while not ended.wait(pause):
            now = snapshot(place)
            if now == last != known:
                known = now
                changed()
            last = now

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(_ENDING)
