"""The command that asks a running service to reload, and the file by which it finds it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli.group import Commands
from kg.errors import CablegraphError
from server.cli import pid_file
from server.cli.reload import reload

from ..running import Running, children, nquads, server, within


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[Running]:
    (folder / "graph.nq").write_text(nquads(3), encoding="utf-8")
    with server(folder / "graph.nq", "--pid-file", str(folder / "pid")) as started:
        yield started


def asked(*arguments: object) -> Result:
    return CliRunner().invoke(Commands(commands={"reload": reload}), ["reload", *map(str, arguments)])


@pytest.mark.parametrize(("by", "size"), [("--pid-file", 4), ("--pid", 5)])
def test_a_service_that_is_asked_reads_its_file_again(
    folder: Path, running: Running, by: str, size: int
) -> None:
    (folder / "graph.nq").write_text(nquads(size), encoding="utf-8")
    pid = running.process.pid
    result = asked(by, folder / "pid" if by == "--pid-file" else pid)

    assert (result.exit_code, result.stdout) == (
        0,
        f"asked process {pid} to reload; its log says what came of it\n",
    )
    assert within(10, lambda: running.number() == size)
    assert (folder / "pid").read_text(encoding="ascii") == f"{pid}\n"


def test_no_other_process_gets_the_signal(running: Running) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        # A stranger, a process of ours that does not wait for the signal, and none at all.
        for pid in (other.pid, children(running.process.pid)[0], 2**22 - 1):
            result = asked("--pid", pid)
            assert result.exit_code == 2
            assert f"Process {pid} is not a `cablegraph serve` of yours" in result.stderr
        assert other.poll() is None
        other.communicate(b"\n")
    assert running.get("/healthz")[0] == 200


@pytest.mark.parametrize("arguments", [(), ("--pid", 5, "--pid-file", "x"), ("--pid", 1), ("--pid", "x")])
def test_one_way_to_name_the_process_is_needed(arguments: tuple[object, ...]) -> None:
    assert asked(*arguments).exit_code == 2


def test_a_file_that_was_left_behind_leads_to_nobody(tmp_path: Path) -> None:
    path = tmp_path / "pid"
    for content in (f"{os.getpid()}\n", "nonsense", ""):
        path.write_text(content, encoding="ascii")
        result = asked("--pid-file", path)
        assert result.exit_code == 2
        assert f"{path} belongs to no running service" in result.stderr
    assert asked("--pid-file", tmp_path / "none").exit_code == 2


def test_the_file_is_there_while_it_serves_and_not_for_two(tmp_path: Path) -> None:
    path = tmp_path / "pid"
    path.write_text("left behind", encoding="ascii")
    with pid_file.hold(path):
        assert pid_file.process_id(path) == os.getpid()
        assert path.stat().st_mode & 0o777 == 0o644
        with (
            pytest.raises(CablegraphError, match=f"belongs to process {os.getpid()}"),
            pid_file.hold(path),
        ):
            pass
        assert pid_file.process_id(path) == os.getpid()
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_somebody_else_is_not_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "pid"
    with pid_file.hold(path):
        path.unlink()
        path.write_text("1\n", encoding="ascii")

    assert path.read_text(encoding="ascii") == "1\n"


def test_a_folder_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "none" / "pid"
    with (
        pytest.raises(CablegraphError, match="cannot be written: No such file"),
        pid_file.hold(path),
    ):
        pass


def test_without_a_file_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pid_file.hold(None):
        assert list(tmp_path.iterdir()) == []


def test_the_file_goes_with_the_service(tmp_path: Path) -> None:
    (tmp_path / "graph.nq").write_text(nquads(3), encoding="utf-8")
    path = tmp_path / "pid"
    with server(tmp_path / "graph.nq", "--pid-file", str(path)) as running:
        assert pid_file.process_id(path) == running.process.pid
    assert not path.exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [(f"{2**22 - 1}\n", "cannot be asked: No such process"), ("?", "belongs to no running service")],
)
def test_a_file_that_was_written_over_while_it_serves_harms_nobody(
    tmp_path: Path, content: str, reason: str
) -> None:
    path = tmp_path / "pid"
    with pid_file.hold(path):
        path.write_text(content, encoding="ascii")
        result = asked("--pid-file", path)

    assert result.exit_code == 2
    assert reason in result.stderr
