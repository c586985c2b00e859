"""The build of the graph, step by step: records → triples → inference → validation → store → index."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph

from kg.asking.questions import query_triples, saved_queries
from kg.asking.questions.saved_queries import SavedQuery
from kg.asking.searching import search_file
from kg.checking import qualifiers, quotes, shacl, text_copies, zones
from kg.checking.text_copies import TextCopies
from kg.errors import DataError, Finding
from kg.inference import closure, contradictions, rules
from kg.inference.reasoner import Reasoner
from kg.reading import record_files, triples
from kg.reading.ontology import ONTOLOGY_GRAPH, Ontology
from kg.reading.ontology import load as load_ontology
from kg.reading.record_set import Records
from kg.resources import Sources
from kg.store import layers, nquads, sparql

Progress = Callable[[str], None]


@dataclass
class Build:
    """A finished graph: its sorted quads, its data version, and the findings of the build."""

    quads: list[ox.Quad]
    version: str
    schema: Ontology
    records: Records
    anchors: quotes.CheckReport
    findings: list[Finding] = field(default_factory=list)


def build(
    sources: Sources,
    texts_folder: Path | None = None,
    progress: Progress = lambda _: None,
    report: quotes.CheckReport | None = None,
    records: Records | None = None,
) -> Build:
    """Return the graph of `sources`, inferred and validated.

    `records` are those of `sources`, where they are read already, for example with a draft beside them.
    With `texts_folder` every quote is compared with its text. The counts are written into `report`,
    where given, even if the build then fails. Raises DataError with all findings if there is a
    violation. Warnings do not stop a build; `Build.findings` holds them.
    """
    report = report if report is not None else quotes.CheckReport()
    progress("reading ontology and records")
    terms = load_ontology(sources.ontology)
    records = records or record_files.read(sources.records, terms.keys)
    stated = triples.from_records(records, terms)
    shapes = shacl.load(sources.shapes)
    progress(f"validating {len(stated)} statements in {len(records.documents)} files")
    store = _store(stated, terms)
    copies = _copies(texts_folder, store)
    quotes.check(store, copies.texts, records, report, text_copies.listed(copies.others))
    report.findings += qualifiers.findings(store, copies.texts, records)
    queries = saved_queries.load(sources.queries).values()
    findings = _without_violations(
        [
            *_validated(shapes, stated, records, terms),
            *_validated_queries(shapes["queries"], queries, terms),
            *report.findings,
            *zones.check(store, records),
        ]
    )
    inferred = closure.infer(store, Reasoner(terms), rules.load(sources.queries / "rules"), progress)
    contradictions.refuse(inferred.contradictions, store, records)
    progress(f"validating with {len(inferred.quads)} inferred statements")
    whole = shacl.data_graph((q.triple for q in (*stated, *inferred.quads)), terms)
    findings = _without_violations([*findings, *shacl.validate(whole, shapes["graph"], records, terms)])
    store.extend(query_triples.quads(queries))
    store.extend(layers.describe(store))
    quads = nquads.ordered(store)
    return Build(quads, nquads.version(nquads.serialize(quads, "nq")), terms, records, report, findings)


def store_of(built: Build) -> ox.Store:
    """Return an in-memory store with the finished graph."""
    store = ox.Store()
    store.extend(built.quads)
    return store


def index(
    built: Build, sources: Sources, file: Path, version: str, progress: Progress = lambda _: None
) -> None:
    """Write the index for the search to `file`: all words of the graph and of the saved queries of `sources`.

    `version` is the data version that the index says it was made of. Raises OSError if it cannot be written.
    """
    progress("indexing all words for the search")
    queries = saved_queries.load(sources.queries)
    search_file.write(file, version, queries, partial(sparql.rows, store_of(built)))


def _copies(folder: Path | None, store: ox.Store) -> TextCopies:
    return text_copies.read(folder, quotes.renderings(store).values()) if folder else TextCopies({})


def _validated(
    shapes: Mapping[str, Graph], stated: list[ox.Quad], records: Records, terms: Ontology
) -> list[Finding]:
    ontology = shacl.data_graph(terms.triples, terms)
    statements = shacl.data_graph((quad.triple for quad in stated), terms)
    findings = shacl.validate(ontology, shapes["ontology"], records, terms)
    return findings + shacl.validate(statements, shapes["stated"], records, terms)


def _validated_queries(shapes: Graph, queries: Collection[SavedQuery], terms: Ontology) -> list[Finding]:
    data = shacl.data_graph(query_triples.triples(queries), terms)
    return shacl.validate(data, shapes, query_triples.places(queries), terms)


def _without_violations(findings: list[Finding]) -> list[Finding]:
    """Return the findings; raises DataError with all of them if one is a violation."""
    if any(finding.severity == "violation" for finding in findings):
        raise DataError(findings)
    return findings


def _store(stated: list[ox.Quad], terms: Ontology) -> ox.Store:
    store = ox.Store()
    store.extend(stated)
    store.extend(ox.Quad(t.subject, t.predicate, t.object, ONTOLOGY_GRAPH) for t in terms.triples)
    return store
