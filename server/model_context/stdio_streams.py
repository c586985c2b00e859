"""Standard input and output of one client, whose end waits until each request has its response.

The SDK ends at the end of standard input and cancels what it is still answering
(https://github.com/modelcontextprotocol/python-sdk/issues/2678). A client that sends its requests from a file
would get the response to the first only; by JSON-RPC 2.0 (section 4) each request is answered.
"""

from __future__ import annotations

from collections import Counter
from types import TracebackType
from typing import Self

import anyio
from mcp.server.mcpserver import MCPServer
from mcp.server.stdio import stdio_server
from mcp.shared._stream_protocols import ReadStream, WriteStream
from mcp.shared.message import SessionMessage
from mcp_types import JSONRPCError, JSONRPCNotification, JSONRPCRequest, JSONRPCResponse

Received = SessionMessage | Exception
_CANCELLED = "notifications/cancelled"


async def serve(server: MCPServer, seconds: float) -> None:
    """Serve one client until standard input ends and each request has its response.

    After the end of standard input a response is awaited for at most `seconds`, and none is for a client that
    has closed standard output.
    """
    try:
        await _serve(server, seconds)
    except* (BrokenPipeError, anyio.BrokenResourceError):
        pass  # the client has left and reads no response


async def _serve(server: MCPServer, seconds: float) -> None:
    requests = OpenRequests()
    low = server._lowlevel_server
    async with stdio_server() as (incoming, outgoing):
        await low.run(
            CountingReader(incoming, requests, seconds),
            CountingWriter(outgoing, requests),
            low.create_initialization_options(),
        )


class OpenRequests:
    """The ids of the requests that have no response yet."""

    def __init__(self) -> None:
        self._ids: Counter[str] = Counter()
        self._changed = anyio.Event()

    def received(self, message: Received) -> None:
        """Count a request; a request that is cancelled gets no response (MCP, "Cancellation")."""
        content = message.message if isinstance(message, SessionMessage) else None
        if isinstance(content, JSONRPCRequest):
            self._ids[repr(content.id)] += 1
        elif isinstance(content, JSONRPCNotification) and content.method == _CANCELLED:
            self._close((content.params or {}).get("requestId"))

    def sent(self, message: SessionMessage) -> None:
        """Count a response."""
        if isinstance(message.message, JSONRPCResponse | JSONRPCError):
            self._close(message.message.id)

    async def wait(self) -> None:
        """Return when no request is open."""
        while self._ids:
            await self._changed.wait()

    def _close(self, id_: object) -> None:
        self._ids -= Counter([repr(id_)])
        self._changed.set()
        self._changed = anyio.Event()


class CountingReader:
    """The stream of messages from the client; at its end it waits for the responses."""

    def __init__(self, inner: ReadStream[Received], requests: OpenRequests, seconds: float) -> None:
        self._inner, self._requests, self._seconds = inner, requests, seconds

    async def receive(self) -> Received:
        """Return the next message; raises EndOfStream when there are no more and all are answered."""
        try:
            message = await self._inner.receive()
        except anyio.EndOfStream:
            with anyio.move_on_after(self._seconds):
                await self._requests.wait()
            raise
        self._requests.received(message)
        return message

    async def aclose(self) -> None:
        """Close the stream."""
        await self._inner.aclose()

    def __aiter__(self) -> Self:
        """Return the stream itself."""
        return self

    async def __anext__(self) -> Received:
        """Return the next message."""
        try:
            return await self.receive()
        except anyio.EndOfStream:
            raise StopAsyncIteration from None

    async def __aenter__(self) -> Self:
        """Return the stream itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """Close the stream."""
        await self.aclose()


class CountingWriter:
    """The stream of messages to the client."""

    def __init__(self, inner: WriteStream[SessionMessage], requests: OpenRequests) -> None:
        self._inner, self._requests = inner, requests

    async def send(self, item: SessionMessage, /) -> None:
        """Send a message."""
        await self._inner.send(item)
        self._requests.sent(item)

    async def aclose(self) -> None:
        """Close the stream."""
        await self._inner.aclose()

    async def __aenter__(self) -> Self:
        """Return the stream itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """Close the stream."""
        await self.aclose()
