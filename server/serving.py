"""Serve an application over HTTP until the process is told to end."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

import waitress
from waitress import wasyncore

from kg.errors import CablegraphError
from server.protocol import BODY_LIMIT

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS = 16  # more than workers, so that cheap addresses answer while queries run
CONNECTIONS = 500
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def run(
    app: WSGIApplication,
    host: str,
    port: int,
    announce: Callable[[str], None],
    stop: Callable[[], None],
    *,
    behind_proxy: bool = False,
) -> None:
    """Serve `app` at `host` and `port` until SIGTERM or SIGINT, then return.

    Port 0 takes a free one. `announce` is called with the address once connections are accepted,
    `stop` once at the end, whatever ends it. Without `behind_proxy` the application never sees a
    header by which a proxy forwards. Call from the main thread. Raises CablegraphError when the
    address cannot be used.
    """
    connections: dict[int, Any] = {}
    try:
        server = _listening(app, host, port, connections, behind_proxy=behind_proxy)
        with _ending_signals(), suppress(SystemExit):
            announce(address(host, _port(server)))
            server.run()  # returns at a signal, when running requests have ended or some seconds have passed
    finally:
        wasyncore.close_all(connections, ignore_all=True)
        stop()


def _listening(
    app: WSGIApplication, host: str, port: int, connections: dict[int, Any], *, behind_proxy: bool
) -> Any:
    try:
        return waitress.create_server(
            app,
            map=connections,
            host=host,
            port=port,
            threads=THREADS,
            connection_limit=CONNECTIONS,
            channel_timeout=60,
            max_request_body_size=2 * BODY_LIMIT,  # the application itself refuses, with a problem document
            ident=None,
            clear_untrusted_proxy_headers=not behind_proxy,
            expose_tracebacks=False,
        )
    except (OSError, OverflowError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CablegraphError(
            f"Cannot listen on {host} port {port}: {reason}. Choose another port, or 0 for any that is free."
        ) from None


def _port(server: Any) -> int:
    """Return the port; a name such as localhost may have several addresses, of which the first counts."""
    listening = getattr(server, "effective_listen", None)
    return int(listening[0][1] if listening else server.effective_port)


def address(host: str, port: int) -> str:
    """Return the web address of `port` at `host`, an IPv6 address in brackets (RFC 3986 section 3.2.2)."""
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


@contextmanager
def _ending_signals() -> Iterator[None]:
    before = {number: signal.signal(number, _end) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - the form of a signal handler
    raise SystemExit(0)
