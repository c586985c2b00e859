"""The folder of releases: nothing half, nothing lost, nothing changed once it is there."""

from __future__ import annotations

import contextlib
import hashlib
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg import cache
from kg.errors import ReleaseError
from kg.publishing.dumps import __main__ as maker
from kg.publishing.dumps import check, release_folders
from kg.publishing.dumps.providers import Provider
from kg.publishing.dumps.write import temporary
from kg.store.nquads import serialize

from .conftest import providing, version_of

PROGRAM = [sys.executable, "-m", "kg.publishing.dumps"]


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def nquads(small: ox.Store, tmp_path: Path) -> Path:
    path = tmp_path / "graph.nq"
    path.write_bytes(serialize(small, "nq"))
    return path


@pytest.fixture(scope="module")
def kept(small: ox.Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one release; not to be changed."""
    folder = tmp_path_factory.mktemp("home")
    release_folders.make(folder, small, version_of(small), made_by="first")
    return folder


@pytest.fixture
def own(kept: Path, tmp_path: Path) -> Path:
    """A home of its own with the same release."""
    return Path(shutil.copytree(kept, tmp_path / "own"))


def made(command: list[str], **more: Any) -> subprocess.CompletedProcess[str]:
    """Run a maker to its end, with an input that stays open as that of a living service does."""
    with contextlib.ExitStack() as ends:
        read, write = os.pipe()
        ends.callback(os.close, write)
        ends.callback(os.close, read)
        return subprocess.run(command, stdin=read, capture_output=True, text=True, check=False, **more)


def saying(text: str) -> Provider:
    return providing({"tables/x.csv": text.encode()})


def test_a_release_is_called_by_the_first_digits_of_its_version(kept: Path, small: ox.Store) -> None:
    version = version_of(small)

    assert release_folders.names(kept) == (version[:16],)
    assert (
        release_folders.newest(kept, version) == release_folders.ready(kept, version, "first") == version[:16]
    )
    assert release_folders.ready(kept, version, "second") == ""
    assert release_folders.newest(kept, "f" * 64) == ""
    assert check.check(kept / version[:16]) == []


def test_a_home_that_is_not_there_has_no_releases(tmp_path: Path) -> None:
    assert release_folders.names(tmp_path / "none") == ()


def test_what_is_there_is_not_made_again(own: Path, small: ox.Store) -> None:
    before = files(own)
    steps: list[str] = []
    name = release_folders.make(own, small, version_of(small), made_by="first", progress=steps.append)

    assert (name, steps) == (version_of(small)[:16], [])
    assert files(own) == before


def test_newer_code_that_writes_the_same_keeps_the_release(own: Path, small: ox.Store) -> None:
    before = files(own)
    name = release_folders.make(own, small, version_of(small), made_by="second")
    after = files(own)

    assert release_folders.names(own) == (name,)
    assert {path for path in before | after if before.get(path) != after.get(path)} == {f"{name}/.recipe"}
    assert release_folders.ready(own, version_of(small), "second") == name


def test_newer_code_that_writes_more_makes_another_edition_and_the_first_stays(
    own: Path, small: ox.Store
) -> None:
    version, before = version_of(small), files(own)
    second = release_folders.make(own, small, version, (saying("b"),), made_by="second")
    third = release_folders.make(own, small, version, (saying("c"),), made_by="third")
    after = files(own)

    assert (second, third) == (f"{version[:16]}-2", f"{version[:16]}-3")
    assert release_folders.names(own) == (version[:16], second, third)
    assert before.items() <= after.items()
    assert (after[f"{second}/tables/x.csv"], after[f"{third}/tables/x.csv"]) == (b"b", b"c")


def test_a_tenth_edition_is_newer_than_a_ninth(tmp_path: Path) -> None:
    for number in (9, 10):
        folder = tmp_path / f"{'a' * 16}-{number}"
        folder.mkdir()
        (folder / "MANIFEST.json").touch()

    assert release_folders.newest(tmp_path, "a" * 64) == f"{'a' * 16}-10"


def test_other_data_are_another_release(own: Path, small: ox.Store) -> None:
    store = ox.Store()
    store.extend([*small, ox.Quad(*[ox.NamedNode("http://e/x")] * 4)])
    name = release_folders.make(own, store, version_of(store))

    assert set(release_folders.names(own)) == {version_of(small)[:16], name}


def test_what_does_not_look_like_a_release_is_none(tmp_path: Path) -> None:
    for name in (
        "0123456789abcdef",
        "0123456789ABCDEF",
        "0123456789abcdef-0",
        "0123456789abcdef-x",
        ".making",
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "MANIFEST.json").touch()
    (tmp_path / "fedcba9876543210").mkdir()  # no manifest

    assert release_folders.names(tmp_path) == ("0123456789abcdef",)


def test_a_full_disk_leaves_nothing_half_and_loses_nothing(own: Path, small: ox.Store) -> None:
    before = files(own)

    def full(_store: ox.Store, _version: str) -> dict[str, bytes]:
        raise OSError(28, "No space left on device")

    with pytest.raises(ReleaseError, match="No space left on device"):
        release_folders.make(own, small, version_of(small), (Provider("x", full, dict),), made_by="second")

    assert files(own) == before
    assert {path.name for path in own.iterdir()} == {version_of(small)[:16], ".lock"}


def test_a_file_that_cannot_be_written_to_its_end_leaves_nothing(
    nquads: Path, small: ox.Store, tmp_path: Path
) -> None:
    folder = tmp_path / "dumps"
    done = made(
        [*PROGRAM, str(folder), str(nquads), version_of(small)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000)),
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot be written" in done.stderr
    assert "File too large; nothing was changed" in done.stderr
    assert [path.name for path in folder.iterdir()] == [".lock"]


@pytest.mark.parametrize("way", ["kill", "end of input"])
@pytest.mark.slow
def test_a_maker_that_is_ended_leaves_nothing_half_and_the_next_one_makes_it(
    nquads: Path, small: ox.Store, tmp_path: Path, way: str
) -> None:
    folder, version = tmp_path / "dumps", version_of(small)
    command = [*PROGRAM, str(folder), str(nquads), version]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        until = time.monotonic() + 60
        while not list(folder.glob(".making/*")) and time.monotonic() < until:
            time.sleep(0.002)
        if way == "kill":
            process.send_signal(signal.SIGKILL)
        else:
            process.stdin.close()
        process.wait(10)
    left, names = list(folder.glob(".making/*")), release_folders.names(folder)
    again = made(command)

    assert left
    assert (names, process.returncode) == ((), -9 if way == "kill" else 1)
    assert (again.returncode, again.stdout, again.stderr) == (0, f"{version[:16]}\n", "")
    assert check.check(folder / version[:16]) == []
    assert not (folder / ".making").exists()


def test_what_lies_where_a_release_is_to_be_made_is_left_there(tmp_path: Path) -> None:
    (tmp_path / "making").mkdir()
    (tmp_path / "making" / "mine").touch()

    with pytest.raises(ReleaseError, match="File exists"), temporary(tmp_path / "making"):
        pass

    assert (tmp_path / "making" / "mine").exists()


def test_two_makers_at_once_make_one_release(nquads: Path, small: ox.Store, tmp_path: Path) -> None:
    folder = tmp_path / "dumps"
    command = [*PROGRAM, str(folder), str(nquads), version_of(small)]
    makers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(2)]
    told = []
    for process in makers:
        assert process.stdout is not None
        told.append(process.stdout.read().decode().strip())
        process.wait(20)
        process.stdout.close()
        assert process.stdin is not None
        process.stdin.close()

    assert told == [version_of(small)[:16]] * 2
    assert release_folders.names(folder) == (version_of(small)[:16],)


def test_the_maker_says_in_a_line_why_it_cannot(
    nquads: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "dumps")
    broken = tmp_path / "broken.nq"
    broken.write_text("<a")
    digest = hashlib.sha256(b"<a").hexdigest()
    codes = [
        maker.main(folder, str(nquads), "0" * 64),
        maker.main(folder, str(tmp_path / "none.nq"), "0" * 64),
        maker.main(folder, str(broken), digest),
    ]
    shown = capsys.readouterr()

    assert codes == [2, 2, 2]
    assert shown.out == ""
    changed, missing, wrong = shown.err.splitlines()
    assert "has changed since the service loaded it" in changed
    assert "No such file" in missing
    assert "broken.nq cannot be read" in wrong


def test_the_maker_names_the_release(
    nquads: Path, small: ox.Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert maker.main(str(tmp_path / "dumps"), str(nquads), version_of(small)) == 0
    assert capsys.readouterr().out == f"{version_of(small)[:16]}\n"
    assert (
        release_folders.ready(tmp_path / "dumps", version_of(small), release_folders.recipe())
        == version_of(small)[:16]
    )


def test_the_maker_tells_what_the_release_lacks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "odd.nq"
    actor, type_ = (
        "https://w3id.org/cablegraph/id/actor/odd",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    )
    path.write_text(f"<{actor}> <{type_}> <https://w3id.org/cablegraph/ontology#Actor> <http://e/g> .\n")
    version = cache.sha256(path)

    assert maker.main(str(tmp_path / "dumps"), str(path), version) == 0
    assert capsys.readouterr().err.splitlines() == [
        "The tables are left out: the data do not fit them, in one place.",
        f"queries/tables/actors.rq:1: {actor}: name is empty",
    ]


def test_a_home_where_nothing_can_be_written_is_told(small: ox.Store, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ReleaseError, match="cannot be written to"):
        release_folders.make(tmp_path / "file" / "dumps", small, "1" * 64)
    with pytest.raises(ReleaseError, match="cannot be read"):
        release_folders.names(tmp_path / "file" / "dumps")


def test_the_home_lies_beside_the_built_graphs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    assert release_folders.default() == tmp_path / "cablegraph" / "dumps"
    assert cache.current  # the same folder, see test_cache
