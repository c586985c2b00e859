"""One worker beside those that queries wait for, for long work of the service itself."""

from __future__ import annotations

from collections.abc import Callable

from kg.errors import BusyError
from server.workers.brood import Brood, Worker
from server.workers.messages import Answer, Request, encoded
from server.workers.worker import answer_from

_OVERTAKEN = "There are newer data."


class Apart:
    """Answers requests on the data of `brood`, each in at most `seconds`, while `current` tells it to.

    For one thread. The worker is hired when it is needed; one that took too long is killed.
    """

    def __init__(self, brood: Brood, seconds: float, current: Callable[[], bool]) -> None:
        self._brood, self._seconds, self._current = brood, seconds, current
        self._worker: Worker | None = None

    def answer(self, request: Request) -> Answer:
        """Return the complete answer to `request`.

        Raises what `Pool.answer` raises, and BusyError when there are newer data.
        """
        if not self._current():
            raise BusyError(_OVERTAKEN)
        head, query = encoded(request)
        if self._worker is None:
            self._worker = self._brood.hire()
        whole = False
        try:
            reply = self._brood.put(self._worker, head, query, self._seconds)
            whole = True
        finally:
            if not whole:
                self.close()
        return answer_from(*reply)

    def close(self) -> None:
        """End the worker, if there is one."""
        worker, self._worker = self._worker, None
        if worker:
            self._brood.dismiss(worker)
