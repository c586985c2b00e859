"""Prompts: ways to begin that lead to sourced answers."""

from __future__ import annotations

from typing import Annotated

from mcp.server.mcpserver import MCPServer
from pydantic import Field

_HOW = (
    "Say for each claim who holds it, who reports it, how the reporter knows it, and quote the words with "
    "passage and telegram. Keep apart what a telegram says, what is inferred, and what you conclude. If the "
    "graph has nothing, say so. End with the citation of each answer that you used."
)


def add(server: MCPServer) -> None:
    """Give `server` its prompts."""

    @server.prompt(title="Who said what about …")
    def who_said_what(topic: Annotated[str, Field(description="an issue, an event, a person")]) -> str:
        """Gather positions on a topic, with reporter, basis and quote."""
        return (
            f"Who said what about {topic}? Find the topic with `search`, then ask `run_query` "
            f"positions-on-an-issue or who-did-what-at-an-event, whichever fits. {_HOW}"
        )

    @server.prompt(title="How do we know that …")
    def how_do_we_know(claim: Annotated[str, Field(description="a sentence")]) -> str:
        """Trace a claim to the words that it rests on."""
        return (
            f"How do we know that {claim}? Find the things with `search`, look at them with `describe`, "
            f"and ask `why` for the triple that says it, or evidence-of-a-statement. {_HOW}"
        )
