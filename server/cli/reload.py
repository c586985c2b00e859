"""The command `cablegraph reload`: a running service reads its records, or its file, again."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import click

from kg.errors import CablegraphError
from server.cli import pid_file

_PROC = Path("/proc")
_NOT_OURS = (
    "Process {pid} is not a `cablegraph serve` of yours, and the signal would end most programs. Give the "
    "process ID of the service, or the file that `cablegraph serve --pid-file` writes."
)


@click.command("reload")
@click.option("--pid-file", "file", type=click.Path(path_type=Path), help="File of `serve --pid-file`.")
@click.option("--pid", type=click.IntRange(min=2), help="Process ID of the running service (Linux).")
def reload(file: Path | None, pid: int | None) -> None:
    """Ask a running service to read its records, or its file, again.

    Running queries end on the data that they began with. Data that are incomplete or not valid are
    refused, and the previous data stay; the log of the service has the result.
    """
    if (file is None) == (pid is None):
        raise click.UsageError("Give either --pid-file or --pid.")
    if file is not None:
        pid = pid_file.process_id(file)
    elif pid is not None and not _serves(pid):
        raise CablegraphError(_NOT_OURS.format(pid=pid))
    assert pid is not None  # noqa: S101 - one of the two was given
    try:
        os.kill(pid, signal.SIGHUP)
    except (ProcessLookupError, PermissionError) as error:
        raise CablegraphError(f"Process {pid} cannot be asked: {error.strerror}.") from None
    click.echo(f"asked process {pid} to reload; its log says what came of it")


def _serves(pid: int) -> bool:
    """Return whether a process is `cablegraph serve` and handles the signal (proc(5): cmdline, status)."""
    try:
        words = (_PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
        status = (_PROC / str(pid) / "status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    caught = next((line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:")), "0")
    named = any(Path(os.fsdecode(word)).name == "cablegraph" for word in words) or b"kg" in words
    return named and b"serve" in words and bool(int(caught, 16) >> (signal.SIGHUP - 1) & 1)
