"""Proofs of triples: the rule and the premises, down to what records state, with quoted words.

Proofs are found on demand by matching the rules backwards; none is stored. The OWL rules have the
names of https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kg.inference.premises import PremiseCandidate, Premises, Readable
from kg.inference.rules import Rule
from kg.namespaces import CG, OA, is_inferred
from kg.terms import short

_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
# Proofs in the two telegrams have at most six levels; this only bounds the search.
_HIGHEST = 64
_QUOTES = f"""SELECT DISTINCT ?quote WHERE {{
    VALUES ?statement {{ %s }}
    ?statement (<{CG.evidence}>|<{CG.basedOn}>)?/<{OA.exact}> ?quote }} ORDER BY ?quote"""


@dataclass(frozen=True)
class ProofStep:
    """One triple, and the reason why it holds.

    `rule` is "stated" or the name of a rule. A stated triple has its `graph` and the `quotes` of its
    statement. An inferred one has a `reason` in words and the proofs of its `premises`.
    """

    triple: ox.Triple
    rule: str
    reason: str = ""
    graph: str = ""
    premises: tuple[ProofStep, ...] = ()
    quotes: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the proof as indented lines, with short names."""
        return "\n".join(lines(self, short))

    def leaves(self) -> Iterator[ProofStep]:
        """Yield the stated triples at the end of the proof, from left to right."""
        if not self.premises:
            yield self
        for premise in self.premises:
            yield from premise.leaves()


def explain(store: Readable, rules: Sequence[Rule], triple: ox.Triple) -> ProofStep | None:
    """Return the lowest proof of `triple` from stated triples; None if it is not in the graph."""
    return Prover(store, rules).prove(triple)


class Prover:
    """Search for proofs in one store, with a memory of earlier results.

    It searches for proofs of height 1, then 2, and so on. So it finds the lowest proof, and it ends even
    where rules form a cycle.
    """

    def __init__(self, store: Readable, rules: Sequence[Rule]) -> None:
        self.store = store
        self._premises = Premises(store, rules)
        self._proved: dict[ox.Triple, tuple[int, ProofStep]] = {}
        self._failed: dict[ox.Triple, int] = {}
        self._candidates: dict[ox.Triple, list[PremiseCandidate]] = {}

    def prove(self, triple: ox.Triple) -> ProofStep | None:
        """Return the lowest proof of `triple`; None if it is not in the graph."""
        if not self._graphs(triple):
            return None
        return next(filter(None, (self._within(triple, height) for height in range(_HIGHEST))), None)

    def _within(self, triple: ox.Triple, height: int) -> ProofStep | None:
        """Return a proof of at most `height` levels of rules, or None; call with lower heights first."""
        if triple in self._proved:
            least, known = self._proved[triple]
            return known if least <= height else None
        if self._failed.get(triple, -1) >= height:
            return None
        step = self._derived(triple, height) if height else self._stated(triple)
        if step:
            self._proved[triple] = (height, step)
        else:
            self._failed[triple] = height
        return step

    def _stated(self, triple: ox.Triple) -> ProofStep | None:
        graph = next((g for g in self._graphs(triple) if not is_inferred(g)), "")
        return ProofStep(triple, "stated", graph=graph, quotes=self._quotes(triple)) if graph else None

    def _derived(self, triple: ox.Triple, height: int) -> ProofStep | None:
        if triple not in self._candidates:
            self._candidates[triple] = list(self._premises.of(triple))
        for candidate in self._candidates[triple]:
            # Two patterns of a rule may match one triple, which is a premise once.
            steps = [self._below(premise, height) for premise in dict.fromkeys(candidate.premises)]
            proved = tuple(step for step in steps if step)
            if len(proved) == len(steps):
                return ProofStep(triple, candidate.rule, candidate.reason, premises=proved)
        return None

    def _below(self, triple: ox.Triple, height: int) -> ProofStep | None:
        return next(filter(None, (self._within(triple, lower) for lower in range(height))), None)

    def _graphs(self, triple: ox.Triple) -> list[str]:
        quads = self.store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        return sorted(str(quad.graph_name)[1:-1] for quad in quads)

    def _quotes(self, triple: ox.Triple) -> tuple[str, ...]:
        rows = self.store.query(_QUOTES % triple.subject, use_default_graph_as_union=True)
        assert isinstance(rows, ox.QuerySolutions)  # noqa: S101 (the query is a SELECT)
        return tuple(row["quote"].value for row in rows)


def lines(step: ProofStep, shorten: Callable[[object], str] = str) -> Iterator[str]:
    """Yield the proof as indented lines for people; `shorten` turns a term into text.

    The quotes of a statement are shown with the first of its triples only.
    """
    yield from _lines(step, shorten, 0, set())


def _lines(
    step: ProofStep, shorten: Callable[[object], str], depth: int, quoted: set[object]
) -> Iterator[str]:
    names = ("a" if term == _TYPE else shorten(term) for term in step.triple)
    terms = (
        t.value if isinstance(t, ox.Literal) else name for t, name in zip(step.triple, names, strict=True)
    )
    source = f"by {step.rule}: {step.reason}, because"
    if step.graph:
        quotes = () if step.triple.subject in quoted else step.quotes
        quoted.add(step.triple.subject)
        source = f"stated in {shorten(ox.NamedNode(step.graph))}" + "".join(f' "{quote}"' for quote in quotes)
    yield f"{'  ' * depth}{' '.join(terms)}  [{source}]"
    for premise in step.premises:
        yield from _lines(premise, shorten, depth + 1, quoted)
