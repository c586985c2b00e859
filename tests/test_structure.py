"""The arrangement of the code: `kg` below `server`, doors and rooms in a row, imports only downwards.

A door is a folder directly below `kg` or `server`, a room a folder with modules; a module that lies beside
the doors is a room of its own. What is imported for types alone counts like every other import.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# From bottom to top: each may import what stands before it. A line is a door, or the modules beside the doors.
ROWS: Mapping[str, tuple[str, ...]] = {
    "kg": (
        "errors namespaces resources terms",
        "reading",
        "reading.again",
        "reading.collection",
        "inference",
        "inference.columns",
        "inference.parts",
        "store",
        "checking",
        "checking.compiled",
        "asking.query_parts asking.hints asking.citing asking.questions asking.links asking.reconciling asking.reconciling.index asking.searching",
        "build cache graph",
        "curating.drafts curating.agreement",
        "curating.drafting.source curating.drafting.finding curating.drafting.heads curating.drafting.forms curating.drafting.composing curating.drafting.keeping",
        "curating.importing.volumes curating.importing.citing curating.importing.references curating.importing.people curating.importing.runs",
        "publishing.tables publishing.projections publishing.dumps publishing.changes publishing.stores",
        "cli cli.curating",
        "__init__ __main__",
    ),
    "server": (
        "web",
        "engine.evaluation engine.processes engine.workers engine.remote",
        "http.layers http.listening",
        "site",
        "data.describing data.discovery data.downloads data.reconciling",
        "pages.questions pages.things pages.telegrams pages.openapi pages.search pages.statements pages.front pages.about pages.overviews",
        "pages.results",
        "error_responses answer_details completions sparql_endpoint sparql_handler sparql_pages routes application __init__",
        "model_context model_context.curating",
        "cli",
    ),
}
ORDER = {package: " ".join(rows).split() for package, rows in ROWS.items()}
# What kg stands on, the standard library apart. No web server, no template, nothing that calls a network.
FOUNDATION = {
    *(
        "anyascii",
        "click",
        "lxml",
        "owlrl",
        "platformdirs",
        "pyoxigraph",
        "pyshacl",
        "rapidfuzz",
        "rdflib",
        "snowballstemmer",
        "yaml",
    ),
}
# Names that several rooms may give to a module: each says the same of its room.
SHARED_NAMES = {"__init__", "__main__", "routes"}
FEWEST, SHORTEST, LONGEST = 3, 50, 250  # modules of a room, lines of a module
MOST = 12
# Modules that are shorter or longer than that, and why.
REASONS = {
    "kg.__main__": "`python -m kg` needs a file of that name",
    "kg.cli.changes": "one command, as every module of its room",
    "kg.cli.new": "one command, as every module of its room",
    "kg.cli.curating.agreement": "one command, as every module of its room",
    "kg.cli.main": "the table of the commands, which imports none",
    "kg.publishing.changes.__main__": "the program of a process",
    "server.data.downloads.copied_release": "the program of a process",
    "kg.publishing.dumps.background": "what both programs share, and the service needs nothing of",
    "server.completions": "one address, which no other module of its place has to do with",
    "server.http.listening.early_refusal": "used by two modules that are full",
    "server.engine.remote.store_address": "what those need who send nothing, without the HTTP client",
}


def imported(source: str) -> Iterator[str]:
    """Yield the dotted names that a module imports, also within functions; `.` starts a relative one."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def sources(package: str) -> dict[str, str]:
    """Return the text of each module by its name below the package, such as `build` or `web.formats`."""
    folder = ROOT / package
    files = {".".join(f.relative_to(folder).with_suffix("").parts): f for f in sorted(folder.rglob("*.py"))}
    return {name: file.read_text(encoding="utf-8") for name, file in files.items()}


def edges(package: str, modules: Mapping[str, str]) -> dict[str, set[str]]:
    """Return which modules of the package each of its modules imports; a package is its `__init__`."""
    named = {name.removesuffix(".__init__"): name for name in modules}
    found = {}
    for name, source in modules.items():
        used = {dotted.removeprefix(f"{package}.") for dotted in imported(source)}
        found[name] = {named[other] for other in used if other in named} - {name}
    return found


def room(module: str) -> str:
    """Return the room of a module: its folder, or itself where it lies beside the doors."""
    return module.rpartition(".")[0] or module


def rooms(imports: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Return the same imports between the rooms."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, used in imports.items():
        found[room(name)] |= {room(other) for other in used} - {room(name)}
    return found


def upward(imports: Mapping[str, set[str]], order: list[str]) -> list[str]:
    """Return each import of a room that does not stand before the importing one in `order`."""
    rank = {name: n for n, name in enumerate(order)}
    return [f"{a} -> {b}" for a, found in imports.items() for b in sorted(found) if rank[b] >= rank[a]]


def foreign(modules: Mapping[str, str], forbidden: set[str]) -> list[str]:
    """Return each import whose first part is forbidden, or that is relative."""
    return [
        f"{name} imports {dotted}"
        for name, source in modules.items()
        for dotted in imported(source)
        if dotted.split(".")[0] in forbidden or dotted.startswith(".")
    ]


def cycle(imports: Mapping[str, set[str]]) -> list[str]:
    """Return the modules that are left when all that import nothing left are taken away, again and again."""
    left = {name: set(found) for name, found in imports.items()}
    while free := {name for name, found in left.items() if not found & set(left)}:
        left = {name: found for name, found in left.items() if name not in free}
    return sorted(left)


def sizes() -> dict[str, int]:
    """Return the lines of each module with code, by its full name."""
    return {
        f"{package}.{name}": len(source.splitlines())
        for package in ROWS
        for name, source in sources(package).items()
        if not name.endswith("__init__")
    }


PACKAGES = pytest.mark.parametrize("package", list(ROWS))


@PACKAGES
def test_each_room_has_its_place_in_the_order(package: str) -> None:
    doors = {line.rsplit(".", n)[0] for line in ORDER[package] for n in range(1, line.count(".") + 1)}
    found = {room(name) for name in sources(package)}

    assert len(set(ORDER[package])) == len(ORDER[package])
    # The folder of a door that has rooms holds nothing but its description.
    assert found - set(ORDER[package]) == {name for name in doors if name not in ORDER[package]}


@PACKAGES
def test_imports_point_down_between_rooms_and_so_between_doors(package: str) -> None:
    modules = {n: s for n, s in sources(package).items() if room(n) in ORDER[package]}
    imports = rooms(edges(package, modules))

    assert sum(map(len, imports.values())) > 20
    assert upward(imports, ORDER[package]) == []


@PACKAGES
def test_there_are_no_cycles(package: str) -> None:
    assert cycle(edges(package, sources(package))) == []
    assert cycle(rooms(edges(package, sources(package)))) == []


def test_kg_knows_nothing_of_the_server() -> None:
    assert foreign(sources("kg"), {"server", "flask", "werkzeug", "uvicorn", "jinja2", "tests"}) == []


def test_kg_stands_on_few_packages() -> None:
    used = {name.split(".")[0] for source in sources("kg").values() for name in imported(source)}

    assert used - set(sys.stdlib_module_names) - {"kg"} == FOUNDATION


def test_the_server_imports_the_tests_nowhere_and_kg_somewhere() -> None:
    modules = sources("server")

    assert foreign(modules, {"tests"}) == []
    assert foreign(modules, {"kg"})


@PACKAGES
def test_a_room_has_some_modules_and_not_too_many(package: str) -> None:
    held: dict[str, int] = defaultdict(int)
    for name in sources(package):
        if "." in name and name.rpartition(".")[2] not in ("__init__", "__main__"):
            held[room(name)] += 1

    assert {name: count for name, count in held.items() if not FEWEST <= count <= MOST} == {}


@PACKAGES
def test_a_door_shows_few_things(package: str) -> None:
    shown = [p for p in (ROOT / package).iterdir() if p.name != "__pycache__"]

    assert len([p for p in shown if p.is_dir()]) <= 9
    assert len([p for p in shown if p.suffix == ".py"]) <= 9


def test_a_module_has_a_name_of_its_own() -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for package in ROWS:
        for name in sources(package):
            if room(name) != "cli":  # a module there is called as its command
                found[name.rpartition(".")[2]].append(f"{package}.{name}")

    assert {k: v for k, v in found.items() if len(v) > 1 and k not in SHARED_NAMES} == {}


def test_a_class_has_a_name_of_its_own() -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for package in ROWS:
        for name, source in sources(package).items():
            classes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef))
            for class_ in classes:
                found[class_.name].append(f"{package}.{name}")

    assert {k: v for k, v in found.items() if len(v) > 1} == {}


def test_no_module_is_named_like_a_file_of_records() -> None:
    records = {path.name.split(".")[0] for path in (ROOT / "kg" / "records").rglob("*") if path.is_file()}
    modules = {name.rpartition(".")[2] for package in ROWS for name in sources(package)}

    assert records & modules == set()


def test_a_module_is_neither_a_crumb_nor_a_heap_or_says_why() -> None:
    odd = {name for name, lines in sizes().items() if not SHORTEST <= lines <= LONGEST}

    assert odd == set(REASONS)


PLANTED = {
    "low": "def f():\n    from kg import high\n",
    "high": "import kg.low\nfrom kg.low import f\n",
    "web": "import flask\nfrom server.page import x\nfrom . import low\n",
}
FOLDERS = {
    "low": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from kg.part import a\n",
    "part.__init__": "",
    "part.a": "from kg.part.b import f\n",
    "part.b": "import kg.low\n",
}


def test_a_planted_upward_import_is_caught() -> None:
    assert upward(edges("kg", PLANTED), ["low", "high", "web"]) == ["low -> high"]


def test_what_is_imported_for_types_alone_counts() -> None:
    imports = rooms(edges("kg", FOLDERS))

    assert imports == {"low": {"part"}, "part": {"low"}}
    assert upward(imports, ["low", "part"]) == ["low -> part"]
    assert cycle(imports) == ["low", "part"]
    assert cycle(edges("kg", FOLDERS)) == ["low", "part.a", "part.b"]


def test_a_planted_cycle_is_caught() -> None:
    assert cycle(edges("kg", PLANTED)) == ["high", "low"]


def test_a_planted_import_of_the_server_is_caught() -> None:
    assert foreign(PLANTED, {"flask", "server"}) == [
        "web imports flask",
        "web imports server.page",
        "web imports server.page.x",
        "web imports .",
        "web imports ..low",
    ]
