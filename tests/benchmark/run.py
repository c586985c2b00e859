"""Run the comparison: `python tests/benchmark/run.py --help`."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    # Not `-m tests.benchmark`: libraries exist that install a package `tests` of their own.
    sys.path.insert(0, str(Path(__file__).parents[1]))
    runpy.run_module("benchmark", run_name="__main__", alter_sys=True)
