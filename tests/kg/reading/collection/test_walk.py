"""The walk of kg/reading/collection/README.md, from the empty folder to rows, works word for word."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import kg
from tests.conftest import ROOT

README = (ROOT / "kg/reading/collection/README.md").read_text(encoding="utf-8")
OWN = "https://example.org/alpha/id/"
WALK = README[README.index("## A telegram, from the empty folder") :]
COMMANDS = re.findall(r"```bash\n(.*?)```", WALK, re.DOTALL)
FILES = re.findall(r"^`(alpha/[^`]+)`:\n\n```\w+\n(.*?)```", WALK, re.DOTALL | re.MULTILINE)


def run(folder: Path, script: str) -> str:
    """Return what the commands write, or fail with their errors."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-ec", script], cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PATH": path},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_walk_ends_with_the_rows_of_the_new_telegram(tmp_path: Path) -> None:
    first, last = COMMANDS
    run(tmp_path, first)
    for name, text in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")

    shown = run(tmp_path, "\n".join((first.splitlines()[-1], last)))

    checked, _, rows = shown.partition("violations: 0, warnings: 0\n")
    assert "anchors: 6 of 6 verified" in checked
    assert "(100 %)" in checked
    (row,) = csv.DictReader(rows.splitlines())
    assert "the council" in row.values()
    graph = kg.open(collection=tmp_path / "alpha")
    (held,) = graph.query("telegrams-held").rows
    assert held.telegram == f"{OWN}telegram/1900-01-02-alpha-7"
    assert (held.sender, str(held.firstDay)) == ("Ann Reed", "1900-01-02")
    assert [row.value for row in graph.describe("issue:closure-of-the-harbour").rows if row.direction == "to"]
    proof = graph.why("telegram:1900-01-02-alpha-7", "sender", "actor:ann-reed")
    assert {quote for leaf in proof.leaves() for quote in leaf.quotes} == {"Ann Reed"}
    asked = graph.query("positions-on-an-issue", issue="issue:closure-of-the-harbour")
    assert [row.holder for row in asked.rows] == ["the council"]
