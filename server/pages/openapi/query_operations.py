"""OpenAPI operations of the saved queries: typed parameters, their values, formats, columns, problems."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from pyoxigraph import QueryBoolean, QuerySolutions, Store

from kg.asking.questions.choices import Choice
from kg.asking.questions.columns import TYPES
from kg.asking.questions.parameters import Parameter
from kg.asking.questions.saved_queries import SavedQuery
from server.pages.openapi import responses
from server.pages.openapi.responses import RESULT_TYPES, reference
from server.pages.questions import views
from server.pages.questions.question_request import ENDINGS
from server.web.formats import SHORT_NAMES

Entry = dict[str, Any]
# Returns the values of a parameter; empty if they are too many for a list, or unbounded.
Choices = Callable[[Parameter], Iterable[Choice]]

TAG = "Saved queries"
SPARQL = "application/sparql-query"
PROBLEMS = (
    *("wrong-parameter", "bad-request", "not-found", "not-acceptable"),
    *("query-timeout", "query-memory", "result-too-large", "busy"),
)
FEDERATION = ("service-not-allowed", "service-failed")  # of queries that call another service
_THING: Mapping[str, str] = MappingProxyType(
    {"type": "string", "description": "A name such as actor:fidel-castro, or a whole IRI."}
)


def paths(queries: Iterable[SavedQuery], always: Iterable[str]) -> dict[str, Entry]:
    """Return the paths of `queries`: one with content negotiation, one with an ending for the format."""
    described: dict[str, Entry] = {}
    for query in queries:
        own = [_parameter(parameter) for parameter in query.parameters]
        kind, columns = _kind(query.text)
        for ending in (False, True):
            path = f"/queries/{query.name}{'.{ending}' if ending else ''}"
            described[path] = {"get": _operation(query, own, (kind, columns), ending=ending, always=always)}
    return described


def _operation(
    query: SavedQuery,
    own: list[Entry],
    shape: tuple[str, tuple[str, ...]],
    *,
    ending: bool,
    always: Iterable[str],
) -> Entry:
    kind, columns = shape
    schema = responses.tables(columns) if kind == "solutions" else None
    table = kind == "solutions"
    return {
        "operationId": f"{query.name}{'.ending' if ending else ''}",
        "tags": [TAG],
        "summary": query.title,
        "description": _description(query, columns),
        "parameters": [
            *own,
            _format(kind, ending=ending),
            *([reference("parameters", "limit"), reference("parameters", "offset")] if table else []),
            *([_view(query)] if table else []),
            reference("parameters", "if-none-match"),
        ],
        "responses": {
            "200": responses.success(
                responses.content((*RESULT_TYPES[kind], SPARQL), schema),
                {"X-Total-Count": "total", "Rests-On": "grounds"} if table else {},
            ),
            **({} if kind == "graph" else {"303": reference("responses", "see-other")}),
            "304": reference("responses", "not-modified"),
            **responses.problems([*PROBLEMS, *(FEDERATION if query.services else ()), *always]),
        },
    }


def _description(query: SavedQuery, columns: tuple[str, ...]) -> str:
    shown = f"Columns: {', '.join(columns)}." if columns else ""
    tags = f"Tags: {', '.join(query.tags)}." if query.tags else ""
    calls = f"It calls {', '.join(query.services)}, if the operator allows it." if query.services else ""
    return " ".join(part for part in (query.question, query.why, shown, tags, calls) if part)


def schemas(queries: Iterable[SavedQuery], choices: Choices) -> dict[str, Entry]:
    """Return a component for each source of choices: the present values, or any IRI."""
    sources = {_source(p): p for query in queries for p in query.parameters if p.choices}
    return {name: _listed(list(choices(sources[name]))) for name in sorted(sources)}


def _listed(some: list[Choice]) -> Entry:
    if not some:  # too many for a list
        return dict(_THING)
    labels = "; ".join(f"{choice.name}: {choice.label}" for choice in some if choice.label)
    listed = {"type": "string", "enum": [choice.name for choice in some], "description": labels}
    return {"anyOf": [listed, dict(_THING)]}


def _source(parameter: Parameter) -> str:
    """Return the name of the component with the values of `parameter`, as in `class.cg-Issue`."""
    return ".".join(parameter.choices or ()).replace(":", "-")


def _parameter(parameter: Parameter) -> Entry:
    schema = reference("schemas", _source(parameter)) if parameter.choices else _schema(parameter.type)
    if parameter.default:
        schema["default"] = int(parameter.default) if parameter.type == "integer" else parameter.default
    about = parameter.about or f"{parameter.hint[0].upper()}{parameter.hint[1:]}."
    return {"name": parameter.name, "in": "query", "description": about, "schema": schema}


def _schema(type_: str) -> Entry:
    """Return the schema for values of the column type `type_`."""
    if type_ == "iri":
        return dict(_THING)
    mapped = TYPES[type_]
    return {"type": mapped.json, **({"format": mapped.json_format} if mapped.json_format else {})}


def _format(kind: str, *, ending: bool) -> Entry:
    where = (
        {"name": "ending", "in": "path", "required": True} if ending else {"name": "format", "in": "query"}
    )
    return {**where, "schema": {"type": "string", "enum": list(endings(kind))}}


def _view(query: SavedQuery) -> Entry:
    return {
        "name": "view",
        "in": "query",
        "description": "How the page shows the answer.",
        "schema": {"type": "string", "enum": list(views.names(query))},
    }


def endings(kind: str) -> tuple[str, ...]:
    """Return the endings of addresses for an answer of `kind`."""
    side = 1 if kind == "graph" else 0
    known = [name for name in ENDINGS if name in SHORT_NAMES and SHORT_NAMES[name][side]]
    made = [name for name in ENDINGS if name not in SHORT_NAMES and (name != "md" or kind != "graph")]
    return (*known, *made)


def _kind(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the kind of answer of a query and its columns, found by evaluating it on an empty store."""
    result = Store().query(text)
    if isinstance(result, QuerySolutions):
        return "solutions", tuple(variable.value for variable in result.variables)
    return ("boolean" if isinstance(result, QueryBoolean) else "graph"), ()
