"""The list of the saved queries: its content in JSON, and selection by words and tags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kg.asking.questions.columns import Column
from kg.asking.questions.parameters import Parameter
from kg.asking.questions.saved_queries import SavedQuery
from kg.terms import folded
from server.site.other_services import Services


def content(queries: Iterable[SavedQuery], services: Services, root: str, licence: str) -> dict[str, Any]:
    """Return the JSON content for `queries`, each with its columns, parameters and address below `root`.

    `services` tells which services an operator would have to allow first, `licence` is that of the answers.
    """
    listed = [_query(query, services.missing(query), root) for query in queries]
    return {"license": licence, "queries": listed}


def _query(query: SavedQuery, not_allowed: Sequence[str], root: str) -> dict[str, Any]:
    return {
        "name": query.name,
        "title": query.title,
        "question": query.question,
        "why": query.why,
        "tags": query.tags,
        "show": query.show,
        "columns": [_column(column) for column in query.columns],
        "services": query.services,
        "services_not_allowed": not_allowed,
        "parameters": [_parameter(parameter) for parameter in query.parameters],
        "href": f"{root}/queries/{query.name}",
    }


def _column(column: Column) -> dict[str, str]:
    return {
        "name": column.name,
        "label": column.label,
        "type": column.type,
        "about": column.about,
        "role": column.role,
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "type": parameter.type,
        "default": parameter.default or None,
        "choices": dict([parameter.choices]) if parameter.choices else None,
        "about": parameter.about or None,
    }


def matching(queries: Iterable[SavedQuery], words: str, tag: str = "") -> list[SavedQuery]:
    """Return those of `queries` that contain all `words` and, unless it is empty, have the `tag`.

    Name, title, question, reason, tags and column headings are searched; case and accents make no difference.
    """
    wanted = folded(words).split()
    return [
        query
        for query in queries
        if (not tag or tag in query.tags) and all(word in _text(query) for word in wanted)
    ]


def tags(queries: Iterable[SavedQuery]) -> Mapping[str, int]:
    """Return for each tag, in alphabetical order, how many of `queries` have it."""
    counts = Counter(tag for query in queries for tag in query.tags)
    return dict(sorted(counts.items()))


def by_tag(queries: Iterable[SavedQuery]) -> Mapping[str, list[SavedQuery]]:
    """Return `queries` grouped by their first tag, in alphabetical order; "" groups those without a tag."""
    groups: dict[str, list[SavedQuery]] = {}
    for query in queries:
        groups.setdefault(next(iter(query.tags), ""), []).append(query)
    return dict(sorted(groups.items()))


def _text(query: SavedQuery) -> str:
    headings = (text for column in query.columns for text in (column.label, column.about))
    texts = (query.name, query.title, query.question, query.why, *query.tags, *headings)
    return folded(" ".join(texts))
