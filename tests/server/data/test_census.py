"""The counts are made once for each state of the data, beside the queries and not before them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Store

from kg.errors import BusyError, TimeLimitError
from server.data.describing.census import Census
from server.engine.evaluation.query_request import Limits, QueryRequest
from server.engine.workers import graph_file
from server.engine.workers.pool import Pool

from ..running import COUNT, nquads, server, within

LIMITS = Limits(timeout=0.1, workers=1, memory=192 << 20, wait=0.3, counting=30.0)
CSV = {"solutions": "text/csv"}
LONG = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(6)) + " }"
ENDLESS = LONG.replace(" }", " " + " ".join(f"?d{i} ?e{i} ?f{i} ." for i in range(8)) + " }")


@pytest.fixture
def pool(loader: Callable[[], Store]) -> Iterator[Pool]:
    with Pool(loader, LIMITS, "first") as pool:
        yield pool


def test_everything_is_counted_once_for_a_state_of_the_data(pool: Pool, sizes: dict[str, int]) -> None:
    census = Census(pool, wait=10)
    first, second = census.statistics(), census.statistics()

    assert first is second
    assert first.counts["graphs"] == {(f"http://ex.org/{name}",): size for name, size in sizes.items()}
    assert first.counts["triples"] == {(): 12}
    assert (first.missing, first.pending) == ((), False)
    assert census.begin() is None


def test_many_who_begin_at_once_have_one_thread(pool: Pool) -> None:
    census = Census(pool)
    with pool.apart():
        threads = {census.begin() for _ in range(20)} - {None}
    for thread in threads:
        assert thread
        thread.join(10)

    assert len(threads) <= 1
    assert census.begin() is None


def test_who_asks_while_it_counts_waits_a_little_and_is_told(pool: Pool) -> None:
    statistics = Census(pool, wait=0.0).statistics()

    assert statistics.pending
    assert set(statistics.counts) == {
        "triples",
        "graphs",
        "properties",
        "classes",
        "uses",
        "targets",
        "datatypes",
    }


def test_new_data_are_counted_anew(pool: Pool, tmp_path: Path) -> None:
    census = Census(pool, wait=10)
    before = census.statistics()
    path = tmp_path / "graph.nq"
    path.write_text(nquads(7), encoding="utf-8")
    pool.reload(graph_file.at(path))

    assert before.counts["triples"] == {(): 12}
    assert census.statistics().counts["triples"] == {(): 7}


def test_a_long_count_takes_no_place_and_has_a_limit_of_its_own(pool: Pool) -> None:
    """It may take longer than any query, of which one can be asked meanwhile by the only worker."""
    with pool.apart() as apart:
        counted: list[bytes] = []
        thread = threading.Thread(target=lambda: counted.append(apart.answer(QueryRequest(LONG, CSV)).body))
        thread.start()
        with pytest.raises(TimeLimitError):
            pool.answer(QueryRequest(LONG, CSV))
        assert pool.answer(QueryRequest(COUNT, CSV)).body.split() == [b"n", b"12"]
        thread.join(30)

    assert counted[0].split() == [b"n", str(12**6).encode()]


def test_a_count_that_takes_too_long_is_ended_and_the_next_is_made(loader: Callable[[], Store]) -> None:
    with Pool(loader, replace(LIMITS, counting=0.2)) as pool, pool.apart() as apart:
        with pytest.raises(TimeLimitError):
            apart.answer(QueryRequest(ENDLESS, CSV))
        assert apart.answer(QueryRequest(COUNT, CSV)).body.split() == [b"n", b"12"]


def test_old_data_are_counted_no_further(pool: Pool) -> None:
    with pool.apart() as apart:
        assert apart.answer(QueryRequest(COUNT, CSV)).body.split() == [b"n", b"12"]
        pool.reload()
        with pytest.raises(BusyError):
            apart.answer(QueryRequest(COUNT, CSV))


def test_a_census_that_is_cut_short_begins_again(loader: Callable[[], Store]) -> None:
    with Pool(loader, LIMITS, "first") as pool:
        census = Census(pool, wait=10)
    thread = census.begin()
    assert thread
    thread.join(10)
    again = census.begin()  # the pool is closed, so that this one ends without counts, too

    assert again is not None
    again.join(10)


def test_a_server_has_counted_before_anybody_asks(tmp_path: Path) -> None:
    path = tmp_path / "graph.nq"
    path.write_text(nquads(40), encoding="utf-8")
    told = '<http://rdfs.org/ns/void#triples> "{}"'

    def described(number: int) -> bool:
        return told.format(number).encode() in running.get("/.well-known/void?format=nt")[1]

    with server(path) as running:
        assert within(5, lambda: described(40))
        path.write_text(nquads(41), encoding="utf-8")
        running.process.send_signal(1)
        assert within(5, lambda: described(41))
