"""The OpenAPI 3.1 document of the service, generated from the address tables and the saved queries.

https://spec.openapis.org/oas/v3.1.1.html. A new saved query needs no entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import deepcopy
from importlib.metadata import version

from kg.asking.hints.hint import KINDS
from kg.asking.questions.saved_queries import SavedQuery
from kg.reading.collection.description import Description
from kg.store.layers import OURS
from server.engine.evaluation.query_request import Limits
from server.pages.openapi import query_operations, responses
from server.pages.openapi.address_tables import AddressTables, OpenApiObject
from server.pages.openapi.query_operations import Choices
from server.pages.openapi.responses import GROUPS, reference
from server.pages.questions import paging
from server.web.formats import SHORT_NAMES
from server.web.problem_types import PROBLEMS
from server.web.problems import TYPES
from server.web.sparql_protocol import BODY_LIMIT, QUERY_LIMIT, URI_LIMIT

OPENAPI = "3.1.1"
_SLOT = re.compile(r"<(?:[^<>]*:)?(\w+)>")
_ABOUT = """\
Questions to a knowledge graph of diplomatic telegrams. Read-only; no key, no cookies; any origin may read.
Every GET is also a HEAD. Formats follow Accept or `format`. Every error is a problem document (RFC 9457).

Limits: {timeout:g} s a query, {workers} queries at once, {result:,} bytes a response, {query:,} bytes a
query, {body:,} bytes a body, {uri:,} bytes of path and query string, {page:,} rows a page. Nothing is ever
cut: what exceeds a limit is refused with a problem that names it.

SPARQL is at `/sparql`, the saved queries at `/queries/`, the Reconciliation Service API at `/reconcile`
(0.2) and `/reconcile/v1` (1.0 draft), files to download at `/dumps/`, links at `/links/`."""


def document(  # noqa: PLR0913 - two have defaults
    table: AddressTables,
    served: Iterable[str],
    queries: Iterable[SavedQuery],
    choices: Choices,
    limits: Limits,
    *,
    release: str = "",
    about: Description = OURS,
) -> OpenApiObject:
    """Return the OpenAPI document of a service, without `servers`.

    `served` are its paths, with {name} for parameters; only these are taken from `table`. `choices` finds
    the values of a parameter, `limits` are those of a query, and `release` is the name of a release for an
    example. `about` describes the collection.
    """
    saved, own = list(queries), set(served)
    paths = {
        path: {method: _operation(entry, table.always) for method, entry in methods.items()}
        for path, methods in table.addresses.items()
        if path in own
    }
    paths |= query_operations.paths(saved, table.always)
    components = _components(table.components, release)
    components["schemas"] |= query_operations.schemas(saved, choices)
    components["responses"] |= {name: responses.problem(name) for name in _problems(paths, components)}
    return {
        "openapi": OPENAPI,
        "info": _info(limits, about),
        "tags": table.tags,
        "paths": paths,
        "components": components,
    }


def _problems(paths: OpenApiObject, components: OpenApiObject) -> list[str]:
    """Return the names of the responses that operations refer to and that `components` lacks."""
    operations = (operation for methods in paths.values() for operation in methods.values())
    used = (response for operation in operations for response in operation["responses"].values())
    names = {response["$ref"].rpartition("/")[2] for response in used if "$ref" in response}
    return sorted(names - set(components["responses"]))


def _info(limits: Limits, collection: Description) -> OpenApiObject:
    about = _ABOUT.format(
        timeout=limits.timeout, workers=limits.workers, result=limits.result,
        query=QUERY_LIMIT, body=BODY_LIMIT, uri=URI_LIMIT, page=paging.MOST,
    )  # fmt: skip
    return {
        "title": collection.name,
        "version": version("cablegraph"),
        "description": about,
        "license": {"name": f"{collection.licence_name} (the answers)", "url": collection.licence},
    }


def _operation(entry: OpenApiObject, always: list[str]) -> OpenApiObject:
    """Return one operation from its entry in addresses.yaml."""
    others = {status: reference("responses", name) for status, name in entry.get("status", {}).items()}
    problems = responses.problems([*entry.get("problems", ()), *always])
    for status in set(others) & set(problems):
        raise ValueError(f"{entry['id']} describes the status {status} twice")
    operation: OpenApiObject = {
        "operationId": entry["id"],
        "tags": [entry["tag"]],
        "summary": entry["summary"],
        "description": entry.get("description", entry["summary"]),
        "parameters": [
            reference("parameters", parameter) if isinstance(parameter, str) else parameter
            for parameter in entry.get("parameters", ())
        ],
        "responses": {**_success(entry), **others, **problems},
    }
    if "body" in entry:
        bodies = {media_type: {"schema": schema} for media_type, schema in entry["body"].items()}
        operation["requestBody"] = {"required": True, "content": bodies}
    return operation


def _success(entry: OpenApiObject) -> OpenApiObject:
    """Return the response 200 of an entry by its status, or nothing if it has none."""
    if "gives" not in entry:
        return {}
    gives, schema = entry["gives"], entry.get("schema", {})
    media_types = GROUPS[gives] if isinstance(gives, str) else gives
    common = reference("schemas", schema) if isinstance(schema, str) else None
    own = {} if common else {name: reference("schemas", component) for name, component in schema.items()}
    return {"200": responses.success(responses.content(media_types, common, own), entry.get("headers", {}))}


def _components(components: OpenApiObject, release: str) -> OpenApiObject:
    """Return the components, with the lists that the code holds filled in."""
    filled = deepcopy(components)
    parameters, schemas = filled["parameters"], filled["schemas"]
    short = ", ".join(SHORT_NAMES)
    parameters["format"]["description"] += f" Short names: {short}."
    parameters["problem"]["schema"]["enum"] = list(PROBLEMS)
    parameters["limit"]["schema"]["maximum"] = paging.MOST
    for name in ("release", "older"):
        parameters[name]["example"] = release
    schemas["Problem"]["properties"]["type"]["enum"] = [TYPES + name for name in PROBLEMS]
    schemas["Hints"]["properties"]["hints"]["items"]["properties"]["kind"]["enum"] = list(KINDS)
    return {
        "parameters": parameters,
        "headers": filled["headers"],
        "responses": filled["statuses"],
        "schemas": schemas,
    }


def path_of(rule: str) -> str:
    """Return the OpenAPI path of a Flask rule: `/id/{rest}` for `/id/<path:rest>`."""
    return _SLOT.sub(r"{\1}", rule)
