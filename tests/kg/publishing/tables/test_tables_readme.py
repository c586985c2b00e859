"""What the README of the tables shows is what happens, and what it lists is what there is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
README = (ROOT / "kg" / "publishing" / "tables" / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.fixture(scope="module")
def release_folder(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("release")
    for path, content in files.items():
        (target / path).parent.mkdir(exist_ok=True)
        (target / path).write_bytes(content)
    return target


def run(block: str, where: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", block], cwd=where, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_there_are_two_examples_of_at_most_five_lines() -> None:
    assert len(BLOCKS) == 2
    assert max(len([line for line in block.splitlines() if line]) for block in BLOCKS) <= 5


def test_the_pandas_lines_show_who_is_partly_against(release_folder: Path) -> None:
    (line,) = [line for line in run(BLOCKS[0], release_folder).splitlines() if "partly against" in line]

    assert "Raúl Curbelo Morales" in line
    assert "Ramiro Valdés Menéndez" in line


def test_the_sqlite_lines_show_who_was_silent(release_folder: Path) -> None:
    lines = run(BLOCKS[1], release_folder).splitlines()

    assert "Emilio Aragones | was silent | at the last session of the ORI … Aragones … did not speak" in lines


def test_every_file_of_a_release_is_named(files: dict[str, bytes]) -> None:
    named = set(re.findall(r"^\| `((?:csv|sqlite)/[^`]+)`", README, re.MULTILINE))

    assert named == {re.sub(r"csv/\w+\.csv", "csv/NAME.csv", path) for path in files}
