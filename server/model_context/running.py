"""Run the server until its client, or its operator, ends it: over stdio, or over HTTP on this machine."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn
from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings

from kg.errors import CablegraphError
from server.listening.ending import ending_signals
from server.listening.serving import address

PATH = "/mcp"
BODY = 2 << 20  # bytes of a request; the longest query fits twice
CONNECTIONS = 64
_GRACE = 2  # seconds for running requests at the end


def stdio(server: MCPServer) -> None:
    """Serve one client over standard input and output, until it closes its side."""
    server.run("stdio")


def http(server: MCPServer, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serve at `host` and `port`, 0 for any that is free, until SIGTERM or SIGINT.

    Only requests for this very address are answered, and from pages of this machine if from pages
    at all (MCP, “Transports”, security warning). Raises CablegraphError when the address cannot be used.
    """
    with _listening(host, port) as listener:
        own = address(host, listener.getsockname()[1])
        netloc = own.removeprefix("http://").rstrip("/")
        app = server.streamable_http_app(
            streamable_http_path=PATH,
            json_response=True,
            stateless_http=True,  # every tool answers at once, so that nothing is kept between requests
            max_request_body_size=BODY,
            transport_security=TransportSecuritySettings(
                allowed_hosts=[netloc], allowed_origins=[f"http://{netloc}"]
            ),
        )
        config = uvicorn.Config(
            app,
            log_level="error",
            access_log=False,
            server_header=False,
            limit_concurrency=CONNECTIONS,
            timeout_graceful_shutdown=_GRACE,
        )
        announce(f"{own.rstrip('/')}{PATH}")
        with ending_signals(), suppress(SystemExit):
            uvicorn.Server(config).run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise CablegraphError(
            f"Cannot listen on {host} port {port}: {os.strerror(error.errno or 0)}. "
            "Choose another port, or 0 for any that is free."
        ) from None
