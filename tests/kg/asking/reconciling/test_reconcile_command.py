"""The command and Python: names in, identifiers home."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import kg
from kg.asking.reconciling.match import Reconciler
from kg.asking.reconciling.reconciliation_query import ReconciliationQuery
from kg.cli.main import main
from kg.errors import ParameterError
from kg.graph import Graph

from .measuring import HERE, column

pytestmark = pytest.mark.usefixtures("user_cache")


def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["reconcile", *arguments], input=stdin)


def rows(result: Result, delimiter: str = ",") -> list[dict[str, str]]:
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout), delimiter=delimiter))


@pytest.fixture(scope="module")
def graph() -> Graph:
    return kg.open()


def test_names_as_arguments_become_rows() -> None:
    assert rows(run("Hruščëv", "Castro", "Gromyko")) == [
        {
            "query": "Hruščëv",
            "id": "actor/nikita-khrushchev",
            "name": "Nikita Sergeyevich Khrushchev",
            "score": "87.4",
            "match": "true",
            "wikidata": "Q35314",
        },
        {
            "query": "Castro",
            "id": "actor/fidel-castro",
            "name": "Fidel Castro",
            "score": "90",
            "match": "false",
            "wikidata": "",
        },
        dict.fromkeys(("id", "name", "score", "match", "wikidata"), "") | {"query": "Gromyko"},
    ]


def test_names_come_from_standard_input_too() -> None:
    assert [row["id"] for row in rows(run(stdin="Mikojan\n\nГречко\n"))] == [
        "actor/anastas-mikoyan",
        "actor/andrei-grechko",
    ]


def test_a_line_separator_of_unicode_does_not_end_a_name() -> None:
    (row,) = rows(run(stdin="Mikojan\u2028Anastas\r\n"))

    assert row["query"] == "Mikojan\u2028Anastas"


def test_a_column_of_a_file_keeps_its_neighbours(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("\ufeffno;name;said\n1;Kusnezow;a\n\n2;;\n", encoding="utf-8")
    found = rows(run(str(file), "--column", "name", "--type", "Person", "--delimiter", ";"), ";")

    assert [(row["no"], row["name"], row["said"], row["wikidata"]) for row in found] == [
        ("1", "Kusnezow", "a", "Q325038"),
        ("2", "", "", ""),
    ]
    assert found[0]["cablegraph_name"] == "Vasili Kuznetsov"


def test_a_name_that_is_too_long_fails_no_other(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(f"name\n{'x' * 301}\nMikojan\n", encoding="utf-8")
    found = rows(run(str(file), "--column", "name"))

    assert [row["id"] for row in found] == ["", "actor/anastas-mikoyan"]


def test_all_candidates_come_as_json() -> None:
    (answer,) = json.loads(run("Castro", "--type", "Person", "--json").stdout)

    assert answer["name"] == "Castro"
    assert [one["wikidata"] for one in answer["candidates"][:2]] == ["Q11256", "Q46809"]
    assert answer["candidates"][1]["iri"] == "https://w3id.org/cablegraph/id/actor/raul-castro"


@pytest.mark.parametrize(
    ("content", "options", "part"),
    [
        (b"name\nx\n", ["--column", "nom"], "did you mean name"),
        (b"name\nx\n", ["--column", "name", "--type", "Human"], "there are: Actor"),
        (b"name\nx\n", ["--column", "name", "--delimiter", ";;"], "a single character"),
        (b"", ["--column", "name"], "not a CSV file with a header"),
        (b'name\n"x', ["--column", "name"], "not a CSV file with a header"),
        (b"name\n\xff\n", ["--column", "name"], "not UTF-8: byte 5"),
        # RFC 4180 section 2.4: each line has the same number of fields. Rows begin on these lines.
        (b"name,x\na,1\nb,1,2\n", ["--column", "name"], "people.csv:3: this row has 3 cells, not 2"),
        (
            b"x,name,y\r\n1,a,2\r\n\r\n1,b\r\n",
            ["--column", "name"],
            "people.csv:4: this row has 2 cells, not 3",
        ),
        (
            b'name,x\n"a\nb",1\nCastro, Fidel,1\n',
            ["--column", "name"],
            "people.csv:4: this row has 3 cells, not 2",
        ),
        (b"name;x\na;1;\n", ["--column", "name", "--delimiter", ";"], "people.csv:2: this row has 3 cells"),
        (b"name,name\na,b\n", ["--column", "name"], "people.csv:1: the column 'name' is there twice"),
        (None, ["--column", "name"], "cannot be read"),
        (None, ["another.csv", "--column", "name"], "one CSV file"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, content: bytes | None, options: list[str], part: str) -> None:
    file = tmp_path / "people.csv"
    if content is not None:
        file.write_bytes(content)
    result = run(str(file), *options)

    assert result.exit_code == 2
    assert part in result.stderr


def test_standard_input_that_is_no_text_is_refused() -> None:
    result = run(stdin=b"\xff")

    assert result.exit_code == 2
    assert "not UTF-8: byte 0" in result.stderr


def test_python_gives_what_the_command_gives(graph: Graph) -> None:
    spellings = column("spellings.csv")
    found = graph.reconcile(spelling.name for spelling in spellings)
    command = rows(run(str(HERE / "spellings.csv"), "--column", "name"))

    assert len(found) == len(command) == len(spellings) > 0
    for own, row in zip(found, command, strict=True):
        first = own[0] if own else None
        assert row["id"] == (first.id if first else "")
        assert row["match"] == (str(first.match).lower() if first else "")
        assert row["wikidata"] == (first.wikidata if first and first.match else "")


def test_python_knows_types_languages_and_limits(graph: Graph) -> None:
    (found,) = graph.reconcile(["Castro"], type="Person", limit=1, language="ru")

    assert [(one.name, one.types) for one in found] == [("Фидель Кастро", ("Person", "Actor"))]
    assert graph.reconcile([" "]) == [[]]
    with pytest.raises(ParameterError, match="there are: Actor"):
        graph.reconcile(["Castro"], type="Human")


def test_a_thing_with_two_numbers_takes_none_home(small: Reconciler) -> None:
    from kg.asking.reconciling.match import found_entity

    elder, kennan = (
        found_entity(small.known, small.reconcile(ReconciliationQuery(name))[0]).wikidata
        for name in ("actor/elder", "actor/kennan")
    )

    assert (elder, kennan) == ("", "Q1")
