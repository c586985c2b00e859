"""The commands of README's "Add a telegram" work one after the other, from an empty folder to a page."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from tests.conftest import ROOT
from tests.server import foreign

README = (ROOT / "README.md").read_text(encoding="utf-8")
OWN = "https://example.org/alpha/"
NAME = "1900-01-02-7"
TEXT = """Telegram from Ann Reed to Ben Hale

January 2, 1900

No. 7

I have read your telegram of December 30. The council opposes the closure of the harbour, I hear.
"""


def commands() -> list[str]:
    """Return the lines of the block of commands."""
    found = re.search(r"<!-- collection commands -->\n```bash\n(.*?)\n```", README, re.DOTALL)
    assert found
    return found[1].splitlines()


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", **more}


@contextmanager
def page(folder: Path, path: str) -> Iterator[str]:
    """Serve the collection and give a page of it."""
    with subprocess.Popen(
        ["cablegraph", "serve", "--port", "0", "--workers", "1"],
        cwd=folder, env=environment(CABLEGRAPH_COLLECTION="alpha"), stdout=subprocess.PIPE, text=True,
    ) as server:  # fmt: skip
        assert server.stdout
        try:
            address = server.stdout.readline().split()[-1]
            request = urllib.request.Request(address + path, headers={"Accept": "text/html"})  # noqa: S310
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 (our own server)
                yield answer.read().decode()
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder after all commands but the last, and what they wrote."""
    folder = tmp_path_factory.mktemp("walk")
    (folder / "telegram-7.txt").write_text(TEXT, encoding="utf-8")
    *lines, last = commands()
    assert last == "cablegraph serve"
    shown = "\n".join(lines).replace(" query ", " query --format csv ")
    done = subprocess.run(
        ["bash", "-ec", shown], cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done.stdout


def test_the_draft_is_checked_and_answered(walked: tuple[Path, str]) -> None:
    folder, shown = walked

    assert f"telegram:{NAME}: Telegram from Ann Reed to Ben Hale" in shown
    assert "violations: 0" in shown
    assert (folder / "alpha" / "texts" / f"{NAME}.txt").read_text(encoding="utf-8") == TEXT
    rows = list(csv.DictReader(shown[shown.index("document,kind,") :].splitlines()[:5]))
    assert {row["document"] for row in rows} == {f"{OWN}id/telegram/{NAME}"}
    words = {row["kind"]: row["words"] for row in rows}
    assert words["date or time span"] == "January 2, 1900"
    assert words["stated fact"] == "Ann Reed … Ben Hale"


def test_the_graph_is_written_in_its_own_base(walked: tuple[Path, str]) -> None:
    folder, _ = walked
    turtle = (folder / "alpha.ttl").read_text(encoding="utf-8")

    subjects = {triple.subject for triple in parse(turtle, RdfFormat.TURTLE)}
    assert NamedNode(f"{OWN}id/telegram/{NAME}") in subjects
    assert foreign.iris(turtle) == set()
    assert (folder / "alpha" / "out" / "cablegraph.trig").is_file()


def test_the_telegram_has_a_page(walked: tuple[Path, str]) -> None:
    with page(walked[0], f"id/telegram/{NAME}") as text:
        assert "Telegram from Ann Reed to Ben Hale" in text
        assert "Telegrams from Alpha" in text
        assert foreign.iris(text) == set()
