"""The options for operators, on a real server: log, figures, limits, proxies, services."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli.group import Commands
from server.cli.serve import serve
from server.cli.serve_options import Options, parameters

from ..conftest import Listener
from ..running import COUNT, Running, nquads, server

ID = "0b9f1a34-5a3e-4f0e-9d8e-3c1c8d1f2a77"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graph") / "graph.nq"
    path.write_text(nquads(3), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def watched(graph: Path) -> Iterator[Running]:
    options = ("--access-log", "--metrics", "--rate", "20", "--behind-proxy")
    with server(graph, *options, "--allow-service", "http://127.0.0.1:9/") as running:
        yield running


@pytest.fixture(scope="module")
def plain(graph: Path) -> Iterator[Running]:
    with server(graph) as running:
        yield running


def status(running: Running, path: str, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(running.netloc, timeout=60)
    connection.request(
        "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response.status, body


def entries(running: Running) -> list[dict[str, object]]:
    return [json.loads(line) for line in running.errors if line.startswith("{")]


def test_every_request_is_a_line_of_json_with_its_id_and_no_query(watched: Running) -> None:
    status(watched, "/sparql?query=ASK%7B%7D", X_Request_ID=ID, X_Forwarded_For="192.0.2.8")
    watched.wait_for_line(ID)
    (entry,) = (entry for entry in entries(watched) if entry["id"] == ID)

    assert (entry["client"], entry["method"], entry["path"], entry["status"]) == (
        "192.0.2.8",
        "GET",
        "/sparql",
        200,
    )
    assert "ASK" not in "".join(watched.errors)


def test_figures_are_there_only_when_asked_for(watched: Running, plain: Running) -> None:
    code, text = status(watched, "/metrics", X_Forwarded_For="192.0.2.3")

    assert code == 200
    assert "\ncablegraph_workers 2.0\n" in text
    assert status(plain, "/metrics")[0] == 404


def test_each_client_behind_the_proxy_has_its_own_limit(watched: Running) -> None:
    codes = [status(watched, "/", X_Forwarded_For="192.0.2.1")[0] for _ in range(40)]

    assert codes[:20] == [200] * 20
    assert 429 in codes
    assert status(watched, "/", X_Forwarded_For="192.0.2.2")[0] == 200


def test_a_proxy_is_believed_only_when_there_is_to_be_one(watched: Running, plain: Running) -> None:
    told = {"X_Forwarded_For": "192.0.2.4", "X_Forwarded_Host": "graph.example", "X_Forwarded_Proto": "https"}
    description = "/sparql?format=nt"

    assert "<https://graph.example/sparql>" in status(watched, description, **told)[1]
    assert "graph.example" not in status(plain, description, **told)[1]


def test_an_answer_from_memory_is_that_of_the_address_the_proxy_told(watched: Running) -> None:
    path = "/sparql?format=csv&query=SELECT(%3Cx%3EAS?x)%7B%7D"
    told = [{"X_Forwarded_For": "192.0.2.5", "X_Forwarded_Host": f"{name}.example"} for name in "abab"]
    texts = [status(watched, path, **headers)[1].split()[1] for headers in told]

    assert texts == [f"http://{name}.example/x" for name in "abab"]


def test_without_being_asked_for_nothing_is_logged(plain: Running) -> None:
    assert plain.number() == 3
    assert entries(plain) == []


def test_the_text_of_queries_is_logged_only_on_request(graph: Path) -> None:
    with server(graph, "--log-queries") as running:
        for _ in range(2):  # the second is answered from memory
            running.ask(COUNT)

    assert [entry["query"] for entry in entries(running)] == [COUNT, COUNT]


def test_an_allowed_service_does_not_open_the_door_to_others(watched: Running, listener: Listener) -> None:
    code, text = watched.ask(f"ASK {{ SERVICE SILENT <{listener.address}> {{ ?s ?p ?o }} }}")

    assert code == 403
    assert b"http://127.0.0.1:9/" in text
    assert listener.calls == 0


def test_a_refused_address_or_file_ends_with_its_reason(graph: Path, tmp_path: Path) -> None:
    line = Commands(commands={"serve": serve})
    address = CliRunner().invoke(
        line, ["serve", "--graph", str(graph), "--port", "0", "--allow-service", "x"]
    )
    file = CliRunner().invoke(line, ["serve", "--graph", str(tmp_path / "none.nq")])

    assert (address.exit_code, file.exit_code) == (2, 2)
    assert "'x' is not a valid address of a service" in address.stderr
    assert "none.nq" in file.stderr


def test_every_option_has_its_field_and_its_help() -> None:
    assert {parameter.name for parameter in parameters()} == {*Options.__slots__}
    assert all(getattr(parameter, "help", None) for parameter in parameters())


def test_help_tells_how_to_reload() -> None:
    assert "SIGHUP" in CliRunner().invoke(serve, ["--help"]).stdout
