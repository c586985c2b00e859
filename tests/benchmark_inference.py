"""Measure how inference grows: run as `python tests/benchmark_inference.py`.

Makes 2, 20 and 200 telegrams from the two of the collection (renamed IRIs, shared records as they
are), infers each corpus in turn, and prints seconds of CPU time, triples, and both per telegram.
The figures that were measured stand in queries/rules/README.md.
"""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Iterable, Iterator
from importlib.metadata import version

import pyoxigraph as ox

from kg import build
from kg.inference import closure, rules
from kg.inference.reasoner import Reasoner
from kg.namespaces import GRAPH
from kg.reading import ontology, record_files, triples
from kg.reading.ontology import ONTOLOGY_GRAPH, Ontology

SIZES = (2, 20, 200)
TELEGRAMS = f"{GRAPH}telegram/"


def copies(stated: Iterable[ox.Quad], number: int) -> Iterator[ox.Quad]:
    """Yield the shared quads once, and each telegram so often that there are `number` of them."""
    for quad in stated:
        name = str(quad.graph_name)[1:-1].removeprefix(TELEGRAMS)
        if name == str(quad.graph_name)[1:-1]:
            yield quad
        else:
            yield from (renamed(quad, name, f"{name}-{n}") for n in range(number // 2))


def renamed(quad: ox.Quad, name: str, new: str) -> ox.Quad:
    """Return `quad` with the telegram `name` called `new` wherever it stands."""

    def other(term: ox.NamedNode | ox.Literal) -> ox.NamedNode | ox.Literal:
        if isinstance(term, ox.NamedNode) and f"/telegram/{name}" in term.value:
            return ox.NamedNode(term.value.replace(f"/telegram/{name}", f"/telegram/{new}"))
        return term

    return ox.Quad(other(quad.subject), quad.predicate, other(quad.object), other(quad.graph_name))


def measure(stated: list[ox.Quad], own: list[rules.Rule], terms: Ontology, number: int) -> tuple[float, ...]:
    """Return the CPU seconds of inference, the stated triples, the inferred ones, and the engine's work."""
    store = ox.Store()
    store.extend(copies(stated, number))
    size = len(store)
    store.extend(ox.Quad(t.subject, t.predicate, t.object, ONTOLOGY_GRAPH) for t in terms.triples)
    reasoner = Reasoner(terms)
    start = time.process_time()
    inferred = closure.infer(store, reasoner, own, lambda _: None)
    seconds = time.process_time() - start
    return seconds, size, len(inferred.quads), reasoner.work["runs"], reasoner.work["triples"]


def main() -> None:
    """Print one row of a Markdown table for each size."""
    sources = build.Collection.shipped()
    terms = ontology.load(sources.ontology)
    stated = triples.from_records(record_files.read(sources.records, terms.keys), terms)
    own = rules.load(sources.queries / "rules")
    libraries = ", ".join(f"{name} {version(name)}" for name in ("owlrl", "rdflib", "pyoxigraph"))
    print(f"Python {platform.python_version()}, {libraries}\n")  # noqa: T201
    print("| telegrams | stated | inferred | engine runs | handed in | CPU s | s a telegram | ratio |")  # noqa: T201
    print("|---|---|---|---|---|---|---|---|")  # noqa: T201
    first = 0.0
    for number in SIZES[: int(sys.argv[1]) if len(sys.argv) > 1 else None]:
        seconds, size, inferred, runs, handed = measure(stated, own, terms, number)
        first = first or seconds / number
        row = (number, size, inferred, runs, handed, f"{seconds:.1f}", f"{seconds / number:.2f}")
        print(f"| {' | '.join(map(str, row))} | {seconds / number / first:.2f} |", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
