"""The README of the changes shows what happens."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from kg.cli.changes import changes
from kg.cli.main import main
from kg.publishing.changes import dump_reader

README = (Path(__file__).parents[4] / "kg" / "publishing" / "changes" / "README.md").read_text(
    encoding="utf-8"
)
LINE = '<https://w3id.org/cablegraph/id/actor/ada> <http://www.w3.org/2000/01/rdf-schema#label> "{}"@en <http://e/g> .\n'


def written(folder: Path) -> Path:
    for name, text in (("old", "Ada"), ("new", "Ada Lovelace")):
        (folder / f"{name}.nq").write_text(LINE.format(text), encoding="utf-8")
    return folder


def test_the_lines_of_python_run(tmp_path: Path) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-c", block], cwd=written(tmp_path), capture_output=True, text=True, check=True
    )

    assert "Count(added=1, removed=1)" in done.stdout
    assert "'Ada Lovelace'" in done.stdout


def test_the_commands_are_understood(tmp_path: Path) -> None:
    first, second = re.findall(r"^\$ cablegraph (.*)$", README, re.MULTILINE)
    compared = [word for word in shlex.split(first) if not word.endswith(".nq")]
    result = CliRunner().invoke(
        main, [*compared, *(str(written(tmp_path) / f"{name}.nq") for name in ("old", "new"))]
    )

    assert "“Ada” → “Ada Lovelace”" in result.stdout
    context = changes.make_context("changes", [__file__, *shlex.split(second)[2:]])
    assert (context.params["form"], context.params["limit"]) == ("json", 1000)


def test_the_largest_file_is_as_the_readme_says() -> None:
    assert "above 1 GiB" in README
    assert dump_reader.LARGEST == 2**30
