"""The making of a release: on demand, in another process, bounded, and with nothing lost when it fails."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from http.client import HTTPException
from itertools import islice
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Store

from kg.cache import CachedBuild
from kg.errors import ReleaseError
from kg.publishing.dumps import check, release_folders
from kg.store.nquads import serialize
from kg.store.nquads import version as version_of
from server import create_app
from server.data.downloads.background_jobs import JobLimits
from server.data.downloads.releases import MAKER, Builds, Releases
from server.engine.workers.pool import Pool
from server.web.http_errors import ReleaseFailedError, ReleaseNotReadyError

from .. import linked
from ..pools import open_pool
from ..running import PATIENCE, alive, nquads, server, within
from ..talking import problem

BROKEN = (sys.executable, "-c", "import sys; sys.exit('No space left on device')")


# Makes the smallest release that there can be, where a pipe is named as soon as somebody writes into it.
QUICK = """
import sys
from pathlib import Path
home, _, version = sys.argv[-3:]
for gate in sys.argv[1:-3]:
    Path(gate).read_bytes()
folder = Path(home) / version[:16]
folder.mkdir(parents=True, exist_ok=True)
(folder / "MANIFEST.json").write_text('{"version": "%s", "licence": "http://ex.org/l", "files": []}' % version)
print(version[:16])
"""


def maker(*gate: Path) -> tuple[str, ...]:
    return (sys.executable, "-S", "-c", QUICK, *map(str, gate))


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """A pipe that a maker waits at."""
    path = tmp_path / "gate"
    os.mkfifo(path)
    return path


@pytest.fixture
def built(tmp_path: Path) -> CachedBuild:
    store = Store()
    store.load(nquads(12).encode(), RdfFormat.N_QUADS)
    content = serialize(store, "nq")
    path = tmp_path / "graph.nq"
    path.write_bytes(content)
    return CachedBuild(path, version_of(content))


def client_of(releases: Releases, pool: Pool) -> FlaskClient:
    return create_app(pool, data_version="v1", releases=releases).test_client()


def test_it_is_made_when_first_asked_for_and_then_found(tmp_path: Path, built: CachedBuild) -> None:
    said: list[str] = []
    releases = Releases(tmp_path / "dumps", lambda: built, said.append, limits=JobLimits(wait=PATIENCE))
    before = releases.ready()
    name = releases.current()
    again = releases.current()

    assert (before, name, again) == ("", built.version[:16], name)
    assert said == [f"made the release of data {name}"]
    assert releases.names == (name,)
    assert releases.manifest(name).version == built.version
    assert check.check(tmp_path / "dumps" / name) == []


def test_what_another_process_made_before_is_found(tmp_path: Path, built: CachedBuild) -> None:
    folder = tmp_path / "dumps"
    first = Releases(folder, lambda: built, maker=maker()).current()
    (folder / first / ".recipe").write_text(release_folders.recipe(), encoding="ascii")

    assert Releases(folder, lambda: built, maker=BROKEN).current() == first


def test_many_at_once_start_one_maker(tmp_path: Path, built: CachedBuild, gate: Path) -> None:
    said: list[str] = []
    releases = Releases(tmp_path / "dumps", lambda: built, said.append, maker=maker(gate))

    def ask(_: int) -> str:
        try:
            return releases.current()
        except ReleaseNotReadyError:
            return "not ready"

    with ThreadPoolExecutor(12) as threads:
        asked = [threads.submit(ask, number) for number in range(12)]
        refused = list(islice(as_completed(asked, 10), 10))
        gate.write_bytes(b"")
        waited = [one.result(10) for one in asked if one not in refused]

    assert [one.result() for one in refused] == ["not ready"] * 10
    assert waited == [built.version[:16]] * 2  # so many may wait
    assert len(said) == 1


def test_a_request_waits_only_so_long(tmp_path: Path, built: CachedBuild, gate: Path) -> None:
    releases = Releases(tmp_path / "dumps", lambda: built, maker=maker(gate), limits=JobLimits(wait=0.2))
    begin = time.monotonic()
    with pytest.raises(ReleaseNotReadyError):
        releases.current()

    assert time.monotonic() - begin < 20  # it would never be ready
    gate.write_bytes(b"")
    assert within(PATIENCE, releases.ready)


def test_clients_are_told_when_to_come_again(tmp_path: Path, built: CachedBuild, gate: Path) -> None:
    with open_pool(linked.load, linked.LIMITS) as pool:
        slow = client_of(
            Releases(tmp_path / "a", lambda: built, maker=maker(gate), limits=JobLimits(wait=0.1)), pool
        )
        broken = client_of(Releases(tmp_path / "b", lambda: built, maker=BROKEN), pool)
        for path in ("/dumps/", "/dumps/latest/cablegraph.ttl"):
            response = slow.get(path)
            problem(response, 503, "release-not-ready")
            assert response.headers["Retry-After"] == "5"
            response = broken.get(path)
            problem(response, 503, "release-failed")
            assert response.headers["Retry-After"] == "60"
            assert "No space" not in response.text
        gate.write_bytes(b"")
        assert within(PATIENCE, lambda: slow.get("/dumps/").status_code == 200)


def test_a_failure_is_logged_and_tried_again_after_a_pause(tmp_path: Path, built: CachedBuild) -> None:
    said: list[str] = []
    broken = Releases(tmp_path / "dumps", lambda: built, said.append, maker=BROKEN, limits=JobLimits(pause=2))
    for _ in range(3):
        with pytest.raises(ReleaseFailedError):
            broken.current()
    first = list(said)
    time.sleep(2.1)
    with pytest.raises(ReleaseFailedError):
        broken.current()

    assert first == [f"cannot make the release of data {built.version[:16]}: No space left on device"]
    assert said == first * 2


def test_a_maker_that_dies_without_a_word_is_told_too(tmp_path: Path, built: CachedBuild) -> None:
    said: list[str] = []
    command = (sys.executable, "-c", "import os; os.kill(os.getpid(), 9)")
    with pytest.raises(ReleaseFailedError):
        Releases(tmp_path / "dumps", lambda: built, said.append, maker=command).current()

    assert "the command ended with exit code -9" in said[0]


def test_a_maker_that_cannot_be_started_is_told_too(tmp_path: Path, built: CachedBuild) -> None:
    said: list[str] = []
    with pytest.raises(ReleaseFailedError):
        Releases(tmp_path / "dumps", lambda: built, said.append, maker=(str(tmp_path / "none"),)).current()

    assert "No such file" in said[0]


def test_a_file_that_was_replaced_without_a_reload_is_not_released(
    tmp_path: Path, built: CachedBuild
) -> None:
    said: list[str] = []
    releases = Releases(tmp_path / "dumps", lambda: built, said.append, limits=JobLimits(wait=PATIENCE))
    built.nquads.write_text(nquads(3), encoding="utf-8")
    with pytest.raises(ReleaseFailedError):
        releases.current()

    assert "has changed since the service loaded it" in said[0]
    assert releases.names == ()


def test_a_release_that_somebody_took_away_is_made_again(tmp_path: Path, built: CachedBuild) -> None:
    releases = Releases(tmp_path / "dumps", lambda: built, maker=maker())
    name = releases.current()
    (tmp_path / "dumps" / name).rename(tmp_path / "away")

    assert releases.ready() == ""
    assert releases.current() == name


def test_what_newer_code_on_disk_made_is_accepted(tmp_path: Path, built: CachedBuild) -> None:
    releases = Releases(tmp_path / "dumps", lambda: built, maker=maker())
    name = releases.current()
    (tmp_path / "dumps" / name / ".recipe").write_text("of other code", encoding="ascii")

    assert releases.ready() == name
    assert Releases(tmp_path / "dumps", lambda: built).ready() == ""


def test_new_data_get_a_release_and_the_older_stays(tmp_path: Path, built: CachedBuild) -> None:
    other = tmp_path / "other.nq"
    other.write_text(nquads(5), encoding="utf-8")
    given = iter([built, CachedBuild(other, version_of(other.read_bytes()))])
    builds = Builds(lambda: next(given))
    first = builds()
    served = [first.version]
    releases = Releases(tmp_path / "dumps", lambda: builds.of(served[-1]), maker=maker())
    before = releases.current()
    served.append(builds().version)
    after = releases.current()

    assert before != after == served[-1][:16]
    assert set(releases.names) == {before, after}
    with pytest.raises(ReleaseFailedError):
        builds.of("f" * 64)


def test_a_manifest_that_was_damaged_is_told(tmp_path: Path, built: CachedBuild) -> None:
    folder = tmp_path / "dumps" / ("a" * 16)
    folder.mkdir(parents=True)
    (folder / "MANIFEST.json").write_text("{")

    with pytest.raises(ReleaseError):
        Releases(tmp_path / "dumps", lambda: built).manifest("a" * 16)


def test_only_so_many_manifests_are_remembered(tmp_path: Path, built: CachedBuild) -> None:
    releases = Releases(tmp_path / "dumps", lambda: built)
    for number in range(40):
        folder = tmp_path / "dumps" / f"{number:016x}"
        folder.mkdir(parents=True)
        (folder / "MANIFEST.json").write_text('{"version": "v", "licence": "http://ex.org/l", "files": []}')

    assert {releases.manifest(name).version for name in releases.names} == {"v"}


# A whole service.


@pytest.mark.slow
def test_after_a_reload_the_release_is_that_of_the_new_data(tmp_path: Path, built: CachedBuild) -> None:
    old = built.nquads.read_bytes()
    with server(built.nquads, "--dumps", str(tmp_path / "dumps")) as running:
        assert within(PATIENCE, lambda: running.get("/dumps/latest/", timeout=30)[0] == 302)
        running.wait_for_line(f"made the release of data {built.version[:16]}")
        fresh = tmp_path / "fresh.nq"
        fresh.write_text(nquads(7), encoding="utf-8")
        version = version_of(fresh.read_bytes())
        fresh.replace(built.nquads)
        running.process.send_signal(signal.SIGHUP)
        running.wait_for_line("reloaded")
        assert within(PATIENCE, lambda: running.get("/dumps/latest/", timeout=30)[0] == 302)
        new = running.get(f"/dumps/{version[:16]}/cablegraph.nq")
        before = running.get(f"/dumps/{built.version[:16]}/cablegraph.nq")

    assert new == (200, nquads(7).encode())
    assert before == (200, old)


@pytest.mark.slow
def test_a_killed_service_takes_its_maker_along_and_loses_nothing(tmp_path: Path) -> None:
    graph, folder = tmp_path / "large.nq", tmp_path / "dumps"
    graph.write_text(nquads(30_000), encoding="utf-8")
    with server(graph, "--dumps", str(folder)) as running:
        known = started(running.process.pid)
        asking = threading.Thread(target=_ask_in_vain, args=(running.get,))
        asking.start()
        assert within(PATIENCE, lambda: list(folder.glob(".making/*")))
        (making,) = started(running.process.pid) - known
        nice = os.getpriority(os.PRIO_PROCESS, making)
        running.process.kill()
        gone = within(5, lambda: not alive(making))
        asking.join(10)

    assert gone
    assert nice == 10
    assert release_folders.names(folder) == ()
    assert MAKER[1:] == ("-m", "kg.publishing.dumps")


def started(pid: int) -> set[int]:
    """Return the processes that any thread of `pid` has started."""
    found = (task / "children" for task in Path(f"/proc/{pid}/task").iterdir())
    return {int(child) for file in found for child in file.read_text(encoding="ascii").split()}


def _ask_in_vain(get: Callable[[str], object]) -> None:
    with suppress(OSError, HTTPException):
        get("/dumps/latest/")
