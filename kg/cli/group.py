"""The click group of the commands: lazy import, error messages, exit codes and progress.

Exit codes: 0 success; 1 findings; 2 wrong usage; 3 wrong data.
"""

from __future__ import annotations

import ast
import sys
import time
from collections.abc import Mapping
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.errors import CablegraphError, DataError

if TYPE_CHECKING:
    from kg.reading.collection.collection import Collection

FINDINGS, USAGE, DATA = 1, 2, 3
_GROUP = "cablegraph.commands"  # of entry points

_SHIPPED = "shipped"
_ONE = "Folder of a collection of your own, made by `cablegraph new DIR`."
COLLECTION = "CABLEGRAPH_COLLECTION"  # environment variable


class Commands(click.Group):
    """A click group that imports a command on use and turns our errors into messages and exit codes.

    `own` maps the names of its commands to `module:function`. The entry points `cablegraph.commands`
    add those of `server`, from which `kg` imports nothing. The list of commands imports none: it reads
    the docstrings from the source.
    """

    def __init__(self, *args: Any, own: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._own = {name: EntryPoint(name, value, _GROUP) for name, value in (own or {}).items()}

    @cached_property
    def _added(self) -> dict[str, EntryPoint]:
        return {point.name: point for point in entry_points(group=_GROUP)}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, sorted."""
        return sorted({*super().list_commands(ctx), *self._own, *self._added})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, or None if there is none."""
        point = self._point(cmd_name)
        if point is None:
            return super().get_command(ctx, cmd_name)
        loaded: click.Command = point.load()
        return loaded

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands; only a command without a docstring in its source is imported."""
        shown = click.Group()
        for name in self.list_commands(ctx):
            point = self._point(name)
            text = point and _docstring(point)
            command = click.Command(name, help=text) if text else self.get_command(ctx, name)
            if command is not None:
                shown.add_command(command, name)
        shown.format_commands(ctx, formatter)

    def _point(self, name: str) -> EntryPoint | None:
        """Return the entry point of the command `name`, or None if it is loaded or unknown."""
        if name in self.commands:
            return None
        return self._own.get(name) or self._added.get(name)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error of cablegraph becomes a message on standard error and an exit code."""
        try:
            return super().invoke(ctx)
        except DataError as error:
            click.echo(error, err=True)
            click.echo(f"{len(error.findings)} findings; nothing was written", err=True)
            ctx.exit(DATA)
        except CablegraphError as error:
            click.echo(f"cablegraph: {error}", err=True)
            ctx.exit(USAGE)


def _docstring(point: EntryPoint) -> str | None:
    """Return the docstring of a function, read from its source without import; None if it has none."""
    spec = find_spec(point.module)
    if spec is None or not spec.origin or not spec.has_location:
        return None
    functions = (
        node
        for node in ast.walk(ast.parse(Path(spec.origin).read_bytes()))
        if isinstance(node, ast.FunctionDef) and node.name == point.attr
    )
    return next(filter(None, map(ast.get_docstring, functions)), None)


def collections_option() -> click.Option:
    """Return the option `--collection`, whose value is a Collection; by default the one that came with us.

    Given more than once, it has the others beside the first.
    """
    return click.Option(
        ["--collection"],
        type=click.Path(path_type=Path, file_okay=False),
        multiple=True,
        envvar=COLLECTION,
        show_envvar=True,
        callback=_read_collections,
        help="Folder of a collection of your own, made by `cablegraph new DIR`. Repeatable: several are read "
        f"together, the first gives title and prefixes; `{_SHIPPED}` is the one that came with cablegraph.",
    )


def _read_collections(
    _context: click.Context, option: click.Parameter, places: tuple[Path, ...]
) -> Collection:
    from kg.reading.collection import together  # noqa: PLC0415 - the list of commands needs no YAML

    for place in places:
        if not place.is_dir() and str(place) != _SHIPPED:
            text = (
                f"Directory '{place}' does not exist; name one with the file collection.yaml, or {_SHIPPED}."
            )
            raise click.BadParameter(text, param=option)
    return together.read(places)


def _read_collection(context: click.Context, option: click.Parameter, places: tuple[Path, ...]) -> Collection:
    if len(places) > 1:
        text = f"this command works on one collection, not on {len(places)}; name one with --collection DIR."
        raise click.BadParameter(text, param=option)
    return _read_collections(context, option, places)


def takes_collections(command: click.Command) -> click.Command:
    """Return the `command` with the option `--collection`, which may be repeated."""
    command.params.append(collections_option())
    return command


def takes_collection(command: click.Command) -> click.Command:
    """Return the `command` with the option `--collection`, for one that writes into a single collection."""
    option = collections_option()
    option.callback, option.help = _read_collection, _ONE
    command.params.append(option)
    return command


class Progress:
    """Reporter of progress on standard error, silent in the first second unless a person watches."""

    def __init__(self) -> None:
        self.start = time.monotonic()

    def __call__(self, message: str) -> None:
        """Write one step with the seconds since the start."""
        seconds = time.monotonic() - self.start
        if seconds > 1 or sys.stderr.isatty():
            click.echo(f"[{seconds:5.1f} s] {message}", err=True)
