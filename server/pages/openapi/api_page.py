"""The API page: the OpenAPI description as HTML, with parameters, formats and responses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import render_template

from server.pages.openapi.address_tables import OpenApiObject

_SAVED, _ENDING = "/queries/", ".{ending}"


@dataclass(frozen=True, slots=True)
class ApiParameter:
    """One parameter: name, place (path, query or header), allowed values, default, description."""

    name: str
    place: str
    values: str
    default: str
    about: str
    required: bool


@dataclass(frozen=True, slots=True)
class ApiOperation:
    """One operation; `href` is empty if the path has a parameter or the method is not GET."""

    id: str
    method: str
    path: str
    href: str
    summary: str
    about: str
    parameters: tuple[ApiParameter, ...]
    formats: tuple[str, ...]
    responses: tuple[tuple[str, str], ...]

    @property
    def of_saved_query(self) -> bool:
        """Whether it answers one of the saved queries, which are described in their own pages."""
        name = self.path.removeprefix(_SAVED).removesuffix(_ENDING)
        return self.path.startswith(_SAVED) and bool(name) and "{" not in name


def render(described: OpenApiObject, root: str) -> str:
    """Return the page for the document that `openapi_document` makes; local addresses begin with `root`."""
    by_tag: dict[str, list[ApiOperation]] = {tag["name"]: [] for tag in described["tags"]}
    for tag, operation in _operations(described, root):
        by_tag[tag].append(operation)
    return render_template(
        "api.html",
        about=described["info"]["description"].split("\n\n"),
        groups=[(tag, by_tag[tag["name"]]) for tag in described["tags"]],
    )


def _operations(described: OpenApiObject, root: str) -> Iterator[tuple[str, ApiOperation]]:
    components = described["components"]
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            responses = {
                status: _resolved(response, components) for status, response in operation["responses"].items()
            }
            yield (
                operation["tags"][0],
                ApiOperation(
                    operation["operationId"],
                    method.upper(),
                    path,
                    "" if "{" in path or method != "get" else root + path,
                    operation["summary"],
                    operation["description"],
                    tuple(
                        _parameter(_resolved(entry, components), components)
                        for entry in operation["parameters"]
                    ),
                    tuple(responses.get("200", {}).get("content", ())),
                    tuple((status, response["description"]) for status, response in responses.items()),
                ),
            )


def _resolved(entry: OpenApiObject, components: OpenApiObject) -> OpenApiObject:
    """Return the component that `entry` refers to, or `entry` itself."""
    if "$ref" not in entry:
        return entry
    kind, name = entry["$ref"].split("/")[2:]
    resolved: OpenApiObject = components[kind][name]
    return resolved


def _parameter(parameter: OpenApiObject, components: OpenApiObject) -> ApiParameter:
    schema = {**_resolved(parameter["schema"], components), **parameter["schema"]}
    return ApiParameter(
        parameter["name"],
        parameter["in"],
        ", ".join(_allowed(schema)) or str(schema.get("format") or schema.get("type", "string")),
        str(schema.get("default", "")),
        parameter.get("description", ""),
        parameter.get("required", False),
    )


def _allowed(schema: OpenApiObject) -> tuple[str, ...]:
    listed = [*schema.get("anyOf", ()), schema]
    return tuple(value for some in listed for value in some.get("enum", ()))
