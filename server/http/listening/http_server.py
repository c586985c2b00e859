"""The web server: serves a handler over HTTP from an event loop, until a signal ends it.

The event loop is uvloop's if that is installed, else asyncio's, which is slower.
"""

from __future__ import annotations

import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from types import FrameType
from typing import NoReturn

import uvicorn

from kg.errors import CablegraphError
from server.http.listening.connection import Connection
from server.http.listening.wsgi_gateway import Gateway
from server.web.handling import Handler

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


_BACKLOG = 1024
_GRACE = 3  # seconds that running requests have at the end


@contextmanager
def ending_signals() -> Iterator[None]:
    """Turn SIGTERM and SIGINT into SystemExit in the context, also when uvicorn raises them again."""
    before = {number: signal.signal(number, _end) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - the signature of a signal handler
    raise SystemExit(0)


def run(  # noqa: PLR0913 - the last two have defaults
    handler: Handler,
    host: str,
    port: int,
    announce: Callable[[str], None],
    stop: Callable[[], None],
    *,
    behind_proxy: bool = False,
    connection: type[Connection] = Connection,
) -> None:
    """Serve `handler` at `host` and `port` until SIGTERM or SIGINT, then return.

    Port 0 takes a free port. `announce` is called with the address once connections are accepted,
    `stop` once at the end, whatever ends it. With `behind_proxy` the forwarding headers of one proxy are
    trusted; without it they are removed. `connection` is the class that serves one client. Call this from
    the main thread. Raises CablegraphError if the address cannot be used.
    """
    try:
        with ExitStack() as open_, ending_signals(), suppress(SystemExit):
            sockets = [open_.enter_context(sock) for sock in _open_sockets(host, port)]
            gateway = Gateway(handler, behind_proxy=behind_proxy)
            url = address(host, sockets[0].getsockname()[1])
            server = _Server(_settings(gateway, connection), lambda: announce(url))
            server.run(sockets)  # at its end uvicorn raises the signal again, hence `ending_signals`
    finally:
        stop()


class _Server(uvicorn.Server):
    """A server that calls `started` once it accepts connections and handles signals.

    An earlier signal, while modules are loaded, may be lost: Python ignores what a handler raises in
    the destructor of an object or in an import hook.
    """

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to serve, then call `started`."""
        await super().startup(sockets)
        self._started()


def check_address(host: str, port: int) -> None:
    """Raise CablegraphError if the address cannot be used now, before a long build begins."""
    for sock in _open_sockets(host, port):
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


def _open_sockets(host: str, port: int) -> list[socket.socket]:
    """Return a listening socket for each address of `host`, all on the port of the first."""
    sockets: list[socket.socket] = []
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, *_, endpoint in dict.fromkeys(addresses):
            same = sockets[0].getsockname()[1] if sockets else port
            with suppress(OSError) if sockets else ExitStack():  # only the first must succeed
                sockets.append(
                    socket.create_server((str(endpoint[0]), same), family=family, backlog=_BACKLOG)
                )
    except (OSError, OverflowError, UnicodeError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).partition(" (while")[0]
        raise CablegraphError(
            f"Cannot listen on {host} port {port}: {reason}. Choose another port, or 0 for a free one."
        ) from None
    return sockets


def address(host: str, port: int) -> str:
    """Return the URL of `host` and `port`, with an IPv6 address in brackets (RFC 3986 section 3.2.2)."""
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
