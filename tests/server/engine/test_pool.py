"""Real worker processes: what a query may use, and what happens when it wants more."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pyoxigraph import Store

from kg.errors import BusyError, MemoryLimitError, QuerySyntaxError, SizeLimitError, TimeLimitError
from server.engine.evaluation.query_request import Limits, QueryRequest
from server.engine.workers.pool import Pool
from server.web.http_errors import AbandonedError, ServiceRefusedError, UpdateRefusedError

from ..running import alive, children, end, within

TYPES = {"solutions": "text/csv", "boolean": "text/boolean", "graph": "text/turtle"}
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
# Twelve statements to the eighth power: more than any machine counts in a second.
RUNAWAY = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(8)) + " }"
# Sorting must hold all of 12^6 rows.
GREEDY = "SELECT * { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(6)) + " } ORDER BY ?a1 ?c2 LIMIT 1"
LARGE = "SELECT * { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(4)) + " }"


def ask(pool: Pool, query: str, timeout: float | None = None) -> bytes:
    return pool.answer(QueryRequest(query, TYPES, timeout=timeout)).body


def test_it_answers(pool: Pool) -> None:
    assert ask(pool, COUNT) == b"n\r\n12\r\n"
    assert ask(pool, "ASK {}") == b"true"


def test_a_runaway_is_ended_at_the_limit_and_the_next_query_answered(pool: Pool) -> None:
    start = time.monotonic()
    with pytest.raises(TimeLimitError, match="longer than 1 s"):
        ask(pool, RUNAWAY)
    assert time.monotonic() - start < pool.limits.timeout + 20  # it would run for hours

    assert ask(pool, COUNT) == b"n\r\n12\r\n"


def test_a_client_may_ask_for_less_time_but_not_for_more(pool: Pool) -> None:
    with pytest.raises(TimeLimitError, match=r"longer than 0\.1 s"):
        ask(pool, RUNAWAY, timeout=0.1)
    with pytest.raises(TimeLimitError, match="longer than 1 s"):
        ask(pool, RUNAWAY, timeout=60)


def test_a_query_that_needs_too_much_memory_is_ended(loader: Callable[[], Store]) -> None:
    with Pool(loader, Limits(timeout=20, memory=64 << 20, workers=1)) as pool:
        with pytest.raises(MemoryLimitError, match="64 MiB"):
            ask(pool, GREEDY)
        assert ask(pool, COUNT) == b"n\r\n12\r\n"


def test_a_query_that_is_nested_too_deeply_is_ended(pool: Pool) -> None:
    with pytest.raises((MemoryLimitError, TimeLimitError)):
        ask(pool, "SELECT * { FILTER(" + "(" * 100_000)

    assert ask(pool, "ASK {}") == b"true"


def test_an_answer_beyond_the_limit_is_refused_whole(pool: Pool) -> None:
    with pytest.raises(SizeLimitError, match="262,144 bytes"):
        ask(pool, LARGE)


def test_without_a_free_worker_the_wait_is_bounded(loader: Callable[[], Store]) -> None:
    with (
        Pool(loader, Limits(timeout=2, workers=1, wait=0.1, patience=9)) as pool,
        ThreadPoolExecutor() as threads,
    ):
        running = threads.submit(ask, pool, RUNAWAY)
        assert within(5, lambda: not pool.idle)
        with pytest.raises(BusyError) as caught:
            ask(pool, "ASK {}")
        refused_before = not running.done()
        with pytest.raises(TimeLimitError):
            running.result()

    assert caught.value.retry_after >= 1
    assert refused_before


def test_many_askers_share_few_workers(loader: Callable[[], Store]) -> None:
    with Pool(loader, Limits(workers=2, wait=10)) as pool, ThreadPoolExecutor(20) as threads:
        answers = set(threads.map(lambda _: ask(pool, COUNT), range(200)))

    assert answers == {b"n\r\n12\r\n"}


def test_a_worker_that_is_killed_while_idle_is_replaced_before_anyone_notices(
    loader: Callable[[], Store],
) -> None:
    with Pool(loader, Limits(workers=1)) as pool:
        before = children(pool.process)
        os.kill(before[0], signal.SIGKILL)
        assert all(map(end, before))

        assert ask(pool, "ASK {}") == b"true"
        assert children(pool.process) != before


def test_a_worker_that_is_killed_at_work_is_replaced(loader: Callable[[], Store]) -> None:
    with Pool(loader, Limits(workers=1, timeout=30)) as pool, ThreadPoolExecutor() as threads:
        (worker,) = children(pool.process)
        late = threads.submit(ask, pool, RUNAWAY)
        assert within(5, lambda: not pool.idle)
        os.kill(worker, signal.SIGKILL)
        with pytest.raises(MemoryLimitError):
            late.result(5)

        assert ask(pool, "ASK {}") == b"true"


def test_a_lost_data_process_is_replaced_by_the_next_query(loader: Callable[[], Store]) -> None:
    with Pool(loader, Limits(workers=1)) as pool:
        assert pool.alive
        data_process = pool.process
        (worker,) = children(data_process)
        os.kill(data_process, signal.SIGKILL)
        assert all(map(end, (data_process, worker)))
        assert not pool.alive

        assert ask(pool, COUNT) == b"n\r\n12\r\n"
        assert pool.alive
        assert pool.process != data_process


def test_without_any_process_left_it_is_a_fault_of_this_side(loader: Callable[[], Store]) -> None:
    with Pool(loader, Limits(workers=1)) as pool:
        everything = (pool.process, *pool.spares)
        for process in everything:
            os.kill(process, signal.SIGKILL)
        assert all(map(end, everything))

        for _ in range(2):
            with pytest.raises(AbandonedError, match="start the service again"):
                ask(pool, "ASK {}")


def test_nothing_is_left_after_close(loader: Callable[[], Store]) -> None:
    pool = Pool(loader, Limits(workers=3))
    everything = (pool.process, *pool.spares, *children(pool.process))
    assert len(everything) == 1 + 2 + 3
    assert pool.alive
    pool.close()
    pool.close()

    assert not pool.alive
    assert [pid for pid in everything if alive(pid)] == []


def test_closing_ends_queries_that_run(loader: Callable[[], Store]) -> None:
    pool = Pool(loader, Limits(timeout=30, workers=1))
    with ThreadPoolExecutor() as threads:
        late = threads.submit(ask, pool, RUNAWAY)
        assert within(5, lambda: not pool.idle)
        pool.close()
        with pytest.raises(BusyError, match="closing"):
            late.result(5)


def test_no_process_is_left_of_a_parent_that_is_killed() -> None:
    program = (
        "import os, time, pyoxigraph; from server.engine.workers.pool import Pool\n"
        "from server.engine.evaluation.query_request import Limits\n"
        "pool = Pool(pyoxigraph.Store, Limits(workers=2))\n"
        "print(pool.process, *pool.spares, flush=True); time.sleep(60)"
    )
    root = Path(__file__).parents[3]
    with subprocess.Popen([sys.executable, "-c", program], cwd=root, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        data_process, *spares = map(int, parent.stdout.readline().split())
        workers = children(data_process)
        parent.kill()

    assert (len(spares), len(workers)) == (2, 2)
    assert [pid for pid in (data_process, *spares, *workers) if not end(pid)] == []


def test_a_worker_holds_no_descriptor_but_its_socket_and_may_open_none(loader: Callable[[], Store]) -> None:
    with Path(__file__).open(encoding="utf-8"), Pool(loader, Limits(workers=1)) as pool:
        (worker,) = children(pool.process)
        ask(pool, "ASK {}")
        targets = sorted(str(fd.readlink()) for fd in Path(f"/proc/{worker}/fd").iterdir())
        limits = Path(f"/proc/{worker}/limits").read_text(encoding="ascii")
        status = Path(f"/proc/{worker}/status").read_text(encoding="ascii")

    assert targets[:3] == ["/dev/null"] * 3
    assert [target.split(":")[0] for target in targets[3:]] == ["socket"]
    assert [line.split()[3:5] for line in limits.splitlines() if "open files" in line] == [["0", "0"]]
    assert [line.split()[4:6] for line in limits.splitlines() if "core file" in line] == [["0", "0"]]
    assert "NoNewPrivs:\t1" in status


def test_services_and_updates_are_refused(pool: Pool) -> None:
    with pytest.raises(ServiceRefusedError):
        ask(pool, "SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }")
    with pytest.raises(UpdateRefusedError):
        ask(pool, "CLEAR ALL")


def test_half_a_surrogate_pair_is_no_query(pool: Pool) -> None:
    with pytest.raises(QuerySyntaxError, match="surrogate"):
        ask(pool, "ASK { ?s ?p '\ud800' }")


def test_an_abort_prints_nothing(loader: Callable[[], Store], capfd: pytest.CaptureFixture[str]) -> None:
    with Pool(loader, Limits(workers=1)) as pool, pytest.raises(MemoryLimitError):
        ask(pool, "SELECT * { FILTER(" + "(" * 100_000)

    assert capfd.readouterr() == ("", "")


def test_the_tests_make_their_pools_in_the_main_thread() -> None:
    assert threading.current_thread() is threading.main_thread()
