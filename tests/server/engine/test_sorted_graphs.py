"""The triples of an answer: one order in every process, prefixes of the query, blank nodes told."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from kg.errors import SizeLimitError
from kg.store import keywords
from server.engine.evaluation.evaluate import evaluate
from server.engine.evaluation.query_request import QueryRequest
from server.engine.evaluation.sorted_graphs import merge_prefixes, write_triples
from server.web.formats import GRAPHS
from tests.server.talking import get

ROOT = Path(__file__).parents[3]
LIMIT = 1 << 20
A, B, C, P, Q = (NamedNode(f"http://ex.org/{name}") for name in ("a", "b", "c", "p", "q"))
# In the order of their lines by code points: `"` before `<`, the shorter of two texts first.
IN_ORDER = [
    Triple(A, P, Literal("x")),
    Triple(A, P, Literal("x", language="en")),
    Triple(A, P, Literal("ж")),
    Triple(A, P, C),
    Triple(A, Q, A),
    Triple(B, P, C),
]
LINES = """\
<http://ex.org/a> <http://ex.org/p> "x" .
<http://ex.org/a> <http://ex.org/p> "x"@en .
<http://ex.org/a> <http://ex.org/p> "ж" .
<http://ex.org/a> <http://ex.org/p> <http://ex.org/c> .
<http://ex.org/a> <http://ex.org/q> <http://ex.org/a> .
<http://ex.org/b> <http://ex.org/p> <http://ex.org/c> .
"""
# A program that answers one query in each syntax; its groups come from the engine in an order
# of each process, and one of its prefixes begins with the other.
PROGRAM = """
import sys
from pyoxigraph import RdfFormat, Store
from server.web.formats import GRAPHS
from server.engine.evaluation.evaluate import evaluate
from server.engine.evaluation.query_request import QueryRequest
store = Store()
lines = (f"<http://ex.org/{n * 7919 % 500}> <http://ex.org/p{n % 5}> <http://ex.org/deep/{n}> .\\n" for n in range(1000))
store.load("".join(lines).encode(), RdfFormat.N_TRIPLES)
query = '''PREFIX my: <http://ex.org/> PREFIX deep: <http://ex.org/deep/> CONSTRUCT { ?a my:to ?c . ?c my:of ?a ; a ?d }
    { { SELECT ?a (COUNT(?x) AS ?c) { ?a ?d ?x } GROUP BY ?a } UNION { ?c my:p2 ?a . ?c ?d ?a } }'''
for media_type in GRAPHS:
    sys.stdout.buffer.write(evaluate(store, QueryRequest(query, {"graph": media_type}), 1 << 20).body + b"\\0")
"""


def written(triples: list[Triple], media_type: str = "application/n-triples") -> tuple[str, bool]:
    output = BytesIO()
    lasting = write_triples(triples, output, media_type)
    return output.getvalue().decode(), lasting


@pytest.mark.parametrize("start", range(len(IN_ORDER)))
def test_triples_come_once_in_the_order_of_their_lines(start: int) -> None:
    turned = [*IN_ORDER[start:], *IN_ORDER[:start]][::-1]

    assert written([*turned, *turned]) == (LINES, True)


def test_two_processes_give_the_same_bytes_in_each_syntax() -> None:
    one, other = (
        subprocess.run(
            [sys.executable, "-c", PROGRAM], cwd=ROOT, env={"PYTHONHASHSEED": seed}, check=True, capture_output=True
        ).stdout.split(b"\0")[:-1]
        for seed in ("1", "2")
    )  # fmt: skip

    assert len(one) == len(GRAPHS) == 7
    assert all(len(body) > 5000 for body in one)
    assert one == other


def test_a_subject_is_written_once_in_turtle() -> None:
    text, _ = written(IN_ORDER[::2] + IN_ORDER[1::2], "text/turtle")

    assert text.count("<http://ex.org/a> <http://ex.org/p>") == 1


@pytest.mark.parametrize(
    ("triple", "lasting"),
    [
        (Triple(A, P, B), True),
        (Triple(BlankNode("b"), P, B), False),
        (Triple(A, P, BlankNode("b")), False),
        (Triple(A, P, Triple(A, P, BlankNode("b"))), False),
        (Triple(BlankNode("b"), P, Triple(A, P, B)), False),
        (Triple(A, P, Triple(A, P, B)), True),
    ],
)
def test_it_is_told_whether_a_node_is_blank(triple: Triple, lasting: bool) -> None:
    assert written([*IN_ORDER, triple])[1] == lasting


def test_an_answer_with_blank_nodes_is_not_kept_and_another_is(client: FlaskClient) -> None:
    fresh = get(client, "CONSTRUCT { ?s <http://ex.org/has> [] } WHERE { ?s a ?c }")
    lasting = get(client, "CONSTRUCT { ?s <http://ex.org/is> ?c } WHERE { ?s a ?c }")

    assert fresh.status_code == lasting.status_code == 200
    assert (fresh.headers["Cache-Control"], "ETag" in fresh.headers) == ("no-store", False)
    assert lasting.headers["ETag"].startswith('"')


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("PREFIX ex: <http://ex.org/> ASK {}", {"ex": "http://ex.org/"}),
        ("prefix:<http://ex.org/>ASK {}", {"": "http://ex.org/"}),
        ("# PREFIX a: <http://a.org/>\nPREFIX b: <urn:b:>\n ASK {}", {"b": "urn:b:"}),
        ("PREFIX a: <http://a.org/#PREFIX> PREFIX b: <http://b.org/> ASK {}",
         {"a": "http://a.org/#PREFIX", "b": "http://b.org/"}),
        ("PREFIX a: <http://a.org/> PREFIX a: <http://b.org/> ASK {}", {"a": "http://b.org/"}),
        ("PREFIX a.b-c: <http://a.org/> ASK {}", {"a.b-c": "http://a.org/"}),
        ("BASE <http://ex.org/> PREFIX a: <b#> ASK {}", {}),
        ("PREFIX a: <http://a.org/\\u0041> ASK {}", {}),
        ("PREFIX é: <http://ex.org/> ASK {}", {}),
        ("ASK { ?s ?p 'PREFIX a: <http://a.org/>' }", {}),
    ],
)  # fmt: skip
def test_the_prefixes_are_those_that_the_query_declares(query: str, expected: dict[str, str]) -> None:
    assert keywords.prefixes(query) == expected


def test_own_prefixes_come_before_known_ones() -> None:
    known = {"a": "http://a.org/", "b": "http://b.org/", "c": "http://c.org/"}

    assert merge_prefixes({"a": "http://x.org/", "bee": "http://b.org/"}, known) == {
        "a": "http://x.org/", "bee": "http://b.org/", "c": "http://c.org/",
    }  # fmt: skip


QUERY = "PREFIX my: <http://ex.org/> CONSTRUCT { my:a my:b <urn:c> } WHERE {}"


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("text/turtle", "@prefix my: <http://ex.org/> .\nmy:a my:b <urn:c> .\n"),
        ("application/trig", "@prefix my: <http://ex.org/> .\nmy:a my:b <urn:c> .\n"),
        ("application/n-triples", "<http://ex.org/a> <http://ex.org/b> <urn:c> .\n"),
    ],
)
def test_turtle_and_trig_use_the_prefixes_of_the_query(media_type: str, expected: str) -> None:
    body = evaluate(Store(), QueryRequest(QUERY, {"graph": media_type}), LIMIT).body.decode()

    assert body == expected


@pytest.mark.parametrize("media_type", ["application/ld+json", "application/rdf+xml"])
def test_where_a_prefix_could_change_the_meaning_it_is_not_declared(media_type: str) -> None:
    """In JSON-LD the prefix `urn` would be taken for the beginning of `urn:c`."""
    query = QUERY.replace("my:", "urn:", 1).replace("my:a my:b", "<http://ex.org/a> <http://ex.org/b>")
    body = evaluate(Store(), QueryRequest(query, {"graph": media_type}), LIMIT).body.decode()

    assert "urn:c" in body
    assert '"urn":' not in body
    assert "xmlns:urn" not in body


def test_a_large_graph_is_refused() -> None:
    with pytest.raises(SizeLimitError):
        evaluate(Store(), QueryRequest(QUERY, {"graph": "text/turtle"}), 10)
