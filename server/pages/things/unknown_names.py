"""Errors for unknown and retired names, with similar names and successors."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from kg.errors import QueryError, near
from kg.namespaces import CG, PREFIXES, SHIPPED, Namespaces
from kg.publishing.stores.kept_answers import KeptAnswers
from kg.terms import short
from server.engine.workers.pool import Pool
from server.pages.things.things import Thing
from server.site import pool_queries
from server.site.pool_queries import value
from server.web.http_errors import RetiredThingError, UnknownThingError

_SECONDS = 1.0  # to read the names of a folder
_MOST = 5_000  # names read
_SHOWN = 5
_DEPRECATED, _REPLACED = f"{PREFIXES['owl']}deprecated", f"{PREFIXES['dcterms']}isReplacedBy"


def refuse_retired(thing: Thing) -> None:
    """Raise RetiredThingError, with the successors, if the graph calls `thing` deprecated.

    OWL 2 section 5.5 (owl:deprecated) and DCMI Metadata Terms (dcterms:isReplacedBy). A retired term of the
    ontology keeps its entry, since earlier data use it.
    """
    successors = _successors(thing)
    if successors is not None and not thing.iri.startswith(CG):
        raise RetiredThingError(thing.iri, successors)


def retired(thing: Thing, names: Namespaces = SHIPPED) -> str:
    """Return a sentence with the successors if `thing` is retired; otherwise an empty text."""
    successors = _successors(thing)
    if successors is None:
        return ""
    others = ", ".join(short(NamedNode(iri), names) for iri in successors)
    return f"This term is retired; use {others}." if others else "This term is retired and has no successor."


def _successors(thing: Thing) -> tuple[str, ...] | None:
    """Return the things that replace `thing`; None if it is not deprecated."""
    objects: dict[str, list[str]] = {}
    for statement in thing.statements:
        subject, predicate, target = statement.triple
        if value(subject) == thing.iri:
            objects.setdefault(predicate.value, []).append(value(target))
    if not {"true", "1"} & set(objects.get(_DEPRECATED, ())):
        return None
    return tuple(sorted(objects.get(_REPLACED, ())))


def unknown(pool: Pool, iri: str, kept: KeptAnswers | None = None) -> UnknownThingError:
    """Return the error for an `iri` that the graph does not have, with similar names in the same folder.

    Of a folder with many names these are the ones that `kept` has beside that of `iri`, or the first ones.
    """
    folder = f"{iri.rstrip('/').rpartition('/')[0]}/"
    found = kept.beside(folder, iri, _MOST // 2) if kept else []
    known = {one.removeprefix(folder): one for one in found or _read(pool, folder)}
    likely = near(iri.removeprefix(folder), known, _SHOWN)
    return UnknownThingError(iri, tuple(known[name] for name in likely))


def _read(pool: Pool, folder: str) -> list[str]:
    try:
        return [value(row["s"]) for row in pool_queries.rows(pool, _names(folder), _SECONDS)]
    except QueryError:  # busy, or too many names for the time: the error has no similar names then
        return []


def _names(folder: str) -> str:
    return (
        f"SELECT DISTINCT ?s {{ ?s a ?class FILTER(ISIRI(?s) && STRSTARTS(STR(?s), {Literal(folder)}) "
        f"&& !CONTAINS(STR(?s), '#')) }} LIMIT {_MOST}"
    )
