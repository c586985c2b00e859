"""The command line: output on the right stream, exit codes, messages that help."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import click
import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from kg.build import Build, Collection
from kg.cli.main import main
from kg.store import nquads

pytestmark = pytest.mark.usefixtures("user_cache")


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=stdin)


@pytest.fixture
def records(tmp_path: Path, sources: Collection) -> Path:
    folder = tmp_path / "records"
    shutil.copytree(str(sources.records), folder)
    return folder


def test_help_names_every_command() -> None:
    result = run("--help")

    assert result.exit_code == 0
    for name in ("build", "check", "dump", "locate", "query", "serve", "why"):
        assert f"\n  {name} " in result.output


@pytest.mark.slow
def test_build_writes_a_file_in_each_syntax_and_their_names(tmp_path: Path, graph: Build) -> None:
    result = run("build", "--out", str(tmp_path))

    assert result.exit_code == 0
    assert [Path(line).name for line in result.stdout.splitlines()] == [
        f"cablegraph.{ending}" for ending in ("ttl", "nt", "nq", "trig", "jsonld", "quads.jsonld", "rdf")
    ]
    assert f"data version {graph.version}" in result.stderr  # another build, the same bytes
    assert nquads.version((tmp_path / "cablegraph.nq").read_bytes()) == graph.version


@pytest.mark.slow
def test_check_with_texts_verifies_everything(texts: Path) -> None:
    result = run("check", "--texts", str(texts), "--json")
    report = json.loads(result.stdout)

    assert result.exit_code == 0
    assert report["anchors_verified"] == report["anchors"] > 1000
    assert report["sentences_covered"] == report["sentences"] == 144
    assert (report["links"], report["links_not_found"]) == (64, 31)
    assert report["violations"] == 0


def test_check_without_texts_says_that_quotes_were_not_verified(small_sources: Collection) -> None:
    result = run("check", "--records", str(small_sources.records))

    assert result.exit_code == 0
    assert "not re-verified; use --texts DIR" in result.stdout
    assert "violations: 0" in result.stdout


@pytest.mark.slow
def test_check_with_texts_shows_coverage_for_people(texts: Path) -> None:
    assert "coverage: 144 of 144 sentences (100 %)" in run("check", "--texts", str(texts)).stdout


def test_check_exits_with_1_and_shows_every_finding(records: Path) -> None:
    with (records / "actor.yaml").open("a", encoding="utf-8") as file:
        file.write("nobody:\n  type: Person\n  lable:\n    en: Nobody\nnobody:\n  type: Person\n")

    result = run("check", "--records", str(records))
    shown = [line for line in result.stdout.splitlines() if line.startswith("actor.yaml:")]

    assert result.exit_code == 1
    assert any("a record has no key 'lable'" in line and "label" in line for line in shown)
    assert any("nobody" in line and "is repeated" in line for line in shown)


def test_dump_writes_one_layer() -> None:
    result = run("dump", "--format", "nq", "--graph", "links")
    quads = list(ox.parse(result.stdout.encode(), ox.RdfFormat.N_QUADS))

    assert result.exit_code == 0
    assert {quad.graph_name.value for quad in quads} == {"https://w3id.org/cablegraph/graph/links"}


def test_dump_offers_near_names_for_a_layer() -> None:
    result = run("dump", "--graph", "link")

    assert result.exit_code == 2
    assert "there is no layer 'link'; did you mean links?" in result.stderr


def test_why_goes_down_to_the_quoted_words() -> None:
    result = run("why", "actor:che-guevara", "silentAt", "event:ori-session")

    assert result.exit_code == 0
    assert "did not speak" in result.stdout
    assert "body-9/guevara-silent" in result.stdout


def test_why_exits_with_1_for_what_the_graph_does_not_say() -> None:
    result = run("why", "actor:che-guevara", "spokeAt", "event:ori-session")

    assert result.exit_code == 1
    assert result.stderr.strip().endswith(
        "the graph does not contain: actor:che-guevara spokeAt event:ori-session"
    )


def test_why_offers_near_names_for_a_thing() -> None:
    result = run("why", "actor:che-guevarra", "silentAt", "event:ori-session")

    assert result.exit_code == 2
    assert "actor:che-guevara" in result.stderr


def test_wrong_use_exits_with_2() -> None:
    assert run("build", "--nonsense").exit_code == 2
    assert run("check", "--texts", "no-such-folder").exit_code == 2


def test_locate_completes_a_record(records: Path, texts: Path) -> None:
    file = records / "telegram/1962-11-02-havana-1717/body-9.yaml"
    before = file.read_text(encoding="utf-8")
    lines = before.splitlines()
    place = next(n for n, line in enumerate(lines) if line.strip() == "quote: did not speak")
    file.write_text("\n".join([*lines[: place + 1], *lines[place + 3 :]]) + "\n", encoding="utf-8")

    result = run("locate", "--texts", str(texts), "--records", str(records))

    assert result.exit_code == 0
    assert "1 quotes placed" in result.stderr
    assert file.read_text(encoding="utf-8") == before


def test_wrong_data_exits_with_3(records: Path, texts: Path) -> None:
    (records / "actor.yaml").write_text("")

    result = run("locate", "--texts", str(texts), "--records", str(records))

    assert result.exit_code == 3
    assert "actor.yaml: the file is empty" in result.stderr
    assert "nothing was written" in result.stderr


def test_query_lists_asks_and_reads_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "one.rq"
    file.write_text("SELECT (1 AS ?one) WHERE {}")

    assert "who-criticised" in run("query").stdout
    assert "was absent" in run("query", "who-did-what-at-an-event").stdout
    assert run("query", str(file), "--format", "csv").stdout.split() == ["one", "1"]
    assert run("query", "-", stdin="ASK { ?s ?p ?o }").stdout.strip() == "true"
    assert run(
        "query", "-", "--format", "nt", stdin="CONSTRUCT { <http://e/s> <http://e/p> 1 } {}"
    ).stdout.startswith("<http://e/s> <http://e/p>")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELEC", "SPARQL"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "--allow-service http://127.0.0.1:1/"),
        ("DELETE WHERE { ?s ?p ?o }", "read-only"),
    ],
)
def test_a_query_that_cannot_be_answered_says_why(query: str, message: str) -> None:
    result = run("query", "-", stdin=query)

    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize("name", ["", *main.list_commands(click.Context(main))])
def test_helps_keep_the_lines_of_their_examples(name: str) -> None:
    result = run(*filter(None, [name]), "--help")

    assert result.exit_code == 0
    assert "\\b" not in result.output
    assert all(line.count("cablegraph ") < 2 for line in result.output.splitlines())


def test_a_proof_as_json_has_labels_and_quotes() -> None:
    proof = json.loads(run("why", "actor:che-guevara", "silentAt", "event:ori-session", "--json").stdout)
    quotes = [quote for premise in proof["premises"] for quote in premise.get("quotes", ())]

    assert proof["subject"]["label"] == 'Ernesto "Che" Guevara'
    assert proof["property"] == {
        "iri": "https://w3id.org/cablegraph/ontology#silentAt",
        "name": "silentAt",
        "label": "was silent at",
    }
    assert "did not speak" in quotes


def test_why_suggests_things_by_name() -> None:
    result = run("why", "Castro", "silentAt", "event:ori-session")

    assert "did you mean actor:fidel-castro or actor:raul-castro" in result.stderr


def test_a_parameter_suggests_things_by_name() -> None:
    result = run("query", "claims-about-an-actor", "--param", "about=Castro")

    assert "did you mean actor:fidel-castro or actor:raul-castro" in result.stderr
