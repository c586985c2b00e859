"""Formats by Accept (RFC 9110 section 12.5.1) and by name."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from server.web.formats import content_type, worker_type
from server.web.http_errors import NotAcceptableError, RequestError
from server.web.negotiation import Choices, best, choose

JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
CSV, TSV, TURTLE, HTML = "text/csv", "text/tab-separated-values", "text/turtle", "text/html"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


def accept(header: str) -> MIMEAccept:
    return parse_accept_header(header, MIMEAccept)


@pytest.mark.parametrize(
    ("header", "solutions", "graph"),
    [
        ("", JSON, TURTLE),
        ("*/*", JSON, TURTLE),
        ("application/*", JSON, "application/n-triples"),
        ("text/*", CSV, TURTLE),
        (TSV, TSV, None),
        ("TEXT/CSV", CSV, None),
        ("text/csv;q=0.5, application/sparql-results+xml", XML, None),
        ("text/csv;q=0.5, */*;q=0.1", CSV, TURTLE),
        ("*/*, application/sparql-results+json;q=0", XML, TURTLE),
        ("application/json", "application/json", None),
        ("application/xml", "application/xml", None),
        ("text/turtle; charset=utf-8, application/sparql-results+json; charset=utf-8", JSON, TURTLE),
        (
            'application/ld+json; profile="http://www.w3.org/ns/json-ld#compacted"',
            None,
            "application/ld+json",
        ),
        ("application/n-quads, application/trig;q=0.9", None, "application/n-quads"),
        (BROWSER, HTML, HTML),
        ("nonsense, text/csv", CSV, None),
    ],
)
def test_the_accept_header_decides(header: str, solutions: str | None, graph: str | None) -> None:
    types = choose(accept(header))

    assert (types.get("solutions"), types.get("graph")) == (solutions, graph)


@pytest.mark.parametrize("header", ["application/x-nope", "image/*", "*/*;q=0", "text/csv;q=0"])
def test_nothing_acceptable_is_an_error(header: str) -> None:
    with pytest.raises(NotAcceptableError):
        choose(accept(header))


@pytest.mark.parametrize(
    ("header", "expected"), [("text/plain", "text/plain"), ("text/boolean", "text/boolean")]
)
def test_a_truth_value_may_be_plain(header: str, expected: str) -> None:
    assert choose(accept(header)) == {"boolean": expected}


@pytest.mark.parametrize(
    ("name", "solutions", "graph"),
    [
        ("json", JSON, "application/ld+json"),
        ("xml", XML, "application/rdf+xml"),
        ("csv", CSV, None),
        ("tsv", TSV, None),
        ("ttl", None, TURTLE),
        ("nt", None, "application/n-triples"),
        ("rdf", None, "application/rdf+xml"),
        ("jsonld", None, "application/ld+json"),
        ("nq", None, "application/n-quads"),
        ("trig", None, "application/trig"),
        ("html", HTML, HTML),
        ("CSV", CSV, None),
        ("text/csv", CSV, None),
        ("text/turtle", None, TURTLE),
        ("text/html", HTML, HTML),
    ],
)
def test_a_name_overrides_the_header(name: str, solutions: str | None, graph: str | None) -> None:
    types = choose(accept("application/x-nope"), name)

    assert (types.get("solutions"), types.get("boolean"), types.get("graph")) == (solutions, solutions, graph)


def test_a_truth_value_can_be_had_plain_by_name() -> None:
    assert choose(accept(""), "text/boolean") == {"boolean": "text/boolean"}


def test_an_unknown_name_is_an_error_that_lists_the_names() -> None:
    with pytest.raises(RequestError, match="'xlsx'; there are: json, xml, csv"):
        choose(accept(""), "xlsx")


def test_equals_are_decided_in_the_order_of_the_offers() -> None:
    assert best(accept("b/b, a/a"), ("a/a", "b/b")) == "a/a"


def test_text_types_say_their_charset() -> None:
    assert content_type(CSV) == "text/csv; charset=utf-8"
    assert content_type(JSON) == JSON


def test_a_page_is_made_from_the_first_format() -> None:
    assert worker_type("solutions", HTML) == JSON
    assert worker_type("graph", HTML) == TURTLE
    assert worker_type("graph", "application/trig") == "application/trig"


def test_what_is_remembered_is_what_would_be_chosen() -> None:
    choices = Choices()
    wishes = [("", None), (BROWSER, None), ("text/csv;q=0.5, text/turtle", None), (CSV, "xml"), ("x/y", "nt")]

    for header, name in wishes * 2:
        assert choices.types(header, name) == choose(accept(header), name)
    assert choices.types("", None) is choices.types("", None)


def test_errors_are_told_each_time_and_long_wishes_not_remembered() -> None:
    choices = Choices()
    long = f"text/csv, {'text/x, ' * 100}"
    for _ in range(2):
        with pytest.raises(NotAcceptableError):
            choices.types("image/png")
        with pytest.raises(RequestError):
            choices.types("", "nonsense")

    assert choices.types(long) is not choices.types(long)
    assert choices.types(long) == choose(accept(long))


def test_of_several_names_the_first_that_is_known_counts() -> None:
    types = choose(
        MIMEAccept(), "application/ld+json,application/x-json+ld"
    )  # as SPARQLWrapper asks for JSON-LD

    assert types["graph"] == "application/ld+json"
