"""documents → triples → inference → validation → store: the arrow of the README, as calls."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph

from kg import (
    anchors,
    closure,
    contradictions,
    dump,
    examples,
    meta,
    reading,
    rules,
    saved,
    schema,
    texts,
    triples,
    validation,
)
from kg.errors import DataError, Finding
from kg.inference import Reasoner
from kg.reading import Records
from kg.resources import folder
from kg.saved import SavedQuery
from kg.schema import ONTOLOGY_GRAPH, Schema

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Sources:
    """The four folders that a build reads."""

    ontology: Traversable
    shapes: Traversable
    queries: Traversable
    records: Traversable

    @classmethod
    def shipped(cls) -> Sources:
        """Return the folders that came with the code."""
        return cls(*(folder(name) for name in ("ontology", "shapes", "queries", "records")))


@dataclass
class Build:
    """A finished graph: its quads in order, its version, and what was found on the way."""

    quads: list[ox.Quad]
    version: str
    schema: Schema
    records: Records
    anchors: anchors.Report
    findings: list[Finding] = field(default_factory=list)


def build(
    sources: Sources,
    texts_folder: Path | None = None,
    progress: Progress = lambda _: None,
    report: anchors.Report | None = None,
) -> Build:
    """Return the graph of `sources`, inferred and validated.

    With `texts_folder` every quote is compared with the text; the counts are written into `report`,
    where given, even if the build then fails. Raises DataError with all findings when anything is
    wrong; warnings do not stop a build and stand in `findings`.
    """
    report = report if report is not None else anchors.Report()
    progress("reading ontology and records")
    terms = schema.load(sources.ontology)
    records = reading.read(sources.records, terms.keys)
    stated = triples.from_records(records, terms)
    shapes = validation.load(sources.shapes)
    progress(f"validating {len(stated)} statements in {len(records.documents)} files")
    store = _store(stated, terms)
    own = texts.read(texts_folder, anchors.renderings(store).values()) if texts_folder else {}
    anchors.check(store, own, records, report)
    queries = saved.load(sources.queries).values()
    findings = _stop(
        [
            *_validated(shapes, stated, records, terms),
            *_validated_queries(shapes["queries"], queries, terms),
            *report.findings,
        ]
    )
    inferred = closure.infer(store, Reasoner(terms), rules.load(sources.queries / "rules"), progress)
    contradictions.refuse(inferred.contradictions, store, records)
    progress(f"validating with {len(inferred.quads)} inferred statements")
    whole = validation.data_graph((q.triple for q in (*stated, *inferred.quads)), terms)
    findings = _stop([*findings, *validation.validate(whole, shapes["graph"], records, terms)])
    store.extend(examples.quads(queries))
    store.extend(meta.describe(store))
    quads = dump.ordered(store)
    return Build(quads, dump.version(dump.serialize(quads, "nq")), terms, records, report, findings)


def store_of(built: Build) -> ox.Store:
    """Return a store in memory with the finished graph."""
    store = ox.Store()
    store.extend(built.quads)
    return store


def _validated(
    shapes: Mapping[str, Graph], stated: list[ox.Quad], records: Records, terms: Schema
) -> list[Finding]:
    own = validation.data_graph(terms.triples, terms)
    said = validation.data_graph((quad.triple for quad in stated), terms)
    found = validation.validate(own, shapes["ontology"], records, terms)
    return found + validation.validate(said, shapes["stated"], records, terms)


def _validated_queries(shapes: Graph, queries: Collection[SavedQuery], terms: Schema) -> list[Finding]:
    data = validation.data_graph(examples.triples(queries), terms)
    return validation.validate(data, shapes, examples.places(queries), terms)


def _stop(findings: list[Finding]) -> list[Finding]:
    """Raise DataError if there is a violation, with the warnings beside it; else return the findings."""
    if any(finding.severity == "violation" for finding in findings):
        raise DataError(findings)
    return findings


def _store(stated: list[ox.Quad], terms: Schema) -> ox.Store:
    store = ox.Store()
    store.extend(stated)
    store.extend(ox.Quad(t.subject, t.predicate, t.object, ONTOLOGY_GRAPH) for t in terms.triples)
    return store
