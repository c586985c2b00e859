"""The pages about a collection and about the quality of its data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.asking.questions.columns import Column
from kg.errors import Finding
from kg.namespaces import BASE, CG, ID, PREFIXES
from kg.reading.collection.collection import Collection
from kg.reading.collection.pages_text import PagesText
from server import create_app
from server.engine.workers.pool import Pool
from server.pages.about.quality_page import MOST, groups
from server.pages.about.question_sections import linked
from server.pages.questions.answer_table import AnswerRow, AnswerTable
from server.site.cells import Cell

from ..linked import LIMITS, html, load
from ..pools import open_pool

TELEGRAM = f"{ID}telegram/t"
ABOUT = replace(
    Collection.shipped().about,
    title="Telegrams from Alpha",
    curator="Jane Doe",
    about="One telegram, invented.",
    pages=PagesText(
        "The harbour of Alpha",
        "jane@example.org",
        sections=(("How it came here", "Found in 1990.\n\nSee https://example.org/box <7>."),),
        quality=(("Agreement", "Two readers agreed."),),
    ),
)
FOUND = [Finding("a.yaml", n, "a label is missing", "warning") for n in range(1, MOST + 3)]
FOUND += [Finding("b.yaml", 0, "an odd name", "info")]


def with_a_telegram() -> Store:
    """Return the small graph with a telegram that is held, read by Ann, and a gap in it."""
    store, graph = load(), NamedNode(f"{BASE}graph/telegram/t")
    said = (
        (TELEGRAM, f"{PREFIXES['rdf']}type", NamedNode(CG.Telegram)),
        (TELEGRAM, f"{PREFIXES['rdfs']}label", Literal("Telegram 7", language="en")),
        (TELEGRAM, f"{CG}holding", NamedNode(f"{ID}holding/held")),
        (TELEGRAM, f"{CG}depth", NamedNode(f"{ID}depth/statements")),
        (f"{TELEGRAM}/rendering/page", f"{CG}renders", NamedNode(TELEGRAM)),
        (f"{TELEGRAM}/curation/first", f"{PREFIXES['prov']}used", NamedNode(f"{TELEGRAM}/rendering/page")),
        (f"{TELEGRAM}/curation/first", f"{PREFIXES['dcterms']}creator", Literal("Ann Reed")),
        (
            f"{TELEGRAM}/curation/first",
            f"{PREFIXES['dcterms']}date",
            Literal("1990-01-02", datatype=NamedNode(f"{PREFIXES['xsd']}date")),
        ),
        (f"{TELEGRAM}/gap", f"{PREFIXES['rdf']}type", NamedNode(CG.Omission)),
        (f"{TELEGRAM}/gap", f"{CG}expected", NamedNode(f"{ID}expectation/date")),
        (f"{ID}expectation/date", f"{PREFIXES['skos']}prefLabel", Literal("date", language="en")),
        (f"{TELEGRAM}/gap", f"{CG}searchedIn", NamedNode(TELEGRAM)),
    )
    store.extend(Quad(NamedNode(s), NamedNode(p), o, graph) for s, p, o in said)
    return store


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    with open_pool(with_a_telegram, LIMITS) as pool:
        yield create_app(pool, about=ABOUT, data_version="v1", findings=lambda _: FOUND).test_client()


def test_the_page_says_what_the_collection_says_of_itself(client: FlaskClient) -> None:
    page = html(client, "/about")

    assert "<h1>About this collection</h1>" in page
    assert "The harbour of Alpha" in page
    assert "One telegram, invented." in page
    assert "<h2>How it came here</h2>" in page
    assert "<p>Found in 1990.</p>" in page
    assert re.search(r'<p>See <a href="https://example.org/box"[^>]*>.*</a> &lt;7&gt;\.</p>', page)
    assert "Jane Doe answers for the records" in page
    assert 'href="mailto:jane@example.org"' in page


def test_the_page_names_who_read_the_texts_with_links(client: FlaskClient) -> None:
    table = html(client, "/about").partition('id="curators"')[2].partition("</table>")[0]

    assert re.search(r'<a href="/id/telegram/t"[^>]*>Telegram 7</a>', table)
    assert "Ann Reed" in table
    assert "1990-01-02" in table
    assert "curation" not in table


def test_the_page_has_licence_version_and_telegrams(client: FlaskClient) -> None:
    page = html(client, "/about")

    assert 'rel="license"' in page
    assert "<code>v1</code>" in page
    assert "1 telegram with" in page


def test_quality_tells_the_findings_of_the_validation(client: FlaskClient) -> None:
    page = html(client, "/quality")

    assert f"none was found, {MOST + 2} warnings, 1 remark." in page
    assert page.count("<code>a.yaml:") == MOST
    assert "and 2 more, in the report" in page
    assert "<code>b.yaml</code>" in page
    assert 'href="/shape/report"' in page


def test_quality_is_made_of_questions_that_can_be_asked_again(client: FlaskClient) -> None:
    page = html(client, "/quality")
    gaps = page.partition("What was looked for and not found")[2].partition("</table>")[0]

    for name in ("documents-by-depth", "coverage-of-texts", "who-read-what", "certainty-counted"):
        assert f'href="/queries/{name}"' in page
    assert 'href="/queries/found-by-a-program?sure=found+by+a+program"' in page
    assert '<th scope="row"><span lang="en">date</span></th><td>1</td>' in gaps
    assert "No reader noted an ambiguity." in page
    assert "<h2>Agreement</h2>" in page


def test_data_that_were_not_validated_say_so(pool: Pool) -> None:
    page = html(create_app(pool, about=ABOUT, data_version="v2").test_client(), "/quality")

    assert "These data were not validated here" in page


def test_findings_with_one_message_are_a_group() -> None:
    first, second = groups(FOUND)

    assert (first.severity, first.total, len(first.places)) == ("warning", MOST + 2, MOST)
    assert (second.severity, second.total, second.places) == ("info", 1, ("b.yaml",))


def test_a_text_leads_to_the_thing_of_another_column() -> None:
    columns = tuple(Column(name, name, "text", "") for name in ("thing", "name", "left"))
    cells = (Cell("t:1", href="/id/t/1", full="iri:1"), Cell("One"), Cell("x"))
    nameless = (Cell("t:2", href="/id/t/2", full="iri:2"), Cell(""), Cell("x"))
    table = AnswerTable(columns, (AnswerRow(("a", "b", "c"), cells), AnswerRow(("d", "", "f"), nameless)))

    shown = linked(table, {"name": "thing", "no": "thing"}, ("left",))

    assert [column.name for column in shown.columns] == ["name"]
    assert [row.cells for row in shown.rows] == [
        (Cell("One", href="/id/t/1", full="iri:1"),),
        (Cell("t:2", href="/id/t/2", full="iri:2"),),
    ]
    assert [row.values for row in shown.rows] == [("b",), ("",)]


def test_data_that_nobody_described_have_no_licence_and_no_curator_of_ours(pool: Pool) -> None:
    about = Collection.in_base("https://example.org/frus/").about
    page = html(create_app(pool, about=about, data_version="v3").test_client(), "/about")

    assert "Documents at example.org/frus" in page
    assert "Nobody is named who answers for the records." in page
    # There, and at the foot.
    assert page.count(f'No licence of the data is told: <a rel="license" href="{about.licence}">') == 2
    assert "CC BY" not in page
