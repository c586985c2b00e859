"""Imports point down: server → kg and never back, and within kg along the arrow of `kg/build.py`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# The modules of kg from bottom to top, a folder of modules as one; each may import those that stand before
# it, and none after it.
ROWS = (
    "errors namespaces resources terms schema places forms yaml_file select keywords conversion",
    "values engine headers parameters choices links",
    "reading triples texts sentences anchors",
    "rules premises why contradictions axioms inference closure",
    "validation meta dump saved mentions examples projections questions citation answers tables build",
    "cache reconciling graph locate commands progress columns link_command dumps changes command __main__ __init__",
)
ORDER = [name for row in ROWS for name in row.split()]
# What kg stands on, the standard library apart. No web server, no template, nothing that calls a network.
FOUNDATION = {
    *("anyascii", "click", "owlrl", "platformdirs", "pyoxigraph", "pyshacl", "rapidfuzz", "rdflib", "yaml"),
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
    """Return the text of each module by its name below the package, such as `meta` or `dumps.tables`."""
    folder = ROOT / package
    files = {".".join(f.relative_to(folder).with_suffix("").parts): f for f in sorted(folder.rglob("*.py"))}
    return {name: file.read_text(encoding="utf-8") for name, file in files.items()}


def edges(package: str, modules: Mapping[str, str]) -> dict[str, set[str]]:
    """Return which modules of the package each of its modules imports."""
    found = {}
    for name, source in modules.items():
        used = {dotted.removeprefix(f"{package}.") for dotted in imported(source)}
        owners = {module for module in modules for other in used if f"{other}.".startswith(f"{module}.")}
        found[name] = owners - {name}
    return found


def units(imports: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Return the same imports between the units: a folder of modules counts as one."""
    found: dict[str, set[str]] = {}
    for name, used in imports.items():
        unit = name.partition(".")[0]
        found.setdefault(unit, set()).update({other.partition(".")[0] for other in used} - {unit})
    return found


def upward(imports: Mapping[str, set[str]], order: list[str]) -> list[str]:
    """Return each import of a module that does not stand before the importing one in `order`."""
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


def test_each_module_of_kg_has_its_place_in_the_order() -> None:
    assert sorted(ORDER) == sorted({name.partition(".")[0] for name in sources("kg")})
    assert len(set(ORDER)) == len(ORDER)
    assert len(ORDER) >= 40


def test_within_kg_imports_follow_the_arrow() -> None:
    imports = units(edges("kg", sources("kg")))

    assert sum(map(len, imports.values())) > 60
    assert upward(imports, ORDER) == []


def test_kg_knows_nothing_of_the_server() -> None:
    assert foreign(sources("kg"), {"server", "flask", "werkzeug", "uvicorn", "jinja2", "tests"}) == []


def test_kg_stands_on_few_packages() -> None:
    standard = set(__import__("sys").stdlib_module_names)
    used = {name.split(".")[0] for source in sources("kg").values() for name in imported(source)}

    assert used - standard - {"kg"} == FOUNDATION


@pytest.mark.parametrize(("package", "least"), [("kg", 32), ("server", 20)])
def test_there_are_no_cycles(package: str, least: int) -> None:
    modules = sources(package)

    assert len(modules) >= least
    assert cycle(edges(package, modules)) == []


def test_the_server_imports_the_tests_nowhere_and_kg_somewhere() -> None:
    modules = sources("server")

    assert foreign(modules, {"tests"}) == []
    assert foreign(modules, {"kg"})


PLANTED = {
    "low": "def f():\n    from kg import high\n",
    "high": "import kg.low\nfrom kg.low import f\n",
    "web": "import flask\nfrom server.page import x\nfrom . import low\n",
}
FOLDERS = {
    "low": "from kg.part import a\n",
    "part.a": "from kg.part.b import f\n",
    "part.b": "import kg.low\n",
}


def test_a_planted_upward_import_is_caught() -> None:
    assert upward(edges("kg", PLANTED), ["low", "high", "web"]) == ["low -> high"]


def test_a_folder_of_modules_is_one_unit() -> None:
    imports = units(edges("kg", FOLDERS))

    assert imports == {"low": {"part"}, "part": {"low"}}
    assert upward(imports, ["low", "part"]) == ["low -> part"]
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
