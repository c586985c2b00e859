"""Tell on standard error what takes time."""

from __future__ import annotations

import sys
import time

import click


class Progress:
    """Says on standard error what a command does, once it has taken longer than a second."""

    def __init__(self) -> None:
        self.start = time.monotonic()

    def __call__(self, message: str) -> None:
        """Show one step with the seconds since the start."""
        seconds = time.monotonic() - self.start
        if seconds > 1 or sys.stderr.isatty():
            click.echo(f"[{seconds:5.1f} s] {message}", err=True)
