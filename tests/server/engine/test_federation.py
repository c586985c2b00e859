"""SERVICE to allowed addresses only: the calls found in a query, made by the server, joined as data."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from kg.errors import BusyError, CablegraphError
from server import create_app
from server.engine.evaluation import federation
from server.engine.evaluation.federation import Call
from server.engine.evaluation.query_request import Limits, QueryAnswer, QueryRequest
from server.engine.processes.wire import request_to_head
from server.engine.workers.pool import Pool
from server.engine.workers.worker import answer_from, reply
from server.site.other_services import CallLimits, Services
from server.web.http_errors import RequestError, ServiceCallsError, ServiceFailedError, ServiceRefusedError

from ..conftest import Listener
from ..talking import get, problem

A = "http://a.example/sparql"
TYPES = {"solutions": "text/csv", "boolean": "text/boolean", "graph": "application/n-triples"}
RESULTS = "application/sparql-results+json"


def calls(query: str, *allowed: str) -> list[Call]:
    with pytest.raises(ServiceCallsError) as caught:
        federation.raise_for_calls(query, allowed or (A,), None)
    return [Call(*call) for call in caught.value.calls]


@pytest.mark.parametrize(
    ("query", "taken"),
    [
        ("SELECT * { SERVICE <A> { ?s ?p ?o } }", ["SERVICE <A> { ?s ?p ?o }"]),
        ("SELECT * {service silent<A>{?s ?p ?o}?a ?b ?c}", ["service silent<A>{?s ?p ?o}"]),
        ("ASK { SERVICE # }\n <A> # {\n { { ?s ?p '}' } } }", ["SERVICE # }\n <A> # {\n { { ?s ?p '}' } }"]),
        ("ASK { ?s ?p 'SERVICE <A> {}' SERVICE <A> { } }", ["SERVICE <A> { }"]),
        ("ASK { OPTIONAL { SERVICE <A> { ?s ?p ?o FILTER(?o<'}') } } }", ["SERVICE <A> { ?s ?p ?o FILTER(?o<'}') }"]),
        ("ASK { ?a ?b ?c FILTER(?a<'x>') SERVICE <A> { ?a ?p ?o } FILTER(?b='y') }", ["SERVICE <A> { ?a ?p ?o }"]),
        ("ASK { FILTER NOT EXISTS { SERVICE <A> { } } } # SERVICE <A> { }", ["SERVICE <A> { }"]),
        (
            "SELECT * { SERVICE <A> { ?s ?p 1 } { SERVICE <A> { ?s ?p 2 } } UNION { ?s ?service <x:service> } }",
            ["SERVICE <A> { ?s ?p 1 }", "SERVICE <A> { ?s ?p 2 }"],
        ),
    ],
)  # fmt: skip
def test_calls_are_found_where_they_are_and_nowhere_else(query: str, taken: list[str]) -> None:
    query, taken = query.replace("<A>", f"<{A}>"), [text.replace("<A>", f"<{A}>") for text in taken]

    assert [query[call.start : call.end] for call in calls(query)] == taken


def test_a_call_carries_what_the_other_needs_to_understand_it() -> None:
    (call,) = calls(f"PREFIX x: <http://x/> SELECT ?o {{ SERVICE SILENT <{A}> {{ x:a ?p ?o }} ?o ?q 1 }}")

    assert (call.address, call.silent) == (A, True)
    assert call.query == "PREFIX x: <http://x/>  SELECT * { x:a ?p ?o }"


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?s ?p 'SERVICE' }",
        "ASK { ?service ?p <x:service> } # SERVICE",
        "PREFIX service: <x:> ASK { service:a ?p ?o }",
    ],
)
def test_without_a_call_nothing_happens(query: str) -> None:
    federation.raise_for_calls(query, (A,), None)


@pytest.mark.parametrize(
    "query",
    [
        "ASK { SERVICE <http://b.example/> { ?s ?p ?o } }",
        "ASK { SERVICE SILENT <http://b.example/> { ?s ?p ?o } }",
        f"ASK {{ SERVICE <{A}/> {{ ?s ?p ?o }} }}",
        f"ASK {{ SERVICE <{A}?x> {{ ?s ?p ?o }} }}",
        f"ASK {{ SERVICE <{A.upper()}> {{ ?s ?p ?o }} }}",
        f"ASK {{ VALUES ?e {{ <{A}> }} SERVICE ?e {{ ?s ?p ?o }} }}",
        f"PREFIX a: <{A}> ASK {{ SERVICE a: {{ ?s ?p ?o }} }}",
        "BASE <http://a.example/> ASK { SERVICE <sparql> { ?s ?p ?o } }",
        f"ASK {{ SERVICE <{A}> {{ SERVICE <{A}> {{ ?s ?p ?o }} }} }}",
        f"ASK {{ SERVICE <{A}> {{ <relative> ?p ?o }} }}",
        f"ASK {{ SERVICE <{A}> {{ ?s ?p ?o }} SERVICE <http://b.example/> {{ ?s ?p ?o }} }}",
        f"ASK {{ SERVICE <{A}> {{ {'{} ' * 400} }} }}",
    ],
)
def test_everything_but_an_exact_address_is_refused(query: str) -> None:
    with pytest.raises(ServiceRefusedError):
        federation.raise_for_calls(query, (A,), "http://a.example/")


@pytest.mark.parametrize(
    "query",
    [
        f"ASK {{ SERVICE <{A}> {{ ?s ?p ?o }}",
        f"ASK {{ SERVICE <{A}> {{ ?s ?p ?o }} nonsense }}",
        "SERVICE",
    ],
)
def test_what_is_no_query_is_not_called(query: str) -> None:
    with pytest.raises((SyntaxError, ServiceRefusedError)):
        federation.raise_for_calls(query, (A,), None)


def test_a_query_full_of_the_word_is_refused() -> None:
    with pytest.raises(RequestError, match="more than 30 times"):
        federation.raise_for_calls(f"ASK {{ SERVICE <{A}> {{ }} }} #" + " service" * 40, (A,), None)


def test_the_calls_travel_from_a_worker_as_they_are(store: Store) -> None:
    query = f"ASK {{ SERVICE SILENT <{A}> {{ ?s ?p ?o }} }}"
    head, body = reply(store, request_to_head(QueryRequest(query, TYPES, services=(A,))), Limits())
    with pytest.raises(ServiceCallsError) as caught:
        answer_from(json.loads(json.dumps(head)), body)

    assert [Call(*call) for call in caught.value.calls] == calls(query)


def solved(group: str) -> list[tuple[str, ...]]:
    """Return the solutions of a group as the engine writes their terms."""
    found = Store().query(f"SELECT * {group}")
    assert isinstance(found, QuerySolutions)
    return [tuple(str(term) for term in solution) for solution in found]


def document(names: list[str], *rows: dict[str, Any]) -> bytes:
    return json.dumps({"head": {"vars": names}, "results": {"bindings": list(rows)}}).encode()


@pytest.mark.parametrize(
    ("term", "written"),
    [
        ({"type": "uri", "value": "http://x/é"}, "<http://x/é>"),
        ({"type": "literal", "value": 'a"b\\\n}'}, '"a\\"b\\\\\\n}"'),
        ({"type": "literal", "value": "x", "xml:lang": "en"}, '"x"@en'),
        ({"type": "literal", "value": "1", "datatype": "http://x/d"}, '"1"^^<http://x/d>'),
        ({"type": "typed-literal", "value": "1", "datatype": "http://x/d"}, '"1"^^<http://x/d>'),
    ],
)
def test_terms_come_through_as_they_are(term: dict[str, str], written: str) -> None:
    assert solved(federation.as_values(document(["x"], {"x": term}), "{ ?x ?p ?o }")) == [(written,)]


def test_values_that_are_missing_stay_missing_and_other_variables_are_left_out() -> None:
    row = {"a": {"type": "literal", "value": "1"}, "evil": {"type": "literal", "value": "2"}}
    group = federation.as_values(document(["b", "a", "evil", "a"], row, {}), "{ ?a ?p $b }")

    assert group == '{ VALUES (?a ?b) { ("1" UNDEF) (UNDEF UNDEF) } }'
    assert len(solved(group)) == 2


def test_solutions_without_variables_keep_their_number() -> None:
    assert solved(federation.as_values(document([], {}, {}), "{}")) == [(), ()]
    assert solved(federation.as_values(document([]), "{}")) == []


def test_a_blank_node_becomes_an_iri_that_is_the_same_within_one_answer_only() -> None:
    row = {"a": {"type": "bnode", "value": "x y>"}, "b": {"type": "bnode", "value": "x y>"}}
    (first,), (second,) = (
        solved(federation.as_values(document(["a", "b"], row), "{ ?a ?p ?b }")) for _ in range(2)
    )

    assert first[0] == first[1]
    assert first[0].startswith("<urn:uuid:")
    assert first != second


@pytest.mark.parametrize(
    "results",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"head": {"vars": ["a"]}, "boolean": true}',
        b"[" * 100_000,
        document(["a"], {"a": {"type": "uri", "value": "x> } INSERT <y"}}),
        document(["a"], {"a": {"type": "literal", "value": "x", "xml:lang": "e n"}}),
        document(["a"], {"a": {"type": "literal", "value": "x", "datatype": "no iri"}}),
        document(["a"], {"a": {"type": "triple", "value": {}}}),
        document(["a"], {"a": {"type": "uri"}}),
        document(["a"], {"a": {"type": "uri", "value": 3}}),
        b'{"head": {"vars": [[]]}, "results": {"bindings": [{}]}}',
        b'{"head": {"vars": ["a"]}, "results": {"bindings": [3]}}',
    ],
)
def test_what_are_no_results_is_said_so(results: bytes) -> None:
    with pytest.raises(ServiceFailedError, match="not SPARQL results"):
        federation.as_values(results, "{ ?a ?b ?c }")


DATA = Store()


class Other:
    """A service on loopback that answers from a store of its own, or as `behave` wants; it keeps what it got."""

    def __init__(self, store: Store) -> None:
        other = self
        self.queries: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.behave: Callable[[BaseHTTPRequestHandler], None] | None = None

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                other.queries += parse_qs(body)["query"]
                other.headers.append(dict(self.headers))
                (other.behave or other.answer)(self)

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        self.store = store
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}/sparql?x=1"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        found = self.store.query(self.queries[-1])
        assert isinstance(found, QuerySolutions)
        self.give(handler, found.serialize(format=QueryResultsFormat.JSON) or b"")

    def give(
        self, handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, *more: tuple[str, str]
    ) -> None:
        handler.send_response(status)
        for name, value in (("Content-Length", str(len(body))), *(more or [("Content-Type", RESULTS)])):
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    def __enter__(self) -> Other:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()


@pytest.fixture
def other() -> Iterator[Other]:
    store = Store()
    store.update(
        """PREFIX ex: <http://ex.org/> INSERT DATA {
        ex:kennan ex:bornIn "Milwaukee" . ex:byrnes ex:bornIn "Charleston" . ex:nobody ex:bornIn "Nowhere" }"""
    )
    with Other(store) as other:
        yield other


BORN = """PREFIX ex: <http://ex.org/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?name ?place {{ ?who rdfs:label ?name {silent} {{ ?who ex:bornIn ?place }} }} ORDER BY ?name"""


def born(other: Other, word: str = "SERVICE") -> str:
    return BORN.format(silent=f"{word} <{other.address}>")


def ask(services: Services, query: str) -> QueryAnswer:
    return services.answer(QueryRequest(query, TYPES))


def test_a_call_is_joined_with_the_data_here(pool: Pool, other: Other) -> None:
    answer = ask(Services(pool, (other.address,)), born(other))

    assert answer.body == b"name,place\r\nGeorge Kennan,Milwaukee\r\nJames Byrnes,Charleston\r\n"
    assert answer.volatile
    assert len(other.queries) == 1
    assert other.headers[0]["Accept"] == RESULTS
    assert "Cookie" not in other.headers[0]


def test_forms_other_than_select_call_too(pool: Pool, other: Other) -> None:
    services = Services(pool, (other.address,))
    at = f"SERVICE <{other.address}> {{ <http://ex.org/kennan> ?p ?o }}"

    assert ask(services, f"ASK {{ {at} }}").body == b"true"
    assert ask(services, f"ASK {{ FILTER NOT EXISTS {{ {at} }} }}").body == b"false"
    assert b'"Milwaukee"' in ask(services, f"CONSTRUCT {{ <a:a> ?p ?o }} WHERE {{ {at} }}").body
    assert ask(services, f"SELECT * {{ {at} }}").body == b"p,o\r\nhttp://ex.org/bornIn,Milwaukee\r\n"


def test_a_query_without_a_call_reaches_nobody(pool: Pool, listener: Listener) -> None:
    services = Services(pool, (listener.address,))
    answer = ask(services, "ASK { ?s ?p 'SERVICE' }")

    assert (answer.body, answer.volatile) == (b"false", False)
    assert listener.calls == 0


def test_only_the_allowed_address_is_reached(pool: Pool, other: Other, listener: Listener) -> None:
    services = Services(pool, (other.address,))
    port = listener.address
    for query in (
        f"ASK {{ SERVICE <{port}> {{ ?s ?p ?o }} }}",
        f"ASK {{ SERVICE SILENT <{port}> {{ ?s ?p ?o }} }}",
        f"ASK {{ SERVICE <{other.address}> {{ ?s ?p ?o }} SERVICE SILENT <{port}> {{ ?s ?p ?o }} }}",
        f"ASK {{ VALUES ?e {{ <{port}> }} SERVICE ?e {{ ?s ?p ?o }} }}",
        f"ASK {{ BIND(IRI('{port}') AS ?e) SERVICE SILENT ?e {{ ?s ?p ?o }} }}",
        f"ASK {{ SERVICE <{other.address}> {{ SERVICE <{port}> {{ ?s ?p ?o }} }} }}",
    ):
        with pytest.raises(ServiceRefusedError):
            ask(services, query)

    assert listener.calls == 0
    assert other.queries == []


def test_by_default_nobody_is_reached(pool: Pool, listener: Listener) -> None:
    with pytest.raises(ServiceRefusedError):
        ask(Services(pool), f"ASK {{ SERVICE <{listener.address}> {{ ?s ?p ?o }} }}")

    assert listener.calls == 0


def redirect(to: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(307)
        handler.send_header("Location", to)
        handler.end_headers()

    return behave


def test_no_redirect_is_followed(pool: Pool, other: Other, listener: Listener) -> None:
    other.behave = redirect(listener.address)
    with pytest.raises(
        ServiceFailedError, match=f"<{other.address.replace('?', '.')}> answered with status 307"
    ):
        ask(Services(pool, (other.address,)), born(other))

    assert listener.calls == 0


def test_a_public_name_with_a_private_address_is_not_connected_to(pool: Pool, listener: Listener) -> None:
    port = int(listener.address.rstrip("/").rpartition(":")[2])
    address = f"http://public.example:{port}/"

    def lookup(*_: object, **__: object) -> list[tuple[Any, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    with pytest.raises(ServiceFailedError, match="has a public name but a private address"):
        ask(Services(pool, (address,), lookup=lookup), f"ASK {{ SERVICE <{address}> {{ ?s ?p ?o }} }}")

    assert listener.calls == 0


def drip(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", RESULTS)
    handler.end_headers()
    for _ in range(400):
        try:
            handler.wfile.write(b" ")
            time.sleep(0.05)
        except OSError:
            return


def test_an_answer_that_drips_in_is_cut_off_on_time(pool: Pool, other: Other) -> None:
    other.behave = drip
    start = time.monotonic()
    with pytest.raises(ServiceFailedError):
        ask(Services(pool, (other.address,), CallLimits(timeout=0.3)), born(other))

    assert time.monotonic() - start < 15  # where it was read to its end, twenty


def test_a_service_that_says_nothing_is_left_on_time(pool: Pool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"http://127.0.0.1:{mute.getsockname()[1]}/"
        with pytest.raises(ServiceFailedError, match="did not answer in time"):
            ask(Services(pool, (address,), CallLimits(timeout=0.2)), f"ASK {{ SERVICE <{address}> {{}} }}")


@pytest.mark.parametrize(
    ("behave", "reason"),
    [
        (lambda other, handler: other.give(handler, b" " * 2000), "more than 1,000 bytes"),
        (lambda other, handler: other.give(handler, b"no"), "not SPARQL results"),
        (lambda other, handler: other.give(handler, b"{}", 500), "status 500"),
        (lambda other, handler: other.give(handler, b"{}", 200, ("Content-Type", "text/html")), "not answer in JSON"),
        (lambda _, handler: handler.wfile.write(b"nonsense\r\n\r\n"), "cannot be reached"),
    ],
    ids=["large", "no results", "status", "type", "no http"],
)  # fmt: skip
def test_what_is_wrong_with_the_other_is_said_and_silence_passes_over_it(
    pool: Pool, other: Other, behave: Callable[[Other, BaseHTTPRequestHandler], None], reason: str
) -> None:
    other.behave = lambda handler: behave(other, handler)
    services = Services(pool, (other.address,), CallLimits(size=1000))
    with pytest.raises(ServiceFailedError, match=reason):
        ask(services, born(other))

    assert ask(services, born(other, "SERVICE SILENT")).body == (
        b"name,place\r\nGeorge Kennan,\r\nJames Byrnes,\r\n\xd0\x9c\xd0\xbe\xd1\x81\xd0\xba\xd0\xb2\xd0\xb0,\r\n"
    )


def test_a_service_that_is_not_there_is_said_so(pool: Pool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        address = f"https://127.0.0.1:{gone.getsockname()[1]}"
    with pytest.raises(ServiceFailedError, match="cannot be reached"):
        ask(Services(pool, (address,)), f"ASK {{ SERVICE <{address}> {{}} }}")


def test_a_certificate_must_be_right(pool: Pool, other: Other) -> None:
    address = other.address.replace("http:", "https:")  # it speaks no TLS at all
    with pytest.raises(ServiceFailedError, match="cannot be reached"):
        ask(Services(pool, (address,)), f"ASK {{ SERVICE <{address}> {{}} }}")

    assert other.queries == []


def test_calls_of_a_query_are_bounded(pool: Pool, other: Other) -> None:
    services = Services(pool, (other.address,), CallLimits(calls=2))
    with pytest.raises(RequestError, match="at most 2 services"):
        ask(services, "ASK {" + f"SERVICE <{other.address}> {{ ?s ?p ?o }} " * 3 + "}")

    assert other.queries == []


def test_queries_that_wait_for_others_are_bounded(loader: Callable[[], Store], other: Other) -> None:
    waiting, going_on = threading.Event(), threading.Event()

    def behave(handler: BaseHTTPRequestHandler) -> None:
        waiting.set()
        going_on.wait(10)
        other.answer(handler)

    other.behave = behave
    with Pool(loader, Limits(workers=1, wait=0.1)) as pool:
        services = Services(pool, (other.address,), CallLimits(at_once=1))
        first = threading.Thread(target=ask, args=(services, born(other)))
        first.start()
        assert waiting.wait(10)
        with pytest.raises(BusyError, match="Other queries are waiting"):
            ask(services, born(other))
        local = ask(services, "ASK {}")  # a worker is not held meanwhile
        going_on.set()
        first.join(10)

    assert local.body == b"true"


@pytest.mark.parametrize(
    "address",
    [
        "", "x", "ftp://x/", "http://", "http://u:p@x/", "http://x/#f", "http://x:99999/", "http://x:0/",
        "http://x/\n", "http://é/", "http://[", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_what_is_no_address_cannot_be_allowed(pool: Pool, address: str) -> None:
    with pytest.raises(CablegraphError, match="is not a valid address of a service"):
        Services(pool, (address,))


def test_wikidata_can_be_allowed(pool: Pool) -> None:
    address = "https://query.wikidata.org/sparql"

    assert Services(pool, (address,)).allowed == (address,)


def test_the_form_names_the_services_that_may_be_called(pool: Pool) -> None:
    closed, allowed = create_app(pool, data_version="v"), ("https://a.example/sparql", "https://b.example/")
    opened = create_app(pool, data_version="v", services=Services(pool, allowed))
    pages = [
        app.test_client().get("/sparql", headers={"Accept": "text/html"}).text for app in (closed, opened)
    ]

    assert "it calls no other service." in pages[0]
    assert "it calls only <code>https://a.example/sparql</code>, <code>https://b.example/</code>." in pages[1]


def test_over_http_the_answer_is_not_stored_and_a_failure_is_a_problem(pool: Pool, other: Other) -> None:
    services = Services(pool, (other.address,), CallLimits(size=1000))
    client = create_app(pool, data_version="v1", queries={}, services=services).test_client()
    fine = get(client, born(other), "text/csv")
    other.behave = lambda handler: other.give(handler, b"", 500)
    failed = get(client, born(other))
    refused = get(client, "ASK { SERVICE <http://b.example/> {} }")

    assert (fine.status_code, fine.headers["Cache-Control"]) == (200, "no-store")
    assert "ETag" not in fine.headers
    assert "Milwaukee" in fine.text
    assert "status 500" in str(problem(failed, 502, "service-failed")["detail"])
    assert other.address in str(problem(refused, 403, "service-not-allowed")["detail"])
