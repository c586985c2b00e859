"""What changed from one release to another: kept beside the releases, made when somebody first asks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from kg.changes.release import JSON
from kg.dumps.notice import SHOWN
from server.downloads.making import Job, Limits, Making
from server.downloads.releases import Releases

COMPARER = (sys.executable, "-m", "kg.changes")
FOLDER = "changes"  # below the folder of the releases, which never change themselves
_LIMITS = Limits(longest=120.0)


class Changes:
    """The change reports between the releases of `releases`; `say` takes a line for the log.

    Every method may be called from any thread. `maker` is the command that compares two releases,
    `limits` are the times that it may take.
    """

    def __init__(
        self,
        releases: Releases,
        say: Callable[[str], None] = lambda _: None,
        maker: Sequence[str] = COMPARER,
        limits: Limits = _LIMITS,
    ) -> None:
        self._releases, self._maker = releases, tuple(maker)
        self._making = Making(say, limits)

    def between(self, old: str, new: str) -> Path:
        """Return the folder with the report from the release `old` to `new`, made if need be.

        Raises RequestError for a release that is not there, and what `Making.made` raises. Newer
        code makes its own report, as it may tell more.
        """
        for name in (new, old):
            self._releases.manifest(name)
        home = self._releases.folder
        target = home / FOLDER / self._releases.recipe[:SHOWN] / f"{new}-from-{old}"
        command = (*self._maker, str(home / old), str(home / new), str(target))

        def ready() -> str:
            return str(target) if (target / JSON).is_file() else ""

        return Path(self._making.made(Job(f"the changes from {old} to {new}", command, ready)))
