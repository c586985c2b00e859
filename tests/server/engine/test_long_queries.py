"""Queries that run for long: they let others run, and are bounded."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from pyoxigraph import Store

from kg.errors import BusyError, TimeLimitError
from server.engine.evaluation.query_request import Limits, QueryRequest
from server.engine.processes.waiting import InLoop
from server.engine.workers import long_queries
from server.engine.workers.free_workers import FreeWorkers, Worker
from server.engine.workers.long_queries import LongQueries
from server.engine.workers.pool import Pool

from ..running import children, within

TYPES = {"solutions": "text/csv", "boolean": "text/boolean"}


def crossed(times: int) -> str:
    """Return a query that counts twelve statements to that power."""
    return f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'?a{i} ?b{i} ?c{i} .' for i in range(times))} }}"


def ask(pool: Pool, query: str, client: str = "") -> bytes:
    return pool.answer(QueryRequest(query, TYPES), client).body


def test_a_small_query_waits_for_no_long_one(loader: Callable[[], Store]) -> None:
    with Pool(loader, Limits(workers=1, timeout=2, wait=1)) as pool, ThreadPoolExecutor(8) as threads:
        late = [threads.submit(ask, pool, crossed(8)) for _ in range(3)]
        assert within(5, lambda: pool.long == 3)
        took = []
        for _ in range(20):
            begin = time.monotonic()
            assert ask(pool, "ASK {}") == b"true"
            took.append(time.monotonic() - begin)
        errors = [one.exception(10) for one in late]

        assert sorted(took)[5] < 0.5  # where they waited for a long one, all would take longer
        assert all(isinstance(error, TimeLimitError | BusyError) for error in errors)
        assert within(5, lambda: len(children(pool.process)) == 1)  # of which the last was never late
        assert (pool.long, pool.idle) == (0, 1)


def test_the_worker_of_a_long_query_has_a_lower_priority(loader: Callable[[], Store]) -> None:
    with Pool(loader, Limits(workers=1, timeout=1)) as pool, ThreadPoolExecutor(1) as threads:
        (worker,) = children(pool.process)
        assert os.getpriority(os.PRIO_PROCESS, worker) == 0
        late = threads.submit(ask, pool, crossed(8))
        assert within(5, lambda: pool.long)
        assert within(5, lambda: os.getpriority(os.PRIO_PROCESS, worker) == 5)
        assert within(5, lambda: len(children(pool.process)) == 2)
        with pytest.raises(TimeLimitError):
            late.result(10)


def test_a_long_query_is_answered_all_the_same(loader: Callable[[], Store]) -> None:
    limits = Limits(workers=1, timeout=60, patience=0.01)
    with Pool(loader, limits) as pool:
        assert ask(pool, crossed(6)) == b"n\r\n%d\r\n" % 12**6
        assert pool.replaced == 1  # read before the next query, which on a busy machine may be a long one too
        assert ask(pool, "ASK {}") == b"true"


def test_in_an_event_loop_it_is_the_same(loader: Callable[[], Store]) -> None:
    async def both(pool: Pool, waits: InLoop) -> list[bytes]:
        late = asyncio.create_task(pool.ask(waits, QueryRequest(crossed(6), TYPES)))
        await asyncio.sleep(0)
        small = [await pool.ask(waits, QueryRequest("ASK {}", TYPES)) for _ in range(5)]
        return [*(answer.body for answer in small), (await late).body]

    limits = Limits(workers=1, timeout=60, patience=0.02)
    with Pool(loader, limits) as pool, ThreadPoolExecutor(2) as threads:
        answers = asyncio.run(both(pool, InLoop(threads)))

    assert answers == [b"true"] * 5 + [b"n\r\n%d\r\n" % 12**6]


def test_one_client_cannot_have_all_of_them_and_all_are_bounded() -> None:
    long = LongQueries(Limits(long=3, long_of_client=2))
    with long.one_more("192.0.2.1", 10**9), long.one_more("192.0.2.1", 10**9 + 1):
        with pytest.raises(BusyError, match="one client"), long.one_more("192.0.2.1", 10**9 + 2):
            pass
        with long.one_more("192.0.2.2", 10**9 + 2):
            assert len(long) == 3
            with pytest.raises(BusyError, match="Too many"), long.one_more("192.0.2.3", 10**9 + 3):
                pass
    assert len(long) == 0


def test_of_those_that_need_too_much_memory_together_the_largest_ends() -> None:
    long, gone = LongQueries(Limits(long_memory=1 << 20)), 10**9
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as large:
        with long.one_more("a", gone), long.one_more("b", large.pid):
            assert within(10, lambda: long_queries.anonymous_memory(large.pid) > 2 << 20)
            long.check(gone, large.pid)
            with pytest.raises(BusyError, match="memory"):
                long.check(large.pid, gone)
        large.kill()


def state(process: subprocess.Popen[bytes]) -> str:
    """Return the letter of the state of a process (proc(5)): T is paused."""
    return Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rpartition(") ")[2][0]


@pytest.fixture
def sleepers() -> Iterator[list[subprocess.Popen[bytes]]]:
    with ExitStack() as stack:
        processes = [
            stack.enter_context(subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE))
            for _ in range(3)
        ]
        yield processes
        for process in processes:
            process.kill()


def test_as_many_run_as_there_are_workers_and_the_next_goes_on_when_one_ends(
    sleepers: list[subprocess.Popen[bytes]],
) -> None:
    long = LongQueries(Limits(workers=1))
    first, second, third = sleepers
    with long.one_more("a", third.pid):
        assert within(5, lambda: state(third) == "S")
    with ExitStack() as stack:
        with long.one_more("a", first.pid):
            stack.enter_context(long.one_more("b", second.pid))
            assert within(5, lambda: (state(first), state(second)) == ("S", "T"))
        assert within(5, lambda: state(second) == "S")


def test_who_has_run_for_a_turn_lets_the_next_run_and_turns_become_longer(
    sleepers: list[subprocess.Popen[bytes]],
) -> None:
    now = [0.0]
    long = LongQueries(Limits(workers=1, timeout=8), lambda: now[0])
    first, second, _ = sleepers
    running = []
    with long.one_more("a", first.pid), long.one_more("b", second.pid):
        for second_passed in range(9):
            now[0] = second_passed
            paused = [long.check(each.pid, 10**9) for each in (first, second)]
            assert sum(paused) == second_passed
            assert within(5, lambda: {state(first), state(second)} == {"S", "T"})
            running.append("a" if state(first) == "S" else "b")

    assert "".join(running) == "aabbaaaab"


def test_who_was_paused_for_as_long_as_a_query_may_run_is_refused(
    sleepers: list[subprocess.Popen[bytes]],
) -> None:
    now = [0.0]
    long = LongQueries(Limits(workers=1, timeout=8), lambda: now[0])
    with ExitStack() as stack:
        for each in sleepers:
            stack.enter_context(long.one_more("a", each.pid))
        now[0] = 8.5
        with pytest.raises(BusyError, match="Too many"):
            long.check(sleepers[2].pid, 10**9)


def test_more_than_may_run_at_once_are_all_answered(loader: Callable[[], Store]) -> None:
    with Pool(loader, Limits(workers=1, patience=0.01)) as pool, ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: ask(pool, crossed(5)), range(8)))

    assert answers == [b"n\r\n%d\r\n" % 12**5] * 8


def test_memory_of_nobody_is_none() -> None:
    assert long_queries.anonymous_memory(10**9) == 0
    assert long_queries.anonymous_memory(os.getpid()) > 1 << 20


def test_who_has_waited_for_longest_is_first_and_who_left_is_passed_over() -> None:
    free = FreeWorkers()
    first, second, third = (free.take() for _ in range(3))
    assert free.wanted
    assert first.cancel()  # type: ignore[union-attr]
    for _ in range(3):
        free.put(None)

    assert (second.done(), third.done(), len(free), free.wanted) == (True, True, 1, False)  # type: ignore[union-attr]


def test_who_waits_when_all_is_closed_gets_the_reason() -> None:
    free = FreeWorkers()
    waiting = free.take()
    assert free.refuse(BusyError("closing")) == []
    with pytest.raises(BusyError, match="closing"):
        waiting.result(1)  # type: ignore[union-attr]
    assert threading.current_thread() is threading.main_thread()
    free.put(Worker(1, None))  # type: ignore[arg-type]
    assert len(free) == 1
