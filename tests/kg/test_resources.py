"""What a folder holds: files in the order of names, without what editors and Python leave there."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.resources import listed, walk


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in (
        "b.rq",
        "a.rq",
        "c.md",
        ".#a.rq",
        "a/z.rq",
        "__pycache__/a.rq",
        ".git/a.rq",
        "folder.rq/y.md",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    return tmp_path


def test_the_files_of_a_folder_are_listed_by_ending(tree: Path) -> None:
    assert [file.name for file in listed(tree, ".rq")] == ["a.rq", "b.rq"]


def test_a_walk_gives_every_file_with_its_path(tree: Path) -> None:
    paths = ["a/z.rq", "a.rq", "b.rq", "c.md", "folder.rq/y.md"]

    assert [path for path, _ in walk(tree)] == paths
    assert [file.read_text(encoding="utf-8") for _, file in walk(tree)] == paths
    assert [path for path, _ in walk(tree / "a", "home/")] == ["home/z.rq"]
