"""A fuzzer reads the description and asks the running service whatever it can think of."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg import build
from kg.store import nquads

from ..running import PATIENCE, WITHOUT_CACHE, Running, server, within

pytestmark = pytest.mark.slow
HOOKS = Path(__file__).parent / "fuzzing" / "hooks.py"
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
# Of the saved queries, whose addresses are all made in one way, one; `test_question_routes.py` asks each.
SOME = "^/(?!queries/)|^/queries/$|^/queries/who-criticised$"


@pytest.fixture(scope="module")
def running(
    graph: build.Build, real_dumps: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    file = tmp_path_factory.mktemp("graph") / "graph.nq"
    file.write_bytes(nquads.serialize(graph.quads, "nq"))
    options = ("--metrics", "--timeout", "30", "--dumps", str(real_dumps))
    with server(file, *options, *WITHOUT_CACHE) as running:
        # The files are made now, and not under the fuzzer.
        assert within(PATIENCE, lambda: running.get("/dumps/", timeout=60)[0] == 200)
        yield running


def fuzz(schema: str, home: Path, *options: str) -> subprocess.CompletedProcess[str]:
    common = ["--seed", "1962", "--no-shrink", "--generation-database", "none", "--checks", ",".join(CHECKS)]
    common += ["--request-timeout", "60"]  # a report of changes is made at low priority
    program = "from schemathesis.cli import schemathesis; schemathesis()"
    return subprocess.run(
        [sys.executable, "-c", program, "run", schema, *common, "--include-path-regex", SOME, *options],
        cwd=home,
        env={**os.environ, "SCHEMATHESIS_HOOKS": str(HOOKS), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("least", "cases", "options"),
    [
        (70, 150, ("--phases", "examples,fuzzing", "--max-examples", "2")),
        (70, 2000, ("--phases", "coverage")),
    ],
    ids=["each operation", "every value at its bounds"],
)
def test_the_service_answers_as_it_is_described(
    least: int, cases: int, options: tuple[str, ...], running: Running, tmp_path: Path
) -> None:
    done = fuzz(f"http://{running.netloc}/openapi.json", tmp_path, *options)
    tested = re.search(r"Tested: (\d+)", done.stdout)
    made = re.search(r"(\d+) generated", done.stdout)

    assert done.returncode == 0, done.stdout
    assert tested
    assert int(tested[1]) >= least
    assert made
    assert int(made[1]) >= cases


def test_a_description_that_is_not_true_is_caught(running: Running, tmp_path: Path) -> None:
    lie = {
        "openapi": "3.1.1",
        "info": {"title": "A lie", "version": "1"},
        "paths": {
            "/healthz": {"get": {"responses": {"200": {"description": "", "content": {"text/csv": {}}}}}}
        },
    }
    (tmp_path / "lie.json").write_text(json.dumps(lie))

    done = fuzz("lie.json", tmp_path, "--url", f"http://{running.netloc}", "--max-examples", "1")

    assert done.returncode == 1
    assert "Undocumented Content-Type" in done.stdout
