"""One worker process: it reads queries from its socket and sends back answers or errors."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from dataclasses import replace
from typing import cast

from pyoxigraph import Store

from kg.asking.hints.hint import from_json
from kg.errors import CablegraphError, MemoryLimitError, QuerySyntaxError, SizeLimitError
from server.engine.evaluation.evaluate import evaluate
from server.engine.evaluation.fetched_store import NO_RESULTS, FetchedStore
from server.engine.evaluation.query_request import Limits, QueryAnswer
from server.engine.processes.wire import Head, decode, receive, request_from_head, send
from server.engine.workers.graph_file import Loaded
from server.web.http_errors import (
    NotAcceptableError,
    RequestError,
    ServerFaultError,
    ServiceCallsError,
    ServiceRefusedError,
    StoreCallError,
    StoreFailedError,
    UpdateRefusedError,
)

# The errors that a worker may send, by name, with the attributes that their constructors take.
_ERRORS: dict[str, tuple[type[CablegraphError], tuple[str, ...]]] = {
    cls.__name__: (cls, attributes)
    for cls, attributes in (
        (QuerySyntaxError, ("line", "column")),
        (ServiceRefusedError, ()),
        (ServiceCallsError, ("calls",)),
        (UpdateRefusedError, ()),
        (SizeLimitError, ()),
        (MemoryLimitError, ()),
        (NotAcceptableError, ("kind",)),
        (RequestError, ("problem",)),
        (ServerFaultError, ()),
        (StoreCallError, ("key", "form", "kind")),
        (StoreFailedError, ()),
    )
}
_GRACE = 1.0  # seconds that the pool has to kill a late worker before the kernel does


def end_in(seconds: float) -> None:
    """Make the kernel end this process in `seconds`; 0 cancels that."""
    signal.setitimer(signal.ITIMER_REAL, seconds)  # pragma: no cover - only in forked processes


def opened(store: Loaded) -> Store:
    """Return `store`, which is opened if it is on disk; raises OSError if it cannot be."""
    return store if isinstance(store, Store) else store.open()


def files_to_come(store: Loaded) -> int:
    """Return how many files an open `store` may have to open yet."""
    return 0 if isinstance(store, Store) else store.unopened()


def refuse(sock: socket.socket, reason: str) -> None:
    """Answer each request from `sock` with the `reason` for which the store cannot be opened."""
    head = _error(ServerFaultError(f"The store on disk cannot be opened: {reason}"))
    while True:
        try:
            receive(sock)
        except EOFError:
            return
        send(sock, head, b"")


def work(sock: socket.socket, store: Store, limits: Limits, alarm: Callable[[float], None] = end_in) -> None:
    """Answer requests from `sock` until the other side closes it.

    `alarm` is called with the seconds that the next query may take, and with 0 after it. The pool
    kills a late worker; the alarm is for the case that the pool itself is gone.
    """
    while True:
        try:
            head, query = receive(sock)
        except EOFError:
            return
        alarm(head.pop("seconds") + _GRACE)
        answer_head, body = reply(store, decode(head, query), limits)
        alarm(0)
        send(sock, answer_head, body)


def reply(store: Store, head: Head, limits: Limits) -> tuple[Head, bytes]:
    """Return head and body of the message that answers the request in `head`: a result or an error."""
    try:
        request = request_from_head(head)
        if request.hints and not limits.hints:
            request = replace(request, hints=False)
        elsewhere = None if request.fetched is None else FetchedStore(request.fetched)
        answer = evaluate(store if elsewhere is None else cast("Store", elsewhere), request, limits.result)
    except MemoryError:
        return _error(MemoryLimitError(memory_message(limits))), b""
    except (OSError, RuntimeError, ValueError) as error:
        # The engine raises these while it evaluates; their text is its own and safe to show.
        return _error(ServerFaultError(f"The query could not be evaluated: {error}")), b""
    except SyntaxError:  # what is written was read from the results of a store elsewhere
        return _error(StoreFailedError(NO_RESULTS)), b""
    except CablegraphError as error:
        return _error(error), b""
    answer_head = {
        "kind": answer.kind,
        "media_type": answer.media_type,
        "volatile": answer.volatile,
        "hints": [hint.to_json() for hint in answer.hints],
        "total": answer.total,
    }
    return answer_head, answer.body


def answer_from(head: Head, body: bytes, version: str = "") -> QueryAnswer:
    """Return the answer in a worker's message, from data of `version`, or raise the error in it."""
    if "error" in head:
        cls, attributes = _ERRORS[head["error"]]
        raise cls(head["message"], *(head[name] for name in attributes))
    hints = tuple(map(from_json, head["hints"]))
    return QueryAnswer(
        body, head["kind"], head["media_type"], version, head["volatile"], hints, head["total"]
    )


def memory_message(limits: Limits) -> str:
    """Return the message of the error for a query that needed too much memory."""
    return (
        f"The query needs more than {limits.memory >> 20} MiB of memory, or is nested too deeply. "
        "Sort, group or collect less at once."
    )


def _error(error: CablegraphError) -> Head:
    return {"error": type(error).__name__, "message": str(error)} | vars(error)
