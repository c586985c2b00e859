"""Dumps are the same bytes every time, hold the same graph, and have no blank node."""

from __future__ import annotations

import hashlib
import shutil
from itertools import permutations
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import to_isomorphic

from kg import build
from kg.reading import ontology
from kg.reading.again import read_again
from kg.reading.again.step_results import StepResults
from kg.resources import write_atomically
from kg.store import nquads

SOURCE = b"""
<http://e/s> <http://e/p> "b"@en <http://e/g2> .
<http://e/s> <http://e/p> <http://e/o> <http://e/g1> .
<http://e/a> <http://e/p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> <http://e/g1> .
<http://e/s> <http://e/p> <http://e/o> <http://e/g2> .
"""
QUADS = list(ox.parse(SOURCE, ox.RdfFormat.N_QUADS))


def test_the_version_is_the_hash_of_the_sorted_lines() -> None:
    lines = sorted(line + b"\n" for line in SOURCE.split(b"\n") if line)

    assert nquads.serialize(QUADS, "nq") == b"".join(lines)
    assert nquads.version(nquads.serialize(QUADS, "nq")) == hashlib.sha256(b"".join(lines)).hexdigest()


@pytest.mark.parametrize("ending", nquads.SYNTAXES)
def test_order_of_the_quads_does_not_change_a_byte(ending: str) -> None:
    orders = list(permutations([*QUADS, QUADS[0]]))

    assert len(orders) == 120
    assert {nquads.serialize(order, ending) for order in orders} == {nquads.serialize(QUADS, ending)}


@pytest.mark.parametrize("ending", ["ttl", "nt", "jsonld", "rdf"])
def test_syntaxes_without_graphs_hold_the_union(ending: str) -> None:
    triples = ox.parse(nquads.serialize(QUADS, ending), nquads.SYNTAXES[ending][0])

    assert {quad.triple for quad in triples} == {quad.triple for quad in QUADS}


@pytest.mark.parametrize("ending", ["nq", "trig", "quads.jsonld"])
def test_syntaxes_with_graphs_hold_every_quad(ending: str) -> None:
    assert set(ox.parse(nquads.serialize(QUADS, ending), nquads.SYNTAXES[ending][0])) == set(QUADS)


def test_the_real_graph_has_no_blank_node(graph: build.Build) -> None:
    assert not [
        q for q in graph.quads if isinstance(q.subject, ox.BlankNode) or isinstance(q.object, ox.BlankNode)
    ]


@pytest.mark.slow
def test_a_full_build_and_one_after_a_change_give_the_same_bytes(
    small_sources: build.Collection, tmp_path: Path
) -> None:
    before = Path(shutil.copytree(str(small_sources.records), tmp_path / "records"))
    actors = (before / "actor.yaml").read_text(encoding="utf-8")
    (before / "actor.yaml").write_text(f"# once\n{actors.replace('en: ', 'en: once ')}", encoding="utf-8")
    results = StepResults(tmp_path / "steps.db")
    read_again.read(before, ontology.load(small_sources.ontology), results)
    results.save()

    once, again = (
        build.build(small_sources),
        build.build(small_sources, results=StepResults(tmp_path / "steps.db")),
    )

    assert again.version == once.version
    for ending in nquads.SYNTAXES:
        assert nquads.serialize(again.quads, ending) == nquads.serialize(once.quads, ending)


def test_another_library_reads_the_same_graph_from_turtle(graph: build.Build) -> None:
    some = [q for q in graph.quads if q.graph_name.value.endswith("/shared")]
    turtle = rdflib.Graph().parse(data=nquads.serialize(some, "ttl"), format="turtle")
    xml = rdflib.Graph().parse(data=nquads.serialize(some, "rdf"), format="xml")

    assert len(turtle) == len({q.triple for q in some})
    assert to_isomorphic(turtle) == to_isomorphic(xml)


def test_all_files_are_written_and_nothing_else(tmp_path: Path) -> None:
    files = nquads.write(QUADS, tmp_path / "new")

    assert [f.name for f in files] == [
        *("cablegraph.ttl", "cablegraph.nt", "cablegraph.nq", "cablegraph.trig"),
        *("cablegraph.jsonld", "cablegraph.quads.jsonld", "cablegraph.rdf"),
    ]
    assert sorted((tmp_path / "new").iterdir()) == sorted(files)


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "graph.nq"
    target.write_bytes(b"old")
    tmp_path.joinpath("folder").mkdir()

    with pytest.raises(TypeError):
        write_atomically(target, "no bytes")  # type: ignore[arg-type]

    assert target.read_bytes() == b"old"
    assert sorted(f.name for f in tmp_path.iterdir()) == ["folder", "graph.nq"]
