"""Solutions become rows: one a thing, and no cell against what the header promises."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.errors import DataError
from kg.publishing.tables import table_definition, table_rows

THINGS = """#+ title: Things
#+ description: One row a thing.
#+ columns:
#+   - {name: thing, title: Thing, type: iri, description: "The thing."}
#+   - {name: size, title: Size, type: integer, description: "How large it is."}
#+   - {name: names, title: Names, separator: "; ", description: "What it is called."}
#+   - {name: part_of, title: Part of, type: iri, references: things, description: "The larger thing."}
PREFIX e: <http://e/>
SELECT ?thing ?size ?names ?part_of WHERE {
  ?thing a e:Thing .
  { ?thing a e:Thing OPTIONAL { ?thing e:size ?size } OPTIONAL { ?thing e:partOf ?part_of } } UNION { ?thing e:name ?names }
} ORDER BY ?thing ?names
"""
DATA = """
<http://e/b> a <http://e/Thing> ; <http://e/name> "Zwei", "beta" ; <http://e/size> 2 ; <http://e/partOf> <http://e/a> .
<http://e/a> a <http://e/Thing> ; <http://e/name> "=1+1", "A, \\"quoted\\"\\nline" .
"""


def fill(data: str, query: str = THINGS) -> table_rows.FilledTable:
    store = ox.Store()
    store.load(data.encode(), ox.RdfFormat.TURTLE)
    (filled,) = table_rows.fill(store, [table_definition.parse("things", query)])
    return filled


def test_several_solutions_of_one_thing_become_one_row() -> None:
    filled = fill(DATA)

    assert filled.rows == (
        ("http://e/a", "", '=1+1; A, "quoted"\nline', ""),
        ("http://e/b", "2", "Zwei; beta", "http://e/a"),
    )
    assert filled.column("size") == ["", "2"]
    assert filled.dicts()[1]["part_of"] == "http://e/a"


def test_a_second_value_without_separator_is_refused() -> None:
    with pytest.raises(DataError, match=r"things\.rq:1: http://e/b: size has 2 values"):
        fill(DATA + "<http://e/b> <http://e/size> 3 .")


def test_a_value_that_holds_the_separator_is_refused() -> None:
    with pytest.raises(DataError, match="a value of names contains the separator '; '"):
        fill(DATA + '<http://e/b> <http://e/name> "one; two" .')


def test_a_foreign_key_that_leads_nowhere_is_refused() -> None:
    with pytest.raises(DataError, match="http://e/c: part_of has no row in things"):
        fill(
            DATA
            + "<http://e/b> a <http://e/Thing> . <http://e/d> a <http://e/Thing> ; <http://e/partOf> <http://e/c> ."
        )


def test_an_empty_cell_of_a_required_column_is_refused() -> None:
    query = THINGS.replace(
        'type: integer, description: "How', 'type: integer, required: "yes", description: "How'
    )

    with pytest.raises(DataError, match="http://e/a: size is empty"):
        fill(DATA, query)
