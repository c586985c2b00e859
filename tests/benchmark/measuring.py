"""Ask every server every question in turn, so that all have the same weather."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from .asking import Answer, Line
from .peers import Peer

WARM = 3  # answers that are not counted
ROUNDS = 300  # at most
BUDGET = 1.5  # seconds for one server and one question, but at least one answer
BURST = 0.6  # seconds of asking from several connections at once
CLIENTS = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """What one server did with one question: milliseconds, answers a second, rows, or what went wrong."""

    best: float
    p50: float
    p99: float
    rate: float
    rows: int
    count: int
    problem: str = ""


def compare(peers: Sequence[Peer], questions: Mapping[str, str]) -> dict[str, dict[str, Cell]]:
    """Return for every question a cell for every one of `peers`, by name.

    A server that once does not answer in time is ended: its query would go on and disturb the others.
    """
    table: dict[str, dict[str, Cell]] = {}
    there = {peer.name: peer for peer in peers}
    for name, query in questions.items():
        with ExitStack() as stack:
            lines = {key: stack.enter_context(Line(peer)) for key, peer in there.items()}
            cells = _question(lines, there, query)
        for late in [key for key, cell in cells.items() if cell.problem.startswith(">")]:
            os.kill(there.pop(late).pid, signal.SIGKILL)
        table[name] = {peer.name: cells.get(peer.name, _GONE) for peer in peers}
    return table


def _question(lines: Mapping[str, Line], peers: Mapping[str, Peer], query: str) -> dict[str, Cell]:
    requests = {name: line.request(query) for name, line in lines.items()}
    first = {name: _warmed(line, requests[name]) for name, line in lines.items()}
    able = {name: answer for name, answer in first.items() if answer[1] == 200}
    times = _times(lines, requests, able)
    cells = {}
    for name, answer in first.items():
        if name not in able:
            cells[name] = _failed(answer)
            continue
        best = min(times[name])
        rate = _burst(peers[name], requests[name]) if best < BURST else 1 / best
        cells[name] = _cell(times[name], rate, answer[2])
    return cells


def _warmed(line: Line, request: bytes) -> Answer:
    """Return the last of some answers that bring `line` into its stride; of a slow server the first."""
    answer = line.ask(request)
    for _ in range(WARM):
        if answer[0] > BUDGET or answer[1] != 200:
            break
        answer = line.ask(request)
    return answer


def _times(
    lines: Mapping[str, Line], requests: Mapping[str, bytes], able: Mapping[str, Answer]
) -> dict[str, list[float]]:
    """Return the seconds of many answers by each of the `able`, asked in turn."""
    times = {name: [seconds] if seconds > BUDGET else [] for name, (seconds, *_) in able.items()}
    for _ in range(ROUNDS):
        for name, seconds in times.items():
            if sum(seconds) < BUDGET:
                seconds.append(lines[name].ask(requests[name])[0])
    return times


def _cell(seconds: Sequence[float], rate: float, body: bytes) -> Cell:
    ordered = sorted(1000 * value for value in seconds)
    return Cell(
        best=ordered[0],
        p50=ordered[len(ordered) // 2],
        p99=ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))],
        rate=rate,
        rows=_rows(body),
        count=len(ordered),
    )


_GONE = Cell(0, 0, 0, 0, -1, 0, "ended before")


def _failed(answer: Answer) -> Cell:
    seconds, status, _ = answer
    problem = f"> {seconds:.0f} s" if status == 0 else f"status {status}"
    return Cell(0, 0, 0, 0, -1, 0, problem)


def _rows(body: bytes) -> int:
    """Return how many rows or triples an answer has, to see that all say the same."""
    try:
        document = json.loads(body)
    except ValueError:
        return len({line for line in body.splitlines() if line.strip()})
    return int(document["boolean"]) if "boolean" in document else len(document["results"]["bindings"])


def _burst(peer: Peer, request: bytes) -> float:
    """Return answers a second to several clients at once."""
    counts = [0] * CLIENTS
    end = time.perf_counter() + BURST

    def client(place: int) -> None:
        with Line(peer) as line:
            while time.perf_counter() < end:
                line.ask(request)
                counts[place] += 1

    threads = [threading.Thread(target=client, args=(place,)) for place in range(CLIENTS)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - begin)
