"""The server: all tools, resources and prompts on one pool."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import version
from importlib.resources.abc import Traversable
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp_types import ToolAnnotations

from kg.rules import Rule
from server.model_context import prompts, resources
from server.model_context.desk import Desk
from server.model_context.looking import Looking
from server.model_context.proving import Proving
from server.model_context.questions import Questions
from server.workers.pool import Pool

_INSTRUCTIONS = (
    "Diplomatic telegrams as a knowledge graph: who wrote, reported, held and did what, and in which quoted "
    "words we know it. A statement is what a passage says, not a fact; name its holder and its reporter. "
    "Begin with list_queries and run_query, find things with search, ask why for inferred triples, and use "
    "sparql last, after reading cablegraph://ontology/README.md. Cite `citation`, and the sources."
)


def serve(pool: Pool, queries: Traversable, rules: Sequence[Rule]) -> MCPServer:
    """Return the server that answers from `pool`, with the saved queries of the folder `queries`."""
    desk = Desk(pool, queries)
    server: MCPServer = MCPServer(
        "cablegraph",
        title="cablegraph: diplomatic telegrams",
        instructions=_INSTRUCTIONS,
        version=version("cablegraph"),
        log_level="ERROR",
        subscriptions=False,
    )
    ask, look, prove = Questions(desk), Looking(desk), Proving(desk, rules)
    tools: tuple[tuple[Callable[..., Any], str], ...] = (
        (ask.list_queries, "List saved queries"),
        (ask.run_query, "Ask a saved query"),
        (look.search, "Find things and quotes"),
        (look.describe, "Describe a thing"),
        (look.schema, "Show the schema in use"),
        (prove.why, "Tell why a triple holds"),
        (ask.sparql, "Ask in SPARQL"),
    )
    for tool, title in tools:
        server.add_tool(tool, title=title, annotations=_reading(title), structured_output=True)
    resources.add(server, desk)
    prompts.add(server)
    return server


def _reading(title: str) -> ToolAnnotations:
    return ToolAnnotations(
        title=title, read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
    )
