"""What follows from the quads of a run, and what the shapes find in them, part by part.

In memory are what documents share, what joins them, and some documents at a time. Few documents are taken
into memory together, which takes a quarter to a third less time. Where something needs all data at once, all
are, and `say` tells it.
"""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from rdflib import Graph

from kg.checking import shacl
from kg.checking.compiled.compiled_validation import Validator
from kg.checking.compiled.part_validation import PartValidation
from kg.errors import Finding
from kg.inference import rules
from kg.inference.columns import inferring
from kg.inference.columns.compiled_axioms import Clash
from kg.inference.columns.graph_closing import Closing
from kg.inference.columns.inferring import Drawn, Graphs
from kg.inference.columns.query_expressions import UncoveredError
from kg.inference.columns.statement_columns import Columns, Statement, parts, statement
from kg.inference.parts.inferring_parts import DrawnParts
from kg.inference.parts.part_looks import PartLooks
from kg.inference.parts.stored_parts import StoredParts, UnsplittableError
from kg.inference.reasoner import Reasoner
from kg.reading import ontology
from kg.reading.collection.collection import Collection
from kg.reading.record_set import Records

# Statements of documents that are looked at together, in 1 GiB or less.
AT_ONCE = 2_500_000
Say = Callable[[str], None]
Layers = Iterator[tuple[str, list[Statement]]]  # the name of each graph, and its statements


@dataclass
class DrawnQuads:
    """Reads the quads of a run, then draws and validates; `say` tells each step.

    What is read is kept in a file without a name, in `folder` or where the system keeps such files.
    """

    sources: Collection
    say: Say
    folder: Path | None = None
    at_once: int = AT_ONCE
    _needs_all: str = ""  # why all data have to be looked at together
    _terms: dict[str, str] = field(default_factory=dict)  # a term is held once, however often it stands

    @cached_property
    def schema(self) -> ontology.Ontology:
        """Return the ontology in the base of the run."""
        return ontology.load(self.sources.ontology, self.sources.names)

    @cached_property
    def graphs(self) -> Graphs:
        """Return the stated graphs beside documents so far."""
        return Graphs(self.sources.names, Columns(map(statement, self.schema.triples)))

    @cached_property
    def stored(self) -> StoredParts:
        """Return the parts so far, on disk."""
        return StoredParts(self.sources.names, tempfile.TemporaryFile(dir=self.folder))

    def read(self, plain: bytes, packed: bytes = b"") -> None:
        """Take in lines of N-Quads, and what they are compressed if that is known."""
        try:
            for quad in self.stored.read(plain, packed):
                self.graphs.add(*(self._terms.setdefault(term, term) for term in quad))
        except UnsplittableError as error:
            self._needs_all = str(error)

    def close(self) -> None:
        """Delete the file of what was read; what was drawn can then no longer be told."""
        self.stored.file.close()

    def drawn(self) -> tuple[Layers, list[Finding]]:
        """Return what follows, and all findings: of what is stated, of contradictions, of the whole."""
        shapes = shacl.load(self.sources.shapes)
        if sum(part.statements for part in self.stored.parts) <= self.at_once:
            return self._together(shapes["stated"], shapes["graph"])
        try:
            if self._needs_all:
                raise UnsplittableError(self._needs_all)
            return self._by_parts(shapes["stated"], shapes["graph"])
        except UnsplittableError as error:
            self.say(f"all data are looked at together, which takes memory: {error} cannot be split")
            return self._together(shapes["stated"], shapes["graph"])

    def _by_parts(self, stated: Graph, whole: Graph) -> tuple[Layers, list[Finding]]:
        """Return the same from some documents at a time; raises UnsplittableError where that cannot be."""
        found = {step: PartValidation(one, self.schema) for step, one in ((False, stated), (True, whole))}
        inverse = found[False].inverse | found[True].inverse
        chains = {*found[False].chains.values(), *found[True].chains.values()}
        self._terms.clear()
        made = DrawnParts.of(self.graphs, self.stored, inverse, chains)
        self.say("inferring")
        made.infer(self._closing())
        self.say("validating what is stated, and with it what is inferred")
        for look in PartLooks(made, inverse).each():
            found[look.with_drawn].look(look)
        found[False].look_along(made.stated.chains)
        found[True].look_along(Columns([*made.stated.chains, *made.drawn.chains]))
        clashes = sorted(_contradictions(made.clashes))
        return made.layers(), [*sorted(found[False].found), *clashes, *sorted(found[True].found)]

    def _together(self, stated: Graph, whole: Graph) -> tuple[Layers, list[Finding]]:
        """Return the same from all data in memory."""
        graphs, terms = Graphs(self.sources.names, self.graphs.ontology), self._terms
        self.graphs.stated.clear()
        for number in range(len(self.stored.parts)):
            for line in self.stored.lines(number):
                graphs.add(*(terms.setdefault(term, term) for term in parts(line)))
        drawn = Drawn.of(graphs)
        terms.clear()
        self.say("validating what is stated")
        findings = self._found(stated, drawn.data)
        self.say("inferring")
        inferring.infer_into(drawn, graphs, Reasoner(self.schema), self._rules, self.say)
        findings += sorted(_contradictions(drawn.clashes))
        self.say("validating what is stated and inferred")
        return iter(drawn.graphs.items()), findings + self._found(whole, drawn.data)

    def _closing(self) -> Closing:
        """Return axioms and rules, compiled; raises UnsplittableError if one is not covered."""
        try:
            return inferring.closing(Reasoner(self.schema), self._rules)
        except UncoveredError as error:
            raise UnsplittableError(str(error)) from None

    @property
    def _rules(self) -> list[rules.Rule]:
        return rules.load(self.sources.queries / "rules")

    def _found(self, shapes: Graph, data: Columns) -> list[Finding]:
        return Validator(shapes, self.schema).findings(data, Records(), self.say)


@contextmanager
def without_collector() -> Iterator[None]:
    """Keep Python from looking for cycles among millions of texts that have none, in this block.

    It takes a quarter of the time of a run.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _contradictions(clashes: Iterable[Clash]) -> Iterator[Finding]:
    for (subject, one, value), (_, other, same) in clashes:
        types = value != same
        names = [ontology.local_name(term[1:-1]) for term in ((value, same) if types else (one, other))]
        what = "" if types else f" of {value[1:-1]}"
        yield Finding(subject[1:-1], 0, f"this cannot be both {names[0]} and {names[1]}{what}")
