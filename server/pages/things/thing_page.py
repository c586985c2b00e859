"""The HTML page about one thing: evidence, statements, parts, links to catalogues, what points to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import render_template
from pyoxigraph import NamedNode, Triple

from kg.asking.links.wikidata import query_about, query_service_link
from kg.namespaces import PREFIXES, SHIPPED, Namespaces
from kg.reading.authorities import AUTHORITIES, catalogue_item
from server.pages.things import pointing
from server.pages.things.pointing import Pointing
from server.pages.things.portraits import PortraitSection
from server.pages.things.things import BASED_ON, EVIDENCE, IN_PASSAGE, TYPE, VOICE, Statement, Thing
from server.site.cells import EXACT, Cell, TermCells
from server.site.pool_queries import value
from server.site.reference_responses import PageReference
from server.site.result_pages import CHOICES

_MATCHES = {f"{PREFIXES['skos']}{name}Match": f"{name} match" for name in ("exact", "close")}


@dataclass(frozen=True, slots=True)
class Line:
    """One property of one thing with its values, each with whether it is inferred only."""

    property: Cell
    values: tuple[tuple[Cell, bool], ...]


@dataclass(frozen=True, slots=True)
class ThingSection:
    """The statements about a thing or a part of it; `anchor` is the fragment identifier of the part."""

    anchor: str
    title: Cell
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """The quoted words that a statement rests on, their passage, and the voice that speaks there."""

    anchor: str
    words: Cell
    passage: Cell | None
    voice: Cell | None


@dataclass(frozen=True, slots=True)
class Way:
    """The things that point to a thing by one property; `all_of_them` is the address of a query for all."""

    property: Cell
    total: int
    things: tuple[tuple[Cell, tuple[Cell, ...]], ...]  # each with its quotes
    all_of_them: str


@dataclass(frozen=True, slots=True)
class WayGroup:
    """The ways to point to a thing under one heading; `about` explains it, or is empty."""

    title: str
    about: str
    ways: tuple[Way, ...]

    @property
    def total(self) -> int:
        """Return the number of statements."""
        return sum(way.total for way in self.ways)


@dataclass(frozen=True, slots=True)
class CatalogueMatch:
    """A match of the thing in another catalogue: the item, its page, and the relation (exact or close)."""

    catalogue: str
    identifier: str
    page: str
    relation: str
    item: str


def render(  # noqa: PLR0913 - what the page shows
    thing: Thing,
    root: str,
    endpoint: str,
    contents: str = "",
    cited: PageReference | None = None,
    *,
    names: Namespaces = SHIPPED,
    portrait: Sequence[PortraitSection] = (),
    example: str = "",
) -> str:
    """Return the page about `thing`; local addresses begin with `root`, `endpoint` is that of `/sparql`.

    `contents` is the address of the statements if the thing is a graph, `cited` how to cite it, `portrait`
    what is told of it first, `example` a query that shows the use of a term. `names` has the namespaces of
    the collection.
    """
    remarks = {iri: one.sentence for iri, one in thing.unasserted.items()}
    cells = TermCells(_labels(thing), root, remarks, names, thing.made)
    anchors = {t.subject for t in _triples(thing) if t.predicate.value == EXACT}
    rest = [s for s in thing.statements if s.triple.subject not in anchors]
    every = sections(rest, cells)
    own = [section for section in every if section.title.full == thing.iri]
    matches = _catalogue_matches(thing)
    return render_template(
        "thing.html",
        thing=thing,
        title=cells.name(thing.iri),
        remark=remarks.get(thing.iri, ""),
        advice=thing.unasserted[thing.iri].advice if thing.iri in thing.unasserted else "",
        would_be=thing.unasserted[thing.iri].kind if thing.iri in thing.unasserted else "",
        kinds=[cells.cell(t.object) for t in _of(thing, thing.iri, TYPE)],
        quotes=_quotes(thing, cells),
        own=own[0] if own else None,
        parts=[section for section in every if section not in own],
        groups=_groups(thing, cells, endpoint),
        elsewhere=matches,
        query_service=_query_service(matches),
        contents=contents,
        cited=cited,
        portrait=portrait,
        example=example,
        endpoint=endpoint,
        formats=CHOICES["graph"],
    )


def sections(statements: Iterable[Statement], cells: TermCells) -> list[ThingSection]:
    """Return a section for each subject of `statements`, in their order."""
    grouped: dict[str, dict[str, list[tuple[Cell, bool]]]] = {}
    for statement in statements:
        lines = grouped.setdefault(value(statement.triple.subject), {})
        values = lines.setdefault(statement.triple.predicate.value, [])
        values.append((cells.cell(statement.triple.object), statement.inferred))
    return [
        ThingSection(
            iri.partition("#")[2],
            cells.cell(NamedNode(iri)),
            tuple(Line(cells.cell(NamedNode(name)), tuple(values)) for name, values in lines.items()),
        )
        for iri, lines in grouped.items()
    ]


def _labels(thing: Thing) -> Mapping[str, Sequence[Triple]]:
    """Return the triples that may name the thing, its parts and its neighbours, by subject."""
    labels: dict[str, list[Triple]] = {iri: list(known) for iri, known in thing.neighbours.items()}
    for triple in _triples(thing):
        labels.setdefault(value(triple.subject), []).append(triple)
    return labels


def _catalogue_matches(thing: Thing) -> list[CatalogueMatch]:
    matches = []
    for triple in _triples(thing):
        item = catalogue_item(value(triple.object)) if triple.predicate.value in _MATCHES else None
        if item and value(triple.subject) == thing.iri:
            authority, identifier = item
            relation, page = _MATCHES[triple.predicate.value], authority.page_of(identifier)
            matches.append(CatalogueMatch(authority.title, identifier, page, relation, value(triple.object)))
    order = [authority.title for authority in AUTHORITIES.values()]
    return sorted(matches, key=lambda match: order.index(match.catalogue))


def _query_service(matches: Sequence[CatalogueMatch]) -> str:
    """Return the address of a Wikidata query about its items among `matches`; empty if there are none."""
    wikidata = AUTHORITIES["wikidata"].title
    items = [match.item for match in matches if match.catalogue == wikidata]
    return query_service_link(query_about(items)) if items else ""


def _quotes(thing: Thing, cells: TermCells) -> list[Quote]:
    quotes = {}
    for evidence in (t for t in _triples(thing) if t.predicate.value in (EVIDENCE, BASED_ON)):
        anchor = value(evidence.object)
        passages = [t.object for t in _of(thing, anchor, IN_PASSAGE)]
        voices = [t.object for p in passages for t in _known(thing, value(p)) if t.predicate.value == VOICE]
        voices += [t.object for t in _of(thing, value(evidence.subject), VOICE)]
        for words in _of(thing, anchor, EXACT):
            quotes[anchor, words.object] = Quote(
                anchor.removeprefix(f"{thing.iri}#"),
                cells.cell(words.object),
                cells.cell(passages[0]) if passages else None,
                cells.cell(voices[0]) if voices else None,
            )
    return list(quotes.values())


def _groups(thing: Thing, cells: TermCells, endpoint: str) -> list[WayGroup]:
    """Return what points to the thing, under one heading for each standing; the first one always."""
    groups = [
        WayGroup(
            *texts,
            tuple(_way(way, thing, cells, endpoint) for way in thing.pointing if way.standing is standing),
        )
        for standing, texts in pointing.GROUPS.items()
    ]
    return [group for group in groups if group.ways or group is groups[0]]


def _way(way: Pointing, thing: Thing, cells: TermCells, endpoint: str) -> Way:
    which = pointing.pattern(way.predicate, f"<{thing.iri}>", way.standing)
    query = f"SELECT ?thing WHERE {{ {which} }} ORDER BY ?thing"
    things = tuple((cells.cell(NamedNode(iri)), _words(thing, iri, cells)) for iri in way.subjects)
    link = f"{endpoint}?{urlencode({'query': query, 'format': 'html'})}"
    return Way(cells.cell(NamedNode(way.predicate)), way.total, things, link)


def _words(thing: Thing, iri: str, cells: TermCells) -> tuple[Cell, ...]:
    """Return the quotes of `iri`, which points to `thing`."""
    anchors = {t.object for t in thing.quotes if t.predicate.value == EVIDENCE and value(t.subject) == iri}
    return tuple(
        cells.cell(t.object) for t in thing.quotes if t.predicate.value == EXACT and t.subject in anchors
    )


def _triples(thing: Thing) -> list[Triple]:
    return [statement.triple for statement in thing.statements]


def _known(thing: Thing, iri: str) -> tuple[Triple, ...]:
    return thing.neighbours.get(iri, ())


def _of(thing: Thing, subject: str, predicate: str) -> list[Triple]:
    return [t for t in _triples(thing) if value(t.subject) == subject and t.predicate.value == predicate]
