"""The saved queries as operations: typed parameters, what they may be, formats, columns, problems."""

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
# Gives the things that a parameter may be, none where there are too many or no bound.
Choices = Callable[[Parameter], Iterable[Choice]]

TAG = "Saved queries"
SPARQL = "application/sparql-query"
PROBLEMS = (
    *("wrong-parameter", "bad-request", "not-found", "not-acceptable"),
    *("query-timeout", "query-memory", "result-too-large", "busy"),
)
FEDERATION = ("service-not-allowed", "service-failed")  # where another service is asked
_THING: Mapping[str, str] = MappingProxyType(
    {"type": "string", "description": "A name such as actor:fidel-castro, or a whole IRI."}
)


def paths(queries: Iterable[SavedQuery], always: Iterable[str]) -> dict[str, Entry]:
    """Return the addresses of `queries`: by negotiation, and with an ending for the format."""
    found: dict[str, Entry] = {}
    for query in queries:
        own = [_parameter(parameter) for parameter in query.parameters]
        kind, columns = _kind(query.text)
        for ending in (False, True):
            path = f"/queries/{query.name}{'.{ending}' if ending else ''}"
            found[path] = {"get": _operation(query, own, (kind, columns), ending=ending, always=always)}
    return found


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
            "200": responses.found(
                responses.content((*RESULT_TYPES[kind], SPARQL), schema),
                {"X-Total-Count": "total"} if table else {},
            ),
            "304": reference("responses", "not-modified"),
            **responses.problems([*PROBLEMS, *(FEDERATION if query.services else ()), *always]),
        },
    }


def _description(query: SavedQuery, columns: tuple[str, ...]) -> str:
    shown = f"Columns: {', '.join(columns)}." if columns else ""
    tags = f"Tags: {', '.join(query.tags)}." if query.tags else ""
    asks = f"It asks {', '.join(query.services)}, if the operator allows it." if query.services else ""
    return " ".join(part for part in (query.question, query.why, shown, tags, asks) if part)


def schemas(queries: Iterable[SavedQuery], choices: Choices) -> dict[str, Entry]:
    """Return the component for each source of choices: the things of now, or any other spelling of a name."""
    sources = {_source(p): p for query in queries for p in query.parameters if p.choices}
    return {name: _listed(list(choices(sources[name]))) for name in sorted(sources)}


def _listed(some: list[Choice]) -> Entry:
    if not some:  # more than a list can show
        return dict(_THING)
    labels = "; ".join(f"{choice.name}: {choice.label}" for choice in some if choice.label)
    listed = {"type": "string", "enum": [choice.name for choice in some], "description": labels}
    return {"anyOf": [listed, dict(_THING)]}


def _source(parameter: Parameter) -> str:
    """Return the name of the component for what a parameter may be: `class.cg-Issue`."""
    return ".".join(parameter.choices or ()).replace(":", "-")


def _parameter(parameter: Parameter) -> Entry:
    schema = reference("schemas", _source(parameter)) if parameter.choices else _schema(parameter.type)
    if parameter.default:
        schema["default"] = int(parameter.default) if parameter.type == "integer" else parameter.default
    about = parameter.about or f"{parameter.hint[0].upper()}{parameter.hint[1:]}."
    return {"name": parameter.name, "in": "query", "description": about, "schema": schema}


def _schema(type_: str) -> Entry:
    """Return the schema of the values of a type."""
    if type_ == "iri":
        return dict(_THING)
    named = TYPES[type_]
    return {"type": named.json, **({"format": named.json_format} if named.json_format else {})}


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
        "schema": {"type": "string", "enum": list(views.offered(query))},
    }


def endings(kind: str) -> tuple[str, ...]:
    """Return the endings that an answer of `kind` can have."""
    side = 1 if kind == "graph" else 0
    known = [name for name in ENDINGS if name in SHORT_NAMES and SHORT_NAMES[name][side]]
    made = [name for name in ENDINGS if name not in SHORT_NAMES and (name != "md" or kind != "graph")]
    return (*known, *made)


def _kind(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the kind of the result of a query and its columns, by asking it of nothing."""
    result = Store().query(text)
    if isinstance(result, QuerySolutions):
        return "solutions", tuple(variable.value for variable in result.variables)
    return ("boolean" if isinstance(result, QueryBoolean) else "graph"), ()
