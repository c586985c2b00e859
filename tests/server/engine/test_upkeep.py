"""New data without a lost request: old queries end on old data, what is not whole is refused."""

from __future__ import annotations

import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Store

from kg.cache import CachedBuild
from kg.errors import CablegraphError
from server import create_app
from server.engine.evaluation.query_request import Limits, QueryRequest
from server.engine.workers import graph_file, upkeep
from server.engine.workers.pool import Pool
from server.web.http_errors import AbandonedError, ServerFaultError

from ..running import WITHOUT_CACHE, Load, alive, end, nquads, server, within
from ..talking import get, numbers

TYPES = {"solutions": "text/csv"}
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
# So many rows for n statements: n to the sixth power.
SLOW = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(6)) + " }"
META = "https://w3id.org/cablegraph/graph/meta"
COUNTED = f"""\
<http://ex.org/g> <http://rdfs.org/ns/void#triples> "3"^^<http://www.w3.org/2001/XMLSchema#integer> <{META}> .
<https://w3id.org/cablegraph/dataset> <http://rdfs.org/ns/void#subset> <http://ex.org/g> <{META}> .
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], CachedBuild]:
    """Writes a graph to a file of its own and returns it as built."""

    def write(content: str) -> CachedBuild:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.nq"
        path.write_text(content, encoding="utf-8")
        return graph_file.at(path)

    return write


@pytest.fixture
def pool(write: Callable[[str], CachedBuild]) -> Iterator[Pool]:
    built = write(nquads(12))
    limits = Limits(workers=2, timeout=30)
    with Pool(lambda: graph_file.load(built), limits, built.version) as pool:
        yield pool


def ask(pool: Pool, query: str = COUNT) -> int:
    return int(pool.answer(QueryRequest(query, TYPES)).body.split()[1])


def test_a_query_that_runs_ends_on_its_data_and_the_next_sees_the_new(
    pool: Pool, write: Callable[[str], CachedBuild]
) -> None:
    before = pool.process
    with ThreadPoolExecutor() as threads:
        old = threads.submit(pool.answer, QueryRequest(SLOW, TYPES))
        assert within(5, lambda: pool.idle == 1)
        built = write(nquads(5))
        pool.reload(built)
        new = pool.answer(QueryRequest(COUNT, TYPES))
        still_there = alive(before)
        late = old.result(60)

    assert (new.body, new.version) == (b"n\r\n5\r\n", built.version)
    assert late.body == b"n\r\n%d\r\n" % 12**6
    assert late.version not in ("", built.version)
    assert (still_there, pool.reloads, pool.version) == (True, 1, built.version)
    assert end(before, 2)


def test_what_was_loaded_last_is_what_comes_back_after_a_kill(
    pool: Pool, write: Callable[[str], CachedBuild]
) -> None:
    pool.reload(write(nquads(5)))
    os.kill(pool.process, signal.SIGKILL)

    assert ask(pool) == 5


def test_without_a_file_it_is_loaded_again_as_at_first(tmp_path: Path) -> None:
    path = tmp_path / "graph.nq"
    path.write_text(nquads(2), encoding="utf-8")
    with Pool(lambda: graph_file.load(graph_file.at(path)), Limits(workers=1)) as pool:
        first = ask(pool)
        path.write_text(nquads(7), encoding="utf-8")
        pool.reload()

        assert (first, ask(pool)) == (2, 7)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (nquads(5)[:-30], "cannot be loaded"),
        ("", "has no statements"),
        (nquads(2) + COUNTED, "http://ex.org/g has 2 statements, not 3"),
        (COUNTED, "http://ex.org/g has 0 statements, not 3"),
        (nquads(3) + COUNTED.splitlines(keepends=True)[1], "not a stated number"),
        (nquads(3) + COUNTED.replace('"3"', '"many"'), "invalid literal"),
    ],
    ids=["half a line", "nothing", "half a graph", "a lost graph", "no count", "a wrong count"],
)
def test_what_is_not_whole_is_refused_and_the_data_before_stays(
    pool: Pool, write: Callable[[str], CachedBuild], content: str, reason: str
) -> None:
    version = pool.version
    with pytest.raises(ServerFaultError, match=reason):
        pool.reload(write(content))

    assert (ask(pool), pool.version, pool.reloads) == (12, version, 0)


def test_what_is_whole_by_its_own_account_is_taken(pool: Pool, write: Callable[[str], CachedBuild]) -> None:
    pool.reload(write(nquads(3) + COUNTED))

    assert ask(pool) == 5


def test_a_file_that_changes_meanwhile_is_refused(pool: Pool, write: Callable[[str], CachedBuild]) -> None:
    built = write(nquads(5))
    built.nquads.write_text(nquads(6), encoding="utf-8")
    with pytest.raises(ServerFaultError, match="was changed while it was read"):
        pool.reload(built)

    assert ask(pool) == 12


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CablegraphError, match=r"none\.nq cannot be read: No such file"):
        graph_file.at(tmp_path / "none.nq")


def test_the_entity_tag_and_the_page_follow_the_data(pool: Pool, write: Callable[[str], CachedBuild]) -> None:
    client: FlaskClient = create_app(pool, data_version="first", queries={}).test_client()
    before = get(client, COUNT)
    again = client.get(before.request.full_path, headers={"If-None-Match": before.headers["ETag"]})
    built = write(nquads(5))
    pool.reload(built)
    after = client.get(before.request.full_path, headers={"If-None-Match": before.headers["ETag"]})

    assert again.status_code == 304
    assert (numbers(before), numbers(after)) == ([12], [5])
    assert before.headers["ETag"] != after.headers["ETag"]
    assert f"data {built.version[:16]}" in client.get("/").text


def test_a_hangup_reloads_and_says_so(pool: Pool, write: Callable[[str], CachedBuild]) -> None:
    said: queue.SimpleQueue[str] = queue.SimpleQueue()
    built = write(nquads(5))
    before = signal.getsignal(signal.SIGHUP)
    with upkeep.maintain(pool, lambda: built, said.put, lambda: None):
        os.kill(os.getpid(), signal.SIGHUP)
        line = said.get(timeout=60)
        count = ask(pool)

    assert (line, count) == (f"reloaded: data {built.version[:16]}", 5)
    assert signal.getsignal(signal.SIGHUP) is before


class Failing:
    """A build that fails in one way and then in another."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)

    def __call__(self) -> CachedBuild:
        raise self.errors.pop(0)


def test_a_build_that_fails_is_said_in_a_line_and_the_data_before_stays(pool: Pool) -> None:
    said: queue.SimpleQueue[str] = queue.SimpleQueue()
    build = Failing(
        CablegraphError("x.yaml:3: no such actor\nx.yaml:4: more"),
        OSError(28, "No space left"),
        KeyError("what nobody foresaw"),
    )
    with upkeep.maintain(pool, build, said.put, lambda: None) as wish:
        for _ in range(3):
            wish()
        lines = [said.get(timeout=60) for _ in range(3)]

    assert lines == [
        "not reloaded, the previous data stays: x.yaml:3: no such actor",
        "not reloaded, the previous data stays: No space left",
        "not reloaded, the previous data stays: KeyError: 'what nobody foresaw'",
    ]
    assert ask(pool) == 12


class Broken:
    """A pool that can be neither reloaded nor mended."""

    def __init__(self, error: CablegraphError) -> None:
        self.error = error
        self.asked = 0

    def mend(self) -> None:
        self.asked += 1
        raise self.error

    def reload(self, _: CachedBuild) -> None:
        raise self.error


def test_when_the_data_before_are_gone_the_whole_file_that_is_there_now_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "graph.nq"
    path.write_text(nquads(4), encoding="utf-8")
    first = graph_file.at(path)
    said: queue.SimpleQueue[str] = queue.SimpleQueue()
    with Pool(lambda: graph_file.load(first), Limits(workers=1), first.version) as pool:
        path.write_text(nquads(9), encoding="utf-8")
        with upkeep.maintain(pool, lambda: graph_file.at(path), said.put, lambda: None):
            os.kill(pool.process, signal.SIGKILL)
            lines = [said.get(timeout=60) for _ in range(2)]

        assert "was changed while it was read" in lines[0]
        assert lines[1] == f"reloaded: data {graph_file.at(path).version[:16]}"
        assert ask(pool) == 9


@pytest.mark.parametrize("reloading", [True, False])
def test_when_nobody_is_left_it_gives_up_once(reloading: bool) -> None:
    said: queue.SimpleQueue[str] = queue.SimpleQueue()
    ends: queue.SimpleQueue[bool] = queue.SimpleQueue()
    broken = Broken(AbandonedError("all lost"))
    built = CachedBuild(Path("x"), "v")
    others = set(threading.enumerate())
    with upkeep.maintain(broken, lambda: built, said.put, lambda: ends.put(True)) as wish:  # type: ignore[arg-type]
        (keeper,) = set(threading.enumerate()) - others
        if reloading:
            wish()
        assert ends.get(timeout=60)
        assert said.get(timeout=60) == "ending: all lost"
        keeper.join(5)
        assert not keeper.is_alive()

    assert ends.empty()
    assert broken.asked == (0 if reloading else 1)


def test_what_cannot_be_mended_now_is_tried_again_later_and_not_at_once() -> None:
    said: queue.SimpleQueue[str] = queue.SimpleQueue()
    broken = Broken(ServerFaultError("no file\nno line"))
    with upkeep.maintain(broken, lambda: CachedBuild(Path("x"), "v"), said.put, lambda: None):  # type: ignore[arg-type]
        assert said.get(timeout=60) == "cannot load the previous data again: no file"
        assert said.get(timeout=60) == "not reloaded, the previous data stays: no file"
        time.sleep(0.6)  # three times as long as between two looks

    assert broken.asked == 1


@pytest.mark.parametrize("options", [(), WITHOUT_CACHE], ids=["cached", "not cached"])
@pytest.mark.slow
def test_under_load_no_request_is_lost_by_reloads(tmp_path: Path, options: tuple[str, ...]) -> None:
    path = tmp_path / "graph.nq"
    path.write_text(nquads(5), encoding="utf-8")
    with server(path, *options) as running, Load(running) as load:
        for round_, count in enumerate((6, 7, 8, 9), start=1):
            fresh = tmp_path / "fresh.nq"
            fresh.write_text(nquads(count), encoding="utf-8")
            fresh.replace(path)
            running.process.send_signal(signal.SIGHUP)
            assert within(10, lambda round_=round_: _reloads(running.errors) == round_)
            assert running.number() == count
        path.write_text("half a li", encoding="utf-8")
        running.process.send_signal(signal.SIGHUP)
        running.wait_for_line("not reloaded, the previous data stays: The graph cannot be loaded")
        assert running.number() == 9

    assert load.failed == []
    assert load.numbers <= {5, 6, 7, 8, 9}
    assert {5, 9} <= load.numbers


def _reloads(lines: list[str]) -> int:
    return sum(line.startswith("reloaded: data ") for line in lines)


def test_a_pool_reloads_whatever_its_loader_gives(loader: Callable[[], Store]) -> None:
    with Pool(loader, Limits(workers=1), "v1") as pool:
        before = pool.process
        pool.reload()

        assert pool.process != before
        assert (ask(pool), pool.version) == (12, "v1")
