"""MCP tools for exploring the graph: search, describe and schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Annotated

from pydantic import Field
from pyoxigraph import NamedNode

from kg import terms
from kg.asking.questions import sources
from kg.asking.searching.search_file import PARTS, QUESTION
from kg.asking.searching.search_index import Search, WordHit
from kg.errors import ParameterError, UnknownNameError
from kg.namespaces import Namespaces
from kg.terms import short
from server.model_context import overview
from server.model_context.answer_models import (
    DescriptionModel,
    MatchesModel,
    MatchModel,
    PointingModel,
    SaidModel,
    SchemaModel,
    WordModel,
)
from server.model_context.tool_context import ToolContext, answer_fields, source_fields, with_tool_errors
from server.pages.search.word_indexes import WordIndexes
from server.pages.things import things, unknown_names
from server.pages.things.pointing import Pointing
from server.pages.things.things import Thing
from server.site.cells import NAMES
from server.site.pool_queries import value
from server.site.site import PerVersion

_SHOWN, _MOST = 20, 200
_SAID, _MOST_SAID = 100, 2_000
Shown = Annotated[int, Field(ge=1, le=_MOST, description="matches to show")]


class SearchTools:
    """The tools that find things, describe them, and list the schema in use."""

    def __init__(self, context: ToolContext) -> None:
        self._context = context
        self._indexes = WordIndexes(context.pool, context.queries, lambda _: context.index)
        self._overview = PerVersion(lambda: overview.gather(context.pool, context.statistics), wait=30.0)

    def near(self, text: str) -> list[str]:
        """Return words of the graph that are spelt like those of `text` that it does not have."""
        return self._indexes.get(self._context.pool.version).near(text)

    @with_tool_errors
    def search(
        self,
        text: Annotated[str, Field(min_length=1, max_length=200, description="words, or a name")],
        type: Annotated[str, Field(max_length=500, description="a class of `schema`, such as Person")] = "",  # noqa: A002
        telegram: Annotated[str, Field(max_length=500, description="a telegram with the words")] = "",
        voice: Annotated[str, Field(max_length=500, description="who speaks there, such as writer")] = "",
        holder: Annotated[str, Field(max_length=500, description="an actor who holds or tells it")] = "",
        limit: Shown = _SHOWN,
    ) -> MatchesModel:
        """Find things, statements and saved questions by words in English, Russian or Spanish.

        Stems, accents and subject headings are used: declassified finds declassification, quarantine what is
        about American action. Hits with all words come first, then those with some; `found` says which
        and where. Use the name of a match as a parameter or for `describe`, or `run_query` for a question.
        """
        if not text.strip():
            raise ParameterError("text must have at least one word", "text")
        index = self._indexes.get(self._context.pool.version)
        given = {"kind": type, "telegram": telegram, "voice": voice, "holder": holder}
        search = Search({name: one for name, one in given.items() if one}, limit)
        words = index.words(text)
        found = [index.find(words, part, search) for part in PARTS]
        hits = _in_turn([hits.shown for hits in found])
        total, shown = sum(hits.total for hits in found), hits[:limit]
        more = f"{total - len(shown)} more matches: add words or a filter." if total > len(shown) else ""
        return MatchesModel(
            matches=self._matches(shown),
            total=total,
            truncated=total > len(shown),
            words=[WordModel(word=one.word, known=one.known, near=list(one.near)) for one in words.words],
            left_out=list(words.dropped),
            **answer_fields(self._context.citation(f"search for {text}")),
            **source_fields(sources.of_things(self._context.ask, [hit.iri for hit in shown]), more),
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
        own = self._context.pool.names
        iri = _iri(thing, own)
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
            name=short(NamedNode(iri), own),
            label=_label(known, iri),
            standing=says.get(iri),
            said=said[:limit],
            total_said=len(said),
            complete=known.complete,
            truncated=len(said) > limit,
            pointing=[_pointing(way) for way in known.pointing],
            **answer_fields(self._context.citation(f"description of {short(NamedNode(iri), own)}")),
            **source_fields(
                sources.of_things(self._context.ask, near), unknown_names.retired(known, own), cut
            ),
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
            known,
            words,
            self._context.pool.names.prefixes,
            answer_fields(self._context.citation("schema in use")),
        )

    def _matches(self, hits: Sequence[WordHit]) -> list[MatchModel]:
        says = sources.sentences(self._context.ask, [hit.iri for hit in hits if not hit.asserted])
        return [
            MatchModel(
                iri=hit.iri,
                name=_name(hit, self._context.pool.names),
                label=hit.title,
                kind=hit.kind,
                standing=says.get(hit.iri),
                found={word: list(fields) for word, fields in hit.found.items()},
                quotes=list(hit.quotes),
            )
            for hit in hits
        ]


def _in_turn(parts: Iterable[Sequence[WordHit]]) -> list[WordHit]:
    """Return the hits of all parts, one of each after the other, so that none hides the rest."""
    return [hit for row in zip_longest(*parts) for hit in row if hit is not None]


def _name(hit: WordHit, own: Namespaces) -> str:
    """Return how a tool takes it: the name of a saved question, or the short name of a thing."""
    return hit.iri.rpartition("/")[2] if hit.part == QUESTION else short(NamedNode(hit.iri), own)


def _iri(given: str, own: Namespaces) -> str:
    """Return the IRI of the name or IRI `given`; raises UnknownNameError if it is not valid."""
    try:
        return NamedNode(terms.expand(given.strip(), own)).value
    except ValueError:
        raise UnknownNameError("thing", given, ()) from None


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
