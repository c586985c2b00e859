"""What follows from the quads of a run, and what the shapes find in them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from rdflib import Graph

from kg.checking import shacl
from kg.checking.compiled.compiled_validation import Validator
from kg.errors import Finding
from kg.inference import rules
from kg.inference.columns import inferring
from kg.inference.columns.inferring import Drawn, Graphs
from kg.inference.columns.statement_columns import Columns, parts, statement
from kg.inference.reasoner import Reasoner
from kg.reading import ontology
from kg.reading.collection.collection import Collection
from kg.reading.record_set import Records

Say = Callable[[str], None]


@dataclass
class DrawnQuads:
    """Reads the quads of a run, then draws and validates; `say` tells each step."""

    sources: Collection
    say: Say
    _terms: dict[str, str] = field(default_factory=dict)  # a term is held once, however often it stands

    @cached_property
    def schema(self) -> ontology.Ontology:
        """Return the ontology in the base of the run."""
        return ontology.load(self.sources.ontology, self.sources.names)

    @cached_property
    def graphs(self) -> Graphs:
        """Return the stated graphs so far."""
        return Graphs(self.sources.names, Columns(map(statement, self.schema.triples)))

    def read(self, quads: bytes) -> None:
        """Take in lines of N-Quads."""
        add, one = self.graphs.add, self._terms.setdefault
        for line in quads.decode().splitlines():
            add(*(one(term, term) for term in parts(line)))

    def drawn(self) -> tuple[Drawn, list[Finding]]:
        """Return what follows, and all findings: of what is stated, of contradictions, of the whole."""
        shapes, drawn = shacl.load(self.sources.shapes), Drawn.of(self.graphs)
        self._terms.clear()
        self.say("validating what is stated")
        findings = self._found(shapes["stated"], drawn.data)
        self.say("inferring")
        inferring.infer_into(drawn, self.graphs, Reasoner(self.schema), self._rules, self.say)
        findings += sorted(_contradictions(drawn))
        self.say("validating what is stated and inferred")
        return drawn, findings + self._found(shapes["graph"], drawn.data)

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


def _contradictions(drawn: Drawn) -> Iterator[Finding]:
    for (subject, one, value), (_, other, same) in drawn.clashes:
        types = value != same
        names = [ontology.local_name(term[1:-1]) for term in ((value, same) if types else (one, other))]
        what = "" if types else f" of {value[1:-1]}"
        yield Finding(subject[1:-1], 0, f"this cannot be both {names[0]} and {names[1]}{what}")
