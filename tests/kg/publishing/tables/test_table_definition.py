"""Headers of tables are checked where they are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import DataError
from kg.publishing.tables import sqlite, table_definition
from kg.resources import folder

HEAD = """#+ title: Things
#+ description: One row a thing.
#+ columns:
#+   - {name: thing, title: Thing, type: iri, description: "The thing."}
#+   - {name: size, title: Size, type: integer, description: "How large it is."}
"""
QUERY = "SELECT ?thing ?size WHERE { ?thing <http://e/size> ?size }\n"


def test_a_table_has_what_its_header_says() -> None:
    found = table_definition.parse("things", HEAD + "#+ search: [size]\n" + QUERY)

    assert (found.name, found.title, found.description) == ("things", "Things", "One row a thing.")
    assert [(column.name, column.type) for column in found.columns] == [
        ("thing", "iri"),
        ("size", "integer"),
    ]
    assert found.key.name == "thing"
    assert found.key.required
    assert not found.columns[1].required
    assert found.search == ("size",)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("#+ title: Things\n", "", "needs the lines"),
        (
            "#+ columns:",
            "#+ columns: none\n#+ more:",
            "columns must be a list of entries like {name: …, title: …, description: …}",
        ),
        ("title: Size, ", "", "things.rq:5: this column lacks title"),
        (
            "type: integer",
            "type: number",
            "things.rq:5: there is no column type 'number'; there are: iri, text",
        ),
        ("type: integer", "colour: red", "things.rq:5: there is no column key 'colour'"),
        ("{name: size", "{name: Size", "things.rq:5: 'Size' is not a valid name of a column"),
        ("type: integer", 'required: "true"', 'things.rq:5: write required: "yes"'),
        ("type: integer", 'references: things, separator: "; "', "things.rq:5: size cannot be a foreign key"),
        ("type: iri", "type: text", "things.rq:4: thing is the key: write type: iri"),
        ("?thing ?size WHERE", "?size ?thing WHERE", r"things.rq:3: the query returns \?size \?thing"),
        ("SELECT ?thing ?size WHERE", "ASK", "needs a SELECT"),
        ("SELECT", "SELEKT", "this is not SPARQL: error at"),
        (
            "#+ columns:",
            "#+ search: [width]\n#+ columns:",
            "things.rq:3: `search:` names width, which is not a column; use thing, size",
        ),
        ("#+ columns:", "#+ search: size\n#+ columns:", "things.rq:3: search must be a list of columns"),
    ],
)
def test_a_wrong_header_is_refused_with_what_to_write(
    old: str, new: str, message: str, tmp_path: Path
) -> None:
    text = HEAD + QUERY
    assert old in text
    (tmp_path / "things.rq").write_text(text.replace(old, new), encoding="utf-8")

    with pytest.raises(DataError, match=message) as caught:
        table_definition.load(tmp_path)

    assert caught.value.findings[0].file == "queries/tables/things.rq"


def test_a_name_of_a_file_that_is_no_name_of_a_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "my-things.rq").write_text(HEAD + QUERY, encoding="utf-8")

    with pytest.raises(DataError, match="is not a valid name of a table"):
        table_definition.load(tmp_path)


def test_a_foreign_key_into_no_table_is_refused(tmp_path: Path) -> None:
    text = (HEAD + QUERY).replace("type: integer", "type: iri, references: sizes")
    (tmp_path / "things.rq").write_text(text, encoding="utf-8")

    with pytest.raises(DataError, match="size references 'sizes', which is not a table; use one of"):
        table_definition.load(tmp_path)


def test_the_tables_that_the_issue_asks_for_are_there() -> None:
    names = {found.name for found in table_definition.load(folder("queries") / "tables")}

    assert {"telegrams", "actors", "positions", "events", "participations", "documents"} <= names


def test_every_column_is_described_in_a_sentence() -> None:
    columns = [c for found in table_definition.load(folder("queries") / "tables") for c in found.columns]

    assert len(columns) > 150
    assert [c.name for c in columns if not c.about.endswith(".") or not c.label] == []


def test_a_view_has_what_its_header_says(tmp_path: Path) -> None:
    (tmp_path / "all.sql").write_text(
        "--+ title: All\n--+ description: Each row.\nSELECT 1\n", encoding="utf-8"
    )

    (found,) = sqlite.load_views(tmp_path)

    assert (found.name, found.title, found.description) == ("all", "All", "Each row.")


@pytest.mark.parametrize("head", ["", "--+ title: All\n", "--+ title: [All]\n--+ description: Each row.\n"])
def test_a_view_with_half_a_header_is_refused(head: str, tmp_path: Path) -> None:
    (tmp_path / "all.sql").write_text(f"{head}SELECT 1\n", encoding="utf-8")

    with pytest.raises(DataError, match=r"views/all\.sql:1: a view needs the lines"):
        sqlite.load_views(tmp_path)


def test_all_views_that_are_wrong_are_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("--+ title: A\n--+ {\nSELECT 1\n", encoding="utf-8")
    (tmp_path / "b.sql").write_text("SELECT 1\n", encoding="utf-8")

    with pytest.raises(DataError) as caught:
        sqlite.load_views(tmp_path)

    assert [(f.file, f.line) for f in caught.value.findings] == [
        ("queries/tables/views/a.sql", 2),
        ("queries/tables/views/b.sql", 1),
    ]
