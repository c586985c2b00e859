"""MCP tools for curating: guidelines, the next passage, things, proposals, checks, comparison of drafts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from mcp_types import ToolAnnotations
from pydantic import Field

from kg.curating.agreement import agreement_report
from kg.curating.agreement.compare_drafts import compare
from kg.curating.drafts import accept, draft_check, find_things, guidance, open_passages, propose
from kg.curating.drafts.curation_folders import CurationFolders
from kg.curating.drafts.propose import Proposal
from kg.errors import Finding
from server.model_context.curating.curation_models import (
    AgreementModel,
    CheckModel,
    DraftModel,
    DraftsModel,
    FindingModel,
    GuidelinesModel,
    KindModel,
    NextPassageModel,
    PassageModel,
    ProposedModel,
    SentenceModel,
    ThingModel,
    ThingsModel,
)
from server.model_context.tool_context import with_tool_errors

INSTRUCTIONS = (
    " You may also curate: read `guidelines`, take `next_passage`, look for things with `find_thing`, "
    "`propose` records into a draft of your own name, `check_draft` until it finds nothing. The records "
    "change only by `accept`, which asks a person. Quote at most ten words, never a whole sentence; add "
    "nothing that the words do not say."
)
Draft = Annotated[str, Field(description="name of a draft: small letters, digits, hyphens")]
Records = Annotated[list[str], Field(description="paths of records, as in telegram/NAME/body-7/key")]


class CurationTools:
    """The tools that read a text and write a draft; `lock` lets one of them write at a time."""

    def __init__(self, folders: CurationFolders, lock: threading.Lock) -> None:
        self._folders, self._lock = folders, lock

    @with_tool_errors
    def guidelines(
        self, kind: Annotated[str, Field(description="a kind of statement; empty for those of all")] = ""
    ) -> GuidelinesModel:
        """Read how statements are written. Begin without a kind; then read each kind that you use."""
        if not kind:
            kinds = [
                KindModel(kind=name, purpose=purpose, required=required)
                for name, (purpose, required) in guidance.kinds().items()
            ]
            return GuidelinesModel(kinds=kinds, sections=guidance.general(), keys=[], example="")
        found = guidance.of(self._folders, kind)
        own = KindModel(kind=found.kind, purpose=found.purpose, required=found.required)
        return GuidelinesModel(
            kinds=[own], sections=dict(found.sections), keys=list(found.keys), example=found.example
        )

    @with_tool_errors
    def next_passage(
        self,
        draft: Draft,
        telegram: Annotated[str, Field(description="name of a telegram; empty for all")] = "",
        after: Annotated[str, Field(description="path of a passage, to look only behind it")] = "",
    ) -> NextPassageModel:
        """Read the next passage of which neither the records nor the draft state anything, with its words."""
        left = open_passages.unread(open_passages.passages(self._folders, draft, telegram), after)
        if not left:
            return NextPassageModel(next=None, left=0)
        first = left[0]
        stem = first.name.rpartition("/")[2]
        sentences = [SentenceModel(text=s.text, start=s.start, end=s.end) for s in first.sentences]
        return NextPassageModel(
            next=PassageModel(
                passage=first.passage,
                file=f"telegram/{first.telegram}/{stem}.yaml",
                name=first.name,
                voice=first.voice,
                speaker=first.speaker,
                words=first.words,
                before=first.before,
                sentences=sentences,
            ),
            left=len(left),
        )

    @with_tool_errors
    def find_thing(
        self,
        name: Annotated[str, Field(description="a name, however it is spelt")],
        kind: Annotated[str, Field(description="only things of this class, as in Person or Topic")] = "",
        draft: Annotated[str, Field(description="a draft whose new things count, too")] = "",
    ) -> ThingsModel:
        """Look whether a person, body, place, event, issue, topic or document has a record."""
        found = find_things.find(self._folders, name, kind, draft)
        return ThingsModel(
            things=[
                ThingModel(
                    name=find_things.as_written(entity.id),
                    label=entity.name,
                    score=entity.score,
                    match=entity.match,
                    description=entity.description,
                )
                for entity in found
            ]
        )

    @with_tool_errors
    def propose(
        self,
        draft: Draft,
        by: Annotated[str, Field(description="who proposes, the same for the whole draft")],
        file: Annotated[
            str, Field(description="as in telegram/NAME/body-7.yaml, or actor.yaml for a new person")
        ],
        records: Annotated[
            str, Field(description="YAML: keys, each with a record; quotes without start and end")
        ],
    ) -> ProposedModel:
        """Write records into a draft. A record with the key of an earlier one there replaces it."""
        with self._lock:
            done = propose.propose(
                self._folders, Proposal(draft, by, file, records), datetime.now(UTC).date()
            )
        return ProposedModel(records=list(done.records), findings=_models(done.findings))

    @with_tool_errors
    def withdraw(self, draft: Draft, records: Records) -> DraftsModel:
        """Take records out of a draft."""
        with self._lock:
            propose.withdraw(self._folders, draft, records)
        return self._drafts()

    @with_tool_errors
    def list_drafts(self) -> DraftsModel:
        """List the drafts and what is proposed in each."""
        return self._drafts()

    def _drafts(self) -> DraftsModel:
        return DraftsModel(
            drafts=[
                DraftModel(name=name, records=accept.paths(accept.proposals(self._folders, name)))
                for name in self._folders.names()
            ]
        )

    @with_tool_errors
    def check_draft(self, draft: Draft) -> CheckModel:
        """Check a draft together with the records: shapes, inference, and each quote against the text."""
        self._folders.existing(draft)
        report = draft_check.check(self._folders, draft)
        return CheckModel(
            violations=len(report.violations),
            statements=report.statements,
            quotes=report.anchors,
            quotes_verified=report.verified,
            findings=_models(report.findings),
        )

    @with_tool_errors
    def compare_drafts(
        self,
        first: Annotated[str, Field(description="name of a draft, or `records` for the records")],
        second: Annotated[str, Field(description="name of another draft of the same text")],
    ) -> AgreementModel:
        """Measure how far two drafts of one text agree, and list each point to be decided."""
        return AgreementModel.model_validate(agreement_report.as_json(compare(self._folders, first, second)))


def add(server: MCPServer, folders: CurationFolders, lock: threading.Lock) -> None:
    """Add the tools to `server`, all but the one that accepts."""
    own = CurationTools(folders, lock)
    tools: tuple[tuple[Callable[..., Any], str, bool, bool], ...] = (
        (own.guidelines, "Read the guidelines", True, False),
        (own.next_passage, "Read the next passage", True, False),
        (own.find_thing, "Find a thing", True, False),
        (own.propose, "Propose records", False, False),
        (own.withdraw, "Withdraw records", False, True),
        (own.list_drafts, "List drafts", True, False),
        (own.check_draft, "Check a draft", True, False),
        (own.compare_drafts, "Compare two drafts", True, False),
    )
    for tool, title, reads, destroys in tools:
        hints = ToolAnnotations(
            title=title,
            read_only_hint=reads,
            destructive_hint=destroys,
            idempotent_hint=True,
            open_world_hint=False,
        )
        server.add_tool(tool, title=title, annotations=hints, structured_output=True)


def _models(findings: Iterable[Finding]) -> list[FindingModel]:
    return [FindingModel.model_validate(asdict(finding)) for finding in findings]
