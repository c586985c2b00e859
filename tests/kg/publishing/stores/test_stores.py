"""Stores on disk: what is written, what is refused, and that the counts are those that hold all quads."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from kg import cache
from kg.asking.questions import saved_queries
from kg.asking.reconciling.index.kept_index import KeptIndex
from kg.asking.reconciling.match import Reconciler
from kg.asking.reconciling.reconciliation_query import ReconciliationQuery
from kg.asking.searching.search_index import Search, SearchIndex
from kg.build import Build
from kg.cli.main import main
from kg.errors import CablegraphError
from kg.namespaces import BASE, CG, ID, PREFIXES
from kg.publishing.stores import statement_index, store_folder
from kg.publishing.stores.kept_answers import KeptAnswers
from kg.publishing.stores.kept_questions import COMPLETED, COUNTED, EVERY, TERMS, counted
from kg.publishing.stores.sorted_quads import SortedQuads, load, quads_of
from kg.publishing.stores.write_store import StoreWriter
from kg.reading.collection.collection import Collection
from kg.resources import folder
from kg.store import dataset_summary, layers, sparql, statistics

PREFIX = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
TELEGRAM = f"{BASE}graph/telegram/one"
# Two graphs with a triple in common, a link, a curation, texts with and without language.
DATA = f"""{PREFIX}
<{TELEGRAM}> {{
  telegram:one a cg:Telegram ; cg:about actor:ann ; rdfs:label "A <b> \\"c\\""@en, "plain text" .
  actor:ann a cg:Person .
  id:x a cg:Curation ; dcterms:date "2020-01-02"^^xsd:date .
}}
<{BASE}graph/shared> {{
  actor:ann a cg:Person ; skos:prefLabel "Ann Mustermann"@en ; skos:exactMatch <http://www.wikidata.org/entity/Q1> .
  actor:bob a cg:Person ; cg:about telegram:one, <{ID}actor/ann/part> .
}}
"""
# The same in a file that describes itself, to which nothing is added.
DESCRIBED = f"{DATA}<{layers.META}> {{ <{layers.DATASET}> a <http://rdfs.org/ns/void#Dataset> }}"


def quads(text: str = DATA) -> list[ox.Quad]:
    return list(ox.parse(text.encode(), ox.RdfFormat.TRIG))


def nq(text: str = DATA) -> bytes:
    return "".join(f"{quad} .\n" for quad in quads(text)).encode()


@pytest.fixture
def bare(tmp_path: Path, sources: Collection) -> Collection:
    """The same without saved questions, for tests that write often."""
    (tmp_path / "questions").mkdir()
    return replace(sources, queries=tmp_path / "questions")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, sources: Collection) -> Path:
    """A store of DATA, from a compressed file."""
    made = tmp_path_factory.mktemp("stores")
    (made / "data.nq.gz").write_bytes(gzip.compress(nq()))
    StoreWriter(made / "store", sources).write_files([made / "data.nq.gz"])
    return made / "store"


def test_what_was_imported_is_there_with_all_that_a_service_needs(place: Path) -> None:
    built = store_folder.built(place, BASE)
    assert built.store
    store = store_folder.DiskStore(built.store).open()
    index = SearchIndex.of(built.search, built.version)

    assert set(quads()) < set(store)
    assert built.version == cache.sha256(built.nquads)
    assert len(store) == built.nquads.read_bytes().count(b"\n") == store_folder.read(place).statements
    assert cache.counts(built) == statistics.count(store)
    assert cache.findings(built) is None
    assert index
    assert [hit.iri for hit in index.find(index.words("Mustermann"), "thing", Search()).shown] == [
        f"{ID}actor/ann"
    ]
    known = KeptIndex.opened(built.names, built.version)
    assert known
    assert [one.id for one in Reconciler(known).reconcile(ReconciliationQuery("Mustermann"))] == ["actor/ann"]


def test_what_waits_to_be_sorted_is_gone_before_the_store_is_loaded(tmp_path: Path, bare: Collection) -> None:
    (tmp_path / "data.nq").write_bytes(nq())
    sizes: dict[str, int] = {}

    def note(step: str) -> None:
        sizes[step] = sum(file.stat().st_size for file in (tmp_path / "store").rglob("parts/*"))

    StoreWriter(tmp_path / "store", bare, note).write_files([tmp_path / "data.nq"])
    assert sizes["sorting"] >= len(nq())
    assert sizes["counting"] == sizes["loading"] == 0


def test_the_index_of_statements_and_the_names_to_complete_are_there(place: Path) -> None:
    built = store_folder.built(place, BASE)
    assert built.store
    store = store_folder.DiskStore(built.store).open()
    kept = KeptAnswers.of(built.answers, built.version)
    assert kept
    terms = kept.page(COMPLETED, {}, TERMS, None, 0)

    assert kept.made(statement_index.name_of(saved_queries.load(folder("queries"))))
    assert kept.answer(COUNTED, counted(EVERY).given) is None  # its rows are needed no longer
    assert terms
    assert terms.total == len(list(sparql.rows(store, TERMS))) > 100
    assert {file.suffix for file in built.answers.parent.iterdir()} <= {".nq", ".json", ".db", ""}


def test_the_graphs_are_described_as_those_of_a_build(place: Path, sources: Collection) -> None:
    built = store_folder.built(place, BASE)
    stored = {quad for quad in cache.store(built) if quad.graph_name == ox.NamedNode(layers.META)}
    others = [quad for quad in cache.store(built) if quad.graph_name != ox.NamedNode(layers.META)]

    assert stored == set(layers.describe(others, sources.about))


def test_the_counts_of_the_real_graph_are_those_that_hold_all_quads(graph: Build) -> None:
    lines = cache.nquads.serialize(graph.quads, "nq").splitlines(keepends=True)
    found = dataset_summary.facts_of_lines(lines, ID)
    whole = layers.found(graph.quads, ID)

    assert statistics.count_lines(lambda: lines) == statistics.count(graph.quads)
    assert (dict(found.counts), found.summary) == (dict(whole.counts), whole.summary)
    assert found.links == whole.links


def test_neither_order_nor_files_change_the_version(tmp_path: Path) -> None:
    given = quads()
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    one, many = SortedQuads(first), SortedQuads(second, part=3)
    one.add(given)
    many.add(reversed(given))
    many.add(given[:5])

    assert list(one.lines()) == list(many.lines()) == sorted({f"{quad} .\n".encode() for quad in given})
    assert load(ox.Store(), one.lines(), part=2) == len(set(given))


def test_a_new_store_takes_the_place_of_the_old_at_once(tmp_path: Path, bare: Collection) -> None:
    file, writer = tmp_path / "data.trig", StoreWriter(tmp_path / "store", bare)
    file.write_text(DESCRIBED, encoding="utf-8")
    first = writer.write_files([file])
    opened = store_folder.DiskStore(tmp_path / "store" / first.folder / store_folder.QUADS).open()
    again = writer.write_files([file])
    file.write_text(DESCRIBED.replace("Ann", "Eve"), encoding="utf-8")
    last = writer.write_files([file])
    kept = {entry.name for entry in (tmp_path / "store").iterdir()}

    assert first.version == again.version != last.version
    assert len({first.folder, again.folder, last.folder}) == 3
    assert kept == {again.folder, last.folder, store_folder.MANIFEST}
    assert len(opened) == first.statements  # whoever has it open goes on


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda place: (place / "store.json").unlink(), r"has no store: store\.json is missing; write it with"),
        (lambda place: (place / "store.json").write_text("{}"), "is not that of a store; write it with"),
        (lambda place: edit(place, program="0.0.1"), "was written by cablegraph 0.0.1 with .* again"),
        (lambda place: edit(place, engine="9"), "with pyoxigraph 9 in format 1, not by"),
        (lambda place: edit(place, format=7), "in format 7, not by"),
        (lambda place: edit(place, folder="none"), "is not a whole store: .* has 0 bytes, not"),
        (lambda place: edit(place, files={"cablegraph.nq": 3}), "is not a whole store: .* bytes, not 3; write"),
        (lambda place: edit(place, base="http://other.org/"), "holds things of the base <http://other.org/>"),
    ],
)  # fmt: skip
def test_what_is_not_a_whole_store_of_this_program_is_refused(
    tmp_path: Path, place: Path, change: Callable[[Path], object], reason: str
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    manifest = json.loads((place / "store.json").read_bytes())
    (own / "store.json").write_text(json.dumps(manifest), encoding="utf-8")
    (own / manifest["folder"]).symlink_to(place / manifest["folder"])
    change(own)

    with pytest.raises(CablegraphError, match=reason):
        store_folder.built(own, BASE)


def edit(place: Path, **members: object) -> None:
    manifest = json.loads((place / "store.json").read_bytes())
    (place / "store.json").write_text(json.dumps(manifest | members), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.nq", b"<a:s> <a:p> <a:o> <a:g> .\n<a:s> oops .\n", r"a\.nq:2: .*; write the file again"),
        ("a.nq.gz", b"not compressed", r"a\.nq\.gz cannot be read: "),
        ("a.nq", b"<a:s> <a:p> <a:o> .\n", r"<a:o> is in no graph; name one"),
        ("a.ttl", b"", r"files that end with \.nq, \.trig, \.quads\.jsonld, or these with \.gz"),
        ("a.nq", b"<a:s> <a:p> <a:o> <a:g> .\n", r"no graph begins with <.*/graph/>, there is none of a base"),
        ("a.nq", b"<a:s> <a:p> <a:o> <http://o.org/graph/x> .\n", r"they begin with <http://o\.org/>; say it with --base"),
    ],
)  # fmt: skip
def test_a_file_that_gives_no_store_leaves_nothing(
    tmp_path: Path, sources: Collection, name: str, content: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(CablegraphError, match=reason):
        StoreWriter(tmp_path / "store", sources).write_files([tmp_path / name])

    assert not [*(tmp_path / "store").iterdir()]


def test_other_files_are_not_written_over(tmp_path: Path, sources: Collection) -> None:
    (tmp_path / "letter.txt").touch()

    with pytest.raises(CablegraphError, match=r"has other files, as letter\.txt; name a new folder"):
        StoreWriter(tmp_path, sources).write_files([])


def test_what_describes_itself_is_stored_as_it_is(tmp_path: Path, bare: Collection) -> None:
    (tmp_path / "whole.nq").write_bytes(nq(DESCRIBED))
    written = StoreWriter(tmp_path / "store", bare).write_files([tmp_path / "whole.nq"])

    assert set(quads_of(tmp_path / "store" / written.folder / cache.GRAPH)) == set(quads(DESCRIBED))


def test_a_large_graph_is_searched_without_the_answers_to_questions(
    tmp_path: Path, sources: Collection
) -> None:
    (tmp_path / "whole.nq").write_bytes(nq(DESCRIBED))
    writer = StoreWriter(tmp_path / "store", sources, most_answered=1)
    built = tmp_path / "store" / writer.write_files([tmp_path / "whole.nq"]).folder / cache.GRAPH
    index = SearchIndex(cache.CachedBuild(built, "").search)

    assert index.find(index.words("criticised"), "question", Search()).total  # by the question itself


def test_the_command_writes_a_store_in_the_base_that_it_is_told(tmp_path: Path) -> None:
    other = "https://example.org/frus/"
    (tmp_path / "volumes.nq").write_bytes(nq(DESCRIBED).replace(BASE.encode() + b"id", b"https://example.org/frus/id")
                                          .replace(BASE.encode() + b"graph", b"https://example.org/frus/graph"))  # fmt: skip
    arguments = ["build", "--store", str(tmp_path / "store"), "--base", other, str(tmp_path / "volumes.nq")]
    result = CliRunner().invoke(main, arguments)

    assert result.exit_code == 0, result.output
    assert "statements, data version " in result.stderr
    assert store_folder.built(tmp_path / "store", other).store


def test_quads_in_another_base_are_not_described_as_ours(tmp_path: Path, sources: Collection) -> None:
    other = "https://example.org/frus/"
    quad = f"<{other}id/x> <{PREFIXES['rdf']}type> <{CG}Person> <{other}graph/shared> .\n"
    (tmp_path / "volumes.nq").write_text(quad, encoding="utf-8")
    StoreWriter(tmp_path / "store", Collection.in_base(other)).write_files([tmp_path / "volumes.nq"])

    quads = store_folder.built(tmp_path / "store", other).nquads.read_text(encoding="utf-8").splitlines()
    dataset = [line for line in quads if line.startswith(f"<{other}dataset> ")]
    told = "\n".join(dataset)
    assert f"<{PREFIXES['dcterms']}license> <http://rightsstatements.org/vocab/CNE/1.0/>" in told
    assert f'<{PREFIXES["dcterms"]}title> "Documents at example.org/frus"' in told
    assert sources.about.licence not in told
    assert sources.about.curator not in told


def test_files_without_a_store_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.nq").touch()
    result = CliRunner().invoke(main, ["build", str(tmp_path / "a.nq")])

    assert result.exit_code == 2
    assert "say its folder with --store DIR" in result.stderr


def test_what_a_killed_build_left_is_removed(tmp_path: Path, bare: Collection) -> None:
    left = [tmp_path / "store" / f".making-{name}" for name in ("none", str(1 << 22), "1")]
    for one in left:
        one.mkdir(parents=True)
    (tmp_path / "data.trig").write_text(DESCRIBED, encoding="utf-8")
    StoreWriter(tmp_path / "store", bare).write_files([tmp_path / "data.trig"])

    assert [folder.exists() for folder in left] == [False, False, True]  # the first process always runs
