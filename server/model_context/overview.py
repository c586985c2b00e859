"""The schema in use: classes and properties of the data with counts, labels and definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pyoxigraph import NamedNode

from kg.namespaces import PREFIXES, layer_name
from kg.store.statistics import Counts, Statistics
from kg.terms import folded, short
from server.engine.workers.pool import Pool
from server.model_context.answer_models import ClassInUseModel, PropertyInUseModel, SchemaModel
from server.site import pool_queries
from server.site.pool_queries import value

Term = TypeVar("Term", ClassInUseModel, PropertyInUseModel)
_MOST = 3  # classes on each side of a property
_ENGLISH = 'FILTER (lang(%s) IN ("en", ""))'
_TERMS = f"""SELECT ?s (MIN(?name) AS ?label) (MIN(?text) AS ?definition) {{
  ?s <{PREFIXES["rdfs"]}label> ?name {_ENGLISH % "?name"}
  OPTIONAL {{ ?s <{PREFIXES["skos"]}definition> ?text {_ENGLISH % "?text"} }}
  FILTER EXISTS {{ {{ ?x a ?s }} UNION {{ ?x ?s ?y }} }}
}} GROUP BY ?s"""


@dataclass(frozen=True, slots=True)
class Overview:
    """The counts of the data, and the label and definition of each term in use, by IRI."""

    statistics: Statistics
    words: Mapping[str, tuple[str | None, str | None]]


def gather(pool: Pool, statistics: Statistics) -> Overview:
    """Return the overview of the graph behind `pool` with `statistics`; raises what `Pool.answer` raises."""
    rows = pool_queries.rows(pool, _TERMS)
    words = {value(row["s"]): (_text(row, "label"), _text(row, "definition")) for row in rows}
    return Overview(statistics, words)


def schema_model(
    known: Overview, words: str, prefixes: Mapping[str, str], about: Mapping[str, Any]
) -> SchemaModel:
    """Return the classes and properties of `known` that contain all `words`, the most common first.

    `about` are the fields of every answer.
    """
    counts = known.statistics.counts
    classes = [_class(known, iri, count) for (iri,), count in _sorted(counts["classes"])]
    joined = _joined(counts)
    properties = [_property(known, iri, count, joined) for (iri,), count in _sorted(counts["properties"])]
    return SchemaModel(
        classes=[_shown(words, one) for one in classes if _fits(words, one)],
        properties=[_shown(words, one) for one in properties if _fits(words, one)],
        graphs={layer_name(graph): count for (graph,), count in _sorted(counts["graphs"])},
        prefixes=dict(prefixes),
        missing=list(known.statistics.missing),
        **about,
    )


def _class(known: Overview, iri: str, count: int) -> ClassInUseModel:
    label, definition = known.words.get(iri, (None, None))
    return ClassInUseModel(name=short(NamedNode(iri)), label=label, count=count, definition=definition)


def _property(
    known: Overview, iri: str, count: int, joined: Mapping[str, tuple[list[str], list[str]]]
) -> PropertyInUseModel:
    label, definition = known.words.get(iri, (None, None))
    subjects, values = joined.get(iri, ([], []))
    name = short(NamedNode(iri))
    return PropertyInUseModel(
        name=name, label=label, count=count, subjects=subjects, values=values, definition=definition
    )


def _joined(counts: Mapping[str, Counts]) -> dict[str, tuple[list[str], list[str]]]:
    """Return for each property the most common classes of its subjects, and those of its values."""
    subjects: dict[str, dict[str, int]] = {}
    values: dict[str, dict[str, int]] = {}
    for (class_, property_), count in counts["uses"].items():
        subjects.setdefault(property_, {})[class_] = count
    for (_, property_, target), count in (*counts["targets"].items(), *counts["datatypes"].items()):
        own = values.setdefault(property_, {})
        own[target] = max(own.get(target, 0), count)
    return {iri: (_common(own), _common(values.get(iri, {}))) for iri, own in subjects.items()}


def _common(counts: Mapping[str, int]) -> list[str]:
    ranked = sorted(counts, key=lambda iri: (-counts[iri], iri))
    return [short(NamedNode(iri)) for iri in ranked[:_MOST]]


def _sorted(counts: Counts) -> list[tuple[tuple[str, ...], int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _fits(words: str, term: ClassInUseModel | PropertyInUseModel) -> bool:
    plain = folded(" ".join(text for text in (term.name, term.label, term.definition) if text))
    return all(word in plain for word in folded(words).split())


def _shown(words: str, term: Term) -> Term:
    """Return `term`, without its definition unless there are `words`, so that a full list stays short."""
    return term if words.strip() else term.model_copy(update={"definition": None})


def _text(row: pool_queries.Row, name: str) -> str | None:
    return value(row[name]) if name in row else None
