"""A real server on loopback, ended by signals."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask

from kg.errors import CablegraphError
from server import serving

PROGRAM = """
import sys
from pathlib import Path
from server import create_app, serving
from kg.cache import Built, store
from server.pool import Pool, Limits
pool = Pool(lambda: store(Built(Path(sys.argv[1]), "v")), Limits(workers=2, timeout=30))
app = create_app(pool, data_version="v")
serving.run(app, "127.0.0.1", 0, lambda address: print(address, flush=True), pool.close)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_a_signal_and_then_stops(app: Flask, number: signal.Signals) -> None:
    seen: list[tuple[int, str | None]] = []
    stopped: list[bool] = []
    before = signal.getsignal(number)

    def visit(address: str) -> None:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
        connection.request("GET", "/healthz")
        response = connection.getresponse()
        seen.append((response.status, response.getheader("Server")))
        connection.close()
        os.kill(os.getpid(), number)

    threads: list[threading.Thread] = []

    def announce(address: str) -> None:
        threads.append(threading.Thread(target=visit, args=(address,)))
        threads[0].start()

    serving.run(app, "127.0.0.1", 0, announce, lambda: stopped.append(True))
    threads[0].join(10)

    assert seen == [(200, None)]
    assert stopped == [True]
    assert signal.getsignal(number) is before


def test_a_host_name_is_good_too(app: Flask) -> None:
    addresses: list[str] = []

    def announce(address: str) -> None:
        addresses.append(address)
        os.kill(os.getpid(), signal.SIGTERM)

    serving.run(app, "localhost", 0, announce, lambda: None)

    assert [urlsplit(address).hostname for address in addresses] == ["localhost"]
    assert urlsplit(addresses[0]).port


def test_an_address_in_use_is_said_in_a_sentence(app: Flask) -> None:
    stopped: list[bool] = []
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CablegraphError, match=f"^Cannot listen on 127.0.0.1 port {port}: .*another port"):
            serving.run(app, "127.0.0.1", port, print, lambda: stopped.append(True))

    assert stopped == [True]


def test_a_host_that_does_not_exist_is_said_in_a_sentence(app: Flask) -> None:
    with pytest.raises(CablegraphError, match=r"^Cannot listen on 256\.1\.1\.1"):
        serving.run(app, "256.1.1.1", 0, print, lambda: None)


def test_an_address_of_version_six_is_written_in_brackets() -> None:
    assert serving.address("::1", 80) == "http://[::1]:80/"
    assert serving.address("127.0.0.1", 80) == "http://127.0.0.1:80/"


@pytest.fixture
def data(tmp_path: Path, loader: Callable[[], object]) -> Path:
    path = tmp_path / "graph.nq"
    path.write_text(str(loader()), encoding="utf-8")
    return path


def test_a_server_ends_with_code_0_and_leaves_no_process(data: Path) -> None:
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(data)],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        process_group=0,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        address = process.stdout.readline().decode().strip()
        answer = query(address, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
        many = " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(8))
        late = threading.Thread(target=query, args=(address, f"SELECT (COUNT(*) AS ?n) {{ {many} }}"))
        late.start()
        process.send_signal(signal.SIGTERM)
        errors = process.stderr.read().decode()
        code = process.wait(15)
        late.join(10)

    assert answer["results"]["bindings"][0]["n"]["value"] == "12"
    assert code == 0
    assert "Traceback" not in errors
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def query(address: str, text: str) -> dict[str, dict[str, list[dict[str, dict[str, str]]]]]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
    try:
        connection.request("QUERY", "/sparql", text, {"Content-Type": "application/sparql-query"})
        return dict(json.loads(connection.getresponse().read()))
    except (http.client.HTTPException, OSError):
        return {}
    finally:
        connection.close()
