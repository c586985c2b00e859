"""What the benchmark makes up: repeatable, in the ontology's terms, with evidence for everything."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.resources import folder

from .corpus import CG, lines, quads
from .questions import QUESTIONS


@pytest.fixture(scope="module")
def made() -> ox.Store:
    store = ox.Store()
    store.extend(quads(60))
    return store


def test_the_same_seed_gives_the_same_bytes_and_another_does_not() -> None:
    first, again, other = (b"".join(lines(quads(5, seed))) for seed in (1, 1, 2))

    assert first == again != other


def test_its_terms_are_terms_of_the_ontology(made: ox.Store) -> None:
    known = {
        term for term in (folder("ontology") / "telegrams.ttl").read_text("utf-8").split() if ":" in term
    }
    used = {q.predicate.value for q in made} | {
        q.object.value for q in made if isinstance(q.object, ox.NamedNode)
    }
    names = {iri.removeprefix(CG) for iri in used if iri.startswith(CG)}

    assert len(names) > 25
    assert {name for name in names if f"cg:{name}" not in known} == set()


def test_every_statement_has_evidence_in_a_passage_of_its_telegram(made: ox.Store) -> None:
    ask = f"PREFIX cg: <{CG}> SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a cg:Statement %s }}"
    counts = [
        int(next(iter(made.query(ask % more, use_default_graph_as_union=True)))[0].value)  # type: ignore[union-attr]
        for more in ("", "; cg:evidence/cg:inPassage/a cg:Passage", "; cg:reportedBy ?who")
    ]

    assert counts[0] == counts[1] == counts[2] > 500


def test_stated_and_inferred_have_graphs_of_their_own(made: ox.Store) -> None:
    graphs = [graph.value for graph in made.named_graphs()]

    assert sum("/graph/telegram/" in graph for graph in graphs) == 60
    assert sum("/graph/inferred/telegram/" in graph for graph in graphs) == 60
    assert 250 < len(made) / 60 < 450


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_finds_something(made: ox.Store, name: str) -> None:
    for quad in ox.parse((folder("ontology") / "concepts.ttl").read_bytes(), ox.RdfFormat.TURTLE):
        made.add(quad)
    result = made.query(QUESTIONS[name], use_default_graph_as_union=True)

    assert next(iter(result), None) is not None if not isinstance(result, ox.QueryBoolean) else bool(result)
