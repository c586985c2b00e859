"""The MCP tool that accepts proposals, once a person whom the client has asked says so, with a name.

The annotations of a tool that asks name a function that is made here for one set of folders. They must be
values, so this module does not postpone the evaluation of annotations.
"""

import threading
from datetime import UTC, datetime
from typing import Annotated

from mcp.server.mcpserver import AcceptedElicitation, Context, Elicit, ElicitationResult, MCPServer, Resolve
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import BaseModel, Field

from kg.curating.drafts import accept
from kg.curating.drafts.curation_folders import CurationFolders
from kg.errors import CablegraphError, UnknownNameError
from server.model_context.curating.curation_models import AcceptedModel
from server.model_context.curating.curation_tools import Draft, Records
from server.model_context.tool_context import message

_SHOWN = 6_000  # characters of the records that the person is shown


class PersonsWord(BaseModel):
    """What the person says to whom the proposals are shown."""

    accept: bool = Field(description="Do these words stand in the text, and say no more and no less?")
    name: str = Field(description="Your name; the records will say who accepted them")


class ShownRecords(BaseModel):
    """The lines of the records that the person is asked about."""

    text: str


def add(server: MCPServer, folders: CurationFolders, lock: threading.Lock) -> None:
    """Add the tool `accept` to `server`."""

    def show(draft: str, records: list[str], ctx: Context) -> ShownRecords:
        _refuse_if_nobody_is_asked(ctx, draft)
        return ShownRecords(text=_lines(folders, draft, records))

    def ask(
        draft: str, records: list[str], shown: Annotated[ShownRecords, Resolve(show)]
    ) -> Elicit[PersonsWord]:
        question = f"{len(records)} records of the draft {draft} for the records:\n\n"
        return Elicit(question + shown.text, PersonsWord)

    def accept_proposals(
        draft: Draft,
        records: Records,
        shown: Annotated[ShownRecords, Resolve(show)],
        word: Annotated[ElicitationResult[PersonsWord], Resolve(ask)],
    ) -> AcceptedModel:
        """Move records from a draft into the record files: all, or none if the check finds a violation.

        The client asks a person first, who sees the records. Check the draft before.
        """
        if not isinstance(word, AcceptedElicitation) or not word.data.accept:
            return AcceptedModel(accepted=False, records=[], files=[])
        with lock:
            if _lines(folders, draft, records) != shown.text:
                raise ToolError("the draft has changed since the person saw it; ask again")
            return _accepted(folders, draft, records, word.data.name)

    title = "Accept proposals"
    hints = ToolAnnotations(
        title=title, read_only_hint=False, destructive_hint=True, idempotent_hint=False, open_world_hint=False
    )
    server.add_tool(accept_proposals, name="accept", title=title, annotations=hints, structured_output=True)


def _refuse_if_nobody_is_asked(ctx: Context, draft: str) -> None:
    """Raise ToolError if the client cannot ask a person."""
    capabilities = ctx.client_capabilities
    if capabilities is None or capabilities.elicitation is None:
        raise ToolError(f"this client cannot ask a person; let somebody run: cablegraph review {draft}")


def _lines(folders: CurationFolders, draft: str, records: list[str]) -> str:
    """Return the lines of the records; raises ToolError if the draft lacks one, or if they are too many."""
    try:
        files = accept.proposals(folders, draft)
        known = accept.paths(files)
        unknown = [record for record in records if record not in known]
        if unknown or not records:
            raise UnknownNameError("record in the draft", "".join(unknown[:1]), known)
    except CablegraphError as error:
        raise ToolError(message(error)) from error
    parts = [record.rpartition("/") for record in records]
    text = "\n".join(f"{stem}/\n{files[stem].text(key)}" for stem, _, key in parts)
    if len(text) > _SHOWN:
        raise ToolError(f"{len(records)} records are too many to be shown at once; name fewer")
    return text


def _accepted(folders: CurationFolders, draft: str, records: list[str], name: str) -> AcceptedModel:
    try:
        done = accept.accept(folders, draft, records, name, datetime.now(UTC).date())
    except CablegraphError as error:
        raise ToolError(message(error)) from error
    return AcceptedModel(accepted=True, records=list(done.records), files=list(done.files))
