"""Every saved query gives its recorded rows.

The rows were recorded from a build and then read against the texts, or typed beforehand; a change
in them wants the same reading. More values typed beforehand stand in `test_questions.py`. Queries
that ask another service have their rows in `server/test_federated_queries.py`.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.asking.questions import saved_queries
from kg.asking.questions.parameters import fill
from kg.errors import UnknownNameError
from kg.resources import folder
from kg.terms import value
from server.site import result_pages

from . import regenerate

HERE = Path(__file__).parent
SAVED = saved_queries.load(folder("queries"))
# What the questions ask of the graphs that a CONSTRUCT gives stands in `test_projections.py`.
GRAPHS = [name for name, query in SAVED.items() if re.search(r"^CONSTRUCT\b", query.text, re.MULTILINE)]
TABLES = [name for name, query in SAVED.items() if name not in GRAPHS and not query.federated]
PREFIXES = "PREFIX cg: <https://w3id.org/cablegraph/ontology#> PREFIX oa: <http://www.w3.org/ns/oa#> "
TOLD = [name for name in TABLES if {"statement", "quotes"} <= {column.name for column in SAVED[name].columns}]
# Their rows are ties, pairs, passages, roles or readings, of which a statement may have several.
SEVERAL = {
    *("ties-between-actors", "telegram-against-telegram", "paragraph-by-paragraph"),
    *("not-asserted-of-an-actor", "ambiguous-readings", "archive-against-body"),
}
EXPECTED = {file.stem: file for file in (HERE / "queries").glob("*.csv")}


def asked(store: ox.Store, query: str) -> list[dict[str, str]]:
    """Return the rows of `query` as texts by column; what is unbound is empty."""
    found = store.query(query, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [{name: value(row[name]) if row[name] else "" for name in names} for row in found]


def test_each_question_has_its_rows() -> None:
    assert EXPECTED
    assert set(EXPECTED) == set(TABLES)
    assert set(GRAPHS) == {name for name in SAVED if name.startswith("projection-")}


@pytest.mark.parametrize("name", TABLES)
def test_a_saved_query_gives_the_expected_rows(name: str, store: ox.Store) -> None:
    expected = EXPECTED[name].read_text(encoding="utf-8").splitlines()

    assert regenerate.recorded(store, SAVED[name].text).splitlines() == expected
    assert len(expected) > 1


@pytest.mark.parametrize("name", TABLES)
def test_the_order_of_the_rows_is_complete(name: str) -> None:
    """Rows that are equal in all that the query orders by would come in another order each time."""
    order = SAVED[name].text.rpartition("}")[2]
    keys = re.findall(r"\?(\w+)", order)
    rows = list(csv.DictReader(EXPECTED[name].read_text(encoding="utf-8").splitlines(keepends=True)))
    shown = [key for key in keys if key in rows[0]]

    groups: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for row in rows:
        groups.setdefault(tuple(row[key] for key in shown), set()).add(tuple(row.values()))

    assert "ORDER BY" in order or len(rows) == 1
    assert not any(len(group) > 1 for group in groups.values())


# The states of documents and stances, in the column of the joined states of events, are labels.
@pytest.mark.parametrize("name", [name for name in TABLES if name != "happened-and-told"])
def test_joined_texts_have_no_language(name: str, store: ox.Store) -> None:
    """SPARQL 1.1 section 18.5.1.7: they are simple literals, which one engine gives a language and another not."""
    joined = re.findall(r"\(GROUP_CONCAT\b.*? AS \?(\w+)\)", SAVED[name].text, re.IGNORECASE)
    found = store.query(SAVED[name].text, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    columns = {variable.value for variable in found.variables} & set(joined)

    terms = [term for row in found for name in columns if (term := row[name]) is not None]

    assert [term for term in terms if isinstance(term, ox.Literal) and term.language] == []


@pytest.mark.parametrize("name", [name for name in TOLD if name not in SEVERAL])
def test_a_statement_has_one_row(name: str, store: ox.Store) -> None:
    rows = asked(store, SAVED[name].text)

    assert len({row["statement"] for row in rows}) == len(rows)


@pytest.mark.parametrize("name", TOLD)
def test_quotes_are_joined_in_the_order_of_the_text(name: str, store: ox.Store) -> None:
    pattern = (
        "SELECT ?exact { <%s> %s ?a . ?a oa:exact ?exact ; oa:start ?start ; cg:inPassage/cg:passageOf ?text } "
        "ORDER BY ?text ?start"
    )
    # A row that tells of an absence has no statement and no words.
    for row in [row for row in asked(store, SAVED[name].text) if row["statement"]][:25]:
        source = (
            row.get("ambiguity") or row["statement"]
        )  # the words that are open are those of the ambiguity
        said, rests = (
            " … ".join(anchor["exact"] for anchor in asked(store, PREFIXES + pattern % (source, path)))
            for path in ("cg:evidence", "cg:basedOn")
        )

        assert row["quotes"] in ((said,) if said else (rests, ""))


def test_those_who_spoke_on_23_october_are_the_persons_that_the_telegram_names(store: ox.Store) -> None:
    event = ox.NamedNode("https://w3id.org/cablegraph/id/event/conversation-of-23-october")
    rows = asked(store, fill(SAVED["who-did-what-at-an-event"].text, {"at": event}))

    assert {row["actor"].rpartition("/")[2] for row in rows} == {
        *("aleksandr-alekseev", "fidel-castro", "osvaldo-dorticos", "emilio-aragones")
    }
    assert {row["teller"] for row in rows} == {"Aleksandr Alekseev"}
    assert not any("likelier" in row["presence"] for row in rows)


@pytest.mark.parametrize("name", ["1962-10-23-havana-1643", "1962-11-02-havana-1717"])
def test_each_kind_of_gap_was_looked_for_in_each_person_and_document(name: str, store: ox.Store) -> None:
    telegram = ox.NamedNode(f"https://w3id.org/cablegraph/id/telegram/{name}")
    rows = asked(store, fill(SAVED["gaps-by-document"].text, {"telegram": telegram}))

    assert len(rows) > 50
    assert [row for row in rows if row["outcome"] == "not looked for"] == []


def test_where_dorticos_voiced_his_discontent_is_not_asserted(store: ox.Store) -> None:
    places = {row["holder"]: row["place"] for row in asked(store, SAVED["who-criticised"].text)}

    assert places.pop("Osvaldo Dorticós Torrado") in ("there, by the likelier reading", "perhaps there")
    assert list(places.values()) == ["there"] * 4


@pytest.mark.parametrize(
    ("words", "found", "statement"),
    [
        ("SURPRISE attack", "content, heading, quote", "body-1/us-lacks-strength"),
        ("  five  percent ", "content, quote", "body-19/castro-five-percent"),
        ("dorticós dissatisfaction", "content, heading, name, quote", "body-8/dorticos-dissatisfied"),
        ("dorticos dissatisfaction", "content, heading, name, quote", "body-8/dorticos-dissatisfied"),
        ("уверенность карантин", "heading", "body-1/approves-unmasking"),
    ],
)
def test_statements_are_found_by_several_words(
    store: ox.Store, words: str, found: str, statement: str
) -> None:
    rows = asked(store, fill(SAVED["statements-by-word"].text, {"word": ox.Literal(words)}))

    assert {row["found"] for row in rows if row["statement"].endswith(statement)} == {found}


@pytest.mark.parametrize("words", ["surprise submarine", "", "  ", ".*"])
def test_words_that_no_statement_has_find_none(store: ox.Store, words: str) -> None:
    assert asked(store, fill(SAVED["statements-by-word"].text, {"word": ox.Literal(words)})) == []


@pytest.mark.parametrize("name", SAVED)
def test_a_saved_query_says_what_it_asks_and_why(name: str) -> None:
    query = SAVED[name]

    assert query.question.endswith("?")
    assert query.title
    assert query.why
    assert query.tags


@pytest.mark.parametrize("name", [name for name, query in SAVED.items() if query.parameters])
def test_each_place_of_a_parameter_takes_the_value_that_is_given(name: str) -> None:
    """A value replaces whole lines: in a line with other words the default would stay, and rows with it."""
    text = SAVED[name].text
    for parameter in SAVED[name].parameters:
        lines = re.findall(rf"^ *(VALUES \?{parameter.name} \{{ .* \}})$", text, re.MULTILINE)

        assert lines
        assert text.count(lines[0]) == len(lines)


def test_an_unknown_name_offers_near_ones() -> None:
    with pytest.raises(UnknownNameError, match="who-criticised"):
        saved_queries.find(folder("queries"), "who-criticized")


def test_the_example_on_the_start_page_gives_the_silent_and_the_absent(store: ox.Store) -> None:
    results = store.query(result_pages.EXAMPLE, use_default_graph_as_union=True)
    assert isinstance(results, ox.QuerySolutions)

    found = {row["actor"].value.rpartition("/")[2] for row in results}

    assert found == {"che-guevara", "emilio-aragones", "raul-castro"}
