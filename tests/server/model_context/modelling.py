"""A client of the Model Context Protocol, for tests that wait for each answer."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client
from mcp_types import CallToolResult


class Model:
    """Calls the tools of one server."""

    def __init__(self, portal: BlockingPortal, client: Client) -> None:
        self._portal = portal
        self.client = client

    def do(self, what: Callable[..., Awaitable[Any]], *args: Any) -> Any:
        return self._portal.call(what, *args)

    def result(self, tool: str, **given: Any) -> CallToolResult:
        found: CallToolResult = self.do(self.client.call_tool, tool, given)
        return found

    def ask(self, tool: str, **given: Any) -> dict[str, Any]:
        """Return the structured answer; the text beside it says the same."""
        result = self.result(tool, **given)
        assert not result.is_error, result.content
        assert result.structured_content == json.loads(result.content[0].text)  # type: ignore[union-attr]
        return dict(result.structured_content)

    def error(self, tool: str, **given: Any) -> str:
        result = self.result(tool, **given)
        assert result.is_error
        assert result.structured_content is None
        return str(result.content[0].text)  # type: ignore[union-attr]

    def together(self, *calls: tuple[str, dict[str, Any]]) -> list[CallToolResult]:
        """Return the results of calls that are made at once."""
        futures = [self._portal.start_task_soon(self.client.call_tool, *call) for call in calls]
        return [future.result() for future in futures]


@contextmanager
def model(server: Any) -> Iterator[Model]:
    """Connect to a server object, an address or a transport."""
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(Client(server)) as client:
        yield Model(portal, client)
