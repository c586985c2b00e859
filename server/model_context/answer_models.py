"""The shapes of all answers, from which the output schemas of the tools are made (MCP, “Tools”)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

Cell = str | int | float | bool | None
Count = Annotated[int, Field(ge=0)]


class SourceModel(BaseModel):
    """Words of a telegram that an answer rests on; the text itself stays with its owner."""

    statement: str = Field(description="IRI of the statement in the graph")
    quote: str = Field(description="words of the text, at most ten")
    passage: str = Field(description="IRI of the passage in which they stand")
    telegram: str | None = Field(description="IRI of the telegram")
    voice: str | None = Field(description="who speaks there: writer's body, editor's bracket, archive …")
    start: int | None = Field(description="first character in the text, from 0")
    end: int | None = Field(description="character behind the last")
    rows: list[int] = Field(description="rows of this answer that rest on it, from 0")


class AnswerModel(BaseModel):
    """What every answer says of itself; whatever is left out is counted."""

    data_version: str = Field(description="SHA-256 of the graph that was asked")
    citation: str = Field(description="footnote for this answer")
    licence: str = Field(description="licence of the answer")


class SourcedModel(AnswerModel):
    """An answer with its sources."""

    sources: list[SourceModel]
    total_sources: Count = Field(description="how many there are; fewer are shown where they are many")
    note: str = Field(description="what to know about limits and sources; may be empty")


class TableModel(SourcedModel):
    """The answer to a query: rows, a truth value, or a graph in Turtle."""

    kind: Literal["solutions", "boolean", "graph"]
    query: str = Field(description="the SPARQL text that was asked")
    columns: list[str]
    rows: list[dict[str, Cell]] = Field(description="an IRI is its text, what is unbound is null")
    total_rows: Count = Field(description="rows of the whole answer")
    offset: Count
    truncated: bool = Field(description="whether rows behind these are not shown")
    boolean: bool | None = Field(description="the answer to an ASK")
    graph: str | None = Field(description="the answer to a CONSTRUCT or DESCRIBE, in Turtle")


class ParameterModel(BaseModel):
    """A parameter of a saved query."""

    name: str
    type: str
    default: str | None = Field(description="null: may be left out, then it narrows nothing")
    about: str


class QueryModel(BaseModel):
    """A saved query."""

    name: str
    title: str
    question: str
    why: str
    tags: list[str]
    parameters: list[ParameterModel]


class QueriesModel(AnswerModel):
    """The saved queries that were looked for."""

    queries: list[QueryModel]
    total: Count = Field(description="saved queries in all")
    tags: list[str] = Field(description="all tags there are")


class MatchModel(BaseModel):
    """A thing that has the words in a name, or a statement that has them in its content or its quotes."""

    iri: str
    name: str = Field(description="how to write it as a parameter")
    label: str | None = Field(description="its English name, or what it says")
    types: list[str]
    property: str = Field(description="property that has the words")
    text: str


class MatchesModel(SourcedModel):
    """What was found; the sources are those of the statements among it."""

    matches: list[MatchModel]
    total: Count
    truncated: bool
    near: list[str] = Field(description="names that come close, when nothing was found")


class SaidModel(BaseModel):
    """One thing that the graph says."""

    subject: str = Field(description="the thing, or a part of it")
    property: str
    value: str
    label: str | None = Field(description="what the value is called")
    inferred: bool = Field(description="whether it follows by rule and is in no record")


class PointingModel(BaseModel):
    """Things that point here by one property."""

    property: str
    total: Count
    subjects: list[str]


class DescriptionModel(SourcedModel):
    """What the graph says about a thing."""

    iri: str
    name: str
    label: str | None
    said: list[SaidModel]
    total_said: Count = Field(description="statements of the thing and its parts that were gathered")
    complete: bool = Field(description="whether that is all there are")
    truncated: bool
    pointing: list[PointingModel]


class ClassInUseModel(BaseModel):
    """A class in use."""

    name: str
    label: str | None
    count: Count
    definition: str | None = Field(description="only where words were given")


class PropertyInUseModel(BaseModel):
    """A property in use."""

    name: str
    label: str | None
    count: Count
    subjects: list[str] = Field(description="classes of its subjects, the commonest first")
    values: list[str] = Field(description="classes or datatypes of its values, the commonest first")
    definition: str | None


class SchemaModel(AnswerModel):
    """What the graph is made of."""

    classes: list[ClassInUseModel]
    properties: list[PropertyInUseModel]
    graphs: dict[str, int] = Field(description="statements in each named graph")
    prefixes: dict[str, str]
    missing: list[str] = Field(description="what was not counted")


class StepModel(BaseModel):
    """One triple of a proof; `depth` is 0 for what was asked, one more for each premise below."""

    depth: Count
    subject: str
    property: str
    value: str
    rule: str = Field(description="“stated” where a record says it")
    reason: str
    graph: str = Field(description="the graph that states it; empty for what is inferred")
    quotes: list[str]


class ProofModel(SourcedModel):
    """Why a triple is in the graph."""

    steps: list[StepModel] = Field(description="from the triple down to what records state")
