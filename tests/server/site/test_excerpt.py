"""A long graph on a page: cut after a statement, said so, and led to the whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Store, parse

from server import create_app
from server.engine.evaluation.query_request import Limits
from server.site.result_pages import CHARACTERS, LINES, Excerpt, excerpt
from tests.server.talking import get

from ..pools import open_pool

TURTLE = "@prefix a: <http://a.org/> .\na:a a:p a:b ;\n\ta:q a:c .\na:b a:p a:c ;\n\ta:q a:d .\n"
MANY = LINES + 200


@pytest.mark.parametrize(
    ("lines", "characters", "kept"),
    [
        (5, 1000, 5),
        (4, 1000, 3),  # the fourth line does not end what it begins
        (3, 1000, 3),
        (2, 1000, 1),
        (5, len(TURTLE), 5),
        (5, len(TURTLE) - 1, 3),
    ],
)
def test_a_text_is_cut_after_a_whole_statement(lines: int, characters: int, kept: int) -> None:
    shown = excerpt(TURTLE, lines, characters)

    assert shown == Excerpt("".join(TURTLE.splitlines(keepends=True)[:kept]), kept, 5)
    assert shown.cut == (kept < 5)
    assert list(parse(shown.text, RdfFormat.TURTLE)) == list(parse(TURTLE, RdfFormat.TURTLE))[: (kept - 1)]


def test_a_statement_that_is_too_long_is_cut_after_a_line_or_within() -> None:
    assert excerpt("a:a a:p a:b ,\n a:c ,\n a:d .\n", 2) == Excerpt("a:a a:p a:b ,\n a:c ,\n", 2, 3)
    assert excerpt("a:a a:p 'long' .\n", characters=9) == Excerpt("a:a a:p '…", 0, 1)


def test_an_empty_text_is_whole() -> None:
    assert not excerpt("").cut


def test_a_line_separator_within_a_text_ends_no_line() -> None:
    text = 'a:a a:p "One.\u2028Two." .\na:b a:p a:c .\n'

    assert excerpt(text, 1) == Excerpt('a:a a:p "One.\u2028Two." .\n', 1, 2)


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    store = Store()
    lines = (f'<http://ex.org/{n:04}> <http://ex.org/p> "{n}" .\n' for n in range(MANY))
    store.load("".join(lines).encode(), RdfFormat.N_TRIPLES)
    with open_pool(lambda: store, Limits(workers=1), "v1") as pool:
        yield create_app(pool, data_version="v1").test_client()


def test_the_page_of_a_large_graph_is_cut_and_leads_to_the_whole(client: FlaskClient) -> None:
    query = "CONSTRUCT WHERE { ?s ?p ?o }"
    page = get(client, query, more="&format=html").text
    notice = page.partition('role="status">')[2].partition("</p>")[0]

    assert f"the first {LINES} of {MANY} lines" in notice
    assert notice.count("<a href=") == 6
    assert f"ex.org/{LINES - 1:04}&gt;" in page
    assert f"ex.org/{LINES:04}&gt;" not in page
    assert len(page) < 2 * CHARACTERS
    assert f"{MANY - 1:04}" in get(client, query, more="&format=ttl").text


def test_the_page_of_a_small_graph_is_whole_and_says_nothing(client: FlaskClient) -> None:
    page = get(client, "CONSTRUCT WHERE { <http://ex.org/0001> ?p ?o }", more="&format=html").text

    assert "&#34;1&#34; ." in page
    assert "lines. The whole graph" not in page
