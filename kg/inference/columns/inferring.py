"""Inference over the graphs of a data set as columns: what is shared, each document, then all together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.inference import closure
from kg.inference.columns.compiled_axioms import Axioms, Clash
from kg.inference.columns.graph_closing import Closed, Closing, NewColumns, SeenWhole
from kg.inference.columns.kept_closing import KeptClosing
from kg.inference.columns.query_expressions import UncoveredError
from kg.inference.columns.statement_columns import Columns, Statement, statement
from kg.inference.reasoner import Reasoner
from kg.inference.rules import Rule
from kg.namespaces import Namespaces, layer_name
from kg.reading.again.step_results import StepResults
from kg.reading.ontology import ONTOLOGY_GRAPH, Ontology
from kg.reading.triples import LINKS, SHARED

Say = Callable[[str], None]
_ONTOLOGY = str(ONTOLOGY_GRAPH)


@dataclass
class Graphs:
    """Stated graphs by name in N-Triples syntax, and the graph of the ontology."""

    names: Namespaces
    ontology: Columns = field(default_factory=Columns)
    stated: dict[str, Columns] = field(default_factory=lambda: defaultdict(Columns))

    @classmethod
    def of(cls, quads: Iterable[ox.Quad], schema: Ontology) -> Graphs:
        """Return the graphs of stated quads."""
        graphs = cls(schema.names, Columns(map(statement, schema.triples)))
        for quad in quads:
            graphs.add(*statement(quad), str(quad.graph_name))
        return graphs

    def add(self, subject: str, predicate: str, target: str, graph: str) -> None:
        """Add a stated quad."""
        if graph == _ONTOLOGY:
            self.ontology.add(subject, predicate, target)
        else:
            self.stated[graph].add(subject, predicate, target)

    def name(self, layer: str) -> str:
        """Return the name of a graph, such as `shared`."""
        return f"<{self.names.graph}{layer}>"

    @property
    def documents(self) -> list[str]:
        """Return the names of the graphs of documents, in their order."""
        start = f"<{self.names.graph}telegram/"
        return sorted((name for name in self.stated if name.startswith(start)), key=lambda name: name[:-1])


@dataclass
class Drawn:
    """What was drawn, by the name of its graph, all data together, and what excludes each other."""

    data: Columns
    graphs: dict[str, list[Statement]] = field(default_factory=dict)
    clashes: set[Clash] = field(default_factory=set)

    @classmethod
    def of(cls, graphs: Graphs) -> Drawn:
        """Return all stated data together, from which nothing is drawn yet."""
        drawn = cls(Columns())
        for columns in graphs.stated.values():
            drawn.data.merge(columns)
        return drawn

    def quads(self) -> list[ox.Quad]:
        """Return what was drawn as quads, by graph."""
        written = "".join(lines(self.graphs)).encode()
        return list(ox.parse(written, ox.RdfFormat.N_QUADS))


def closing(reasoner: Reasoner, rules: Sequence[Rule]) -> Closing:
    """Return axioms and rules, compiled; raises UncoveredError if one of them is not covered."""
    return Closing.of(Axioms(*reasoner.axioms), rules, reasoner.names)


def infer_into(
    drawn: Drawn,
    graphs: Graphs,
    reasoner: Reasoner,
    rules: Sequence[Rule],
    say: Say,
    results: StepResults | None = None,
) -> None:
    """Add to `drawn` what follows from the graphs; if something is not covered, `say` so and ask owlrl.

    Each statement stands in the first graph that it follows in. The graphs are emptied on the way. A document
    of which `results` of an earlier build have what it draws is not closed again.
    """
    try:
        compiled = closing(reasoner, rules)
    except UncoveredError as error:
        say(f"owlrl and the store draw what follows, which takes long: {error} is not compiled")
        _by_reference(drawn, graphs, reasoner, rules)
    else:
        infer(drawn, graphs, compiled, rules, results)


def _by_reference(drawn: Drawn, graphs: Graphs, reasoner: Reasoner, rules: Sequence[Rule]) -> None:
    store = ox.Store()
    stated = {_ONTOLOGY: graphs.ontology, **graphs.stated}
    store.load("".join(lines(stated)).encode(), ox.RdfFormat.N_QUADS)
    inferred = closure.infer(store, reasoner, rules, lambda _: None)
    for quad in inferred.quads:
        drawn.data.add(*statement(quad))
        drawn.graphs.setdefault(str(quad.graph_name), []).append(statement(quad))
    drawn.clashes |= {
        (statement(clash.one.triple), statement(clash.other.triple)) for clash in inferred.contradictions
    }


def infer(
    drawn: Drawn,
    graphs: Graphs,
    closing: Closing,
    rules: Sequence[Rule] = (),
    results: StepResults | None = None,
) -> None:
    """Add to `drawn` what follows from the graphs, by compiled axioms and rules.

    Where there are `results`, `rules` are those that are compiled.
    """
    shared = graphs.name(SHARED)
    context, own = Columns(graphs.ontology), graphs.stated.get(shared, Columns())
    _keep(drawn, shared, closing.document, NewColumns(own, context, context.subjects()), graphs)
    context.merge(own)
    known, document = context.subjects(), closing.document
    if results is not None and results.remembers:
        document = KeptClosing(closing, rules, graphs.ontology, context, results).document
    for name in graphs.documents:
        _keep(drawn, name, document, NewColumns(graphs.stated.pop(name), context, known), graphs)
    _across(drawn, closing, graphs)


def _keep(
    drawn: Drawn, name: str, document: Callable[[NewColumns], Closed], new: NewColumns, graphs: Graphs
) -> None:
    closed = document(new)
    drawn.clashes |= closed.clashes
    kept = [triple for triple in closed.drawn if drawn.data.add(*triple)]
    drawn.graphs[graphs.name(f"inferred/{layer_name(name[1:-1])}")] = kept


def _across(drawn: Drawn, closing: Closing, graphs: Graphs) -> None:
    links = graphs.stated.get(graphs.name(LINKS), Columns()).subjects()
    between = Columns(closing.between(drawn.data, links))
    closed = closing.across(SeenWhole(drawn.data, (graphs.ontology,), between))
    drawn.clashes |= closed.clashes
    drawn.graphs[graphs.name("inferred/across")] = closed.drawn


def lines(graphs: Mapping[str, Iterable[Statement]]) -> Iterator[str]:
    """Yield the lines of N-Quads of graphs, those of each graph sorted."""
    for name, statements in graphs.items():
        for subject, predicate, target in sorted(statements):
            yield f"{subject} {predicate} {target} {name} .\n"
