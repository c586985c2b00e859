"""Headers of queries: every key is known, columns are those of the query, views have what they need."""

from __future__ import annotations

import re
from datetime import date, datetime

import pyoxigraph as ox
import pytest

from kg.asking.questions import query_header, saved_queries
from kg.errors import DataError
from kg.resources import folder
from kg.store import sparql
from kg.terms import python_value

SAVED = saved_queries.load(folder("queries"))
# A CONSTRUCT gives a graph, which has no columns.
TABLES = [name for name, query in SAVED.items() if sparql.projection(query.text) and not query.federated]
README = (folder("queries") / "README.md").read_text(encoding="utf-8")
PYTHON = {"iri": str, "text": str, "integer": int, "decimal": float, "date": date, "dateTime": datetime}
COLUMN = "#+   - {{name: {}, label: L, type: text, about: A.{}}}\n"


def findings(*head: str, query: str = "SELECT ?a ?b {}") -> list[str]:
    with pytest.raises(DataError) as caught:
        saved_queries.parse("mine", "".join(head) + query)
    return [str(finding) for finding in caught.value.findings]


def listed(marker: str) -> dict[str, list[str]]:
    """Return the rows of the table under an HTML comment of the README, by what stands first."""
    found = re.search(rf"<!-- {marker} -->\n\|.*\n\|[-|]*\n((?:\|.*\n)+)", README)
    assert found, marker
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in found.group(1).splitlines()]
    return {row[0].strip("`"): row[1:] for row in rows}


def test_the_readme_shows_the_views_and_their_roles() -> None:
    rows = {name: [re.findall(r"`(\w+)`", cell) for cell in row[1:]] for name, row in listed("views").items()}

    assert rows == {name: [list(show.needs), list(show.takes)] for name, show in query_header.SHOWS.items()}


@pytest.mark.parametrize("name", SAVED)
def test_the_columns_are_those_of_the_query(name: str) -> None:
    query = SAVED[name]

    assert tuple(column.name for column in query.columns) == (sparql.projection(query.text) or ())
    assert all(column.label and column.about.endswith(".") for column in query.columns)
    assert len({column.label for column in query.columns}) == len(query.columns)


def test_every_view_is_used() -> None:
    assert len(TABLES) >= 50
    assert {query.show for query in SAVED.values()} == set(query_header.SHOWS)


@pytest.mark.parametrize("name", TABLES)
def test_the_values_are_of_the_type_that_the_column_says(name: str, store: ox.Store) -> None:
    wrong = [
        (column.name, term)
        for row in sparql.rows(store, SAVED[name].text)
        for column, term in zip(SAVED[name].columns, row, strict=True)
        if term is not None
        and (
            type(python_value(term)) is not PYTHON[column.type]
            or (column.type == "iri") != isinstance(term, ox.NamedNode)
        )
    ]

    assert wrong == []


@pytest.mark.parametrize("name", [name for name, query in SAVED.items() if query.federated])
def test_identifiers_of_others_have_their_evidence_in_the_header(name: str) -> None:
    query = SAVED[name]
    body = "\n".join(line for line in query.text.splitlines() if not line.startswith("#+"))
    used = set(re.findall(r":(P\d+)\b", body))

    assert used
    assert used == set(re.findall(r"\bP\d+\b", " ".join(query.evidence)))


def test_a_header_may_say_nothing() -> None:
    query = saved_queries.parse("mine", "SELECT ?a {}")

    assert (query.columns, query.show, query.federated, query.evidence) == ((), "table", False, ())


def test_everything_that_a_header_says_is_known() -> None:
    text = "#+ columns:\n" + COLUMN.format("a", ", role: row") + COLUMN.format("b", ", role: column")
    text += COLUMN.format("c", ", role: cell") + "#+ show: matrix\nSELECT ?a ?b ?c {}"
    query = saved_queries.parse("mine", text)

    assert [(column.name, column.role) for column in query.columns] == [
        ("a", "row"), ("b", "column"), ("c", "cell"),
    ]  # fmt: skip
    assert query.show == "matrix"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("#+ titel: x\n", "queries/mine.rq:1: there is no header key 'titel'; did you mean title?"),
        ("#+ title: x\n#+ zzz: y\n", "queries/mine.rq:2: there is no header key 'zzz'; there are: title, question,"),
        ("#+ tags: one\n", "queries/mine.rq:1: tags must be a list of texts"),
        ("#+ tags: [[one]]\n", "queries/mine.rq:1: tags must be a list of texts"),
        ("#+ title: [x]\n", "queries/mine.rq:1: title must be a text"),
        ("#+ federated: yes\n", "queries/mine.rq:1: federated must be `true` or left out"),
        ("#+ federated: true\n", "queries/mine.rq:1: the query calls no other service; leave `federated` out"),
        ("#+ show: tabel\n", "queries/mine.rq:1: there is no view 'tabel'; did you mean table?"),
        ("#+ show: [table]\n", "queries/mine.rq:1: there is no view \"['table']\"; did you mean table?"),
        ("#+ title: x\n#+ show: matrix\n", "queries/mine.rq:2: show: matrix needs one column with `role: row`, not 0"),
        ("#+ columns: a\n", "queries/mine.rq:1: columns must be a list of entries"),
        ("#+ columns:\n#+   - a\n", "queries/mine.rq:2: write a column as {name: …"),
        ("#+ columns:\n#+   - {name: [a]}\n", "queries/mine.rq:2: write a column as {name: …"),
        ("#+ columns:\n#+   - {name: a}\n", "queries/mine.rq:2: this column lacks label, type, about"),
        ("#+ columns:\n" + COLUMN.format("a", ", kind: x"), "queries/mine.rq:2: there is no column key 'kind'"),
        (
            "#+ columns:\n" + COLUMN.format("a", "").replace("text", "txt"),
            "queries/mine.rq:2: there is no column type 'txt'; did you mean text?",
        ),
        (
            "#+ title: x\n#+ columns:\n" + COLUMN.format("b", "") + COLUMN.format("a", ""),
            "queries/mine.rq:2: the query returns ?a ?b; describe these and no others, in this order",
        ),
        (
            "#+ columns:\n" + COLUMN.format("a", "") + COLUMN.format("b", ", role: date"),
            "queries/mine.rq:3: there is no table role 'date'",
        ),
        (
            "#+ columns:\n" + COLUMN.format("a", ", role: row") + COLUMN.format("b", ", role: cel") + "#+ show: matrix\n",
            "queries/mine.rq:3: there is no matrix role 'cel'; did you mean cell?",
        ),
        ("#+ title: x\n#+ parameters: x\n", "queries/mine.rq:2: `parameters:` must be a list of entries"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found_with_its_line(head: str, expected: str) -> None:
    assert any(finding.startswith(expected) for finding in findings(head)), findings(head)


def test_all_mistakes_are_found_at_once() -> None:
    assert len(findings("#+ titel: x\n#+ tags: y\n#+ show: z\n")) == 3


def test_a_graph_has_no_columns() -> None:
    found = findings("#+ columns:\n", COLUMN.format("a", ""), query="CONSTRUCT WHERE { ?a ?b ?c }")

    assert found == [
        "queries/mine.rq:1: the query returns no columns, since its answer is not a table; "
        "describe these and no others, in this order"
    ]


def test_a_call_of_another_service_must_be_declared() -> None:
    query = "SELECT ?services { SERVICE <http://a.example/> { ?services ?p ?o } }"

    assert findings("#+ title: x\n", query=query) == [
        "queries/mine.rq:1: the query calls another service; write `federated: true`"
    ]
    assert saved_queries.parse("mine", f"#+ federated: true\n{query}").federated
    assert not saved_queries.parse("mine", query).federated  # a text without a header promises nothing


def test_what_is_no_query_is_left_to_whoever_asks_it() -> None:
    assert saved_queries.parse("mine", "#+ title: x\nSELECT nonsense").text.endswith("nonsense")


@pytest.mark.parametrize(
    ("query", "projected", "calls"),
    [
        ("SELECT ?service ?b { SERVICE SILENT <http://service/> { ?service ?b <x:service> } }", ("service", "b"), True),
        ("SELECT ?b { ?b ?service 'SERVICE' } # service", ("b",), False),
        ("ASK { SERVICE ?service {} }", None, True),
        ("CONSTRUCT WHERE { ?s ?p ?o }", None, False),
    ],
)  # fmt: skip
def test_a_query_tells_its_columns_and_calls_without_being_asked(
    query: str, projected: tuple[str, ...] | None, calls: bool
) -> None:
    assert sparql.projection(query) == projected
    assert sparql.calls_service(query) is calls


def test_what_is_no_query_calls_nobody() -> None:
    assert not sparql.calls_service("nonsense SERVICE")
