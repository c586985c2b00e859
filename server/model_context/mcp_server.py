"""The MCP server: tools, resources and prompts for language models, over standard input or HTTP."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import anyio
import uvicorn
from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import ToolAnnotations
from pydantic import Field

from kg.asking.questions.saved_queries import SavedQuery
from kg.errors import CablegraphError
from kg.inference.rules import Rule
from kg.reading.collection.description import Description
from kg.store.layers import OURS
from kg.store.statistics import NOT_COUNTED, Statistics
from server.engine.workers.pool import Pool
from server.http.listening.http_server import address, ending_signals
from server.model_context import mcp_resources, server_card, stdio_streams
from server.model_context.proof_tools import ProofTools
from server.model_context.question_tools import QuestionTools
from server.model_context.search_tools import SearchTools
from server.model_context.tool_context import ToolContext

_HOW = (
    "Say for each claim who holds it, who reports it, how the reporter knows it, and quote the words with "
    "passage and telegram. Distinguish what a telegram says, what is inferred, and what you conclude. No "
    "passage asserts what has a standing: call it a possible reading, ascribed or proposed, and let nobody "
    "hold it. If the graph has nothing, say so. End with the citation of each answer that you used."
)
_INSTRUCTIONS = (
    "Diplomatic telegrams as a knowledge graph: who wrote, reported, held and did what, and in which quoted "
    "words we know it. A statement is what a passage says, not a fact; name its holder and its reporter. "
    "Readings, ascribed claims and proposed texts have a `standing`: nobody is said to hold them. "
    "Begin with list_queries and run_query, find things with search, use why for inferred triples, and use "
    "sparql last, after reading cablegraph://ontology/README.md. Cite `citation`, and the sources."
)
PATH = "/mcp"
BODY = 2 << 20  # bytes of a request; the longest query fits twice
CONNECTIONS = 64
_GRACE = 2  # seconds for running requests at the end


def add_prompts(server: MCPServer) -> None:
    """Add the prompts to `server`."""

    @server.prompt(title="Who said what about …")
    def who_said_what(topic: Annotated[str, Field(description="an issue, an event, a person")]) -> str:
        """Gather positions on a topic, with reporter, basis and quote."""
        return (
            f"Who said what about {topic}? Find the topic with `search`, then use `run_query` with "
            f"positions-on-an-issue or who-did-what-at-an-event, whichever fits. {_HOW}"
        )

    @server.prompt(title="How do we know that …")
    def how_do_we_know(claim: Annotated[str, Field(description="a sentence")]) -> str:
        """Trace a claim to the words that it rests on."""
        return (
            f"How do we know that {claim}? Find the things with `search`, look at them with `describe`, "
            f"and use `why` for the triple that says it, or the saved query evidence-of-a-statement. {_HOW}"
        )


def serve(  # noqa: PLR0913 - what the tools read
    pool: Pool,
    queries: Mapping[str, SavedQuery],
    rules: Sequence[Rule],
    statistics: Statistics | None = None,
    index: Path | None = None,
    about: Description = OURS,
    *,
    more: str = "",
) -> MCPServer:
    """Return the MCP server over the graph of `pool`, with the saved `queries` by name.

    `rules` are those of inference; `statistics` are the counts of the data and `index` the file of
    its words, if there are any. `about` describes the collection. `more` is added to the instructions.
    """
    context = ToolContext(pool, queries, statistics or NOT_COUNTED, index, about)
    server: MCPServer = MCPServer(
        "cablegraph",
        title=f"{about.name}: diplomatic telegrams",
        instructions=_INSTRUCTIONS + more,
        version=version("cablegraph"),
        log_level="ERROR",
        subscriptions=False,
    )
    look, prove = SearchTools(context), ProofTools(context, rules)
    ask = QuestionTools(context, look.near)
    tools: tuple[tuple[Callable[..., Any], str], ...] = (
        (ask.list_queries, "List saved queries"),
        (ask.run_query, "Run a saved query"),
        (look.search, "Find by words"),
        (look.describe, "Describe a thing"),
        (look.schema, "Show the schema in use"),
        (prove.why, "Explain why a triple holds"),
        (ask.sparql, "Run a SPARQL query"),
    )
    for tool, title in tools:
        server.add_tool(tool, title=title, annotations=_read_only(title), structured_output=True)
    mcp_resources.add(server, context)
    add_prompts(server)
    return server


def _read_only(title: str) -> ToolAnnotations:
    return ToolAnnotations(
        title=title, read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
    )


def stdio(server: MCPServer, seconds: float) -> None:
    """Serve one client over standard input and output until it closes standard input.

    The requests that came before are answered, but none is waited for longer than `seconds`.
    """
    anyio.run(stdio_streams.serve, server, seconds)


def http(server: MCPServer, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serve at `host` and `port` until SIGTERM or SIGINT; the port 0 means any free one.

    `announce` gets the address. The headers Host and, if there is one, Origin must name this address (MCP,
    “Transports”, security warning). Raises CablegraphError if the address cannot be used.
    """
    with _listening(host, port) as listener:
        own = address(host, listener.getsockname()[1])
        netloc = own.removeprefix("http://").rstrip("/")
        server_card.add(server, own.rstrip("/"), PATH)
        app = server.streamable_http_app(
            streamable_http_path=PATH,
            json_response=True,
            stateless_http=True,  # every tool returns at once, so that there is no session
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
