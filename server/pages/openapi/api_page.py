"""The description as a page: each operation with its parameters, formats and answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import render_template

from server.pages.openapi.address_tables import OpenApiObject


@dataclass(frozen=True, slots=True)
class Given:
    """One parameter: its name, where it stands, what may be written, its default, what it is."""

    name: str
    place: str
    what: str
    default: str
    about: str
    required: bool


@dataclass(frozen=True, slots=True)
class ApiOperation:
    """One operation; `href` is empty where there is a slot in the path."""

    id: str
    method: str
    path: str
    href: str
    summary: str
    about: str
    parameters: tuple[Given, ...]
    formats: tuple[str, ...]
    answers: tuple[tuple[str, str], ...]


def render(described: OpenApiObject, root: str) -> str:
    """Return the page for what `openapi_document` describes; addresses begin with `root`."""
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
        for method, said in methods.items():
            answers = {status: _resolved(answer, components) for status, answer in said["responses"].items()}
            yield (
                said["tags"][0],
                ApiOperation(
                    said["operationId"],
                    method.upper(),
                    path,
                    "" if "{" in path or method != "get" else root + path,
                    said["summary"],
                    said["description"],
                    tuple(_given(_resolved(given, components), components) for given in said["parameters"]),
                    tuple(answers.get("200", {}).get("content", ())),
                    tuple((status, answer["description"]) for status, answer in answers.items()),
                ),
            )


def _resolved(entry: OpenApiObject, components: OpenApiObject) -> OpenApiObject:
    """Return the component that `entry` refers to, or itself."""
    if "$ref" not in entry:
        return entry
    kind, name = entry["$ref"].split("/")[2:]
    resolved: OpenApiObject = components[kind][name]
    return resolved


def _given(parameter: OpenApiObject, components: OpenApiObject) -> Given:
    schema = {**_resolved(parameter["schema"], components), **parameter["schema"]}
    return Given(
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
