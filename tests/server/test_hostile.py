"""Hostile input: an answer in bounded time, never a 500, the next client served."""

from __future__ import annotations

import http.client
import random
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote_from_bytes

import pytest
from pyoxigraph import Store

from server.engine.evaluation.query_request import Limits, QueryRequest
from server.engine.processes.wire import request_to_head
from server.engine.workers.worker import reply
from server.web.http_errors import RequestError
from server.web.sparql_protocol import parameters

from .running import COUNT, WITHOUT_CACHE, Running, nquads, server

TYPES = {"solutions": "text/csv", "boolean": "text/csv", "graph": "text/turtle"}
SEED = 19621022
LIMIT = 0.5  # seconds for a query
SLACK = 20.0  # more that a busy machine may take until the answer is here
CLIENT_ERRORS = range(400, 500)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    path = tmp_path_factory.mktemp("graph") / "graph.nq"
    path.write_text(nquads(300), encoding="utf-8")
    with server(path, "--timeout", str(LIMIT), *WITHOUT_CACHE) as started:
        yield started


def send(
    running: Running, body: bytes, kind: str = "application/sparql-query", timeout: float = 60
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(running.netloc, timeout=timeout)
    try:
        connection.request("POST", "/sparql", body, {"Content-Type": kind, "Accept": "text/csv, text/turtle"})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def noise(count: int) -> Iterator[bytes]:
    """Random bytes, each sequence of a length between 1 and 200; the same every time."""
    source = random.Random(SEED)  # noqa: S311 - not for secrets
    return (source.randbytes(source.randrange(1, 201)) for _ in range(count))


def test_ten_thousand_random_byte_strings_are_refused_by_name(store: Store) -> None:
    """The way of a body: decoded, parsed as a form, evaluated as a worker does it."""
    named, decoded = set(), 0
    for sequence in noise(10_000):
        try:
            texts = [value or name for name, value in parameters(sequence)]
        except RequestError:
            texts = [sequence.decode("latin-1")]  # the same bytes as some text
        for text in texts[:1]:
            decoded += 1
            head, body = reply(store, request_to_head(QueryRequest(text, TYPES)), Limits())
            named.add(head["error"])
            assert body == b""

    assert decoded >= 9_990  # a sequence may be nothing but "&"
    assert named <= {"QuerySyntaxError", "UpdateRefusedError"}


def test_hundreds_of_them_over_http_leave_the_server_as_it_was(running: Running) -> None:
    for sequence in noise(150):
        assert running.get(f"/sparql?query={quote_from_bytes(sequence)}")[0] in CLIENT_ERRORS
        assert send(running, sequence)[0] in CLIENT_ERRORS
        assert send(running, b"query=" + sequence, "application/x-www-form-urlencoded")[0] in CLIENT_ERRORS
    assert running.number() == 300


@pytest.mark.parametrize("body", [b"\0", b"ASK {}\0", b"ASK { ?s ?p '\0\0' }", b"\xff\xfe", b"ASK { ?s ?p '\xc3' }",
                                  b"\xed\xa0\x80", b"\xef\xbb\xbfASK {}", b"%00", b"\x1a" * 1000, b"ASK{}#\xe2\x28\xa1"],
                         ids=repr)  # fmt: skip
def test_null_bytes_and_broken_utf_8_are_the_clients_mistake(running: Running, body: bytes) -> None:
    assert send(running, body)[0] in (200, 400)
    assert send(running, b"query=" + body, "application/x-www-form-urlencoded")[0] in (200, 400)
    assert running.number() == 300


def crossed(count: int) -> str:
    return " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(count))


EXPLODING = {
    "cross join": f"SELECT * {{ {crossed(6)} }}",
    "counted cross join": f"SELECT (COUNT(*) AS ?n) {{ {crossed(6)} }}",
    "sorted cross join": f"SELECT * {{ {crossed(4)} }} ORDER BY ?a1 ?c2",
    "distinct cross join": f"SELECT DISTINCT ?a0 ?c0 ?c1 ?c2 {{ {crossed(4)} }}",
    "constructed cross join": f"CONSTRUCT {{ ?a0 ?b0 ?c1 }} WHERE {{ {crossed(4)} }}",
    "described cross join": f"DESCRIBE * {{ {crossed(4)} }}",
    "grouped texts": f"SELECT (GROUP_CONCAT(?c0) AS ?x) {{ {crossed(3)} }}",
    "optional": "SELECT * { " + " ".join(f"OPTIONAL {{ ?a{i} ?b{i} ?c{i} }}" for i in range(8)) + " }",
    "minus": f"SELECT * {{ {crossed(2)} MINUS {{ ?a0 ?p ?c1 . {crossed(3)} }} }}",
    "not exists": f"SELECT * {{ {crossed(2)} FILTER NOT EXISTS {{ ?c0 ?q ?r . {crossed(4)} }} }}",
    "union of unions": "SELECT * { " + " UNION ".join([f"{{ {crossed(3)} }}"] * 50) + " }",
    "paths": "SELECT * { ?s (!<a:p>|^!<a:p>)*/(!<a:q>|^!<a:q>)* ?o . ?s (!<a:r>|^!<a:r>)+ ?q }",
    "path of paths": "SELECT * { ?s " + "(" * 60 + "!<a:p>" + ")*" * 60 + " ?o }",
    "long path": "SELECT * { ?s " + "/".join(["(!<a:p>|^!<a:p>)?"] * 40) + " ?o }",
    "backtracking": f"SELECT * {{ {crossed(2)} FILTER(REGEX(CONCAT(STR(?c0), '{'a' * 4000}'), '(a*)*(a|aa)+$b')) }}",
    "large regular expression": "ASK { ?s ?p ?o FILTER(REGEX(?o, '((a{0,500}){0,500}){0,500}')) }",
    "many classes": "ASK { ?s ?p ?o FILTER(REGEX(?o, '" + r"(\\\\p{L}|\\\\w){0,900}" * 20 + "')) }",
    "doubling": "SELECT ?x40 { BIND('xxxxxxxxxx' AS ?x0) "
    + " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(40))
    + " }",
    "replacing": "SELECT (REPLACE(REPLACE('"
    + "x" * 9000
    + "', 'x', '"
    + "y" * 9000
    + "'), 'y', 'zzzz') AS ?x) {}",
    "values": "SELECT * { "
    + " ".join("VALUES ?v%d { %s }" % (i, "1 " * 2000) for i in range(8))  # noqa: UP031 - braces
    + " }",
    "numbers": "SELECT (" + "9" * 100_000 + " * " + "9" * 100_000 + " AS ?x) {}",
}


@pytest.mark.parametrize("query", EXPLODING.values(), ids=EXPLODING.keys())
def test_a_query_that_explodes_is_ended_and_the_next_client_served(running: Running, query: str) -> None:
    start = time.monotonic()
    status, _ = send(running, query.encode())

    assert status in (200, 400, 422, 503)
    assert time.monotonic() - start < LIMIT + SLACK
    assert running.number() == 300


DEEP = {
    "braces": "SELECT * " + "{" * 50_000 + "}" * 50_000,
    "open braces": "SELECT * " + "{" * 300_000,
    "brackets": "ASK { FILTER(" + "(" * 50_000 + "1" + ")" * 50_000 + ") }",
    "lists": "ASK { ?s ?p " + "(" * 30_000 + ")" * 30_000 + " }",
    "nodes": "ASK { ?s ?p " + "[ ?p " * 30_000 + "1" + "]" * 30_000 + " }",
    "negations": "ASK { FILTER(" + "!" * 300_000 + "true) }",
    "selects": "SELECT * { { " * 5_000 + "} }" * 5_000,
    "existence": "ASK { " + "FILTER EXISTS { " * 5_000 + "}" * 5_000 + " }",
    "functions": "SELECT (" + "STR(" * 30_000 + "1" + ")" * 30_000 + " AS ?x) {}",
    "triples": "ASK { " + "<<( ?s ?p " * 10_000 + "1" + ")>>" * 10_000 + " ?p ?o }",
    "sums": "SELECT (1" + "+1" * 100_000 + " AS ?x) {}",
    "optionals": "ASK { " + "OPTIONAL { " * 10_000 + "}" * 10_000 + " }",
}


@pytest.mark.parametrize("query", DEEP.values(), ids=DEEP.keys())
def test_deep_nesting_harms_nobody_else(running: Running, query: str) -> None:
    start = time.monotonic()
    status, _ = send(running, query.encode())

    assert status in (200, 400, 413, 503)
    assert time.monotonic() - start < LIMIT + SLACK
    assert running.number() == 300


def raw(running: Running, data: bytes) -> bytes:
    """Return the first bytes of what comes back for `data`; nothing when the server just closes."""
    host, port = running.netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=60) as sock:
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)
        try:
            return sock.recv(4096)
        except ConnectionResetError:
            return b""


START = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n\r\n\r\n",
        b"\0" * 5000,
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET http://evil.example/sparql HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET //evil.example/%2e%2e/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /\xff\xfe?\x80 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"BREW /sparql HTTP/1.1\r\nHost: x\r\n\r\n",
        b"TRACE / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        START + b"X: " + b"a" * 400_000 + b"\r\n\r\n",
        START + b"".join(b"X-%d: y\r\n" % i for i in range(5000)) + b"\r\n",
        START + b"Broken\r\n\r\n",
        START + b" folded: x\r\n\r\n",
        START + b"X\0Y: z\r\n\r\n",
        START + b"X: a\rb\r\n\r\n",
        START + b"Content-Length: -5\r\n\r\n",
        START + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        START + b"Content-Length: 99999999999999999999\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nASK {}\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: nonsense\r\n\r\nASK {}",
        POST + b"Content-Length: 100\r\n\r\nASK {}",
        POST + b"Expect: the-impossible\r\nContent-Length: 6\r\n\r\nASK {}",
        POST + b"Content-Encoding: gzip\r\nContent-Length: 6\r\n\r\nASK {}",
        START + b"X-Request-ID: \xff\x1b[2J\r\n\r\n",
        START + b"X-Forwarded-For: " + b"1," * 3000 + b"\r\nX-Forwarded-Proto: javascript\r\n\r\n",
    ],
    ids=lambda data: repr(data[-40:]),
)  # fmt: skip
def test_no_wrong_http_breaks_the_server(running: Running, data: bytes) -> None:
    answer = raw(running, data)

    assert answer == b"" or answer.startswith((b"HTTP/1.", b"HTTP/0."))
    assert b" 500 " not in answer[:20]
    assert b"Traceback" not in answer
    assert running.get("/healthz")[0] == 200


def test_random_headers_and_paths_get_an_answer(running: Running) -> None:
    source = random.Random(SEED)  # noqa: S311 - not for secrets
    names = ["Accept", "Accept-Encoding", "If-None-Match", "If-Modified-Since", "Range", "Host", "Cookie",
             "Content-Type", "X-Request-ID", "Authorization", "Origin", "Referer", "Accept-Language"]  # fmt: skip
    places = [
        "/sparql",
        "/sparql?query=ASK%7B%7D",
        "/",
        "/id/",
        "/graphs?graph=",
        "/problems/",
        "/static/",
        "/%",
    ]
    for _ in range(200):
        junk = bytes(source.choices(range(0x21, 0xFF), k=source.randrange(1, 80)))
        path = source.choice(places).encode() + (
            quote_from_bytes(junk).encode() if source.random() < 0.5 else b""
        )
        header = source.choice(names).encode() + b": " + junk
        answer = raw(running, b"GET " + path + b" HTTP/1.0\r\nHost: x\r\n" + header + b"\r\n\r\n")

        assert answer[:9] in (b"HTTP/1.0 ", b"HTTP/1.1 "), (path, header)
        assert answer[9:12] != b"500", (path, header)
    assert running.number() == 300


def test_clients_that_dawdle_or_leave_do_not_keep_others_out(running: Running) -> None:
    host, port = running.netloc.split(":")
    idle = [socket.create_connection((host, int(port)), timeout=60) for _ in range(100)]
    for sock in idle:
        sock.sendall(POST + b"Content-Length: 100\r\n\r\nASK")  # and never the rest
    start = time.monotonic()
    served = running.number()
    waited = time.monotonic() - start
    for sock in idle:
        sock.close()

    assert served == 300
    assert waited < 10  # and not until they are sent away
    assert running.number() == 300


def test_two_hundred_clients_at_once_are_all_served(running: Running) -> None:
    with ThreadPoolExecutor(200) as clients:
        answers = list(clients.map(lambda _: running.ask(COUNT, timeout=30), range(200)))

    assert [status for status, _ in answers] == [200] * 200
    assert len({body for _, body in answers}) == 1


@pytest.mark.slow
def test_queries_that_explode_all_at_once_leave_room_for_a_small_one_soon(running: Running) -> None:
    query = EXPLODING["counted cross join"].encode()
    with ThreadPoolExecutor(12) as clients:
        heavy = [clients.submit(send, running, query) for _ in range(12)]
        statuses = {answer.result(30)[0] for answer in heavy}

    assert statuses == {503}
    assert running.number() == 300
