"""The group of commands: what is imported for one of them, and the list that imports none."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from kg.cli.group import Commands
from kg.cli.main import main

# Runs the command line and then writes what was imported for it.
_PROBE = """
import sys
try:
    from kg.cli.main import main
    main()
finally:
    print(*sys.modules, file=sys.stderr)
"""


@cache
def libraries() -> frozenset[str]:
    """Return the packages of Python that come with the libraries which pyproject.toml names."""
    named = {re.split(r"[^\w.-]", line)[0] for line in requires("cablegraph") or ()}
    normal = {name.lower().replace("_", "-") for name in named}
    provided = packages_distributions().items()
    return frozenset(
        package for package, whose in provided if normal & {name.lower().replace("_", "-") for name in whose}
    )


def imported(home: Path, *arguments: str) -> set[str]:
    """Return the modules that are there after a command has run."""
    run = subprocess.run(
        [sys.executable, "-c", _PROBE, *arguments],
        env={"XDG_CACHE_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert run.stdout
    return set(run.stderr.split())


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_version_and_help_import_click_alone(option: str, tmp_path: Path) -> None:
    modules = imported(tmp_path, option)

    assert {"click", "rdflib", "flask", "pyshacl", "yaml"} <= libraries()
    assert modules & libraries() == {"click"}
    assert {name for name in modules if name.startswith("kg.")} == {
        *("kg.cli", "kg.cli.group", "kg.cli.main", "kg.errors")
    } | ({"kg.cli.curating"} if option == "--help" else set())  # the folder of two commands, which is empty
    assert list(tmp_path.iterdir()) == []


def test_a_saved_query_on_a_graph_that_is_there_imports_only_what_asks_it(user_cache: Path) -> None:
    modules = imported(user_cache, "query", "who-criticised")

    assert modules & libraries() == {"anyascii", "click", "platformdirs", "pyoxigraph", "yaml"}
    assert not modules & {"kg.build", "kg.graph", "server.application", "server.site.site"}


def test_the_list_has_the_words_of_the_commands_themselves() -> None:
    context = click.Context(main, terminal_width=200, max_content_width=200)
    commands = {name: main.get_command(context, name) for name in main.list_commands(context)}
    loaded = click.Group(commands={name: command for name, command in commands.items() if command})
    shown, expected = click.HelpFormatter(width=200), click.HelpFormatter(width=200)

    main.format_commands(context, shown)
    loaded.format_commands(context, expected)

    assert set(loaded.commands) == {
        *(
            "agreement",
            "build",
            "changes",
            "check",
            "draft",
            "dump",
            "import",
            "link",
            "load",
            "locate",
            "mcp",
            "new",
            "query",
            "reconcile",
            "reload",
        ),
        *("review", "serve", "why"),
    }
    assert [command.name for command in loaded.commands.values()] == list(loaded.commands)
    assert shown.getvalue() == expected.getvalue()


@click.command("greet", help="Say hello.")
def greet() -> None:
    click.echo("hello")


@pytest.fixture
def greeting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A command without a docstring, in a module of its own."""
    lines = ("import click", '@click.command("greet", help="Say hello.")', "def greet(): ...")
    (tmp_path / "greeting.py").write_text("\n".join(lines))
    monkeypatch.syspath_prepend(str(tmp_path))
    return "greeting:greet"


def test_a_command_without_a_docstring_is_imported_for_the_list(greeting: str) -> None:
    listed = CliRunner().invoke(Commands(own={"greet": greeting}), ["--help"]).stdout

    assert ("greet", "Say hello.") in [tuple(line.split(maxsplit=1)) for line in listed.splitlines()]


def test_an_own_command_wins_over_one_of_another_package(greeting: str) -> None:
    group = Commands(own={"serve": greeting})

    assert "Say hello." in CliRunner().invoke(group, ["serve", "--help"]).stdout


def test_a_command_that_is_there_needs_no_module() -> None:
    group = Commands(commands={"query": greet})

    assert "query " in (listed := CliRunner().invoke(group, ["--help"]).stdout)
    assert "Say hello." in listed
    assert CliRunner().invoke(group, ["query"]).stdout == "hello\n"
