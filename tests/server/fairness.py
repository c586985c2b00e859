"""Let many clients ask small queries while some run away and workers are killed; run by hand.

`python tests/server/fairness.py 60` asks for 60 seconds. In the end: how long the small queries took, how many
were refused, and when the runaways ended. Exit code 1 if a small query failed that no kill explains.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

import click
from running import WITHOUT_CACHE, Running, nquads, processes, server

CLIENTS = 60
LIMIT = 3  # seconds for a query
_KILL = 1.5  # seconds between two kills of a worker
_RUNAWAYS = 0.01
_SMALL = "SELECT ?o { <http://ex.org/s> <http://ex.org/p> ?o } LIMIT 3"
_RUNAWAY = f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'?a{i} ?b{i} ?c{i} .' for i in range(6))} }}"

Record = tuple[bool, int, float]  # whether it ran away, status, seconds


def request(query: str, netloc: str) -> bytes:
    """Return the bytes of a request for `query`."""
    path = f"/sparql?{urlencode({'query': query})}"
    return (
        f"GET {path} HTTP/1.1\r\nHost: {netloc}\r\nAccept: application/sparql-results+json\r\n\r\n".encode()
    )


def response(sock: socket.socket) -> int:
    """Return the status of the next response, read to its end."""
    data = b""
    while (end := data.find(b"\r\n\r\n")) < 0:
        piece = sock.recv(1 << 16)
        if not piece:
            raise ConnectionError
        data += piece
    length = int(data[:end].lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(data) < end + 4 + length:
        data += sock.recv(1 << 16)
    return int(data[9:12])


def ask(netloc: str, ended: threading.Event, seed: int, records: list[Record]) -> None:
    """Ask queries at random until `ended`."""
    source = random.Random(seed)  # noqa: S311 - not for secrets
    host, port = netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=30) as sock:
        while not ended.is_set():
            runaway = source.random() < _RUNAWAYS
            begin = time.monotonic()
            sock.sendall(request(_RUNAWAY if runaway else _SMALL, netloc))
            records.append((runaway, response(sock), time.monotonic() - begin))


def kill_workers(running: Running, seconds: float) -> int:
    """Kill a worker again and again for so many seconds; return how many were."""
    killed, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(_KILL)
        found = processes(running.process.pid, exactly=False)
        if found:
            os.kill(random.choice(found.workers), signal.SIGKILL)  # noqa: S311
            killed += 1
    return killed


def report(records: list[Record], killed: int) -> bool:
    """Write what was measured; return whether a small query failed that no kill explains."""
    small = sorted(seconds for runaway, status, seconds in records if not runaway and status == 200)
    away = [(status, seconds) for runaway, status, seconds in records if runaway]
    statuses = Counter(status for runaway, status, _ in records if not runaway)
    cuts = ", ".join(f"{name} {1000 * small[int(len(small) * part)]:.0f}" for name, part in
                     (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999)))  # fmt: skip
    click.echo(
        f"{len(small)} small queries, in ms: {cuts}, at most {1000 * small[-1]:.0f}; {dict(statuses)}; {killed} kills"
    )
    click.echo(f"{len(away)} runaways: {dict(Counter(status for status, _ in away))}, "
               f"after {min(s for _, s in away):.2f} to {max(s for _, s in away):.2f} s")  # fmt: skip
    return len(records) - len(away) - len(small) > killed


@click.command()
@click.argument("seconds", type=click.FloatRange(min=4), default=60)
@click.option("--clients", default=CLIENTS, show_default=True)
def main(seconds: float, clients: int) -> None:
    """Ask for so many SECONDS."""
    records: list[Record] = []
    ended = threading.Event()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.nq"
        path.write_text(nquads(2000), encoding="utf-8")
        with server(path, "--timeout", str(LIMIT), *WITHOUT_CACHE) as running:
            threads = [
                threading.Thread(target=ask, args=(running.netloc, ended, n, records)) for n in range(clients)
            ]
            for thread in threads:
                thread.start()
            killed = kill_workers(running, seconds)
            ended.set()
            for thread in threads:
                thread.join(40)
    sys.exit(report(records, killed))


if __name__ == "__main__":
    main()
