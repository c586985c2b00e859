"""Pydantic models of what the tools for curating answer; their output schemas are made from them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class KindModel(BaseModel):
    """A kind of statement."""

    kind: str
    purpose: str
    required: str = Field(description="keys that it must have")


class GuidelinesModel(BaseModel):
    """How statements are written: in general, or of one kind."""

    kinds: list[KindModel]
    sections: dict[str, str] = Field(description="the guidelines by heading, in Markdown")
    keys: list[str] = Field(
        description="keys of the kind, with what the check says of them; empty without a kind"
    )
    example: str = Field(description="a record of the kind, in YAML; empty without a kind")


class SentenceModel(BaseModel):
    """One sentence, with its bounds in code points from the beginning of the text."""

    text: str
    start: int
    end: int


class PassageModel(BaseModel):
    """A passage of which nothing is stated yet."""

    passage: str = Field(description="its path, to go on behind it with `after`")
    file: str = Field(description="where to propose records about it")
    name: str = Field(description="what a quote writes for `in`")
    voice: str
    speaker: str = Field(description="who speaks; empty if nobody is named")
    words: str
    before: str = Field(description="the words of the passage before, for what pronouns mean")
    sentences: list[SentenceModel]


class NextPassageModel(BaseModel):
    """The next passage to read, null if none is left, and how many are."""

    next: PassageModel | None
    left: int


class ThingModel(BaseModel):
    """A thing that a name may stand for."""

    name: str = Field(description="how a record names it, as in actor:fidel-castro")
    label: str
    score: float = Field(description="from 0 to 100")
    match: bool = Field(description="whether it is certainly the one")
    description: str


class ThingsModel(BaseModel):
    """The things that a name may stand for, the likeliest first."""

    things: list[ThingModel]


class FindingModel(BaseModel):
    """What is wrong in one line."""

    file: str
    line: int
    severity: Literal["violation", "warning", "info"]
    message: str


class ProposedModel(BaseModel):
    """Paths of the records that stand in the draft now; quotes without a place are findings."""

    records: list[str]
    findings: list[FindingModel]


class DraftModel(BaseModel):
    """A draft and the paths of the records proposed in it."""

    name: str
    records: list[str]


class DraftsModel(BaseModel):
    """All drafts."""

    drafts: list[DraftModel]


class CheckModel(BaseModel):
    """What is found in a draft together with the records."""

    violations: int = Field(description="findings that keep it from being accepted")
    statements: int
    quotes: int
    quotes_verified: int = Field(description="quotes that stand in the text where they say")
    findings: list[FindingModel]


class DisagreementModel(BaseModel):
    """A point on which two drafts differ; empty where one says nothing."""

    passage: str
    about: str
    first: str
    second: str


class AgreementModel(BaseModel):
    """How far two drafts agree."""

    first: str
    second: str
    unit: str = Field(description="sentences, or passages where the text is not there")
    measures: dict[str, float | int | None] = Field(description="null where there is nothing to measure")
    disagreements: list[DisagreementModel]


class AcceptedModel(BaseModel):
    """Records that were moved from a draft into the record files."""

    accepted: bool = Field(description="whether the person accepted them; if not, nothing was moved")
    records: list[str]
    files: list[str]
