"""What an operation answers with: media types, schemas, problems by status (OpenAPI 3.1 section 4.8.16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from server.formats import BOOLEANS, GRAPHS, HTML, RESULTS
from server.problems import MEDIA_TYPES, PROBLEMS

Entry = dict[str, Any]

# The groups that addresses.yaml names.
GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "rdf": tuple(GRAPHS),
        "rdf_or_page": (*GRAPHS, HTML),
        "results": (*BOOLEANS, *GRAPHS, HTML),
        "page": (HTML,),
        "text": ("text/plain",),
        "json": ("application/json",),
    }
)
_ANY_JSON = ("application/ld+json",)
_WAITING = ("too-many-requests", "busy")  # the problems that come with Retry-After


def reference(kind: str, name: str) -> Entry:
    """Return a reference to the component `name` of `kind`."""
    return {"$ref": f"#/components/{kind}/{name}"}


def content(media_types: Iterable[str], schema: Entry | None = None) -> Entry:
    """Return the content of an answer in one of `media_types`; `schema` is for those in JSON.

    Without it JSON holds results, and JSON-LD whatever it likes; everything else is text.
    """
    return {media_type: {"schema": _schema(media_type, schema)} for media_type in media_types}


def _schema(media_type: str, schema: Entry | None) -> Entry:
    if media_type in _ANY_JSON:
        return {"type": ["array", "object"]}
    if media_type.endswith("json"):
        return schema or reference("schemas", "Results")
    return {"type": "string"}


def found(media_types: Iterable[str], schema: Entry | None = None, headers: Iterable[str] = ()) -> Entry:
    """Return the answer with what was asked for; `headers` are names of components."""
    return {
        "description": "What was asked for.",
        "headers": {name: reference("headers", component) for name, component in _headers(headers)},
        "content": content(media_types, schema),
    }


def _headers(more: Iterable[str]) -> list[tuple[str, str]]:
    names = {"ETag": "etag", "Link": "links"}
    return [*names.items(), *(("X-Total-Count", name) for name in more)]


def problems(names: Iterable[str]) -> dict[str, Entry]:
    """Return references to the answers for the problems `names`, one for each status.

    Raises KeyError for a name that is not in server.problems.PROBLEMS.
    """
    by_status: dict[int, list[str]] = {}
    for name in dict.fromkeys(names):
        by_status.setdefault(PROBLEMS[name].status, []).append(name)
    return {str(status): reference("responses", ".".join(by_status[status])) for status in sorted(by_status)}


def problem(component: str) -> Entry:
    """Return the component that `problems` refers to: the answer for one or several problems of a status."""
    names = component.split(".")
    described: Entry = {
        "description": " ".join(f"{name}: {PROBLEMS[name].title}." for name in names),
        "content": content(MEDIA_TYPES, reference("schemas", "Problem")),
    }
    if set(names) & set(_WAITING):
        described["headers"] = {"Retry-After": reference("headers", "retry")}
    return described


def tables(columns: tuple[str, ...]) -> Entry:
    """Return the schema of a table in JSON with these columns."""
    head = {"properties": {"vars": {"const": list(columns)}}}
    return {"allOf": [reference("schemas", "Results"), {"properties": {"head": head}}]}


RESULT_TYPES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "solutions": (*RESULTS, "text/markdown", HTML),
        "boolean": (*BOOLEANS, "text/markdown", HTML),
        "graph": (*GRAPHS, HTML),
    }
)
