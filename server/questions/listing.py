"""The list of the saved queries for programs, in JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from kg.parameters import Parameter
from kg.saved import SavedQuery


def written(queries: Iterable[SavedQuery], root: str) -> bytes:
    """Return `queries` in JSON, each with its columns, parameters and address below `root`."""
    listed = {"queries": [_query(query, root) for query in queries]}
    return json.dumps(listed, ensure_ascii=False, indent=1).encode()


def _query(query: SavedQuery, root: str) -> dict[str, Any]:
    return {
        "name": query.name,
        "title": query.title,
        "question": query.question,
        "why": query.why,
        "tags": query.tags,
        "show": query.show,
        "columns": [asdict(column) for column in query.columns],
        "services": query.services,
        "parameters": [_parameter(parameter) for parameter in query.parameters],
        "href": f"{root}/queries/{query.name}",
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "type": parameter.type,
        "default": parameter.default or None,
        "choices": dict([parameter.choices]) if parameter.choices else None,
        "about": parameter.about or None,
    }
