"""Every saved query gives its recorded rows.

The rows were recorded from a build and then read against the texts, or typed beforehand; a change
in them wants the same reading. More values typed beforehand stand in `test_questions.py`. Queries
that ask another service have their rows in `server/test_federated_queries.py`.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.asking.questions import saved_queries
from kg.errors import UnknownNameError
from kg.resources import folder
from server.site import result_pages

HERE = Path(__file__).parent
SAVED = saved_queries.load(folder("queries"))
# What the questions ask of the graphs that a CONSTRUCT gives stands in `test_projections.py`.
GRAPHS = [name for name, query in SAVED.items() if re.search(r"^CONSTRUCT\b", query.text, re.MULTILINE)]
TABLES = [name for name, query in SAVED.items() if name not in GRAPHS and not query.federated]
EXPECTED = {file.stem: file for file in (HERE / "queries").glob("*.csv")}


def test_each_question_has_its_rows() -> None:
    assert EXPECTED
    assert set(EXPECTED) == set(TABLES)
    assert set(GRAPHS) == {name for name in SAVED if name.startswith("projection-")}


@pytest.mark.parametrize("name", TABLES)
def test_a_saved_query_gives_the_expected_rows(name: str, store: ox.Store) -> None:
    results = store.query(SAVED[name].text, use_default_graph_as_union=True)
    written = io.BytesIO()
    assert isinstance(results, ox.QuerySolutions)
    results.serialize(written, ox.QueryResultsFormat.CSV)

    expected = EXPECTED[name].read_text(encoding="utf-8").splitlines()

    assert written.getvalue().decode().splitlines() == expected
    assert len(expected) > 1


@pytest.mark.parametrize("name", SAVED)
def test_a_saved_query_says_what_it_asks_and_why(name: str) -> None:
    query = SAVED[name]

    assert query.question.endswith("?")
    assert query.title
    assert query.why
    assert query.tags


def test_an_unknown_name_offers_near_ones() -> None:
    with pytest.raises(UnknownNameError, match="who-criticised"):
        saved_queries.find(folder("queries"), "who-criticized")


def test_the_example_on_the_start_page_gives_the_silent_and_the_absent(store: ox.Store) -> None:
    results = store.query(result_pages.EXAMPLE, use_default_graph_as_union=True)
    assert isinstance(results, ox.QuerySolutions)

    found = {row["actor"].value.rpartition("/")[2] for row in results}

    assert found == {"che-guevara", "emilio-aragones", "raul-castro"}
