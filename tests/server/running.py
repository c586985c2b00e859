"""A real server in a process of its own, the processes behind it, and clients that ask it."""

from __future__ import annotations

import http.client
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).parents[2]
WORKERS = 2
# Seconds until what a process of low priority makes is there, when others leave it little of the processor.
PATIENCE = 300
# A busy machine takes so many times as long as a test expects; what comes is waited for no longer than that.
BUSY = 12
WITHOUT_CACHE = ("--cache-size", "0")  # so that every query reaches a worker
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def nquads(count: int) -> str:
    """Return a graph of `count` statements."""
    return "".join(f'<http://ex.org/s> <http://ex.org/p> "{i}" <http://ex.org/g> .\n' for i in range(count))


@dataclass
class Running:
    """A server: its process, where it listens, and what it wrote to standard error."""

    process: subprocess.Popen[str]
    netloc: str
    errors: list[str] = field(default_factory=list)
    _written: threading.Condition = field(default_factory=threading.Condition)

    def ask(self, query: str, timeout: float = 60) -> tuple[int, bytes]:
        """Return status and body of the answer to `query`, over a connection of its own."""
        path = f"/sparql?{urlencode({'query': query, 'format': 'json'})}"
        return self.get(path, timeout)

    def get(self, path: str, timeout: float = 60) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self.netloc, timeout=timeout)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def number(self, query: str = COUNT) -> int:
        status, body = self.ask(query)
        assert status == 200, body
        return int(json.loads(body)["results"]["bindings"][0]["n"]["value"])

    def follow(self) -> None:
        """Keep what the server writes to standard error until it ends."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self._written:
                self.errors.append(line)
                self._written.notify_all()

    def wait_for_line(self, part: str, seconds: float = 10) -> None:
        with self._written:
            there = self._written.wait_for(lambda: any(part in line for line in self.errors), BUSY * seconds)
        assert there, self.errors


@contextmanager
def server(graph: Path | None, *options: str) -> Iterator[Running]:
    """A server of the file `graph`, or of the shipped records, with two workers, ended with the context."""
    command = [
        sys.executable,
        "-m",
        "kg",
        "serve",
        "--port",
        "0",
        "--workers",
        str(WORKERS),
        *(("--graph", str(graph)) if graph else ()),
    ]
    with subprocess.Popen(
        [*command, *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        running = Running(process, urlsplit(process.stdout.readline().split()[-1]).netloc)
        reader = threading.Thread(target=running.follow)
        reader.start()
        try:
            yield running
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()  # or the end of what it writes would be waited for without an end
                raise
            finally:
                reader.join(15)


class Load:
    """Clients that ask the same query again and again while the context lasts."""

    def __init__(self, running: Running, clients: int = 4, query: str = COUNT) -> None:
        self.answers: list[tuple[int, bytes]] = []
        self._ended = threading.Event()
        self._running, self._query = running, query
        self._threads = [threading.Thread(target=self._ask) for _ in range(clients)]

    def _ask(self) -> None:
        while not self._ended.is_set():
            try:
                self.answers.append(self._running.ask(self._query))
            except (OSError, http.client.HTTPException) as error:
                self.answers.append((0, repr(error).encode()))

    @property
    def failed(self) -> list[tuple[int, bytes]]:
        return [answer for answer in self.answers if answer[0] != 200]

    @property
    def numbers(self) -> set[int]:
        rows = [json.loads(body)["results"]["bindings"] for status, body in self.answers if status == 200]
        return {int(row[0]["n"]["value"]) for row in rows}

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        assert within(5, lambda: len(self.answers) >= len(self._threads))
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(15)


@dataclass(frozen=True)
class Processes:
    """The processes behind a server: two spares, the one with the data, its workers."""

    spares: tuple[int, ...]
    data: int
    workers: tuple[int, ...]

    @property
    def all(self) -> set[int]:
        return {*self.spares, self.data, *self.workers}


def processes(server: int, *, exactly: bool = True) -> Processes | None:
    """Return the processes behind a server, or None while some of them are being replaced.

    There may be more workers, unless the number is to be `exactly` that of a service at rest.
    """
    names: dict[str, list[int]] = {"more": [], "data": [], "work": []}
    for pid in (int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()):
        role = _role(pid, server)
        if role in names:
            names[role].append(pid)
    spares, data, workers = names.values()
    if (len(spares), len(data)) != (2, 1) or len(workers) < WORKERS or (exactly and len(workers) > WORKERS):
        return None
    return Processes(tuple(spares), data[0], tuple(workers))


def group(server: int) -> set[int]:
    """Return all living processes of the group that the server leads."""
    pids = (int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal())
    return {pid for pid in pids if _role(pid, server)}


def _role(pid: int, group: int) -> str:
    """Return the last part of the name of the process, or nothing if it is none of the living in `group`."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return ""
    name, _, rest = stat.partition("(")[2].rpartition(") ")
    state, _, leader = rest.split()[:3]
    return name.rpartition("-")[2] if int(leader) == group and state != "Z" else ""


def children(pid: int) -> list[int]:
    """Return the children of the process `pid`."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [int(child) for child in found]


def alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False


def end(pid: int, seconds: float = 5) -> bool:
    """Wait for the end of a process, which need be no child; tell whether it came in time."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        waiting = select.poll()
        waiting.register(descriptor, select.POLLIN)
        return bool(waiting.poll(BUSY * seconds * 1000))
    finally:
        os.close(descriptor)


def within(seconds: float, condition: Callable[[], object]) -> bool:
    """Return whether `condition` comes true in time; for what sends no word when it does.

    It is to come in so many `seconds`; on a busy machine it may take longer.
    """
    until = time.monotonic() + min(BUSY * seconds, max(seconds, PATIENCE))
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.01)
    return bool(condition())


def quickest(call: Callable[[], object], enough: float, attempts: int = 5) -> float:
    """Return the seconds that the quickest of some calls takes; the first that takes less than `enough` is the last.

    A busy machine makes one of them wait, and not all; what is always slow stays so.
    """
    took = float("inf")
    for _ in range(attempts):
        begin = time.monotonic()
        call()
        took = min(took, time.monotonic() - begin)
        if took < enough:
            break
    return took
