"""What a release says of its files, of what it lacks, and how it is described as an RO-Crate."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from rocrate.rocrate import ROCrate

from kg.errors import DataError, Finding
from kg.namespaces import GRAPH
from kg.publishing.dumps import check, manifest, notice, parts, pieces, providers, readme, write
from kg.publishing.dumps.providers import PROVIDERS
from kg.publishing.projections import actor_network
from kg.publishing.projections.actor_network import ActorNode
from kg.publishing.tables import table_files
from kg.store import nquads

from .conftest import graph_of, providing, version_of

# An actor without a name, two matches in one catalogue, values of the wrong kind, a node without a name.
FOREIGN = """
@prefix cg: <https://w3id.org/cablegraph/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<http://e/g> {
  <https://w3id.org/cablegraph/id/x> a cg:Actor .
  <http://e/a> a cg:Person ; skos:exactMatch <http://www.wikidata.org/entity/Q1> , <http://e/q> , "x" .
  <http://e/p> a cg:Position ; cg:heldBy <http://e/a> , "x" ; cg:evidence [ a cg:Anchor ] .
}
"""

# A telegram with two titles.
ODD_TELEGRAM = """
@prefix cg: <https://w3id.org/cablegraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<http://e/g> {
  <http://e/t> a cg:Telegram ; rdfs:label "A"@en , "B"@en ; cg:holding <http://e/held> .
  <http://e/held> skos:prefLabel "held"@en .
}
"""


def failing(count: int) -> providers.Provider:
    def files(_store: ox.Store, _version: str) -> dict[str, bytes]:
        raise DataError(Finding("t.rq", number, "is wrong") for number in range(1, count + 1))

    return providers.Provider("samples", files, dict)


def many(count: int) -> ox.Store:
    names = [f"telegram/t{number}" for number in range(count)]
    return graph_of("".join(f"<{GRAPH}{name}> {{ <http://e/s> <http://e/p> <http://e/{name}> }}\n"
                            for name in (*names, "shared", "links")))  # fmt: skip


# Titles.


def test_every_file_of_the_real_release_has_a_title(real: Path) -> None:
    files = manifest.of(real).files
    untitled = [entry.name for entry in files if not entry.title and entry.group != "queries"]

    assert len(files) > 200
    assert untitled == []
    assert manifest.of(real).notes == ()


@pytest.mark.parametrize("one", PROVIDERS, ids=lambda one: one.name)
def test_a_provider_tells_what_each_of_its_files_is(one: providers.Provider, real: Path) -> None:
    titles = one.titles()
    entries = [entry for entry in manifest.of(real).files if entry.name in titles]

    assert len(entries) >= 3
    assert [entry.name for entry in entries if entry.title != titles[entry.name]] == []
    assert [title for title in titles.values() if not title.endswith(".") or "{" in title] == []


def test_the_readme_lists_each_file_once_with_its_title(real: Path) -> None:
    text = (real / "README.md").read_text(encoding="utf-8")
    files = [entry for entry in manifest.of(real).files if not entry.statements]

    assert [line for line in text.splitlines() if line.startswith("## ")][:7] == [
        *("## Whole graph", "## Asserted only", "## Inferences only", "## RDF 1.2 edition"),
        *("## Ontology", "## Shapes", "## Tables"),
    ]
    for entry in files:
        if entry.name not in (readme.NAME, write.CRATE_NAME):
            assert text.count(f"\n| `{entry.name}` | ") == 1, entry.name
    assert "| `cablegraph.*` | The whole graph |" in text
    assert "| `ontology/context.jsonld` | The context of records. |" in text


# What is lacking.


def test_data_that_do_not_fit_are_released_without_what_cannot_be_made_of_them(tmp_path: Path) -> None:
    store = ox.Store()
    store.load(FOREIGN.encode(), ox.RdfFormat.TRIG)
    made = write.write(tmp_path, store, version_of(store), PROVIDERS)
    (note,) = made.notes
    sentence = "The tables are left out: the data do not fit them, in one place."

    assert note == notice.Note(
        sentence, ("queries/tables/actors.rq:1: https://w3id.org/cablegraph/id/x: name is empty",)
    )
    assert sentence in (tmp_path / "README.md").read_text(encoding="utf-8")
    assert manifest.of(tmp_path) == made
    assert not (tmp_path / "csv").exists()
    assert (tmp_path / "links" / "all.sssom.tsv").is_file()
    assert json.loads((tmp_path / write.CRATE_NAME).read_bytes())["@graph"][1]["version"] == made.version


def test_of_thousands_of_findings_few_are_shown(small: ox.Store) -> None:
    (note,) = pieces.of(small, "1" * 64, (failing(2500),)).notes

    assert note.text == "The samples are left out: the data do not fit them, in 2,500 places."
    assert note.findings == ("t.rq:1: is wrong", "t.rq:2: is wrong", "t.rq:3: is wrong")


def test_an_error_of_the_program_is_not_swallowed(small: ox.Store) -> None:
    def broken(_store: ox.Store, _version: str) -> dict[str, bytes]:
        raise ValueError("a mistake")

    with pytest.raises(ValueError, match="a mistake"):
        pieces.of(small, "1" * 64, (providers.Provider("x", broken, dict),))


def test_the_files_of_other_providers_are_there(small: ox.Store) -> None:
    found = pieces.of(small, "1" * 64, (failing(1), providing({"a.txt": b"a"}, {"a.txt": "An A."})))

    assert [(piece.path, piece.title) for piece in found.pieces if piece.path == "a.txt"] == [
        ("a.txt", "An A.")
    ]
    assert [note.text for note in found.notes] == [
        "The samples are left out: the data do not fit them, in one place."
    ]


# Many graphs.


def test_up_to_64_graphs_have_files_of_their_own() -> None:
    # 61 telegrams, shared, links and the graph about the graphs.
    assert len([part for part in parts.of(many(61)) if part.group == "layers"]) == 64
    assert pieces.of(many(61), "1" * 64).notes == ()


def test_of_more_only_those_that_are_not_of_one_telegram_have() -> None:
    found = pieces.of(many(62), "1" * 64)
    layers = {piece.path for piece in found.pieces if piece.group == "layers" and piece.path.endswith(".ttl")}

    assert layers == {"layers/links.ttl", "layers/meta.ttl", "layers/shared.ttl"}
    assert found.notes[0].text.startswith("62 named graphs are too many for files of their own")
    assert {"cablegraph.nq", "shapes.nq"} <= {piece.path for piece in found.pieces}


# The RO-Crate.


def test_the_reference_library_finds_every_file_in_the_crate(real: Path) -> None:
    found = {entity.id: entity for entity in ROCrate(str(real)).data_entities}
    files = {path.relative_to(real).as_posix() for path in real.rglob("*") if path.is_file()}
    packed = found["csv/positions.csv.gz"]

    assert found.keys() == files - {write.CRATE_NAME, f"{write.CRATE_NAME}.gz", "MANIFEST.json", "SHA256SUMS"}
    assert len(found) > 300
    for path in ("cablegraph.nq", "csv/positions.csv.gz", "README.md"):
        assert found[path]["sha256"] == hashlib.sha256((real / path).read_bytes()).hexdigest()
        assert found[path]["contentSize"] == str((real / path).stat().st_size)
    assert packed["encodingFormat"] == "application/gzip"
    assert packed["description"].endswith(" In gzip.")


def test_telegrams_that_do_not_fit_are_no_sources() -> None:
    odd = ox.Store()
    odd.load(ODD_TELEGRAM.encode(), ox.RdfFormat.TRIG)

    assert table_files.text_sources(odd) == ()
    with pytest.raises(DataError, match="title has 2 values"):
        table_files.files(odd, "1" * 64)


def test_the_crate_names_the_texts_and_is_in_both_lists(real: Path) -> None:
    root = ROCrate(str(real)).root_dataset

    assert [work["publisher"] for work in root["isBasedOn"]] == ["Wilson Center Digital Archive"] * 2
    assert manifest.of(real).by_name[write.CRATE_NAME].media_type == "application/ld+json"
    assert write.CRATE_NAME in manifest.read_checksums((real / "SHA256SUMS").read_bytes())


# A predicate that RDF/XML cannot write, in one of two graphs, and a label that no XML can hold.
UNWRITABLE = """
<https://w3id.org/cablegraph/graph/shared> { <http://e/a> <http://e/1962> <http://e/b> }
<https://w3id.org/cablegraph/graph/links> { <http://e/a> <http://e/p> <http://e/b> }
"""


def test_a_file_that_its_syntax_cannot_hold_is_left_out_with_the_reason(tmp_path: Path) -> None:
    store = graph_of(UNWRITABLE)
    made = write.write(tmp_path, store, version_of(store))

    assert {f"layers/shared.{ending}" for ending in nquads.SYNTAXES} - set(made.by_name) == {
        "layers/shared.rdf"
    }
    assert "layers/links.rdf" in made.by_name
    assert not (tmp_path / "cablegraph.rdf").exists()
    (note,) = made.notes
    assert note.text == "2 files are left out: what they would hold cannot be written in their syntax."
    assert (
        note.findings[0]
        == "cablegraph.rdf: RDF/XML cannot write the predicate <http://e/1962>; use another syntax"
    )
    assert note.text in (tmp_path / "README.md").read_text(encoding="utf-8")
    assert check.check(tmp_path) == []


def test_a_network_with_a_name_that_xml_cannot_hold_is_refused() -> None:
    nodes = [ActorNode("a", "Ann\x02", "Person", "")]

    with pytest.raises(DataError, match=r"U\+0002"):
        actor_network.graphml(nodes, [], "A network")
