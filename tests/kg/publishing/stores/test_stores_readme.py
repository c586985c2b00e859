"""The README of the stores on disk: its commands lead from volumes to a store that a service opens."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli.main import main
from kg.publishing.stores import store_folder

ROOT = Path(__file__).parents[4]
README = (ROOT / "kg" / "publishing" / "stores" / "README.md").read_text(encoding="utf-8")
VOLUMES = ROOT / "tests" / "kg" / "curating" / "importing" / "volumes"


def commands(marker: str) -> list[list[str]]:
    """Return the arguments of the commands under an HTML comment of the README."""
    found = re.search(rf"<!-- {marker} -->\n```bash\n(.*?)\n```", README, re.DOTALL)
    assert found
    return [shlex.split(line)[1:] for line in found[1].splitlines()]


def test_volumes_become_a_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "volumes").symlink_to(VOLUMES)
    imports, builds, serves = commands("volumes")

    imported = CliRunner().invoke(main, [*imports, "--jobs", "1"])
    result = CliRunner().invoke(main, builds)
    assert imported.exit_code == 1, imported.output  # one volume has a date that the calendar lacks
    assert result.exit_code == 0, result.output
    built = store_folder.built(Path(serves[-1]), imports[-1])

    assert serves[:2] == ["serve", "--store"]
    assert built.store
    assert len(store_folder.DiskStore(built.store).open()) == store_folder.read(Path(serves[-1])).statements


def test_each_command_has_the_options_that_the_readme_gives_it() -> None:
    for given in commands("volumes") + commands("collection"):
        command = main.get_command(None, given[0])  # type: ignore[arg-type]
        assert command
        known = {name for parameter in command.params for name in parameter.opts}
        assert {word for word in given if word.startswith("--")} <= known
