"""Executors of an import: a Dask cluster on loopback, of which a worker is killed, and what cannot be used."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from os import kill
from pathlib import Path
from typing import Any

import pytest

from kg.curating.importing.runs.chunk_work import Chunk, work_as
from kg.curating.importing.runs.executors import workers
from kg.curating.importing.runs.volume_files import VolumeStream
from kg.errors import CablegraphError

from .conftest import BASE, FILES, run

FIRST = FILES[0].read_text("utf-8")


@dataclass
class Cluster:
    """A scheduler as a process on loopback, and its workers as processes."""

    folder: Path
    port: int
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def scheduler(self) -> subprocess.Popen[bytes]:
        return self._start("scheduler", "--port", str(self.port))

    def worker(self, name: str) -> subprocess.Popen[bytes]:
        args = ["worker", self.address, "--no-nanny", "--nthreads", "1", "--name", name]
        return self._start(*args, "--local-directory", str(self.folder))

    def _start(self, *args: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", *args, "--host", "127.0.0.1", "--no-dashboard"]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self.started.append(process)
        return process


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    one = Cluster(tmp_path, free_port())
    yield one
    for process in one.started:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Counting(Executor):
    """An executor that tells another one, and calls a function after so many submissions."""

    def __init__(self, inner: Executor, after: int, then: Callable[[], None]) -> None:
        self.inner, self.left, self.then = inner, after, then

    def submit(self, *args: Any, **kwargs: Any) -> Future[Any]:  # type: ignore[override]
        future = self.inner.submit(*args, **kwargs)
        self.left -= 1
        if self.left == 0:
            self.then()
        return future


def many_volumes(folder: Path) -> tuple[Path, ...]:
    """Write twelve volumes of four documents each, so of twelve chunks."""
    files = [folder / f"harbor{n:02}.xml" for n in range(12)]
    for file in files:
        file.write_text(FIRST.replace("harbor1931v01", file.stem), "utf-8")
    return tuple(files)


def test_a_cluster_loses_a_worker_and_the_bytes_are_the_same_then_it_is_lost(
    cluster: Cluster, tmp_path: Path, threads: Executor
) -> None:
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    files, out = many_volumes(tmp_path), tmp_path / "cluster.nq"
    scheduler = cluster.scheduler()

    with distributed.Client(cluster.address, timeout=60, set_as_default=False) as watch:
        with pytest.raises(CablegraphError, match="has no workers; start some with: dask worker tcp://"):
            workers(1, cluster.address, wait=0.1).__enter__()
        lost, stays = cluster.worker("lost"), cluster.worker("stays")
        watch.wait_for_workers(2, timeout=60)
        (held,) = (at for at, about in watch.scheduler_info()["workers"].items() if about["name"] == "lost")
        lost.send_signal(signal.SIGSTOP)  # what it is given, it holds from now on

        def end_one() -> None:
            while not watch.processing([held])[held]:
                time.sleep(0.01)
            lost.kill()

        with workers(1, cluster.address) as (executor, many):
            done = run(files, out, Counting(executor, 4, end_one), [])
        run(files, tmp_path / "here.nq", threads, [])

    assert (many, lost.wait(), done.counts["documents"]) == (2, -signal.SIGKILL, 48)
    assert out.read_bytes() == (tmp_path / "here.nq").read_bytes()

    stays.send_signal(signal.SIGSTOP)
    with (
        pytest.raises(CablegraphError, match=r"the Dask cluster is lost .*; what is done is kept"),
        workers(1, cluster.address) as (executor, many),
    ):
        run(files, tmp_path / "never.nq", Counting(executor, 4, scheduler.kill), [])
    assert not (tmp_path / "never.nq").exists()


def test_a_scheduler_that_does_not_answer_is_told() -> None:
    pytest.importorskip("distributed", reason="Dask is not installed")
    with pytest.raises(CablegraphError, match=r"tcp://127.0.0.1:\d+: no Dask scheduler answers within 0.1 s"):
        workers(1, f"tcp://127.0.0.1:{free_port()}", wait=0.1).__enter__()


@pytest.mark.parametrize(
    "address", ["10.0.0.5:8786", "http://10.0.0.5:8786", "tcp://10.0.0.5", "inproc://a:1"]
)
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(
        CablegraphError, match=f"--dask {address}: write the address of a scheduler, as in tcp"
    ):
        workers(1, address).__enter__()


def test_dask_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(CablegraphError, match=r"pip install '\.\[dask\]'$"):
        workers(1, "tcp://127.0.0.1:8786").__enter__()


def test_other_code_does_not_work_on_a_chunk() -> None:
    stream = VolumeStream(FILES[0], print)
    chunk = Chunk(FILES[0].name, stream.volume, BASE, "2026-11-27", tuple(stream.read()))

    with pytest.raises(
        CablegraphError, match="has another version of cablegraph, Python or lxml; install there"
    ):
        work_as("another", chunk)


def test_a_process_that_is_ended_is_told(tmp_path: Path) -> None:
    def end_one() -> None:
        assert isinstance(executor, ProcessPoolExecutor)
        for process in executor._processes:
            kill(process, signal.SIGKILL)

    with (
        pytest.raises(CablegraphError, match=r"a process of the import was ended from outside.*--jobs 1"),
        workers(1) as (executor, _),
    ):
        run(many_volumes(tmp_path), tmp_path / "out.nq", Counting(executor, 4, end_one), [])
