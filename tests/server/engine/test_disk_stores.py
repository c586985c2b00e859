"""Workers over a store on disk: each opens it for itself, and is held to the same limits."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Store

from kg.cache import CachedBuild
from kg.errors import CablegraphError, TimeLimitError
from kg.publishing.stores.store_folder import DiskStore
from server.engine.evaluation.query_request import Limits, QueryRequest
from server.engine.processes.wire import receive, send
from server.engine.workers import graph_file
from server.engine.workers.pool import Pool
from server.engine.workers.worker import answer_from, opened, refuse
from server.web.http_errors import ServerFaultError, ServiceRefusedError

from ..running import children, end, nquads

TYPES = {"boolean": "text/csv", "solutions": "text/csv"}
COUNT = QueryRequest("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", TYPES)
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store on disk of two hundred statements, and a file beside it that stands for its N-Quads."""
    place = tmp_path_factory.mktemp("disk")
    store = Store(str(place / "quads"))
    store.load(nquads(200).encode(), path=None, format=graph_file.RdfFormat.N_QUADS)
    store.flush()
    return place / "quads"


@pytest.fixture(scope="module")
def pool(folder: Path) -> Iterator[Pool]:
    limits = Limits(workers=1, timeout=0.5, hints=False, patience=5)
    with Pool(lambda: DiskStore(folder), limits, "v1") as pool:
        yield pool


def test_a_worker_answers_from_the_disk_and_another_takes_its_place(pool: Pool) -> None:
    first = pool.answer(COUNT)
    with pytest.raises(TimeLimitError):
        pool.answer(QueryRequest(ENDLESS, TYPES))

    assert (first.body, first.version) == (b"n\r\n200\r\n", "v1")
    assert pool.answer(COUNT).body == first.body
    assert pool.replaced >= 1


def test_a_worker_reads_a_store_of_more_files_than_the_engine_opens_at_first(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "many"))
    for number in range(6):  # each has files of its own for each order of quads
        store.bulk_load(
            f"<http://ex.org/{number}> <http://ex.org/p> <http://ex.org/o> <http://ex.org/g{number}> .".encode(),
            graph_file.RdfFormat.N_QUADS,
        )
    store.flush()
    assert len(list((tmp_path / "many").glob("*.sst"))) > 32
    by_graph = QueryRequest("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p <http://ex.org/o> } }", TYPES)
    by_term = QueryRequest("SELECT (COUNT(*) AS ?n) { ?s <http://ex.org/p> ?o }", TYPES)

    with Pool(lambda: DiskStore(tmp_path / "many"), Limits(workers=1, hints=False), "v1") as pool:
        counts = [pool.answer(request).body for request in (COUNT, by_graph, by_term)]
        # One that has just ended has no files any more.
        worker = next(one for one in children(pool.process) if held(one, tmp_path))
        limit = int(re.findall(r"Max open files +(\d+)", Path(f"/proc/{worker}/limits").read_text())[0])
        free = set(range(limit)) - {int(file.name) for file in Path(f"/proc/{worker}/fd").iterdir()}

    assert counts == [b"n\r\n6\r\n"] * 3
    # What it can still open is no more than the files that it has not needed yet.
    assert len(free) <= len(list((tmp_path / "many").glob("*.sst"))) - 16


def test_no_worker_over_a_disk_calls_a_service(pool: Pool) -> None:
    with pytest.raises(ServiceRefusedError):
        pool.answer(QueryRequest("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", TYPES))


def test_the_data_process_never_opens_the_store(pool: Pool, folder: Path) -> None:
    pool.answer(COUNT)
    (worker, *_) = children(pool.process)

    assert held(worker, folder)
    assert not held(pool.process, folder)


def held(process: int, folder: Path) -> list[str]:
    """Return the files in `folder` that the process has open."""
    links = [file.readlink() for file in Path(f"/proc/{process}/fd").iterdir()]
    return [str(link) for link in links if link.is_relative_to(folder)]


def test_a_killed_data_process_is_replaced_over_the_same_store(pool: Pool) -> None:
    before = pool.process
    os.kill(before, signal.SIGKILL)
    assert end(before)

    assert pool.answer(COUNT).body == b"n\r\n200\r\n"


def test_a_reload_leads_to_another_store(folder: Path, tmp_path: Path) -> None:
    built = CachedBuild(tmp_path / "graph.nq", "v2", store=folder)
    gone = CachedBuild(tmp_path / "graph.nq", "v3", store=tmp_path / "gone")
    with Pool(Store, Limits(workers=1, hints=False), "v1") as pool:
        pool.reload(built)
        answer = pool.answer(COUNT)
        with pytest.raises(
            CablegraphError, match="is gone; another store was written, so reload the service"
        ):
            pool.reload(gone)
        after = pool.answer(COUNT)

    assert (answer.body, answer.version) == (b"n\r\n200\r\n", "v2")
    assert after == answer


def test_the_head_of_a_message_has_the_store(folder: Path) -> None:
    built = CachedBuild(folder / "graph.nq", "v1", store=folder)

    assert graph_file.built(graph_file.source(built)) == built
    assert graph_file.load(built) == DiskStore(folder)


def test_a_store_in_memory_is_open_already(store: Store, folder: Path) -> None:
    assert opened(store) is store
    assert len(opened(DiskStore(folder))) == 200


def test_a_broken_store_is_told_to_each_client(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "broken")
    (tmp_path / "broken" / "CURRENT").unlink()
    with pytest.raises(OSError, match="CURRENT") as error:
        opened(DiskStore(tmp_path / "broken"))
    here, there = socket.socketpair()
    thread = threading.Thread(target=refuse, args=(there, str(error.value)))
    thread.start()
    with there:
        with here:
            send(here, {}, b"ASK {}")
            with pytest.raises(ServerFaultError, match=r"The store on disk cannot be opened: .*CURRENT"):
                answer_from(*receive(here))
        thread.join(5)

    assert not thread.is_alive()
