"""How long commands take to start, beside a Python that imports click and pyoxigraph and does nothing.

    python tests/benchmark_start.py

Commands run in turn, so that what else the machine does meets all of them alike; the median counts.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

ROUNDS = 15
BASE = "nothing"
COMMANDS = {
    BASE: ("-c", "import click, pyoxigraph"),
    "--version": ("-m", "kg", "--version"),
    "--help": ("-m", "kg", "--help"),
    "query NAME": ("-m", "kg", "query", "who-criticised"),
}


def seconds(arguments: tuple[str, ...]) -> float:
    """Return how long Python runs with `arguments`; raises CalledProcessError when it fails."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main() -> None:
    seconds(COMMANDS["query NAME"])  # builds the graph if it is not there
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):
        for name, arguments in COMMANDS.items():
            taken[name].append(seconds(arguments))
    medians = {name: statistics.median(times) for name, times in taken.items()}
    for name, median in medians.items():
        sys.stdout.write(f"{name:12}{1000 * median:7.0f} ms{median / medians[BASE]:7.1f} times\n")


if __name__ == "__main__":
    main()
