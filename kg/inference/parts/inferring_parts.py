"""Inference over documents that lie on disk: the same quads as `kg.inference.columns.inferring`.

Documents are closed one by one with what is shared. In memory stay what is stated beside documents, and what
joins them; what was drawn from each goes to disk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field

from kg.inference.columns.compiled_axioms import Clash
from kg.inference.columns.graph_closing import Closing, NewColumns
from kg.inference.columns.inferring import Graphs
from kg.inference.columns.statement_columns import Columns, Statement
from kg.inference.parts.across_parts import AcrossParts
from kg.inference.parts.borders import Border, Homes
from kg.inference.parts.stored_parts import StoredParts
from kg.namespaces import layer_name
from kg.reading.triples import LINKS, SHARED


@dataclass
class DrawnParts:
    """What was drawn: from what is shared, across, and of each document by disk.

    `kept` has what is stated beside documents, and `kept_drawn` what was drawn from it. What stands in an
    earlier graph, or is stated elsewhere, is told by `settle` and left out by `graphs`.
    """

    graphs: Graphs
    stored: StoredParts
    homes: Homes
    stated: Border
    drawn: Border
    kept: Columns = field(default_factory=Columns)
    kept_drawn: Columns = field(default_factory=Columns)
    kept_across: Columns = field(default_factory=Columns)
    clashes: set[Clash] = field(default_factory=set)
    predicates: set[str] = field(default_factory=set)
    _elsewhere: dict[str, dict[Statement, list[str]]] = field(default_factory=lambda: defaultdict(dict))
    _left_out: dict[str, set[Statement]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, graphs: Graphs, stored: StoredParts, inverse: Set[str], whole: Set[str]) -> DrawnParts:
        """Return the stated data, from which nothing is drawn yet.

        `graphs` are those beside documents, `inverse` and `whole` the properties that borders keep.
        """
        homes = Homes.of(graphs.names)
        stated, drawn = (Border(homes, inverse, whole) for _ in range(2))
        made = cls(graphs, stored, homes, stated, drawn)
        for columns in graphs.stated.values():
            made.kept.merge(columns)
        made.stated.take("", made.kept)
        made.predicates.update(made.kept.out)
        return made

    def infer(self, closing: Closing) -> None:
        """Draw what follows; raises UnsplittableError for a rule that needs all data at once."""
        context, known = self._shared(closing)
        across = self._across(closing)
        for number in range(len(self.stored.parts)):
            for name, columns in self.stored.stated(number).items():
                self.stated.take(name, columns)
                closed = closing.document(NewColumns(columns, context, known))
                self.clashes |= closed.clashes
                self._keep(name, closed.drawn)
                across.take(name, columns)
                self.predicates.update(columns.out)
        across.begin((self.stated, self.drawn))
        last = closing.across(across)
        self.clashes |= last.clashes
        self.kept_across = Columns(last.drawn)
        self.drawn.take("", self.kept_across)
        self.predicates.update(predicate for _, predicate, _ in last.drawn)

    def settle(self, name: str, stated: Columns, drawn: Iterable[Statement]) -> None:
        """Decide in which graph stands what follows of a document's things in several.

        `stated` are the statements about them, and `drawn` is what was drawn from the document.
        """
        own = {*drawn} if name in self._elsewhere or name in self.stated.about else set[Statement]()
        for statement, others in self._elsewhere.pop(name, {}).items():
            graphs = sorted([*others, name]) if statement in own else others
            first = None if stated.holds(*statement) else min(graphs)
            for other in graphs:
                if other != first:
                    self._left_out[other].add(statement)
        if name in self.stated.about:
            self._left_out[name] |= own.intersection(self.stated.about[name])

    def settle_rest(self) -> None:
        """Decide the same of what lies in no document."""
        for home in [*self._elsewhere]:
            about = self.stated.about.get(home, Columns())
            for statement, others in self._elsewhere.pop(home).items():
                is_stated = self.kept.holds(*statement) or about.holds(*statement)
                first = None if is_stated else min(others)
                for other in others:
                    if other != first:
                        self._left_out[other].add(statement)
        # What is drawn from the shared records alone, some document may state.
        about = self.stated.about.get("", Columns())
        self._left_out[""].update(statement for statement in about if self.kept_drawn.holds(*statement))

    def layers(self) -> Iterator[tuple[str, list[Statement]]]:
        """Yield the graphs of what was drawn, with their statements, each in the first that it follows in."""
        shared = [t for t in self.kept_drawn if t not in self._left_out.get("", set())]
        yield self._layer(SHARED), shared
        for name in self.stored.documents():
            left_out = self._left_out.get(name, set())
            yield self._layer(f"telegram/{name}"), [t for t in self.stored.drawn(name) if t not in left_out]
        yield self._layer("across"), [*self.kept_across]

    def _layer(self, name: str) -> str:
        return self.graphs.name(f"inferred/{layer_name(name)}")

    def _shared(self, closing: Closing) -> tuple[Columns, set[str]]:
        """Close what is shared; return the context of documents, and its subjects."""
        context = Columns(self.graphs.ontology)
        own = Columns(self.graphs.stated.get(self.graphs.name(SHARED), Columns()))
        closed = closing.document(NewColumns(own, context, context.subjects()))
        self.clashes |= closed.clashes
        self.kept_drawn = Columns(triple for triple in closed.drawn if not self.kept.holds(*triple))
        self.drawn.take("", self.kept_drawn)
        self.predicates.update(self.kept_drawn.out)
        self._note_elsewhere("", [*self.kept_drawn])
        context.merge(own)
        return context, context.subjects()

    def _across(self, closing: Closing) -> AcrossParts:
        stated, shared = self.graphs.stated, self.graphs.name(SHARED)
        return AcrossParts(
            closing,
            self.homes,
            self.stored,
            self.graphs.ontology,
            (self.kept, self.kept_drawn),
            [columns for name, columns in stated.items() if name != shared],
            stated.get(self.graphs.name(LINKS), Columns()).subjects(),
        )

    def _keep(self, name: str, drawn: list[Statement]) -> None:
        self.stored.keep_drawn(name, drawn)
        self.drawn.take(name, Columns(drawn))
        self._note_elsewhere(name, drawn)

    def _note_elsewhere(self, name: str, drawn: list[Statement]) -> None:
        """Note what was drawn of things that lie elsewhere; what is shared, without a name, comes first."""
        for statement in drawn:
            home = self.homes.home(statement[0])
            if home != name:
                self._elsewhere[home].setdefault(statement, []).append(name)
