"""Let a server work for some minutes, with memory watched; run by hand: `python tests/server/soak.py 10`.

Clients ask small, large, wrong and runaway queries; now and then a process is killed and the data
are reloaded. In the end: how many answers of which status, and how memory grew. Exit code 1 when a
query failed that should not have, or when the web process grew by more than a tenth and 8 MiB.
"""

from __future__ import annotations

import http.client
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import click
from running import COUNT, WITHOUT_CACHE, Running, nquads, processes, server, within

_CLIENTS = 6
_STATEMENTS = 20_000
_EVERY = 10.0  # seconds between two looks at memory
_ROUND = 4  # looks, one after each kind of disturbance
_SLACK = 8 << 10  # KiB of growth that mean nothing
_CROSSED = " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(4))
# A query, the statuses that are right for it, and how often it is asked for each 100.
QUERIES = (
    (COUNT, {200}, 50),
    ("SELECT * { ?s ?p ?o } LIMIT 2000", {200}, 30),
    ("CONSTRUCT WHERE { ?s ?p ?o }", {200, 406}, 5),
    ("SELECT * { nonsense }", {400}, 10),
    ("ASK { SERVICE <http://127.0.0.1:9/> {} }", {403}, 4),
    (f"SELECT (COUNT(*) AS ?n) {{ {_CROSSED} }}", {503}, 1),
)


@dataclass
class Tally:
    """What came back; `wrong` are answers that should not have been."""

    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, query: str, status: int, right: set[int]) -> None:
        with self.lock:
            self.statuses[status] += 1
            if status not in right:
                self.wrong.append(f"{status}: {query[:60]}")


def ask(running: Running, tally: Tally, ended: threading.Event, seed: int) -> None:
    """Ask queries at random until `ended`; a place in the queue may be refused with 503 at any time."""
    source = random.Random(seed)  # noqa: S311 - not for secrets
    weights = [weight for _, _, weight in QUERIES]
    while not ended.is_set():
        query, right, _ = source.choices(QUERIES, weights)[0]
        try:
            tally.note(query, running.ask(query, timeout=30)[0], {*right, 503})
        except (OSError, http.client.HTTPException) as error:
            tally.note(f"{query[:20]} {error!r}", 0, right)


def memory(pid: int, kind: str) -> int:
    """Return the memory of `pid` in KiB, 0 when it is gone.

    `kind` is Rss, all that it sees, or Pss, where what several processes share counts once.
    """
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{kind}:")), 0)


def disturb(running: Running, path: Path, round_: int) -> str:
    """Do one unkind thing and return what it was."""
    found = processes(running.process.pid)
    victims = {
        0: lambda: os.kill(found.workers[0], signal.SIGKILL) if found else None,
        1: lambda: os.kill(found.data, signal.SIGKILL) if found else None,
        2: lambda: os.kill(found.spares[0], signal.SIGKILL) if found else None,
    }
    if round_ % 4 in victims:
        victims[round_ % 4]()
        return ("killed a worker", "killed the data process", "killed a spare process")[round_ % 4]
    fresh = path.with_suffix(".fresh")
    fresh.write_text(nquads(_STATEMENTS + round_), encoding="utf-8")
    fresh.replace(path)
    running.process.send_signal(signal.SIGHUP)
    return "reloaded"


def work(running: Running, path: Path, tally: Tally, minutes: float) -> list[tuple[int, int]]:
    """Return the memory in KiB of the web process and of all processes, at each look."""
    seen: list[tuple[int, int]] = []
    until = time.monotonic() + minutes * 60
    round_ = 0
    while time.monotonic() < until:
        what = disturb(running, path, round_)
        round_ += 1
        time.sleep(min(_EVERY, max(0.0, until - time.monotonic())))
        within(5, lambda: processes(running.process.pid))
        found = processes(running.process.pid)
        everyone = [running.process.pid, *(found.all if found else ())]
        web = memory(running.process.pid, "Rss")
        seen.append((web, sum(memory(pid, "Pss") for pid in everyone)))
        click.echo(f"{what:24} web {web / 1024:7.1f} MiB, all {seen[-1][1] / 1024:7.1f} MiB, "
                   f"{tally.statuses.total():8} answers, {len(tally.wrong)} wrong")  # fmt: skip
    return seen


def _largest(looks: list[tuple[int, int]]) -> tuple[int, int]:
    return max(web for web, _ in looks), max(everyone for _, everyone in looks)


@click.command()
@click.argument("minutes", type=click.FloatRange(min=0.1), default=2)
def main(minutes: float) -> None:
    """Soak a server for so many MINUTES."""
    tally, ended = Tally(), threading.Event()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.nq"
        path.write_text(nquads(_STATEMENTS), encoding="utf-8")
        with server(path, "--timeout", "1", *WITHOUT_CACHE) as running:
            clients = [threading.Thread(target=ask, args=(running, tally, ended, i)) for i in range(_CLIENTS)]
            for client in clients:
                client.start()
            try:
                seen = work(running, path, tally, minutes)
            finally:
                ended.set()
                for client in clients:
                    client.join(40)
    first, last = _largest(seen[:_ROUND]), _largest(seen[-_ROUND:])
    click.echo(f"{tally.statuses.total()} answers: {dict(sorted(tally.statuses.items()))}")
    click.echo(f"most memory in the first round and the last: web process {first[0] / 1024:.1f} and {last[0] / 1024:.1f} MiB, "
               f"all processes {first[1] / 1024:.1f} and {last[1] / 1024:.1f} MiB")  # fmt: skip
    click.echo("\n".join(tally.wrong[:20]))
    sys.exit(bool(tally.wrong) or last[0] > first[0] * 1.1 + _SLACK)


if __name__ == "__main__":
    main()
