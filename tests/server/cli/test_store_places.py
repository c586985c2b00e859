"""The option `--store` of `cablegraph query` and `cablegraph mcp`: a store on disk, and one elsewhere."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from mcp import StdioServerParameters
from mcp.client.stdio import stdio_client
from pyoxigraph import Store

from kg import build, resources
from kg.asking.questions import saved_queries
from kg.asking.questions.filled_query import fill_query
from kg.cli.main import main
from kg.namespaces import BASE, SHIPPED
from kg.publishing.stores import answer_writer, store_folder
from kg.publishing.stores.kept_questions import KeptQuestion
from kg.publishing.stores.write_store import StoreWriter
from kg.store import nquads
from server.cli.store_elsewhere import Elsewhere
from server.engine.evaluation.query_request import Limits
from server.engine.remote import store_state

from ..model_context.modelling import model
from ..running import ROOT, server

ASKED = ("who-criticised", "--format", "csv")


@pytest.fixture(scope="module")
def file(graph: build.Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graph") / "graph.nq"
    path.write_bytes(nquads.serialize(graph.quads, "nq"))
    return path


@pytest.fixture(scope="module")
def address(file: Path, graph: build.Build) -> Iterator[str]:
    """The address of a store elsewhere, marked as `cablegraph load` does it: another service of ours."""
    mark = store_state.mark(graph.version, SHIPPED).removesuffix(" .\n")
    marked = file.with_name("marked.nq")
    marked.write_bytes(file.read_bytes() + f"{mark} <{store_state.mark_of(SHIPPED)}> .\n".encode())
    with server(marked) as running:
        yield f"http://{running.netloc}/sparql"


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory, sources: build.Collection) -> StoreWriter:
    place = tmp_path_factory.mktemp("stored")
    (place / "none").mkdir()  # so many questions would take long to answer for the index
    return StoreWriter(place / "store", replace(sources, queries=place / "none"))


@pytest.fixture(scope="module")
def folder(file: Path, writer: StoreWriter) -> Path:
    writer.write_files([file])
    return writer.place


def query(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(main, ["query", *arguments], input=stdin)


@pytest.mark.usefixtures("user_cache")
def test_each_store_gives_the_answer_of_the_built_graph(address: str, folder: Path) -> None:
    built = query(*ASKED)

    assert "/valdes-criticises" in built.stdout
    for store in (address, folder):
        done = query(*ASKED, "--store", str(store))
        assert (done.exit_code, done.stdout) == (0, built.stdout)


@pytest.mark.parametrize(
    ("form", "shown"),
    [("csv", "quotes,statement\n"), ("json", '"bindings":[]'), ("table", "(0 rows)"), ("markdown", "|")],
)
def test_what_a_store_keeps_is_not_asked_again(form: str, shown: str, folder: Path, tmp_path: Path) -> None:
    place = Path(shutil.copytree(folder, tmp_path / "store"))
    built = store_folder.built(place, BASE)
    built.answers.unlink(missing_ok=True)
    answer_writer.begin(built.answers, built.version, ())
    manifest = json.loads((place / "store.json").read_text())
    asked = fill_query(saved_queries.find(resources.folder("queries"), ASKED[0]), {}, lambda _: [])
    answer_writer.keep(built.answers, KeptQuestion(ASKED[0]), asked.text, Store())  # an answer without rows
    manifest["files"][built.answers.name] = built.answers.stat().st_size
    (place / "store.json").write_text(json.dumps(manifest))

    kept = query(ASKED[0], "--format", form, "--store", str(place))
    other = query(
        ASKED[0],
        "--format",
        form,
        "--store",
        str(place),
        "--param",
        "issue=issue:soviet-decisions-on-the-crisis",
    )

    assert kept.exit_code == 0, kept.stderr
    assert shown in kept.stdout
    assert "valdes-criticises" not in kept.stdout
    assert other.exit_code == 0, other.stderr
    assert "criticises" in other.stdout


def test_a_citation_has_the_version_of_the_store(address: str, graph: build.Build) -> None:
    done = query("who-criticised", "--cite", "--store", address)

    assert done.exit_code == 0
    assert graph.version[:16] in done.stdout


def test_an_empty_answer_of_a_store_elsewhere_has_hints(address: str) -> None:
    done = query("-", "--store", address, stdin="SELECT ?s { ?s cg:date ?o }")

    assert done.exit_code == 0
    assert "hint: " in done.stderr


def test_the_limit_of_time_is_that_of_a_store_here(address: str) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"

    done = query("-", "--store", address, "--timeout", "1", stdin=endless)

    assert done.exit_code == 2
    assert "longer than 1 s" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["query", "who-criticised", "--store", "http://127.0.0.1:1/"], "cannot be reached"),
        (["query", "who-criticised", "--store", "none"], "none has no store: store.json is missing"),
        (["query", "some", "words", "--store", "ADDRESS"], "a store elsewhere has no index of words"),
        (["mcp", "--store", "http://127.0.0.1:1/"], "cannot be reached"),
        (["serve", "--store-files", "."], "--store-files needs --store URL"),
        (["mcp", "--store", "http://127.0.0.1:1/", "--curate"], "leave out --graph and --curate"),
    ],
)
def test_what_cannot_be_done_is_said(arguments: list[str], reason: str, address: str) -> None:
    done = CliRunner().invoke(main, [address if one == "ADDRESS" else one for one in arguments])

    assert done.exit_code == 2
    assert reason in done.stderr


def test_a_model_is_answered_out_of_a_store_elsewhere(address: str, graph: build.Build) -> None:
    given = ["-m", "kg", "mcp", "--store", address]

    with model(stdio_client(StdioServerParameters(command=sys.executable, args=given, cwd=ROOT))) as talker:
        answer = talker.ask("run_query", name="who-criticised")

    assert any("Valdés" in str(row) for row in answer["rows"])
    assert answer["data_version"] == graph.version


def test_the_files_of_a_store_on_disk_serve_the_same_data_elsewhere(
    address: str, folder: Path, graph: build.Build
) -> None:
    log: list[str] = []
    with closing(Elsewhere(address, Limits(), SHIPPED, log.append, folder)) as elsewhere:
        built = elsewhere.build()

    assert (built.version, built.store, log) == (graph.version, None, [])
    assert all(file.is_file() for file in (built.nquads, built.search, built.statistics, built.answers))


def test_the_files_of_other_data_are_not_used(
    address: str, tmp_path: Path, graph: build.Build, sources: build.Collection
) -> None:
    (tmp_path / "none").mkdir()
    other = tmp_path / "other.nq"
    other.write_bytes(nquads.serialize(graph.quads[1:], "nq"))
    StoreWriter(tmp_path / "store", replace(sources, queries=tmp_path / "none")).write_files([other])
    log: list[str] = []
    with closing(Elsewhere(address, Limits(), SHIPPED, log.append, tmp_path / "store")) as elsewhere:
        built = elsewhere.build()

    assert (built.version, built.answers.exists()) == (graph.version, False)
    assert f"not {graph.version[:16]} as in the store" in log[0]
