"""What an operation answers with: media types, schemas, problems by status (OpenAPI 3.1 section 4.8.16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from kg.publishing.dumps.file_types import BYTES, FILE_TYPES
from server.web.formats import BOOLEANS, GRAPHS, HTML, RESULTS
from server.web.problems import MEDIA_TYPES, PROBLEMS

Entry = dict[str, Any]

_NONE: Mapping[str, Any] = MappingProxyType({})
LINKSET = "application/linkset+json"  # RFC 9264
# The groups that addresses.yaml names.
GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "rdf": tuple(GRAPHS),
        "rdf_or_page": (*GRAPHS, HTML),
        "results": (*BOOLEANS, *GRAPHS, HTML),
        "page": (HTML,),
        "text": ("text/plain",),
        "json": ("application/json",),
        "release": (*GRAPHS, "application/json", LINKSET, HTML),
        "file": tuple(
            dict.fromkeys((*(medium.media_type for medium in FILE_TYPES.values()), BYTES.media_type))
        ),
    }
)
_ANY_JSON = ("application/ld+json",)
_WAITING = (
    "too-many-requests",
    "busy",
    "release-not-ready",
    "release-failed",
)  # the problems that come with Retry-After


RESULT_TYPES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "solutions": (*RESULTS, "text/markdown", HTML),
        "boolean": (*BOOLEANS, "text/markdown", HTML),
        "graph": (*GRAPHS, HTML),
    }
)


def reference(kind: str, name: str) -> Entry:
    """Return a reference to the component `name` of `kind`."""
    return {"$ref": f"#/components/{kind}/{name}"}


def content(
    media_types: Iterable[str], schema: Entry | None = None, schemas: Mapping[str, Entry] = _NONE
) -> Entry:
    """Return the content of an answer in one of `media_types`.

    `schema` is for those in JSON, `schemas` for single ones. Without one JSON holds results, and
    JSON-LD whatever it likes; everything else is text.
    """
    return {name: {"schema": schemas.get(name) or _schema(name, schema)} for name in media_types}


def _schema(media_type: str, schema: Entry | None) -> Entry:
    if media_type in _ANY_JSON:
        return {"type": ["array", "object"]}
    if media_type.endswith("json"):
        return schema or reference("schemas", "Results")
    return {"type": "string"}


def found(content: Entry, headers: Mapping[str, str] = _NONE) -> Entry:
    """Return the answer with what was asked for; `headers` maps more of them to names of components."""
    named = {"ETag": "etag", "Link": "links", **headers}
    return {
        "description": "What was asked for.",
        "headers": {name: reference("headers", component) for name, component in named.items()},
        "content": content,
    }


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
