"""What `serve` loads before it listens: nothing that only a build, or a release, needs."""

from __future__ import annotations

import subprocess
import sys

HEAVY = {"owlrl", "pyshacl", "lxml", "rdflib.plugins.sparql"}


def test_libraries_of_the_build_are_not_loaded_at_the_start() -> None:
    code = f"import server.cli.serve, sys; print(*sorted({HEAVY} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "\n"
