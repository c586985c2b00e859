"""The group of commands: plain messages, exit codes, progress, and commands that layers above add.

Exit codes: 0 done; 1 findings; 2 wrong use; 3 wrong data.
"""

from __future__ import annotations

import sys
import time
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import click

from kg.errors import CablegraphError, DataError

FINDINGS, USAGE, DATA = 1, 2, 3


class Commands(click.Group):
    """A group that turns our errors into messages and exit codes.

    Commands registered under the entry point group `cablegraph.commands` belong to it; they are
    loaded when they are named, so that `kg` imports nothing from the layers above it.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands in order."""
        return sorted({*super().list_commands(ctx), *_added()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, or None."""
        own = super().get_command(ctx, cmd_name)
        added = _added()
        if own is None and cmd_name in added:
            loaded: click.Command = added[cmd_name].load()
            return loaded
        return own

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; every error of cablegraph ends in one message on standard error."""
        try:
            return super().invoke(ctx)
        except DataError as error:
            click.echo(error, err=True)
            click.echo(f"{len(error.findings)} findings; nothing was written", err=True)
            ctx.exit(DATA)
        except CablegraphError as error:
            click.echo(f"cablegraph: {error}", err=True)
            ctx.exit(USAGE)


def _added() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group="cablegraph.commands")}


class Progress:
    """Says on standard error what a command does, once it has taken longer than a second."""

    def __init__(self) -> None:
        self.start = time.monotonic()

    def __call__(self, message: str) -> None:
        """Show one step with the seconds since the start."""
        seconds = time.monotonic() - self.start
        if seconds > 1 or sys.stderr.isatty():
            click.echo(f"[{seconds:5.1f} s] {message}", err=True)
