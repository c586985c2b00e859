"""The option `--watch`: a change of a file is noticed, and what was found in it is shown."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cache import CachedBuild
from kg.errors import CablegraphError, DataError, Finding
from server import create_app
from server.cli import watching
from server.cli.serve import serve
from server.engine.workers.pool import Pool

WRONG = Finding("actor.yaml", 3, "heldBy names nothing")
WARNED = Finding("actor.yaml", 4, "the label is short", "warning")
SECONDS = 60.0


@pytest.fixture
def noticed(tmp_path: Path) -> Iterator[queue.Queue[bool]]:
    calls: queue.Queue[bool] = queue.Queue()
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "actor.yaml").write_text("a")
    with watching.changes(tmp_path, lambda: calls.put(True), 0.05):
        yield calls


def built(folder: Path, text: str) -> CachedBuild:
    (folder / "graph.findings.json").write_text(text)
    return CachedBuild(folder / "graph.nq", "v1")


def test_a_saved_file_is_noticed_once(tmp_path: Path, noticed: queue.Queue[bool]) -> None:
    (tmp_path / "new").write_text("ab")
    (tmp_path / "new").replace(tmp_path / "records" / "actor.yaml")  # at once, and not first emptied

    assert noticed.get(timeout=SECONDS)
    with pytest.raises(queue.Empty):
        noticed.get(timeout=0.5)


@pytest.mark.parametrize(
    "name", [".git/index", "out/cablegraph.nq", "records/.actor.yaml.swp", "w3id/README.md"]
)
def test_what_no_build_reads_is_passed_over(tmp_path: Path, noticed: queue.Queue[bool], name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("x")

    with pytest.raises(queue.Empty):
        noticed.get(timeout=0.5)


def test_violations_are_kept_and_logged_and_raised() -> None:
    lines: list[str] = []

    def build() -> CachedBuild:
        raise DataError([WRONG])

    watched = watching.Watched(build, lines.append)
    with pytest.raises(DataError):
        watched()

    assert lines == ["actor.yaml:3: heldBy names nothing", "these violations are not served yet"]
    assert watched.findings == (WRONG,)


def test_any_other_error_is_shown_as_it_is() -> None:
    def build() -> CachedBuild:
        raise CablegraphError("the folder is gone")

    watched = watching.Watched(build, lambda _: None)
    with pytest.raises(CablegraphError):
        watched()

    assert watched.problem == "the folder is gone"


def test_a_good_build_replaces_what_was_found(tmp_path: Path) -> None:
    warned = built(tmp_path, '[["actor.yaml", 4, "the label is short", "warning"]]')
    lines: list[str] = []
    watched = watching.Watched(lambda: warned, lines.append)
    watched.problem = "these violations are not served yet"

    assert watched() is warned
    assert (watched.findings, watched.problem) == ([WARNED], "")
    assert lines == ["actor.yaml:4: warning: the label is short"]


def test_every_page_shows_what_was_found(pool: Pool) -> None:
    app = create_app(pool, data_version="v1")
    watched = watching.Watched(lambda: CachedBuild(Path(), ""), lambda _: None)
    watching.show(app, watched)
    before = app.test_client().get("/").text

    watched.findings, watched.problem = (WRONG,), "these violations are not served yet"
    after = app.test_client().get("/sparql?format=html").text

    assert "Found in what was saved last" not in before
    assert "Found in what was saved last: these violations are not served yet" in after
    assert "<li><code>actor.yaml:3: heldBy names nothing</code></li>" in after


def test_it_needs_a_folder() -> None:
    ran = CliRunner().invoke(serve, ["--watch"], env={"CABLEGRAPH_COLLECTION": ""})

    assert ran.exit_code == 2
    assert "--watch needs --collection DIR" in ran.stderr
