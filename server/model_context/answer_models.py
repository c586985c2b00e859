"""Pydantic models of all tool answers; the output schemas of the tools are made from them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

Cell = str | int | float | bool | None
Count = Annotated[int, Field(ge=0)]
Standing = Annotated[
    str | None,
    Field(
        description="null if asserted; otherwise what it is, such as “A possible reading, not adopted” or "
        "“Found by a program, confirmed by nobody”: nobody is said to hold it"
    ),
]


class SourceModel(BaseModel):
    """Quoted words of a telegram that an answer rests on; the full text is not included."""

    statement: str = Field(description="IRI of the statement in the graph")
    standing: Standing
    quote: str = Field(description="words of the text, at most ten")
    passage: str = Field(description="IRI of the passage with these words")
    telegram: str | None = Field(description="IRI of the telegram")
    voice: str | None = Field(description="who speaks there: writer's body, editor's bracket, archive …")
    start: int | None = Field(description="first character in the text, from 0")
    end: int | None = Field(description="end in the text: the position after the last character")
    rows: list[int] = Field(description="rows of this answer that rest on it, from 0")


class AnswerModel(BaseModel):
    """The fields of every answer; whatever is left out is counted."""

    data_version: str = Field(description="SHA-256 of the graph that was queried")
    citation: str = Field(description="footnote for this answer")
    licence: str = Field(description="licence of the answer")


class SourcedModel(AnswerModel):
    """An answer with its sources."""

    sources: list[SourceModel]
    total_sources: Count = Field(description="number of sources in all; `sources` may show fewer")
    note: str = Field(description="remarks on limits and sources; may be empty")


class HintModel(BaseModel):
    """Why the answer to a query is empty or odd."""

    kind: str
    message: str
    line: int = Field(description="line of the query, from 1")
    column: int
    instead: list[str] = Field(description="what to write instead, the likeliest first")


class ShareModel(BaseModel):
    """How many of the statements have one value."""

    iri: str
    name: str
    statements: int


class GroundsModel(BaseModel):
    """What the shown rows rest on, in numbers of statements. Tell the user if it is one reporter alone."""

    line: str = Field(description="all of it in one line; empty without a statement")
    statements: Count
    telegrams: Count
    through: list[ShareModel] = Field(description="through whom they are known")
    basis: list[ShareModel] = Field(description="how the reporter knows")
    certainty: list[ShareModel] = Field(description="how sure the reading is")
    standing: list[ShareModel] = Field(description="asserted, reading, ascribed or proposed")
    rivals: Count = Field(description="statements that an ambiguity or another reading is about")
    complete: bool


class TableModel(SourcedModel):
    """The answer to a query: rows, a truth value, or a graph in Turtle."""

    kind: Literal["solutions", "boolean", "graph"]
    query: str = Field(description="the SPARQL query that was run")
    columns: list[str]
    rows: list[dict[str, Cell]] = Field(description="IRIs are strings, unbound variables are null")
    total_rows: Count = Field(description="rows of the whole answer")
    offset: Count
    truncated: bool = Field(description="whether there are rows after these")
    boolean: bool | None = Field(description="the answer to an ASK")
    graph: str | None = Field(description="the answer to a CONSTRUCT or DESCRIBE, in Turtle")
    grounds: GroundsModel
    hints: list[HintModel] = Field(
        description="why the answer is empty or, to your own query, odd, and what to write instead"
    )


class ParameterModel(BaseModel):
    """A parameter of a saved query."""

    name: str
    type: str
    default: str | None = Field(description="null: optional; without a value it does not narrow the answer")
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
    """The saved queries that match."""

    queries: list[QueryModel]
    total: Count = Field(description="saved queries in all")
    tags: list[str] = Field(description="all tags there are")


class WordModel(BaseModel):
    """A word that was searched for."""

    word: str
    known: bool = Field(description="whether anything has it")
    near: list[str] = Field(description="words that are spelt alike, if nothing has it")


class MatchModel(BaseModel):
    """A thing, a statement or a saved question with some of the words."""

    iri: str
    name: str = Field(
        description="how to write it as a parameter; of a saved question, its name for run_query"
    )
    label: str = Field(description="its English name, its content, or the question")
    kind: str
    standing: Standing
    found: dict[str, list[str]] = Field(description="for each word that it has the fields with the word")
    quotes: list[str] = Field(description="quoted words of a telegram in which words were found")


class MatchesModel(SourcedModel):
    """The matches, things, statements and questions in turn; the sources are those of the statements."""

    matches: list[MatchModel]
    total: Count
    truncated: bool
    words: list[WordModel]
    left_out: list[str] = Field(description="articles, pronouns and alike, which are not searched for")


class SaidModel(BaseModel):
    """One statement of the graph."""

    subject: str = Field(description="the thing, or a part of it")
    property: str
    value: str
    label: str | None = Field(description="name of the value")
    standing: Standing
    inferred: bool = Field(description="whether it is inferred by a rule and in no record")


class PointingModel(BaseModel):
    """Things that point to the described thing by one property."""

    property: str
    standing: Literal["reading", "ascribed", "proposed", "found by a program"] | None = Field(
        description="why nobody asserts these statements; null if they are asserted"
    )
    total: Count
    subjects: list[str]


class DescriptionModel(SourcedModel):
    """What the graph says about a thing."""

    iri: str
    name: str
    label: str | None
    standing: Standing
    said: list[SaidModel]
    total_said: Count = Field(description="statements of the thing and its parts that were read")
    complete: bool = Field(description="whether all statements were read")
    truncated: bool
    pointing: list[PointingModel]


class ClassInUseModel(BaseModel):
    """A class in use."""

    name: str
    label: str | None
    count: Count
    definition: str | None = Field(description="null unless words were given")


class PropertyInUseModel(BaseModel):
    """A property in use."""

    name: str
    label: str | None
    count: Count
    subjects: list[str] = Field(description="classes of its subjects, the most common first")
    values: list[str] = Field(description="classes or datatypes of its values, the most common first")
    definition: str | None


class SchemaModel(AnswerModel):
    """The classes, properties and named graphs in use, with counts."""

    classes: list[ClassInUseModel]
    properties: list[PropertyInUseModel]
    graphs: dict[str, int] = Field(description="statements in each named graph")
    prefixes: dict[str, str]
    missing: list[str] = Field(description="what was not counted")


class StepModel(BaseModel):
    """One triple of a proof; `depth` is 0 for the triple to prove, one more for each level of premises."""

    depth: Count
    subject: str
    property: str
    value: str
    rule: str = Field(description="name of the rule; “stated” if a record says it")
    reason: str
    graph: str = Field(description="the graph that states it; empty if it is inferred")
    quotes: list[str]


class ProofModel(SourcedModel):
    """Why a triple is in the graph."""

    steps: list[StepModel] = Field(description="from the triple down to what records state")
