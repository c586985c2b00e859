"""The SQLite file holds the same tables, with keys that hold, a search and views."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from kg import build
from kg.errors import CablegraphError, DataError
from kg.publishing.tables import data_set, sqlite, table_definition
from kg.publishing.tables.sqlite import SqlView
from kg.publishing.tables.table_rows import FilledTable
from kg.resources import folder


@pytest.fixture(scope="module")
def base(files: dict[str, bytes]) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(files["sqlite/cablegraph.sqlite"])
        yield connection


def column(base: sqlite3.Connection, query: str) -> list[str]:
    return [row[0] for row in base.execute(query)]


def test_every_table_has_the_rows_of_its_csv(
    base: sqlite3.Connection, filled: dict[str, FilledTable]
) -> None:
    for name, one in filled.items():
        rows = [
            tuple(str(cell or "") if cell != 0 else "0" for cell in row)
            for row in base.execute(f"SELECT * FROM {name}")  # noqa: S608
        ]

        assert rows == list(one.rows)


def test_numbers_are_numbers_and_nothing_is_null(base: sqlite3.Connection) -> None:
    assert base.execute(
        "SELECT typeof(number_from), number_to - number_from FROM numbers WHERE as_written = '# 1717-1722'"
    ).fetchall() == [("integer", 5)]
    assert base.execute("SELECT count(*) FROM positions WHERE hedge = ''").fetchone() == (0,)
    assert base.execute("SELECT count(*) FROM positions WHERE hedge IS NULL").fetchone()[0] > 0


def test_keys_hold_and_the_file_is_sound(base: sqlite3.Connection) -> None:
    declared = sum(
        len(base.execute(f"PRAGMA foreign_key_list({name})").fetchall())
        for name in column(base, "SELECT name FROM sqlite_schema WHERE type = 'table'")
    )

    assert declared >= 30
    assert base.execute("PRAGMA foreign_key_check").fetchall() == []
    assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_every_foreign_key_has_an_index(base: sqlite3.Connection) -> None:
    plan = base.execute("EXPLAIN QUERY PLAN SELECT * FROM evidence WHERE statement = 'x'").fetchall()

    assert "evidence_statement" in plan[0][3]


def test_the_search_finds_names_without_their_accents(base: sqlite3.Connection) -> None:
    found = column(
        base,
        "SELECT a.name FROM actors_fts f JOIN actors a ON a.rowid = f.rowid WHERE actors_fts MATCH 'dorticos'",
    )

    assert "Osvaldo Dorticós Torrado" in found


def test_the_file_says_what_it_is(base: sqlite3.Connection, graph: build.Build) -> None:
    about = dict(base.execute("SELECT key, value FROM about"))

    assert about["data version"] == graph.version
    assert about["licence"].endswith("https://creativecommons.org/licenses/by/4.0/")
    assert "formula" in about["how to read it"]
    assert "document/115064" in about["source 2"]
    assert base.execute(
        "SELECT separator FROM about_columns WHERE table_name = 'positions' AND column_name = 'quote'"
    ).fetchone() == (" … ",)


def test_the_header_names_neither_day_nor_library(files: dict[str, bytes]) -> None:
    content = files["sqlite/cablegraph.sqlite"]

    assert content[:16] == b"SQLite format 3\x00"
    assert int.from_bytes(content[16:18]) == 4096
    assert content[96:100] == bytes(4)


def test_each_view_answers_its_question(base: sqlite3.Connection) -> None:
    names = column(base, "SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name")
    counts = {name: base.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}  # noqa: S608

    assert names == [found.name for found in sqlite.load_views(folder("queries") / "tables" / "views")]
    assert min(counts.values()) > 0
    quotes = "SELECT count(*) FROM evidence WHERE statement IS NOT NULL"
    assert counts["words_behind_statements"] == base.execute(quotes).fetchone()[0]


def test_the_view_of_silence_names_who_was_silent_or_absent(base: sqlite3.Connection) -> None:
    rows = base.execute(
        "SELECT part, actor FROM who_was_silent_or_absent WHERE event LIKE '%ORI%' ORDER BY part, actor"
    )

    assert rows.fetchall() == [
        ("took no definite position", "Fidel Castro"),
        ("was absent", "Raúl Castro"),
        ("was silent", "Emilio Aragones"),
        ("was silent", 'Ernesto "Che" Guevara'),
    ]


def test_the_view_of_positions_has_one_stance_of_each_critic(base: sqlite3.Connection) -> None:
    rows = base.execute(
        "SELECT stance FROM who_took_which_position WHERE holder LIKE '%Valdés%' AND issue LIKE '%decisions made%'"
    )

    assert rows.fetchall() == [("partly against",)]


def test_the_view_of_what_is_not_asserted_says_so_in_a_sentence(base: sqlite3.Connection) -> None:
    rows = base.execute("SELECT standing, unasserted FROM what_is_not_asserted").fetchall()
    khrushchevs = {standing for standing, place in rows if "/body-20/" in place}

    assert None not in {standing for standing, _ in rows}
    assert "Ascribed by Nikita Sergeyevich Khrushchev to Fidel Castro" in khrushchevs
    assert any(standing.startswith("A possible reading, not adopted") for standing, _ in rows)
    assert any(standing == "Proposed by Aleksandr Alekseev for Soviet Union to say" for standing, _ in rows)


def test_telegram_1710_is_known_only_by_reference(base: sqlite3.Connection) -> None:
    titles = column(base, "SELECT title FROM documents_known_only_by_reference")

    assert "Telegram # 1710 from Havana to Moscow" in titles
    assert not any("1717" in title for title in titles)


def test_datasette_is_told_of_every_table_and_column(
    files: dict[str, bytes], filled: dict[str, FilledTable]
) -> None:
    told = json.loads(files["sqlite/metadata.json"])
    tables = told["databases"]["cablegraph"]["tables"]

    assert told["license_url"] == "https://creativecommons.org/licenses/by/4.0/"
    for name, one in filled.items():
        assert list(tables[name]["columns"]) == [column.name for column in one.table.columns]
    assert tables["who_was_silent_or_absent"]["title"] == "Who was silent or absent"


@pytest.mark.parametrize(
    "text", ["SELECT * FROM nothing", "SELEKT", "SELECT 1; SELECT 2", "DROP TABLE issues"]
)
def test_a_view_that_is_no_query_of_the_tables_is_refused(text: str, filled: dict[str, FilledTable]) -> None:
    with pytest.raises(
        DataError, match=r"queries/tables/views/odd\.sql:1: this is not a valid view of the tables"
    ):
        sqlite.write([filled["issues"]], [SqlView("odd", "Odd", "Odd.", text)], data_set.about("ab"))


def test_a_table_with_a_name_that_is_taken_is_refused() -> None:
    text = '#+ title: A\n#+ description: A.\n#+ columns:\n#+   - {name: a, title: A, type: iri, description: "A."}\n'
    named = table_definition.parse("about", f"{text}SELECT ?a WHERE {{ ?a ?b ?c }}")

    with pytest.raises(CablegraphError, match="table about already exists"):
        sqlite.write([FilledTable(named, ())], [], data_set.about("ab"))


def test_a_column_may_hold_decimal_numbers() -> None:
    text = (
        "#+ title: A\n#+ description: A.\n#+ columns:\n"
        '#+   - {name: a, title: A, type: iri, description: "A."}\n'
        '#+   - {name: b, title: B, type: decimal, description: "B."}\n'
    )
    named = table_definition.parse("things", f"{text}SELECT ?a ?b WHERE {{ ?a <http://e/b> ?b }}")
    content = sqlite.write(
        [FilledTable(named, (("http://e/1", "10.5"), ("http://e/2", "9")))], [], data_set.about("ab")
    )

    with closing(sqlite3.connect(":memory:")) as base:
        base.deserialize(content)
        rows = base.execute("SELECT b FROM things ORDER BY b").fetchall()
    assert rows == [(9.0,), (10.5,)]
