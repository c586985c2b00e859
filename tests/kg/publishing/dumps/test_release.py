"""A release: its files, what is in each, licence and citation, gzip files, lists, the same bytes every time."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
import yaml

from kg import build
from kg.errors import ReleaseError
from kg.publishing.dumps import check, file_types, manifest, notice, parts, pieces, write
from kg.publishing.dumps.providers import Provider
from kg.publishing.tables.data_set import TextSource
from kg.store import nquads
from kg.store.layers import DATASET, META, TITLE

from .conftest import PARTS, providing, version_of

ENDINGS = ("ttl", "nt", "nq", "trig", "jsonld", "quads.jsonld", "rdf")
RDFLIB = {
    "ttl": "turtle",
    "nt": "nt",
    "nq": "nquads",
    "trig": "trig",
    "jsonld": "json-ld",
    "quads.jsonld": "json-ld",
    "rdf": "xml",
}
RAPPER = {"ttl": "turtle", "nt": "ntriples", "nq": "nquads", "trig": "trig", "rdf": "rdfxml"}
LAYER = "layers/telegram/1962-10-23-havana-1643"
DCTERMS = "http://purl.org/dc/terms/"


def quads(folder: Path, name: str) -> set[ox.Quad]:
    ending = nquads.ending_of(name)
    return set(ox.parse((folder / name).read_bytes(), nquads.SYNTAXES[ending][0]))


def triples(folder: Path, name: str) -> set[ox.Triple]:
    return {quad.triple for quad in quads(folder, name)}


def listed(folder: Path) -> dict[str, object]:
    return dict(json.loads((folder / "MANIFEST.json").read_bytes()))


def test_each_part_comes_in_each_syntax(release: Path) -> None:
    for part in PARTS:
        assert [ending for ending in ENDINGS if not (release / f"{part}.{ending}").is_file()] == []


def test_beside_the_graph_there_are_queries_context_citation_and_licence(release: Path) -> None:
    for name in (
        *("queries/who-criticised.rq", "queries/rules/before/stated-fact.rq", "ontology/context.jsonld"),
        *(
            "CITATION.cff",
            "LICENSE-DATA",
            "README.md",
            "MANIFEST.json",
            "SHA256SUMS",
            "ro-crate-metadata.json",
        ),
    ):
        assert (release / name).stat().st_size > 0, name


def test_the_whole_graph_has_the_data_version_for_its_checksum(real: Path, graph: build.Build) -> None:
    assert hashlib.sha256((real / "cablegraph.nq").read_bytes()).hexdigest() == graph.version


def test_asserted_and_inferred_together_are_the_whole(release: Path, small: ox.Store) -> None:
    asserted, inferred = quads(release, "asserted.nq"), quads(release, "inferred.nq")
    drawn = {quad for quad in small if "/inferred/" in quad.graph_name.value}

    assert asserted | inferred == set(small)
    assert drawn
    assert asserted.isdisjoint(drawn)
    assert {quad for quad in inferred if "/graph/meta" not in quad.graph_name.value} == drawn


def test_the_layers_together_are_the_whole(real: Path, store: ox.Store) -> None:
    layers = [path.relative_to(real).as_posix() for path in (real / "layers").rglob("*.nq")]

    assert len(layers) > 1
    assert set().union(*(quads(real, name) for name in (*layers, "ontology.nq"))) == set(store)


def test_a_layer_holds_its_graph_and_its_own_description(release: Path, small: ox.Store) -> None:
    shared = ox.NamedNode("https://w3id.org/cablegraph/graph/shared")
    found = quads(release, "layers/shared.nq")
    about = {quad.subject.value for quad in found if quad.graph_name.value == META}

    assert {q for q in found if q.graph_name == shared} == set(
        small.quads_for_pattern(None, None, None, shared)
    )
    assert about == {DATASET, f"{DATASET}#publisher", shared.value}
    assert found <= set(small)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("ending", ENDINGS)
def test_licence_and_citation_are_statements_of_every_file(release: Path, part: str, ending: str) -> None:
    said = {(t.predicate.value, t.object.value) for t in triples(release, f"{part}.{ending}")}

    assert (f"{DCTERMS}license", "https://creativecommons.org/licenses/by/4.0/") in said
    assert any(p == f"{DCTERMS}bibliographicCitation" and TITLE in value for p, value in said)


@pytest.mark.parametrize("name", ["asserted.ttl", "asserted.nt", "asserted.trig", "asserted.rdf"])
def test_where_there_are_comments_they_name_licence_and_version(
    release: Path, small: ox.Store, name: str
) -> None:
    head = (release / name).read_text(encoding="utf-8")[:700]

    assert head.startswith("<?xml" if name.endswith("rdf") else "# What is asserted")
    assert f"Data version: {version_of(small)}" in head
    assert "Licence: https://creativecommons.org/licenses/by/4.0/" in head
    assert "Cite as: The cablegraph project. cablegraph: " in head


def test_a_saved_query_runs_as_it_was_and_names_its_licence(release: Path, store: ox.Store) -> None:
    text = (release / "queries/who-criticised.rq").read_text(encoding="utf-8")
    rows = store.query(text, use_default_graph_as_union=True)

    assert "Haydée Santamaría Cuadrado" in {row["holder"].value for row in rows}  # type: ignore[union-attr]
    assert "# Licence: https://creativecommons.org/licenses/by/4.0/\n" in text


def test_the_citation_file_names_the_data_version(release: Path, small: ox.Store) -> None:
    told = yaml.safe_load((release / "CITATION.cff").read_text(encoding="utf-8"))

    assert (told["cff-version"], told["type"], told["license"]) == ("1.2.0", "dataset", "CC-BY-4.0")
    assert told["version"] == version_of(small)
    assert told["url"] == f"https://w3id.org/cablegraph/dumps/{version_of(small)[:16]}/"


def test_the_shapes_are_all_there_and_have_no_blank_node(release: Path, sources: build.Collection) -> None:
    found = triples(release, "shapes.nt")
    written = [
        quad
        for folder in ("stated", "graph", "ontology", "queries")
        for file in Path(str(sources.shapes), folder).glob("*.ttl")
        for quad in ox.parse(file.read_bytes(), ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    ]
    ids = {t.subject.value for t in found} & {t.subject.value for t in triples(release, "ontology.nt")}

    assert len(found) == len(written) + 3  # title, licence, citation
    assert not [t for t in found if isinstance(t.subject, ox.BlankNode) or isinstance(t.object, ox.BlankNode)]
    assert not [iri for iri in ids if "genid" in iri]


# What other readers find.


@pytest.mark.parametrize("ending", ENDINGS)
def test_rdflib_reads_the_same_statements_from_every_syntax(real: Path, ending: str) -> None:
    if nquads.SYNTAXES[ending][1]:
        data = rdflib.Dataset().parse(real / f"{LAYER}.{ending}", format=RDFLIB[ending])
        model = rdflib.Dataset().parse(real / f"{LAYER}.nq", format="nquads")
        named = {tuple(map(str, quad)) for quad in data.quads()}

        assert named == {tuple(map(str, quad)) for quad in model.quads()}
        assert len(named) > 5_000
    else:
        found = rdflib.Graph().parse(real / f"{LAYER}.{ending}", format=RDFLIB[ending])
        lines = rdflib.Graph().parse(real / f"{LAYER}.nt", format="nt")

        assert set(found) == set(lines)
        assert len(found) > 5_000


@pytest.mark.parametrize("part", PARTS)
def test_every_syntax_tells_what_the_n_quads_tell(release: Path, part: str) -> None:
    model = quads(release, f"{part}.nq")

    assert model
    for ending in ("trig", "quads.jsonld"):
        assert quads(release, f"{part}.{ending}") == model
    for ending in ("ttl", "nt", "jsonld", "rdf"):
        assert triples(release, f"{part}.{ending}") == {quad.triple for quad in model}


@pytest.mark.parametrize("ending", RAPPER)
def test_rapper_counts_the_statements_of_the_manifest(real: Path, ending: str) -> None:
    rapper = shutil.which("rapper")
    if rapper is None:
        pytest.skip("rapper is not here; install raptor2-utils")
    entries = {entry["name"]: entry for entry in listed(real)["files"]}  # type: ignore[attr-defined]
    name = f"cablegraph.{ending}"
    done = subprocess.run(
        [rapper, "--count", "--input", RAPPER[ending], str(real / name)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert f"Parsing returned {entries[name]['statements']} triples" in done.stderr
    assert "rror" not in done.stderr
    assert "arning" not in done.stderr


@pytest.mark.parametrize("ending", ["ttl", "nt", "jsonld", "rdf"])
def test_files_of_triples_have_all_in_the_default_graph(real: Path, ending: str) -> None:
    entry = manifest.of(real).by_name[f"{LAYER}.{ending}"]

    assert len(rdflib.Graph().parse(real / entry.name, format=RDFLIB[ending])) == entry.statements


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["ttl", "nt", "nq", "trig", "jsonld", "rdf"])
def test_jena_counts_the_statements_of_the_manifest(real: Path, ending: str) -> None:
    riot = shutil.which("riot")
    if riot is None:
        pytest.skip("riot of Apache Jena is not here; put the folder bin of its release into PATH")
    entry = manifest.of(real).by_name[f"cablegraph.{ending}"]
    done = subprocess.run([riot, "--count", entry.name], cwd=real, capture_output=True, text=True, check=True)

    assert f" = {entry.statements:,}\n" in done.stdout + done.stderr


@pytest.mark.parametrize("part", ["cablegraph", "asserted", "ontology", "shapes"])
def test_the_n_quads_are_canonical(real: Path, part: str) -> None:
    content = (real / f"{part}.nq").read_bytes()
    dataset = ox.Dataset(ox.parse(content, ox.RdfFormat.N_QUADS))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    again = ox.serialize(dataset, format=ox.RdfFormat.N_QUADS)
    assert again is not None

    assert b"".join(sorted(again.splitlines(keepends=True))) == content
    assert content.splitlines() == sorted(set(content.splitlines()))


def test_signs_that_need_care_are_written_as_the_canonical_form_wants_it() -> None:
    # RDF Dataset Canonicalization, section 5: ECHAR for \b \t \n \f \r " and \, UCHAR for other controls.
    literal = ox.Literal('\b\t\n\f\r"\\\x01\x7fé')
    quad = ox.Quad(
        ox.NamedNode("http://e/s"), ox.NamedNode("http://e/p"), literal, ox.NamedNode("http://e/g")
    )

    assert nquads.serialize([quad], "nq").decode() == (
        '<http://e/s> <http://e/p> "\\b\\t\\n\\f\\r\\"\\\\\\u0001\\u007Fé" <http://e/g> .\n'
    )


# Lists and gzip files.


def test_sha256sum_finds_every_file_as_it_should_be(release: Path) -> None:
    program = shutil.which("sha256sum")
    if program is None:
        pytest.skip("sha256sum is not here")
    done = subprocess.run(
        [program, "--check", "--strict", "SHA256SUMS"],
        cwd=release,
        capture_output=True,
        text=True,
        check=True,
    )
    files = {path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file()}

    assert {line.removesuffix(": OK") for line in done.stdout.splitlines()} == files - {"SHA256SUMS"}


def test_the_manifest_lists_every_file_with_what_it_is(release: Path, small: ox.Store) -> None:
    told = listed(release)
    entries = {entry["name"]: entry for entry in told["files"]}  # type: ignore[attr-defined]
    shared = entries["layers/shared.ttl"]
    content = (release / "layers/shared.ttl").read_bytes()

    assert told["version"] == version_of(small)
    assert told["licence"] == "https://creativecommons.org/licenses/by/4.0/"
    assert {n: shared[n] for n in ("mediaType", "bytes", "sha256", "graph", "group", "licence")} == {
        "mediaType": "text/turtle",
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "graph": "https://w3id.org/cablegraph/graph/shared",
        "group": "layers",
        "licence": "https://creativecommons.org/licenses/by/4.0/",
    }
    assert shared["statements"] == len(triples(release, "layers/shared.nt"))
    assert entries["cablegraph.nq"]["statements"] == len(small)
    assert "statements" not in entries["LICENSE-DATA"]


def test_the_manifest_is_read_as_it_was_written(release: Path) -> None:
    content = (release / "MANIFEST.json").read_bytes()

    assert manifest.to_json(manifest.from_json(content)) == content


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"files":[{}]}', b"\xff"])
def test_what_is_no_manifest_is_refused(content: bytes) -> None:
    with pytest.raises(ReleaseError, match="not a valid list of a release"):
        manifest.from_json(content)


def test_gzip_files_unpack_to_the_file_and_have_no_time_in_them(release: Path) -> None:
    packed = list(release.rglob("*.gz"))

    assert len(packed) >= 20
    for file in packed:
        content = file.read_bytes()
        assert gzip.decompress(content) == file.with_suffix("").read_bytes()
        assert content[4:8] == b"\0\0\0\0"  # MTIME, RFC 1952 section 2.3.1


def test_small_files_have_no_gzip_file_and_all_others_that_shrink_have_one(release: Path) -> None:
    entries = listed(release)["files"]
    large = {entry["name"] for entry in entries if entry["bytes"] >= 4096}  # type: ignore[attr-defined]

    assert large == {entry["name"] for entry in entries if "gzip" in entry}  # type: ignore[attr-defined]
    assert not (release / "LICENSE-DATA.gz").exists()
    assert manifest.compress(b"") == b""


# The same bytes.


SCRIPT = """
import sys
from pathlib import Path
import pyoxigraph as ox
from kg.publishing.dumps import write
store = ox.Store()
store.load(path=sys.argv[1], format=ox.RdfFormat.N_QUADS)
write.write(Path(sys.argv[2]), store, "0" * 64)
"""


def test_two_processes_with_other_seeds_write_the_same_bytes(small: ox.Store, tmp_path: Path) -> None:
    lines = nquads.serialize(small, "nq").splitlines(keepends=True)
    found = []
    for seed, content in (("1", lines), ("2", lines[::-1])):
        source, folder = tmp_path / f"{seed}.nq", tmp_path / seed
        source.write_bytes(b"".join(content))
        folder.mkdir()
        subprocess.run(
            [sys.executable, "-c", SCRIPT, str(source), str(folder)], env={"PYTHONHASHSEED": seed}, check=True
        )
        found.append({f.relative_to(folder): f.read_bytes() for f in folder.rglob("*") if f.is_file()})

    assert len(found[0]) > 100
    assert found[0] == found[1]


# Strange graphs and further files.


@pytest.mark.parametrize(
    "name",
    ["../../etc/x", "a/../b", ".hidden", "a//b", "/a", "a b", "é", "a.ttl", "x" * 300, ""],
)
def test_a_strange_name_of_a_graph_is_no_path(name: str) -> None:
    path = parts.file_name(f"https://w3id.org/cablegraph/graph/{name}")

    assert path.startswith("other/")
    assert path.removeprefix("other/").isalnum()
    assert parts.file_name("http://ex.org/one") != path


def test_a_graph_without_description_and_inference_is_released_as_it_is(tmp_path: Path) -> None:
    store = ox.Store()
    store.load(b"<a:s> <a:p> <a:o> <a:g> .\n<a:s> <a:p> 1 .".replace(b" 1 ", b' "1" '), ox.RdfFormat.N_QUADS)
    write.write(tmp_path, store, version_of(store))

    assert quads(tmp_path, "cablegraph.trig") == set(store)
    assert not (tmp_path / "asserted.nq").exists()
    assert {f.name for f in (tmp_path / "layers").iterdir()} == {"other"}


def test_a_provider_adds_files_of_its_own(small: ox.Store, tmp_path: Path) -> None:
    asked = []

    def provider(store: ox.Store, version: str) -> dict[str, bytes]:
        asked.append((len(store), version))
        return {"tables/actors.csv": b"name\r\nAnn\r\n" * 400, "extra-things/map.ttl": b"<a:s> <a:p> <a:o> ."}

    titles = {"tables/actors.csv": "One row | an actor."}
    made = write.write(tmp_path, small, "1" * 64, (Provider("x", provider, lambda: titles),))
    table, graph = made.by_name["tables/actors.csv"], made.by_name["extra-things/map.ttl"]

    assert asked == [(len(small), "1" * 64)]
    assert (table.media_type, table.group, table.size, table.statements) == ("text/csv", "tables", 4400, None)
    assert gzip.decompress((tmp_path / "tables/actors.csv.gz").read_bytes()).startswith(b"name\r\nAnn")
    assert (graph.group, graph.statements) == ("extra-things", 1)
    assert table.title == "One row | an actor."
    readme = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert (
        "\n## Tables\n\n| file | what it is |\n|---|---|\n| `tables/actors.csv` | One row \\| an actor. |\n"
        in readme
    )
    assert "\n## Extra things\n" in readme
    assert "| `ontology.*` | The ontology, its concepts and its alignment |" in readme


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("../x.csv", "is not a valid path"),
        ("/x.csv", "is not a valid path"),
        ("a/.x", "is not a valid path"),
        ("a\\b", "is not a valid path"),
        ("a b", "is not a valid path"),
        ("", "is not a valid path"),
        ("x.csv.gz", "no ending '.gz'"),
        ("MANIFEST.json", "two files"),
        ("cablegraph.nq", "two files"),
        ("ro-crate-metadata.json", "two files"),
    ],
)
def test_a_file_that_no_release_can_hold_is_refused(
    small: ox.Store, tmp_path: Path, path: str, reason: str
) -> None:
    with pytest.raises(ReleaseError, match=reason):
        write.write(tmp_path, small, "1" * 64, (providing({path: b"x"}),))


def test_a_provider_of_broken_rdf_is_told(small: ox.Store, tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=r"links/x\.ttl is not valid in the syntax of its ending"):
        write.write(tmp_path, small, "1" * 64, (providing({"links/x.ttl": b"<a"}),))


@pytest.mark.parametrize("context", ['"http://ex.org/c.jsonld"', '["http://ex.org/c.jsonld", {}]'])
def test_json_ld_with_a_context_elsewhere_is_taken_as_it_is_and_nothing_is_fetched(
    small: ox.Store, tmp_path: Path, context: str
) -> None:
    content = f'{{"@context": {context}, "a": 1}}'.encode()
    release = write.write(tmp_path, small, version_of(small), (providing({"links/x.jsonld": content}),))

    assert release.by_name["links/x.jsonld"].statements is None
    assert (tmp_path / "links/x.jsonld").read_bytes() == content
    assert check.check(tmp_path) == []


def test_files_are_made_when_they_are_asked_for(small: ox.Store) -> None:
    found = {piece.path: piece for piece in pieces.of(small, "1" * 64).pieces}

    assert found["layers/telegram/t.nt"].content().count(b"\n") > 4
    assert found["ontology/context.jsonld"].content().startswith(b"{")


# Tables of names.


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("a.ttl", "text/turtle"),
        ("a.nq", "application/n-quads"),
        ("a/b.csv", "text/csv"),
        ("csv-metadata.json", "application/csvm+json"),
        ("ro-crate-metadata.json", "application/ld+json"),
        ("datapackage.json", "application/json"),
        ("x.sssom.tsv", "text/tab-separated-values"),
        ("x.sqlite", "application/vnd.sqlite3"),
        ("x.ttl.gz", "application/gzip"),
        ("SHA256SUMS", "text/plain"),
        ("x.unheard-of", "application/octet-stream"),
    ],
)
def test_the_ending_tells_the_media_type(path: str, media_type: str) -> None:
    assert file_types.file_type(path).media_type == media_type


def test_groups_have_an_order_and_unknown_ones_come_last() -> None:
    assert sorted(["zebra", "about", "layers", "whole"], key=file_types.rank) == [
        "whole",
        "layers",
        "about",
        "zebra",
    ]
    assert file_types.group("side-notes").title == "Side notes"
    assert file_types.group_of_path("tables/x.csv") == "tables"
    assert file_types.group_of_path("projections/network/nodes.csv") == "networks"
    assert file_types.group_of_path("projections/ric-o.ttl") == "projections"
    assert [file_types.group(name).title for name in ("csv", "sqlite", "networks")] == [
        "Tables",
        "SQLite",
        "Networks",
    ]
    assert file_types.group_of_path("x.csv") == "about"


def test_a_title_cannot_end_the_comment_that_it_stands_in() -> None:
    title = "a--b---c-->\n<http://e/s> <http://e/p> 1 .\r\x85\u2028\x01"
    head = notice.Notice(title, "0" * 64, (TextSource(title),))
    xml, hashed = head.xml_comment().decode(), head.hash_comment().decode()

    assert "--" not in xml.removeprefix("<!--").removesuffix("-->\n")
    assert "\x01" not in xml
    assert len(hashed.splitlines()) == 5
    assert all(line.startswith("# ") for line in hashed.splitlines())


def test_turtle_is_written_with_the_prefixes_of_the_project(release: Path) -> None:
    assert "cg:heldBy actor:ann" in (release / "layers/telegram/t.ttl").read_text(encoding="utf-8")
