"""OpenAPI responses: media types, schemas, problems by status (OpenAPI 3.1 section 4.8.16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from kg.asking.citing.reference_formats import FORMATS as REFERENCES
from kg.publishing.dumps.file_types import BYTES, FILE_TYPES
from server.web.formats import BOOLEANS, GRAPHS, HTML, RESULTS
from server.web.problem_types import PROBLEMS
from server.web.problems import MEDIA_TYPES

Entry = dict[str, Any]

_NONE: Mapping[str, Any] = MappingProxyType({})
LINKSET = "application/linkset+json"  # RFC 9264
# The groups of media types that addresses.yaml names.
GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "rdf": tuple(GRAPHS),
        "rdf_or_page": (*GRAPHS, HTML),
        "results": (*BOOLEANS, *GRAPHS, HTML),
        "page": (HTML,),
        "text": ("text/plain",),
        "json": ("application/json",),
        "reference": tuple(form.media_type for form in REFERENCES.values()),
        "release": (*GRAPHS, "application/json", LINKSET, HTML),
        "file": tuple(
            dict.fromkeys((*(medium.media_type for medium in FILE_TYPES.values()), BYTES.media_type))
        ),
    }
)
_ANY_JSON = ("application/ld+json",)
# Problems that come with Retry-After.
_WAITING = ("too-many-requests", "busy", "release-not-ready", "release-failed")
ELSEWHERE = ("store-failed", "store-late")  # of the pool, where it asks a store elsewhere
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
    """Return the content of a response in one of `media_types`.

    `schemas` has the schemas of single media types, `schema` is for other JSON. By default JSON holds SPARQL
    results, JSON-LD any array or object, and everything else a string.
    """
    return {name: {"schema": schemas.get(name) or _schema(name, schema)} for name in media_types}


def _schema(media_type: str, schema: Entry | None) -> Entry:
    if media_type in _ANY_JSON:
        return {"type": ["array", "object"]}
    if media_type.endswith("json"):
        return schema or reference("schemas", "Results")
    return {"type": "string"}


def success(content: Entry, headers: Mapping[str, str] = _NONE) -> Entry:
    """Return the response with the requested content; `headers` maps further headers to their components."""
    components = {"ETag": "etag", "Link": "links", **headers}
    return {
        "description": "The requested content.",
        "headers": {name: reference("headers", component) for name, component in components.items()},
        "content": content,
    }


def problems(names: Iterable[str]) -> dict[str, Entry]:
    """Return references to the responses for the problems `names`, one for each status.

    What may be `busy` asks the pool, which may ask a store elsewhere. Raises KeyError for a name that is not
    in `server.web.problem_types.PROBLEMS`.
    """
    by_status: dict[int, list[str]] = {}
    given = list(names)
    for name in dict.fromkeys([*given, *(ELSEWHERE if "busy" in given else ())]):
        by_status.setdefault(PROBLEMS[name].status, []).append(name)
    return {str(status): reference("responses", ".".join(by_status[status])) for status in sorted(by_status)}


def problem(component: str) -> Entry:
    """Return the component that `problems` refers to: the response for all problems of one status."""
    names = component.split(".")
    described: Entry = {
        "description": " ".join(f"{name}: {PROBLEMS[name].title}." for name in names),
        "content": content(MEDIA_TYPES, reference("schemas", "Problem")),
    }
    if set(names) & set(_WAITING):
        described["headers"] = {"Retry-After": reference("headers", "retry")}
    return described


def tables(columns: tuple[str, ...]) -> Entry:
    """Return the schema of SPARQL results in JSON with `columns`."""
    head = {"properties": {"vars": {"const": list(columns)}}}
    return {"allOf": [reference("schemas", "Results"), {"properties": {"head": head}}]}
