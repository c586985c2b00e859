"""The description as a whole: the table of addresses and the saved queries, in OpenAPI 3.1.

https://spec.openapis.org/oas/v3.1.1.html. Generated, so that a new saved query appears by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import deepcopy
from importlib.metadata import version

from kg.asking.questions.saved_queries import SavedQuery
from kg.store.layers import LICENCE
from server.engine.evaluation.query_request import Limits
from server.pages.openapi import query_operations, responses
from server.pages.openapi.address_tables import AddressTables, OpenApiObject
from server.pages.openapi.query_operations import Choices
from server.pages.openapi.responses import GROUPS, reference
from server.pages.questions import paging
from server.web.formats import SHORT_NAMES
from server.web.problems import PROBLEMS, TYPES
from server.web.sparql_protocol import BODY_LIMIT, QUERY_LIMIT, URI_LIMIT

OPENAPI = "3.1.1"
_SLOT = re.compile(r"<(?:[^<>]*:)?(\w+)>")
_ABOUT = """\
Questions to a knowledge graph of diplomatic telegrams. Read-only; no key, no cookies; any origin may read.
Every GET is also a HEAD. Formats follow Accept or `format`. Every error is a problem document (RFC 9457).

Limits: {timeout:g} s a query, {workers} queries at once, {result:,} bytes an answer, {query:,} bytes a query,
{body:,} bytes a body, {uri:,} bytes of path and parameters, {page:,} rows a page. Nothing is ever cut: what
is larger is refused with a problem that says so.

SPARQL stands at `/sparql`, the saved queries at `/queries/`, the Reconciliation Service API at `/reconcile`
(0.2) and `/reconcile/v1` (1.0 draft), files to download at `/dumps/`, links at `/links/`."""


def document(
    table: AddressTables,
    served: Iterable[str],
    queries: Iterable[SavedQuery],
    choices: Choices,
    limits: Limits,
    release: str = "",
) -> OpenApiObject:
    """Return the description of a service, without `servers`.

    `served` are the paths that it has, with {name} for what varies; of `table` only those are
    described. `choices` finds what a parameter may be; `limits` are those of a query, `release` is
    the name of one, for an example.
    """
    asked, own = list(queries), set(served)
    paths = {
        path: {method: _operation(said, table.always) for method, said in methods.items()}
        for path, methods in table.addresses.items()
        if path in own
    }
    paths |= query_operations.paths(asked, table.always)
    components = _components(table.components, release)
    components["schemas"] |= query_operations.schemas(asked, choices)
    components["responses"] |= {name: responses.problem(name) for name in _problems(paths, components)}
    return {
        "openapi": OPENAPI,
        "info": _info(limits),
        "tags": table.tags,
        "paths": paths,
        "components": components,
    }


def _problems(paths: OpenApiObject, components: OpenApiObject) -> list[str]:
    """Return the names of the answers that operations refer to and that are not there yet."""
    answers = (
        a for methods in paths.values() for said in methods.values() for a in said["responses"].values()
    )
    named = {answer["$ref"].rpartition("/")[2] for answer in answers if "$ref" in answer}
    return sorted(named - set(components["responses"]))


def _info(limits: Limits) -> OpenApiObject:
    about = _ABOUT.format(
        timeout=limits.timeout, workers=limits.workers, result=limits.result,
        query=QUERY_LIMIT, body=BODY_LIMIT, uri=URI_LIMIT, page=paging.MOST,
    )  # fmt: skip
    return {
        "title": "cablegraph",
        "version": version("cablegraph"),
        "description": about,
        "license": {"name": "CC BY 4.0 (the answers)", "url": LICENCE},
    }


def _operation(said: OpenApiObject, always: list[str]) -> OpenApiObject:
    """Return one operation from its entry in addresses.yaml."""
    others = {status: reference("responses", name) for status, name in said.get("status", {}).items()}
    problems = responses.problems([*said.get("problems", ()), *always])
    for status in set(others) & set(problems):
        raise ValueError(f"{said['id']} describes the status {status} twice")
    operation: OpenApiObject = {
        "operationId": said["id"],
        "tags": [said["tag"]],
        "summary": said["summary"],
        "description": said.get("description", said["summary"]),
        "parameters": [
            reference("parameters", given) if isinstance(given, str) else given
            for given in said.get("parameters", ())
        ],
        "responses": {**_found(said), **others, **problems},
    }
    if "body" in said:
        bodies = {media_type: {"schema": schema} for media_type, schema in said["body"].items()}
        operation["requestBody"] = {"required": True, "content": bodies}
    return operation


def _found(said: OpenApiObject) -> OpenApiObject:
    """Return the answer 200 of an entry, or nothing if it has none."""
    if "gives" not in said:
        return {}
    gives, schema = said["gives"], said.get("schema", {})
    media_types = GROUPS[gives] if isinstance(gives, str) else gives
    common = reference("schemas", schema) if isinstance(schema, str) else None
    own = {} if common else {name: reference("schemas", component) for name, component in schema.items()}
    return {"200": responses.found(responses.content(media_types, common, own), said.get("headers", {}))}


def _components(components: OpenApiObject, release: str) -> OpenApiObject:
    """Return the shared parts, with the lists that the code knows filled in."""
    filled = deepcopy(components)
    parameters, schemas = filled["parameters"], filled["schemas"]
    short = ", ".join(SHORT_NAMES)
    parameters["format"]["description"] += f" Short names: {short}."
    parameters["problem"]["schema"]["enum"] = list(PROBLEMS)
    parameters["limit"]["schema"]["maximum"] = paging.MOST
    for name in ("release", "older"):
        parameters[name]["example"] = release
    schemas["Problem"]["properties"]["type"]["enum"] = [TYPES + name for name in PROBLEMS]
    return {
        "parameters": parameters,
        "headers": filled["headers"],
        "responses": filled["statuses"],
        "schemas": schemas,
    }


def path_of(rule: str) -> str:
    """Return the path that OpenAPI writes for an address of Flask: `/id/{rest}` for `/id/<path:rest>`."""
    return _SLOT.sub(r"{\1}", rule)
