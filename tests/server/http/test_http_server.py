"""A real server on loopback: how it begins, what it serves, how it ends."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask

from kg.errors import CablegraphError
from server import Service, application, create_app
from server.engine.workers.pool import Pool
from server.http.listening import http_server
from server.web.sparql_protocol import BODY_LIMIT

from ..handled import at_once, handler_of
from ..talking import COUNT, QUERY

PROGRAM = """
import sys
from pathlib import Path
from server import Service, create_app
from server.http.listening import http_server
from kg.cache import CachedBuild, store
from server.engine.evaluation.query_request import Limits
from server.engine.workers.pool import Pool
pool = Pool(lambda: store(CachedBuild(Path(sys.argv[1]), "v")), Limits(workers=2, timeout=30))
service = Service(create_app(pool, data_version="v", queries={}), cache_size=1 << 20)
say = lambda address: print(address, flush=True)
http_server.run(service, "127.0.0.1", 0, say, lambda: (pool.close(), service.close()))
"""


def visited(app: Any, visit: Callable[[str], None], host: str = "127.0.0.1", **more: object) -> list[bool]:
    """Serve `app`, let `visit` ask at its address, end it with SIGTERM; return what `stop` left."""
    stopped: list[bool] = []
    failed: list[BaseException] = []
    threads: list[threading.Thread] = []

    def guest(address: str) -> None:
        try:
            visit(urlsplit(address).netloc)
        except BaseException as error:  # noqa: BLE001 - raised again in the test's own thread
            failed.append(error)
        os.kill(os.getpid(), signal.SIGTERM)

    def announce(address: str) -> None:
        threads.append(threading.Thread(target=guest, args=(address,)))
        threads[0].start()

    with handler_of(app) as handler:
        http_server.run(handler, host, 0, announce, lambda: stopped.append(True), **more)  # type: ignore[arg-type]
    threads[0].join(10)
    for error in failed:
        raise error
    return stopped


@contextmanager
def connected(where: str) -> Iterator[socket.socket]:
    host, _, port = where.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=60) as sock:
        yield sock


def ask(
    where: str, method: str, path: str, body: object = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(where, timeout=60)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        chunked = not isinstance(body, bytes | str | None)
        connection.request(method, path, body, named, encode_chunked=chunked)  # type: ignore[arg-type]
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        connection.close()


def dates(where: str, path: str) -> int:
    connection = http.client.HTTPConnection(where, timeout=60)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        return len(response.headers.get_all("Date", []))
    finally:
        connection.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_a_signal_and_then_stops(app: Flask, number: signal.Signals) -> None:
    stopped: list[bool] = []
    before = signal.getsignal(number)
    seen: list[tuple[int, bool]] = []

    def visit(address: str) -> None:
        status, headers, _ = ask(urlsplit(address).netloc, "GET", "/healthz")
        seen.append((status, "server" in {name.lower() for name in headers}))
        os.kill(os.getpid(), number)

    def announce(address: str) -> None:
        threading.Thread(target=visit, args=(address,)).start()

    with handler_of(app) as handler:
        http_server.run(handler, "127.0.0.1", 0, announce, lambda: stopped.append(True))

    assert seen == [(200, False)]
    assert stopped == [True]
    assert signal.getsignal(number) is before


def test_a_host_name_is_good_too(app: Flask) -> None:
    seen: list[int] = []

    assert visited(app, lambda where: seen.append(ask(where, "GET", "/healthz")[0]), "localhost") == [True]
    assert seen == [200]


def test_an_address_in_use_is_said_in_a_sentence(app: Flask) -> None:
    stopped: list[bool] = []
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CablegraphError, match=f"^Cannot listen on 127.0.0.1 port {port}: .*another port"):
            http_server.run(at_once(app), "127.0.0.1", port, print, lambda: stopped.append(True))

    assert stopped == [True]


def test_a_host_that_does_not_exist_is_said_in_a_sentence(app: Flask) -> None:
    with pytest.raises(CablegraphError, match=r"^Cannot listen on 256\.1\.1\.1"):
        http_server.run(at_once(app), "256.1.1.1", 0, print, lambda: None)


def test_an_address_of_version_six_is_written_in_brackets() -> None:
    assert http_server.address("::1", 80) == "http://[::1]:80/"
    assert http_server.address("127.0.0.1", 80) == "http://127.0.0.1:80/"


def test_every_method_and_kind_of_body_arrives(app: Flask) -> None:
    def visit(where: str) -> None:
        path = f"/sparql?query={quote(COUNT)}&format=csv"
        answers = [
            ask(where, "GET", path),
            ask(where, "POST", "/sparql?format=csv", COUNT, Content_Type=QUERY),
            ask(where, "QUERY", "/sparql?format=csv", COUNT, Content_Type=QUERY),
            ask(
                where,
                "POST",
                "/sparql?format=csv",
                iter([COUNT[:9].encode(), COUNT[9:].encode()]),
                Content_Type=QUERY,
            ),
        ]
        assert [(status, body) for status, _, body in answers] == [(200, b"n\r\n12\r\n")] * 4
        status, headers, body = ask(where, "HEAD", path)
        assert (status, headers["content-length"], body) == (200, "7", b"")
        assert ask(where, "PUT", path)[0] == 405
        tag = answers[0][1]["etag"]
        status, headers, body = ask(where, "GET", path, If_None_Match=tag)
        assert (status, headers["etag"], body) == (304, tag, b"")
        assert "content-length" not in headers
        assert json.loads(ask(where, "GET", "/%E2%82%AC")[2])["status"] == 404
        for place in (path, "/sparql", "/static/page.css", "/none"):
            assert dates(where, place) == 1

    visited(app, visit)


def test_a_body_that_is_too_large_is_refused_with_a_problem(app: Flask) -> None:
    def visit(where: str) -> None:
        with connected(where) as sock:
            sock.sendall(
                b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
                b"Content-Length: %d\r\n\r\n" % (BODY_LIMIT + 1)
            )
            assert sock.recv(100).startswith(b"HTTP/1.1 413")
        many = (b"#" * 65_536 for _ in range(BODY_LIMIT // 65_536 + 2))
        assert ask(where, "POST", "/sparql", many, Content_Type=QUERY)[0] == 413  # the rest is thrown away

    visited(app, visit)


def test_headers_of_a_proxy_are_believed_only_when_asked_for() -> None:
    seen: list[bytes] = []

    def plain(environ: dict[str, object], start: Callable[..., object]) -> list[bytes]:
        start("200 OK", [("Content-Type", "text/plain")])
        return [str(sorted(name for name in environ if "FORWARDED" in name or "PROXY" in name)).encode()]

    def visit(where: str) -> None:
        names = {"X-Forwarded-Host": "a", "X_Forwarded_Host": "b", "Forwarded": "c"}
        connection = http.client.HTTPConnection(where, timeout=60)
        connection.request("GET", "/", headers=names)
        seen.append(connection.getresponse().read())
        connection.close()

    for trusted in (False, True):
        visited(plain, visit, behind_proxy=trusted)

    assert seen == [b"[]", b"['HTTP_FORWARDED', 'HTTP_X_FORWARDED_HOST']"]


def test_clients_that_send_slowly_hold_nobody_up(app: Flask) -> None:
    def visit(where: str) -> None:
        slow = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 99\r\n\r\nSEL"
        held = [connected(where) for _ in range(2 * application.THREADS)]
        try:
            for one in held:
                one.__enter__().sendall(slow)
            assert ask(where, "GET", f"/sparql?query={quote(COUNT)}")[0] == 200
        finally:
            for one in held:
                one.__exit__(None, None, None)

    visited(app, visit)


@pytest.mark.parametrize("size", [0, 1 << 20], ids=["without a cache", "with a cache"])
def test_only_what_may_wait_is_asked_in_a_thread(pool: Pool, size: int) -> None:
    app = create_app(pool, data_version="v1", queries={})
    names: list[str] = []
    app.before_request(lambda: names.append(threading.current_thread().name))
    service = Service(app, cache_size=size)

    def visit(where: str) -> None:
        path = f"/sparql?query={quote(COUNT)}"
        assert [ask(where, "GET", f"{path}&format=csv")[2] for _ in range(3)] == [b"n\r\n12\r\n"] * 3
        assert ask(where, "POST", "/sparql", "ASK {", Content_Type=QUERY)[0] == 400
        assert names == []
        assert ask(where, "GET", "/healthz")[0] == ask(where, "HEAD", "/")[0] == 200
        assert ask(where, "PUT", "/sparql")[0] == 405
        assert ask(where, "GET", f"{path}&format=html")[0] == 200

    visited(service, visit)
    service.close()

    assert len(names) == 4
    assert not [name for name in names if not name.startswith("answer")]


@pytest.fixture
def data(tmp_path: Path, loader: Callable[[], object]) -> Path:
    path = tmp_path / "graph.nq"
    path.write_text(str(loader()), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "fast", [True, pytest.param(False, marks=pytest.mark.slow)], ids=["uvloop", "asyncio"]
)
def test_a_server_ends_with_code_0_and_leaves_no_process(data: Path, fast: bool) -> None:
    program = PROGRAM if fast else f"import sys\nsys.modules['uvloop'] = None\n{PROGRAM}"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(data)],
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        process_group=0,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        where = urlsplit(process.stdout.readline().decode().strip()).netloc
        first, second = (ask(where, "QUERY", "/sparql", COUNT, Content_Type=QUERY)[2] for _ in range(2))
        mapped = Path(f"/proc/{process.pid}/maps").read_text(encoding="utf-8")
        many = " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(8))

        def endless() -> None:
            with suppress(OSError, http.client.HTTPException):
                ask(where, "QUERY", "/sparql", f"SELECT (COUNT(*) AS ?n) {{ {many} }}", Content_Type=QUERY)

        late = threading.Thread(target=endless)
        late.start()
        process.send_signal(signal.SIGTERM)
        errors = process.stderr.read().decode()
        code = process.wait(60)
        late.join(10)

    assert first == second
    assert json.loads(first)["results"]["bindings"][0]["n"]["value"] == "12"
    assert ("uvloop" in mapped) is fast
    assert code == 0
    assert "Traceback" not in errors
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_a_taken_port_is_told_before_anything_is_built() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(
            CablegraphError, match=f"Cannot listen on 127.0.0.1 port {port}: Address already in use"
        ):
            http_server.check_address("127.0.0.1", port)

    http_server.check_address("127.0.0.1", port)
