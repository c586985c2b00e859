"""The web server: an application is served over HTTP from an event loop, until a signal ends the process.

The loop is uvloop's where there is one, else that of asyncio, which is slower and does the same.
"""

from __future__ import annotations

import logging
import signal
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from types import FrameType
from typing import NoReturn
from wsgiref.types import WSGIApplication

import uvicorn

from kg.errors import CablegraphError
from server.http.listening.connection import Connection
from server.http.listening.wsgi_gateway import Gateway

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


THREADS = 16  # more than workers, so that cheap addresses answer while queries run
_BACKLOG = 1024
_GRACE = 3  # seconds for running requests at the end


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


def run(  # noqa: PLR0913 - the last two have defaults
    app: WSGIApplication,
    host: str,
    port: int,
    announce: Callable[[str], None],
    stop: Callable[[], None],
    *,
    behind_proxy: bool = False,
    connection: type[Connection] = Connection,
) -> None:
    """Serve `app` at `host` and `port` until SIGTERM or SIGINT, then return.

    Port 0 takes a free one. `announce` is called with the address once connections are accepted,
    `stop` once at the end, whatever ends it. `app` must not wait when it is called, only when its body
    is read (`wsgi.defer`). With `behind_proxy` the word of one proxy in front is
    believed; without it the application never sees a header by which a proxy forwards.
    `connection` is what one client is served by. Call from the main thread. Raises CablegraphError when the
    address cannot be used.
    """
    threads = ThreadPoolExecutor(THREADS, "answer")
    try:
        with ExitStack() as open_, ending_signals(), suppress(SystemExit):
            sockets = [open_.enter_context(sock) for sock in _listening(host, port)]
            gateway = Gateway(app, threads, behind_proxy=behind_proxy)
            where = address(host, sockets[0].getsockname()[1])
            server = _Server(_settings(gateway, connection), lambda: announce(where))
            server.run(sockets)  # raises a signal again after its own end
    finally:
        stop()
        threads.shutdown(cancel_futures=True)


class _Server(uvicorn.Server):
    """Calls `started` once it accepts connections and takes care of signals.

    A signal that came before, while modules are loaded, could be lost: what a handler raises within
    the destructor of an object, or within a hook of the import, is ignored.
    """

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to serve, then say so."""
        await super().startup(sockets)
        self._started()


def refuse_taken(host: str, port: int) -> None:
    """Raise CablegraphError if nobody can listen there now, so that nobody waits for a build in vain."""
    for sock in _listening(host, port):
        sock.close()


def _settings(gateway: Gateway, connection: type[Connection]) -> uvicorn.Config:
    return uvicorn.Config(
        gateway,
        http=connection,
        loop="auto",
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level=logging.ERROR,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=60,
        timeout_graceful_shutdown=_GRACE,
    )


def _listening(host: str, port: int) -> list[socket.socket]:
    """Return a socket for each address of `host`, all with the port of the first."""
    sockets: list[socket.socket] = []
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, *_, where in dict.fromkeys(found):
            taken = sockets[0].getsockname()[1] if sockets else port
            with suppress(OSError) if sockets else ExitStack():  # the first one counts
                sockets.append(socket.create_server((str(where[0]), taken), family=family, backlog=_BACKLOG))
    except (OSError, OverflowError, UnicodeError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).partition(" (while")[0]
        raise CablegraphError(
            f"Cannot listen on {host} port {port}: {reason}. Choose another port, or 0 for any that is free."
        ) from None
    return sockets


def address(host: str, port: int) -> str:
    """Return the web address of `port` at `host`, an IPv6 address in brackets (RFC 3986 section 3.2.2)."""
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
