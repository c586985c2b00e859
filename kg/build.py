"""The build of the graph, step by step: records → triples → inference → validation → store → index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph

from kg.asking.questions import query_triples, saved_queries
from kg.asking.questions.saved_queries import SavedQuery
from kg.asking.searching import search_texts
from kg.asking.searching.search_update import EarlierIndex, IndexedGraph
from kg.checking import qualifiers, quotes, shacl, text_copies, zones
from kg.checking.compiled.compiled_validation import Validator
from kg.checking.text_copies import TextCopies
from kg.errors import DataError, Finding
from kg.inference import closure, contradictions, rules
from kg.inference.columns import inferring
from kg.inference.columns.inferring import Drawn, Graphs
from kg.inference.columns.statement_columns import Columns, parts, statement
from kg.inference.reasoner import Reasoner
from kg.reading import triples
from kg.reading.again import file_results, read_again
from kg.reading.again.step_results import StepResults
from kg.reading.collection.collection import Collection
from kg.reading.ontology import ONTOLOGY_GRAPH, Ontology
from kg.reading.ontology import load as load_ontology
from kg.reading.record_set import Records
from kg.store import dataset_summary, layers, nquads, sparql

Progress = Callable[[str], None]


@dataclass
class Build:
    """A finished graph: its sorted N-Quads, its data version, and the findings of the build.

    `loaded` is a store with the graph, where the build has made one.
    """

    content: bytes
    version: str
    schema: Ontology
    records: Records
    anchors: quotes.CheckReport
    findings: list[Finding] = field(default_factory=list)
    loaded: ox.Store | None = None

    @property
    def store(self) -> ox.Store:
        """Return a store with the graph, to be read alone."""
        return self.loaded or store_of(self)

    @cached_property
    def quads(self) -> list[ox.Quad]:
        """Return the quads, sorted as `nquads.ordered` sorts them."""
        return nquads.ordered(ox.parse(self.content, ox.RdfFormat.N_QUADS))


def build(
    sources: Collection,
    texts_folder: Path | None = None,
    progress: Progress = lambda _: None,
    report: quotes.CheckReport | None = None,
    records: Records | None = None,
    results: StepResults | None = None,
) -> Build:
    """Return the graph of `sources`, inferred and validated.

    `records` are those of `sources`, where they are read already, for example with a draft beside them.
    With `texts_folder` every quote is compared with its text. The counts are written into `report`,
    where given, even if the build then fails. Raises DataError with all findings if there is a
    violation. Warnings do not stop a build; `Build.findings` holds them. What `results` of an earlier
    build have is not made again. Collections that are read together are built one by one, without
    `records`, and then joined by the rules of the stage `several`.
    """
    report = report if report is not None else quotes.CheckReport()
    results = results or StepResults()
    if sources.others:
        return _together(sources, texts_folder, progress, report, results)
    progress("reading ontology and records")
    terms = load_ontology(sources.ontology, sources.names)
    if records is None:
        records, stated = read_again.read(sources.records, terms, results)
    else:
        stated = file_results.lines(triples.from_records(records, terms))
    shapes = shacl.load(sources.shapes)
    progress(f"validating {len(stated)} statements in {len(records.documents)} files")
    store, drawn = (
        _store("".join([*stated, *_ontology(terms)]).encode()),
        Drawn.of(graphs := _graphs(stated, terms)),
    )
    copies = _copies(texts_folder, store)
    quotes.check(store, copies.texts, records, report, text_copies.listed(copies.others))
    report.findings += qualifiers.findings(store, copies.texts, records)
    queries = saved_queries.load(sources.queries).values()
    findings = _without_violations(
        [
            *_validated_ontology(shapes["ontology"], records, terms),
            *Validator(shapes["stated"], terms).findings(drawn.data, records, progress),
            *_validated_queries(shapes["queries"], queries, terms),
            *report.findings,
            *zones.check(store, records),
        ]
    )
    progress(f"inferring from {len(graphs.documents)} documents")
    own_rules = rules.load(sources.queries / "rules")
    inferring.infer_into(drawn, graphs, Reasoner(terms), own_rules, progress, results)
    if drawn.clashes:  # owlrl proves both sides of each, from which the message is made
        proved = closure.infer(store, Reasoner(terms), own_rules, progress)
        contradictions.refuse(proved.contradictions, store, records)
    inferred = list(inferring.lines(drawn.graphs))
    progress(f"validating with {len(inferred)} inferred statements")
    whole = Validator(shapes["graph"], terms).findings(drawn.data, records, progress)
    findings = _without_violations([*findings, *whole])
    del drawn, graphs  # as large as the lines themselves
    inferred += file_results.lines(query_triples.quads(queries, sources.names))
    lines = sorted({*stated, *_ontology(terms), *inferred})
    inferred += _description(lines, sources)
    store.bulk_load("".join(inferred).encode(), ox.RdfFormat.N_QUADS)
    content = nquads.of_lines([*lines, *inferred])
    return Build(content, nquads.version(content), terms, records, report, findings, store)


def _description(lines: list[str], sources: Collection) -> list[str]:
    """Return the lines that describe the sorted `lines` of a collection."""
    found = dataset_summary.facts(map(parts, lines), sources.names.id)
    return file_results.lines(layers.described(found, sources.about))


def _together(
    sources: Collection,
    texts_folder: Path | None,
    progress: Progress,
    report: quotes.CheckReport,
    results: StepResults,
) -> Build:
    """Return the graphs of `sources` and of what is read together with it, each built, as one graph."""
    built = []
    for part in _parts(sources):
        progress(f"building {part.about.name}")
        counts = quotes.CheckReport()
        try:
            built.append(build(part, texts_folder, progress, counts, results=results))
        except DataError as error:
            raise DataError([_in_folder(part, finding) for finding in error.findings]) from None
        finally:
            report.add(counts)
    return joined(sources, built, report)


def joined(sources: Collection, built: Sequence[Build], report: quotes.CheckReport) -> Build:
    """Return the builds of `sources` and of each of its `others` as one, with what is drawn between them."""
    store = ox.Store()
    findings: list[Finding] = []
    for n, (part, one) in enumerate(zip(_parts(sources), built, strict=True)):
        findings += [_in_folder(part, finding) for finding in one.findings]
        store.extend(_own_quads(part, one.quads, is_first=n == 0))
    drawn = rules.of_stage(rules.load(sources.queries / "rules"), "several")
    store.extend(closure.between_collections(store, drawn, sources.names))
    store.extend(layers.describe(store, sources.about))
    content = nquads.serialize(store, "nq")
    return Build(content, nquads.version(content), built[0].schema, built[0].records, report, findings)


def _parts(sources: Collection) -> tuple[Collection, ...]:
    return replace(sources, about=replace(sources.about, others=()), others=()), *sources.others


def _own_quads(part: Collection, quads: list[ox.Quad], *, is_first: bool) -> list[ox.Quad]:
    """Return the quads of one of several collections; the first has questions and description for all."""
    questions, meta = (ox.NamedNode(f"{part.names.graph}{name}") for name in ("queries", "meta"))
    own = [quad for quad in quads if quad.graph_name != meta and (is_first or quad.graph_name != questions)]
    return own if is_first else [*own, *layers.describe(own, part.about)]


def _in_folder(part: Collection, finding: Finding) -> Finding:
    """Return `finding` with the folder of its collection before its file."""
    if part.place is None:
        return finding
    records = "records/" if (part.place / "records" / finding.file).exists() else ""
    return replace(finding, file=f"{part.place}/{records}{finding.file}")


def store_of(built: Build) -> ox.Store:
    """Return an in-memory store with the finished graph."""
    return _store(built.content)


def index(
    built: Build,
    sources: Collection,
    file: Path,
    version: str,
    progress: Progress = lambda _: None,
    earlier: tuple[Path, bytes] | None = None,
) -> None:
    """Write the index for the search to `file`: all words of the graph and of the saved queries of `sources`.

    `version` is the data version that the index says it was made of. From an `earlier` index, given with the
    N-Quads that it was made of and with the same queries, what has not changed is taken over.
    Raises OSError if it cannot be written.
    """
    queries = saved_queries.load(sources.queries)
    answer = search_texts.answering(partial(sparql.rows, built.store), built.content.count(b"\n"))
    graph = IndexedGraph(built.content, built.store, queries, answer, sources.names)
    graph.write(file, version, EarlierIndex(*earlier) if earlier else None, progress)


def _copies(folder: Path | None, store: ox.Store) -> TextCopies:
    return text_copies.read(folder, quotes.renderings(store).values()) if folder else TextCopies({})


def _validated_ontology(shapes: Graph, records: Records, terms: Ontology) -> list[Finding]:
    return Validator(shapes, terms).findings(Columns(map(statement, terms.triples)), records)


def _validated_queries(shapes: Graph, queries: Iterable[SavedQuery], terms: Ontology) -> list[Finding]:
    data = Columns(map(statement, query_triples.triples(queries, terms.names)))
    return Validator(shapes, terms).findings(data, query_triples.places(queries, terms.names))


def _without_violations(findings: list[Finding]) -> list[Finding]:
    """Return the findings; raises DataError with all of them if one is a violation."""
    if any(finding.severity == "violation" for finding in findings):
        raise DataError(findings)
    return findings


def _graphs(stated: Iterable[str], terms: Ontology) -> Graphs:
    """Return the graphs of lines of N-Quads; each term is held once."""
    graphs, known = Graphs.of((), terms), dict[str, str]()
    for line in stated:
        graphs.add(*(known.setdefault(term, term) for term in parts(line)))
    return graphs


def _store(content: bytes) -> ox.Store:
    store = ox.Store()
    store.bulk_load(content, ox.RdfFormat.N_QUADS)
    return store


def _ontology(terms: Ontology) -> list[str]:
    quads = (ox.Quad(t.subject, t.predicate, t.object, ONTOLOGY_GRAPH) for t in terms.triples)
    return file_results.lines(quads)
