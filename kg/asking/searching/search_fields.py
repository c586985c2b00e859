"""The fields and filters of the search, read from `fields.yaml`, and the queries that they stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

from kg.namespaces import PREFIXES, Namespaces
from kg.terms import expand

_HEAD = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("cg", "dcterms", "oa", "rdfs", "skos"))
# A name, other names, contents, quotes and what is written make a hit; the other fields only help to find it.
OWN = ("name", "other", "content", "quote", "written")
HEADING = "heading"
KIND, TELEGRAM, VOICE, HOLDER = FILTERS = ("kind", "telegram", "voice", "holder")
_FOLDERS = MappingProxyType({HOLDER: "actor"})  # of the others the folder has the name of the filter


@dataclass(frozen=True, slots=True)
class SearchField:
    """One field: its column in the index, its `label` for people, and the queries for its texts.

    The `weight` is that of a word in it against other fields of the same hit, `share` how much of a typed
    word it counts to have it there, of 1.
    """

    name: str
    label: str
    weight: float
    share: float
    queries: tuple[str, ...]


@lru_cache(maxsize=1)
def fields() -> Mapping[str, SearchField]:
    """Return the fields by name, in the order of the columns of the index."""
    rows: Mapping[str, Mapping[str, Any]] = _tables()["fields"]
    return {
        name: SearchField(
            name,
            row["label"],
            row["weight"],
            row["share"],
            tuple(
                _text_query(path, row.get("text", ""), row.get("place", "")) for path in row.get("paths", ())
            ),
        )
        for name, row in rows.items()
    }


@lru_cache(maxsize=1)
def paths() -> tuple[str, ...]:
    """Return the paths from a hit to all that the index says of it, and to what says how it says it."""
    rows, filters = _tables()["fields"].values(), _tables()["filters"].values()
    ends = [
        (path, [row[end] for end in ("text", "place") if end in row])
        for row in rows
        for path in row.get("paths", ())
    ]
    ends += [(path, ["a"] if "class" in row else []) for row in filters for path in row["paths"]]
    names = "|".join(_tables()["fields"]["name"]["paths"])
    return (
        *(f"({path})/({'|'.join(last)})" if last else path for path, last in ends),
        *(f"(a|skos:inScheme)/({names})", "a/rdfs:subClassOf", "dcterms:subject", "^dcterms:subject"),
    )


def share(names: Iterable[str]) -> float:
    """Return how much a word counts that stands in the fields `names`, of 1."""
    return max(fields()[name].share for name in names)


def meant(name: str, given: str, names: Namespaces) -> tuple[str, str]:
    """Return the IRIs that `given` may stand for as a value of the filter `name`."""
    return expand(given, names), f"{names.id}{_FOLDERS.get(name, name)}/{given}"


def filter_queries(name: str) -> list[str]:
    """Return the SELECTs for each hit ?s the values ?thing of one of the FILTERS."""
    row = _tables()["filters"][name]
    return [thing_query(path, row.get("class", "")) for path in row["paths"]]


def kind(class_: str) -> str:
    """Return what a hit is called of whose class `class_` the graph has no name."""
    name = class_.rpartition("#")[2]
    return str(_tables()["kinds"].get(name, name))


def _text_query(path: str, text: str, place: str) -> str:
    """Return the SELECT for each ?s the ?text at the end of `path`.

    With `text` it is the text of what `path` leads to, and ?place its number by the property `place`.
    """
    last = f"?node . ?node {text} ?text OPTIONAL {{ ?node {place} ?place }}" if text else "?text"
    only = "FILTER (ISIRI(?s) && ISLITERAL(?text))"
    return f"{_HEAD}SELECT DISTINCT ?s ?text ?place {{ ?s {path} {last} {only} }}"


def thing_query(path: str, class_: str = "") -> str:
    """Return the SELECT for each ?s the ?thing at the end of `path`, of `class_` alone if it is given."""
    typed = f"?thing a {class_} . " if class_ else ""
    return (
        f"{_HEAD}SELECT DISTINCT ?s ?thing {{ {typed}?s {path} ?thing FILTER (ISIRI(?s) && ISIRI(?thing)) }}"
    )


def page(query: str, size: int, skip: int) -> str:
    """Return a query of this module narrowed to `size` rows after the first `skip`, in a fixed order."""
    last = "?text ?place" if "?text" in query else "?thing"
    return f"{query} ORDER BY ?s {last} LIMIT {size} OFFSET {skip}"


def narrowed(query: str, things: Iterable[str]) -> str:
    """Return a query of this module narrowed to the rows of some `things`."""
    return query.replace("{ ", f"{{ VALUES ?s {{ {' '.join(f'<{iri}>' for iri in things)} }} ", 1)


@lru_cache(maxsize=1)
def unanswered() -> frozenset[str]:
    """Return the names of the saved questions of whose answers no word is searched."""
    return frozenset(_tables()["unanswered"])


def broader_query() -> str:
    """Return the SELECT for each class ?s the class ?thing above it."""
    return thing_query("rdfs:subClassOf")


def scheme_query() -> str:
    """Return the SELECT for each concept ?s the list ?thing that it stands in."""
    return thing_query("skos:inScheme")


def topic_query() -> str:
    """Return the SELECT for each ?s the subject heading ?thing that it has."""
    return thing_query("dcterms:subject")


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, Any]:
    text = (files("kg.asking.searching") / "fields.yaml").read_text(encoding="utf-8")
    tables: Mapping[str, Any] = yaml.safe_load(text)
    return tables
