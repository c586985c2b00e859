"""Tools for looking around: search, describe, schema."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field
from pyoxigraph import NamedNode

from kg import terms
from kg.errors import ParameterError, UnknownNameError
from kg.namespaces import PREFIXES
from kg.terms import short
from server.model_context import overview, sources
from server.model_context.answer_models import (
    DescriptionModel,
    MatchesModel,
    MatchModel,
    PointingModel,
    SaidModel,
    SchemaModel,
)
from server.model_context.tool_context import ToolContext, about, sourced, telling
from server.pages.search import text_index
from server.pages.search.text_index import IndexEntry
from server.pages.things import things, unknown_names
from server.pages.things.things import Thing
from server.site import pool_queries
from server.site.cells import CONTENT, NAMES
from server.site.pool_queries import value
from server.site.site import PerVersion

_SHOWN, _MOST = 20, 200
_SAID, _MOST_SAID = 100, 2_000
_LABELS = f"""SELECT ?s (MIN(?name) AS ?label) {{
  %s ?s <{PREFIXES["rdfs"]}label>|<{PREFIXES["skos"]}prefLabel>|<{CONTENT}> ?name FILTER (lang(?name) = "en")
}} GROUP BY ?s"""
Shown = Annotated[int, Field(ge=1, le=_MOST, description="matches to show")]


class SearchTools:
    """The tools that find things and tell about them."""

    def __init__(self, desk: ToolContext) -> None:
        self._desk = desk
        self._index = PerVersion(lambda: text_index.read(desk.pool), wait=10.0)
        self._overview = PerVersion(lambda: overview.gather(desk.pool, desk.statistics), wait=30.0)

    @telling
    def search(
        self,
        text: Annotated[str, Field(min_length=1, max_length=200, description="words that all must occur")],
        type: Annotated[str, Field(max_length=500, description="a class of `schema`, such as Person")] = "",  # noqa: A002
        limit: Shown = _SHOWN,
    ) -> MatchesModel:
        """Find things by name in any language, and statements by what they say or quote.

        Case and accents do not count. Use the name of a match as a parameter or for `describe`.
        """
        known = self._index.get(self._desk.pool.version)
        if not text.strip():
            raise ParameterError("text: write at least one word", "text")
        found = known.find(text, self._members(type) if type else None)
        shown = found[:limit]
        rest = f"{len(found) - limit} more matches: add words or a type." if len(found) > limit else ""
        part = "" if known.complete else "The graph has more texts than could be looked through."
        return MatchesModel(
            matches=self._matches(shown),
            total=len(found),
            truncated=len(found) > limit,
            near=[] if found else known.near(text),
            **about(self._desk.titled(f"search for {text}")),
            **sourced(sources.of_things(self._desk.pool, [entry.iri for entry in shown]), rest, part),
        )

    @telling
    def describe(
        self,
        thing: Annotated[str, Field(max_length=2_000, description="actor:fidel-castro, or a whole IRI")],
        limit: Annotated[int, Field(ge=1, le=_MOST_SAID, description="statements to show")] = _SAID,
    ) -> DescriptionModel:
        """Tell what the graph says about a thing, what points to it, and on which words that rests."""
        iri = _iri(thing)
        found = things.gather(self._desk.pool, iri)
        if found is None:
            raise unknown_names.unknown(self._desk.pool, iri)
        unknown_names.refuse_retired(found)
        said = [_said(found, statement) for statement in _own_first(found)]
        near = {value(s.triple.subject) for s in found.statements} | {
            x for way in found.pointing for x in way.subjects
        }
        cut = f"{len(said) - limit} more statements: ask with a higher limit." if len(said) > limit else ""
        return DescriptionModel(
            iri=iri,
            name=short(NamedNode(iri)),
            label=_label(found, iri),
            said=said[:limit],
            total_said=len(said),
            complete=found.complete,
            truncated=len(said) > limit,
            pointing=[_pointing(way) for way in found.pointing],
            **about(self._desk.titled(f"description of {short(NamedNode(iri))}")),
            **sourced(sources.of_things(self._desk.pool, near), cut),
        )

    @telling
    def schema(
        self,
        words: Annotated[
            str, Field(max_length=200, description="words in names, labels, definitions; empty for all")
        ] = "",
    ) -> SchemaModel:
        """List classes and properties in use with counts, what each joins, graphs and prefixes.

        With words those that have them, with definitions.
        """
        told = self._overview.get(self._desk.pool.version)
        return overview.told(told, words, PREFIXES, about(self._desk.titled("schema in use")))

    def _members(self, given: str) -> frozenset[str]:
        """Return the things of a class; raises UnknownNameError, with near names, for one that has none."""
        iri = _iri(given)
        rows = pool_queries.rows(self._desk.pool, f"SELECT DISTINCT ?s {{ ?s a {NamedNode(iri)} }}")
        if not rows:
            classes = pool_queries.rows(self._desk.pool, "SELECT DISTINCT ?c { ?s a ?c }")
            raise UnknownNameError("class", given, [short(row["c"]) for row in classes])
        return frozenset(value(row["s"]) for row in rows)

    def _matches(self, entries: list[IndexEntry]) -> list[MatchModel]:
        """Return what is shown of `entries`, each with its label and its classes."""
        if not entries:
            return []
        which = pool_queries.values("s", [entry.iri for entry in entries])
        classes: dict[str, list[str]] = {}
        for row in pool_queries.rows(
            self._desk.pool, f"SELECT DISTINCT ?s ?c {{ {which} ?s a ?c }} ORDER BY ?c"
        ):
            classes.setdefault(value(row["s"]), []).append(short(row["c"]))
        query = _LABELS % which
        labels = {value(row["s"]): value(row["label"]) for row in pool_queries.rows(self._desk.pool, query)}
        return [_match(e, labels.get(e.iri), classes.get(e.iri, [])) for e in entries]


def _iri(given: str) -> str:
    """Return the IRI that `given` stands for; raises UnknownNameError for what can be none."""
    try:
        return NamedNode(terms.expand(given.strip())).value
    except ValueError:
        raise UnknownNameError("thing", given, ()) from None


def _match(entry: IndexEntry, label: str | None, types: list[str]) -> MatchModel:
    return MatchModel(
        iri=entry.iri,
        name=short(NamedNode(entry.iri)),
        label=label,
        types=types,
        property=short(NamedNode(entry.property)),
        text=entry.text,
    )


def _own_first(thing: Thing) -> Iterable[things.Statement]:
    return sorted(thing.statements, key=lambda statement: value(statement.triple.subject) != thing.iri)


def _said(thing: Thing, statement: things.Statement) -> SaidModel:
    subject, predicate, target = statement.triple
    return SaidModel(
        subject=value(subject),
        property=short(predicate),
        value=value(target),
        label=_label(thing, value(target)) if isinstance(target, NamedNode) else None,
        inferred=statement.inferred,
    )


def _label(thing: Thing, iri: str) -> str | None:
    """Return what a thing is called, in English if it can be."""
    own = [s.triple for s in thing.statements if value(s.triple.subject) == iri]
    known = [t for t in (*thing.neighbours.get(iri, ()), *own) if t.predicate.value in NAMES]
    ranked = sorted(known, key=lambda t: (NAMES.index(t.predicate.value), _foreign(t.object), str(t.object)))
    return value(ranked[0].object) if ranked else None


def _foreign(term: object) -> bool:
    return getattr(term, "language", None) not in (None, "en")


def _pointing(way: things.Pointing) -> PointingModel:
    return PointingModel(
        property=short(NamedNode(way.predicate)), total=way.total, subjects=list(way.subjects)
    )
