"""`kill -9` of any process at any moment: what can be replaced is, or everything ends together."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pyoxigraph import Store

from kg.errors import BusyError
from server.engine.evaluation.query_request import Limits, QueryRequest
from server.engine.workers.pool import Pool
from server.web.http_errors import AbandonedError, ServerFaultError

from ..running import (
    WITHOUT_CACHE,
    Load,
    Processes,
    Running,
    alive,
    children,
    end,
    group,
    nquads,
    processes,
    quickest,
    server,
    within,
)

TYPES = {"solutions": "text/csv", "boolean": "text/boolean"}
# Twelve statements to the sixth power: some tenths of a second.
SLOW = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(6)) + " }"
VICTIMS: dict[str, Callable[[Processes], int]] = {
    "worker": lambda found: found.workers[0],
    "data": lambda found: found.data,
    "one spare": lambda found: found.spares[0],
    "other spare": lambda found: found.spares[1],
}


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graph") / "graph.nq"
    path.write_text(nquads(12), encoding="utf-8")
    return path


@pytest.fixture
def running(graph: Path) -> Iterator[Running]:
    with server(graph, *WITHOUT_CACHE) as started:
        yield started


@pytest.mark.slow
def test_under_load_only_the_query_of_a_killed_process_fails_and_all_are_replaced(running: Running) -> None:
    pid = running.process.pid
    with Load(running) as load:
        for name, victim in VICTIMS.items():
            assert within(5, lambda: processes(pid, exactly=False)), name
            before = processes(pid, exactly=False)  # there is another worker where a query took long
            assert before is not None
            failed = len(load.failed)
            killed = victim(before)
            os.kill(killed, signal.SIGKILL)

            assert within(5, lambda killed=killed: _whole_again(pid, killed)), name
            assert running.number() == 12
            assert len(load.failed) - failed <= (1 if name == "worker" else 0), (name, load.failed)

    assert load.numbers == {12}
    assert {status for status, _ in load.failed} <= {503}


def _whole_again(server: int, killed: int) -> bool:
    found = processes(server, exactly=False)
    return found is not None and killed not in found.all


def test_a_data_process_is_replaced_within_a_second_even_when_nobody_asks(running: Running) -> None:
    pid = running.process.pid

    def kill_and_wait() -> None:
        assert within(5, lambda: processes(pid) is not None)
        before = processes(pid)
        assert before is not None
        os.kill(before.data, signal.SIGKILL)
        assert within(5, lambda: _whole_again(pid, before.data))

    assert quickest(kill_and_wait, 1.5) < 1.5  # a second, and half of one for a busy machine
    assert running.get("/readyz")[0] == 200


def test_when_nobody_is_left_to_replace_anyone_everything_ends(running: Running) -> None:
    before = processes(running.process.pid)
    assert before is not None
    for spare in before.spares:
        os.kill(spare, signal.SIGKILL)
    code = running.process.wait(60)

    assert code == 2
    running.wait_for_line("start the service again")
    assert within(2, lambda: not group(running.process.pid))


def test_a_server_that_is_killed_leaves_no_process_and_no_port(running: Running) -> None:
    assert len(group(running.process.pid)) == 6
    running.process.kill()

    assert within(2, lambda: not group(running.process.pid))
    host, port = running.netloc.split(":")
    with socket.create_server((host, int(port))):
        pass  # nobody holds the port


def test_a_kill_while_the_graph_is_loaded_leaves_no_process(tmp_path: Path) -> None:
    def load() -> Store:
        again = any(tmp_path.iterdir())
        (tmp_path / str(os.getpid())).touch()
        if again:
            signal.pause()  # a load that lasts until the process is killed
        return Store()

    with Pool(load, Limits(workers=1)) as pool, ThreadPoolExecutor() as threads:
        reloading = threads.submit(pool.reload)
        assert within(5, lambda: len(list(tmp_path.iterdir())) == 2)
        pool.close()
        error = reloading.exception(5)

    loaders = [int(path.name) for path in tmp_path.iterdir()]
    assert isinstance(error, (AbandonedError, BusyError)) or "killed or crashed" in str(error)
    assert all(end(loader, 2) for loader in loaders)


def test_a_query_whose_data_process_is_killed_is_asked_again(loader: Callable[[], Store]) -> None:
    with Pool(loader, Limits(workers=1, timeout=30)) as pool, ThreadPoolExecutor() as threads:
        answer = threads.submit(pool.answer, QueryRequest(SLOW, TYPES))
        assert within(5, lambda: not pool.idle)
        os.kill(pool.process, signal.SIGKILL)

        assert answer.result(60).body == b"n\r\n%d\r\n" % 12**6


def test_mending_replaces_a_spare_process(loader: Callable[[], Store]) -> None:
    with Pool(loader, Limits(workers=1)) as pool:
        for place in (0, 1, 0, 1):
            killed = pool.spares[place]
            os.kill(killed, signal.SIGKILL)
            assert end(killed)
            pool.mend()

            assert len({*pool.spares} - {killed}) == 2
            assert all(map(alive, pool.spares))
        processes = pool.spares
    assert all(end(process, 2) for process in processes)


def test_a_graph_that_cannot_be_loaded_again_is_a_fault_and_later_heals(tmp_path: Path) -> None:
    path = tmp_path / "there"
    path.touch()

    def load() -> Store:
        path.stat()
        return Store()

    with Pool(load, Limits(workers=1)) as pool:
        path.unlink()
        (worker,) = children(pool.process)
        os.kill(pool.process, signal.SIGKILL)
        assert end(worker)
        with pytest.raises(Exception, match=r"cannot be loaded: .*No such file"):
            pool.answer(QueryRequest("ASK {}", TYPES))
        path.touch()

        assert pool.answer(QueryRequest("ASK {}", TYPES)).body == b"true"


def test_while_another_data_process_starts_the_wait_is_bounded(tmp_path: Path) -> None:
    loads, gate = tmp_path / "loads", tmp_path / "gate"
    loads.mkdir()
    os.mkfifo(gate)

    def load() -> Store:
        again = any(loads.iterdir())
        (loads / str(os.getpid())).touch()
        if again:
            gate.read_bytes()  # until somebody has written, or opened and closed it
        return Store()

    with Pool(load, Limits(workers=1, wait=0.1)) as pool, ThreadPoolExecutor() as threads:
        os.kill(pool.process, signal.SIGKILL)
        assert within(5, lambda: not pool.alive)
        healing = threads.submit(pool.answer, QueryRequest("ASK {}", TYPES))
        assert within(5, lambda: len(list(loads.iterdir())) == 2)
        with pytest.raises(BusyError, match="starting"):
            pool.answer(QueryRequest("ASK {}", TYPES))
        gate.write_bytes(b"")

        assert healing.result(10).body == b"true"


def test_many_who_lose_the_data_process_together_share_one_replacement(tmp_path: Path) -> None:
    def load() -> Store:
        (tmp_path / str(os.getpid())).touch()
        return Store()

    with Pool(load, Limits(workers=2, wait=5)) as pool, ThreadPoolExecutor(8) as threads:
        os.kill(pool.process, signal.SIGKILL)
        assert within(5, lambda: not pool.alive)
        answers = [threads.submit(pool.answer, QueryRequest("ASK {}", TYPES)) for _ in range(8)]

        assert [answer.result(10).body for answer in answers] == [b"true"] * 8
    assert len(list(tmp_path.iterdir())) == 2


def test_data_processes_that_die_again_and_again_are_a_fault_at_last(tmp_path: Path) -> None:
    deadly = tmp_path / "deadly"

    def load() -> Store:
        if deadly.exists():
            os._exit(1)
        return Store()

    with Pool(load, Limits(workers=1)) as pool:
        (worker,) = children(pool.process)
        deadly.touch()
        os.kill(pool.process, signal.SIGKILL)
        assert end(worker)
        with pytest.raises(ServerFaultError, match="data process of the service was killed"):
            pool.answer(QueryRequest("ASK {}", TYPES))


def test_a_closed_pool_is_not_mended(loader: Callable[[], Store]) -> None:
    pool = Pool(loader, Limits(workers=1))
    pool.close()
    pool.mend()

    assert not pool.alive
