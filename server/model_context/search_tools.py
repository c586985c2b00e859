"""MCP tools for exploring the graph: search, describe and schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import Field
from pyoxigraph import NamedNode

from kg import terms
from kg.asking.questions import sources
from kg.errors import ParameterError, UnknownNameError
from kg.namespaces import PREFIXES
from kg.terms import short
from server.model_context import overview
from server.model_context.answer_models import (
    DescriptionModel,
    MatchesModel,
    MatchModel,
    PointingModel,
    SaidModel,
    SchemaModel,
)
from server.model_context.tool_context import ToolContext, answer_fields, source_fields, with_tool_errors
from server.pages.search import text_index
from server.pages.search.text_index import IndexEntry
from server.pages.things import things, unknown_names
from server.pages.things.pointing import Pointing
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
    """The tools that find things, describe them, and list the schema in use."""

    def __init__(self, context: ToolContext) -> None:
        self._context = context
        self._index = PerVersion(lambda: text_index.read(context.pool), wait=10.0)
        self._overview = PerVersion(lambda: overview.gather(context.pool, context.statistics), wait=30.0)

    @with_tool_errors
    def search(
        self,
        text: Annotated[str, Field(min_length=1, max_length=200, description="words that must all occur")],
        type: Annotated[str, Field(max_length=500, description="a class of `schema`, such as Person")] = "",  # noqa: A002
        limit: Shown = _SHOWN,
    ) -> MatchesModel:
        """Find things by name in any language, and statements by their content or quotes.

        Case and accents make no difference. Use the name of a match as a parameter or for `describe`.
        """
        known = self._index.get(self._context.pool.version)
        if not text.strip():
            raise ParameterError("text must have at least one word", "text")
        matches = known.find(text, self._members(type) if type else None)
        shown = matches[:limit]
        rest = f"{len(matches) - limit} more matches: add words or a type." if len(matches) > limit else ""
        part = "" if known.complete else "The graph has more texts than could be searched."
        return MatchesModel(
            matches=self._matches(shown),
            total=len(matches),
            truncated=len(matches) > limit,
            near=[] if matches else known.near(text),
            **answer_fields(self._context.citation(f"search for {text}")),
            **source_fields(sources.of_things(self._context.ask, [entry.iri for entry in shown]), rest, part),
        )

    @with_tool_errors
    def describe(
        self,
        thing: Annotated[
            str, Field(max_length=2_000, description="a name such as actor:fidel-castro, or an IRI")
        ],
        limit: Annotated[int, Field(ge=1, le=_MOST_SAID, description="statements to show")] = _SAID,
    ) -> DescriptionModel:
        """Describe a thing: its statements, what points to it, and the quoted words they rest on."""
        iri = _iri(thing)
        known = things.gather(self._context.pool, iri)
        if known is None:
            raise unknown_names.unknown(self._context.pool, iri)
        unknown_names.refuse_retired(known)
        says = {iri: one.sentence for iri, one in known.unasserted.items()}
        said = [_said(known, statement, says) for statement in _own_first(known)]
        near = {value(s.triple.subject) for s in known.statements} | {
            x for way in known.pointing for x in way.subjects
        }
        cut = f"{len(said) - limit} more statements: use a higher limit." if len(said) > limit else ""
        return DescriptionModel(
            iri=iri,
            name=short(NamedNode(iri)),
            label=_label(known, iri),
            standing=says.get(iri),
            said=said[:limit],
            total_said=len(said),
            complete=known.complete,
            truncated=len(said) > limit,
            pointing=[_pointing(way) for way in known.pointing],
            **answer_fields(self._context.citation(f"description of {short(NamedNode(iri))}")),
            **source_fields(sources.of_things(self._context.ask, near), unknown_names.retired(known), cut),
        )

    @with_tool_errors
    def schema(
        self,
        words: Annotated[
            str, Field(max_length=200, description="words in names, labels, definitions; empty for all")
        ] = "",
    ) -> SchemaModel:
        """List classes and properties in use with counts, what each joins, graphs and prefixes.

        With words only the terms that contain them, with definitions.
        """
        known = self._overview.get(self._context.pool.version)
        return overview.schema_model(
            known, words, PREFIXES, answer_fields(self._context.citation("schema in use"))
        )

    def _members(self, given: str) -> frozenset[str]:
        """Return the instances of the class `given`; raises UnknownNameError if there are none."""
        iri = _iri(given)
        rows = pool_queries.rows(self._context.pool, f"SELECT DISTINCT ?s {{ ?s a {NamedNode(iri)} }}")
        if not rows:
            classes = pool_queries.rows(self._context.pool, "SELECT DISTINCT ?c { ?s a ?c }")
            raise UnknownNameError("class", given, [short(row["c"]) for row in classes])
        return frozenset(value(row["s"]) for row in rows)

    def _matches(self, entries: list[IndexEntry]) -> list[MatchModel]:
        """Return the matches for `entries`, each with its label and its classes."""
        if not entries:
            return []
        which = pool_queries.values("s", [entry.iri for entry in entries])
        classes: dict[str, list[str]] = {}
        for row in pool_queries.rows(
            self._context.pool, f"SELECT DISTINCT ?s ?c {{ {which} ?s a ?c }} ORDER BY ?c"
        ):
            classes.setdefault(value(row["s"]), []).append(short(row["c"]))
        query = _LABELS % which
        labels = {
            value(row["s"]): value(row["label"]) for row in pool_queries.rows(self._context.pool, query)
        }
        says = sources.sentences(self._context.ask, [entry.iri for entry in entries])
        return [_match(e, labels.get(e.iri), classes.get(e.iri, []), says.get(e.iri)) for e in entries]


def _iri(given: str) -> str:
    """Return the IRI of the name or IRI `given`; raises UnknownNameError if it is not valid."""
    try:
        return NamedNode(terms.expand(given.strip())).value
    except ValueError:
        raise UnknownNameError("thing", given, ()) from None


def _match(entry: IndexEntry, label: str | None, types: list[str], standing: str | None) -> MatchModel:
    return MatchModel(
        iri=entry.iri,
        name=short(NamedNode(entry.iri)),
        label=label,
        types=types,
        standing=standing,
        property=short(NamedNode(entry.property)),
        text=entry.text,
    )


def _own_first(thing: Thing) -> Iterable[things.Statement]:
    return sorted(thing.statements, key=lambda statement: value(statement.triple.subject) != thing.iri)


def _said(thing: Thing, statement: things.Statement, says: Mapping[str, str]) -> SaidModel:
    subject, predicate, target = statement.triple
    return SaidModel(
        subject=value(subject),
        property=short(predicate),
        value=value(target),
        label=_label(thing, value(target)) if isinstance(target, NamedNode) else None,
        standing=says.get(value(target)),
        inferred=statement.inferred,
    )


def _label(thing: Thing, iri: str) -> str | None:
    """Return the name of `iri`, a thing or a neighbour of it, in English if there is one."""
    own = [s.triple for s in thing.statements if value(s.triple.subject) == iri]
    known = [t for t in (*thing.neighbours.get(iri, ()), *own) if t.predicate.value in NAMES]
    ranked = sorted(known, key=lambda t: (NAMES.index(t.predicate.value), _foreign(t.object), str(t.object)))
    return value(ranked[0].object) if ranked else None


def _foreign(term: object) -> bool:
    return getattr(term, "language", None) not in (None, "en")


def _pointing(way: Pointing) -> PointingModel:
    return PointingModel(
        property=short(NamedNode(way.predicate)),
        standing=way.standing.value if way.standing else None,
        total=way.total,
        subjects=list(way.subjects),
    )
