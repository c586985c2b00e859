"""The command `cablegraph mcp` as programs start it: over standard input and output, and over HTTP."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import anyio
import pytest
from click.testing import CliRunner
from mcp import StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.server.mcpserver import MCPServer
from mcp.shared.message import SessionMessage
from mcp_types import JSONRPCRequest

from kg import build
from kg.cli.main import main
from kg.errors import CablegraphError
from kg.store import nquads
from server.cli import mcp
from server.model_context import mcp_server, stdio_streams

from ..running import within
from .modelling import Model, model

ROOT = Path(__file__).parents[3]
README = (ROOT / "server" / "model_context" / "README.md").read_text(encoding="utf-8")
START = [sys.executable, "-m", "kg", "mcp"]
INITIALISE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
HEADERS = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}


@pytest.fixture(scope="module")
def file(graph: build.Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graph") / "graph.nq"
    path.write_bytes(nquads.serialize(graph.quads, "nq"))
    return path


def marked(name: str) -> str:
    """Return a mark that no other run of the tests gives to its processes."""
    return f"{name}-{os.getpid()}"


def living(mark: str) -> list[int]:
    """Return the processes whose environment holds the mark of that name."""
    found = []
    for path in Path("/proc").iterdir():
        if path.name.isdecimal():
            try:
                held = f"MARK={marked(mark)}\0".encode() in (path / "environ").read_bytes()
                state = (path / "stat").read_text().rpartition(") ")[2][0]
            except (OSError, ValueError):
                continue
            if held and state != "Z":
                found.append(int(path.name))
    return found


def stdio(file: Path, mark: str) -> Any:
    given = [*START[1:], "--graph", str(file)]
    return stdio_client(
        StdioServerParameters(command=START[0], args=given, cwd=ROOT, env={"MARK": marked(mark)})
    )


def silent(talker: Model) -> set[str]:
    answer = talker.ask("run_query", name="silent-or-absent")
    assert {s["quote"] for s in answer["sources"]} >= {"did not speak"}
    return {row["name"] for row in answer["rows"] if row["mode"] == "was silent"}


SILENT = {"Emilio Aragones", 'Ernesto "Che" Guevara'}


def test_a_client_over_stdio_is_answered_and_leaves_no_process(file: Path) -> None:
    with model(stdio(file, "stdio-1")) as talker:
        assert silent(talker) == SILENT
        assert len(living("stdio-1")) >= 5  # the server, two spares, the data, the workers
        results = talker.together(*[("run_query", {"name": "hearsay"})] * 4)
        assert [result.is_error for result in results] == [False] * 4
        assert talker.ask("schema")["missing"] == []  # the file was counted

    assert within(30, lambda: not living("stdio-1")), living("stdio-1")


def test_a_client_that_is_killed_leaves_no_process(file: Path) -> None:
    with subprocess.Popen(
        [*START, "--graph", str(file)],
        cwd=ROOT, env={"MARK": marked("stdio-2")}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps(INITIALISE).encode() + b"\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["result"]["serverInfo"]["name"] == "cablegraph"
        assert len(living("stdio-2")) >= 4
        process.stdin.close()
        assert process.wait(60) == 0

    assert within(30, lambda: not living("stdio-2")), living("stdio-2")


INITIALISED = {"jsonrpc": "2.0", "method": "notifications/initialized"}


def called(id_: int | str, query: str = "hearsay") -> dict[str, Any]:
    arguments = {"name": "run_query", "arguments": {"name": query}}
    return {"jsonrpc": "2.0", "id": id_, "method": "tools/call", "params": arguments}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graph") / "graph.nq"
    path.write_text("<http://e/a> <http://e/p> <http://e/b> <http://e/g> .\n")
    return path


def responses(file: Path, text: str) -> list[dict[str, Any]]:
    """Return what the server writes to a client that sends all of `text` at once and then nothing more."""
    done = subprocess.run(
        [*START, "--graph", str(file)],
        cwd=ROOT,
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "Traceback" not in done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


# JSON-RPC 2.0 section 4: a response for each request, also where standard input ends at once.
@pytest.mark.parametrize("end", ["\n", ""], ids=["whole line", "line without its end"])
def test_each_request_of_a_file_is_answered(small: Path, end: str) -> None:
    sent = [INITIALISE, INITIALISED, *map(called, range(2, 8)), called("x", "nothing")]
    got = responses(small, "\n".join(map(json.dumps, sent)) + end)

    assert sorted(map(repr, (one["id"] for one in got))) == sorted(map(repr, [*range(1, 8), "x"]))


@pytest.mark.parametrize(
    "text", ["", "\n", "no json\n", json.dumps(INITIALISED), '{"jsonrpc": "2.0", "id": 1']
)
def test_it_ends_where_there_is_nothing_to_answer(small: Path, text: str) -> None:
    assert [one for one in responses(small, text) if "result" in one] == []


def test_a_request_that_is_cancelled_is_not_waited_for(small: Path) -> None:
    cancelled = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 2}}
    sent = [INITIALISE, called(2), cancelled, called(3)]

    assert {one["id"] for one in responses(small, "\n".join(map(json.dumps, sent)))} >= {1, 3}


def test_a_client_that_reads_nothing_more_ends_it_without_a_traceback(small: Path, tmp_path: Path) -> None:
    sent = tmp_path / "sent"
    sent.write_text("\n".join(map(json.dumps, [INITIALISE, INITIALISED, *map(called, range(2, 40))])))
    with sent.open() as given, subprocess.Popen(
        [*START, "--graph", str(small)], cwd=ROOT, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
        assert process.wait(60) == 0


def test_no_response_is_awaited_for_ever() -> None:
    async def wait() -> bool:
        sender, receiver = anyio.create_memory_object_stream[Any](1)
        requests = stdio_streams.OpenRequests()
        reader = stdio_streams.CountingReader(receiver, requests, 0.05)
        await sender.send(SessionMessage(JSONRPCRequest(jsonrpc="2.0", id=1, method="ping")))
        sender.close()
        async with reader:
            return len([message async for message in reader]) == 1

    assert anyio.run(wait)


def test_a_server_that_is_killed_leaves_no_process(file: Path) -> None:
    with subprocess.Popen(
        [*START, "--graph", str(file)],
        cwd=ROOT, env={"MARK": marked("stdio-3")}, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        assert within(60, lambda: len(living("stdio-3")) >= 4)
        process.send_signal(signal.SIGKILL)

    assert within(30, lambda: not living("stdio-3")), living("stdio-3")


@contextmanager
def listening(file: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    with subprocess.Popen(
        [*START, "--http", "--port", "0", "--graph", str(file), *options],
        cwd=ROOT, env={"MARK": marked("http")}, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout
        line = process.stdout.readline()
        try:
            yield process, line.split()[-1]
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


@pytest.fixture(scope="module")
def address(file: Path) -> Iterator[str]:
    with listening(file) as (_, address):
        yield address


def test_a_client_over_http_is_answered(address: str) -> None:
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/mcp", address)
    with model(address) as talker, model(address) as other:
        assert silent(talker) == silent(other) == SILENT
        assert "did you mean" in other.error("run_query", name="hearsy")


def post(address: str, body: bytes, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
    try:
        connection.request("POST", "/mcp", body, HEADERS | headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def fetch(address: str, path: str) -> tuple[int, http.client.HTTPMessage, Any]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.headers, json.loads(response.read())
    finally:
        connection.close()


def test_the_server_can_be_discovered(address: str) -> None:
    """SEP-2127: the catalogue names the card, and the card says what the server itself says."""
    _, headers, catalogue = fetch(address, "/.well-known/ai-catalog.json")
    (entry,) = catalogue["entries"]
    status, card_headers, card = fetch(address, urlsplit(entry["url"]).path)
    _, body = post(address, json.dumps(INITIALISE).encode())
    own = json.loads(body)["result"]

    assert headers.get_content_type() == "application/ai-catalog+json"
    assert entry["identifier"] == "urn:air:w3id.org:cablegraph"
    assert (status, card_headers.get_content_type()) == (200, entry["type"])
    assert card_headers["Access-Control-Allow-Origin"] == "*"
    assert urlsplit(entry["url"]).path == "/mcp/server-card"
    assert (card["version"], card["title"]) == (version("cablegraph"), own["serverInfo"]["title"])
    assert own["serverInfo"]["version"] == version("cablegraph")
    assert card["remotes"][0]["url"] == address
    assert own["protocolVersion"] in card["remotes"][0]["supportedProtocolVersions"]


def test_the_card_keeps_to_its_schema(address: str) -> None:
    """The members that the schema of the extension requires, and its limits, typed from there."""
    _, _, card = fetch(address, "/mcp/server-card")

    assert card["$schema"] == "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json"
    assert re.fullmatch(r"[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+", card["name"])
    assert 1 <= len(card["description"]) <= 100
    assert 1 <= len(card["title"]) <= 100
    assert {"tools", "resources", "prompts"}.isdisjoint(card)


def test_addresses_of_earlier_drafts_have_the_same(address: str) -> None:
    assert fetch(address, "/.well-known/mcp/server-card.json")[2] == fetch(address, "/mcp/server-card")[2]
    draft = fetch(address, "/.well-known/mcp/catalog.json")[2]
    assert draft["specVersion"] == "draft"
    assert draft["entries"] == fetch(address, "/.well-known/ai-catalog.json")[2]["entries"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "OWN"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://localhost:1"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "evil.example"}, 421),
        ({"Host": "localhost:80"}, 421),
        ({"Content-Type": "text/plain"}, 400),
    ],
)
def test_only_this_host_and_no_other_origin_may_ask(
    headers: dict[str, str], status: int, address: str
) -> None:
    own = {name: address.removesuffix("/mcp") if value == "OWN" else value for name, value in headers.items()}

    assert post(address, json.dumps(INITIALISE).encode(), **own)[0] == status


def test_a_request_that_is_too_large_is_refused(address: str) -> None:
    assert post(address, b" " * (2 << 20) + b"  ")[0] == 413
    assert post(address, b" " * 1000 + json.dumps(INITIALISE).encode())[0] == 200


def test_a_server_over_http_ends_with_its_signal_and_leaves_no_process(file: Path) -> None:
    with listening(file) as (process, address):
        with model(address) as talker:
            assert silent(talker) == SILENT
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        before = process.pid

    assert within(30, lambda: before not in living("http"))


def test_a_port_that_is_taken_is_said_to_be(address: str, file: Path) -> None:
    port = str(urlsplit(address).port)
    done = subprocess.run(
        [*START, "--http", "--port", port, "--graph", str(file)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert done.returncode == 2
    assert (
        f"Cannot listen on 127.0.0.1 port {port}: Address already in use. Choose another port" in done.stderr
    )
    assert "Traceback" not in done.stderr


def test_it_listens_on_this_machine_only() -> None:
    result = CliRunner().invoke(main, ["mcp", "--http", "--host", "0.0.0.0"])  # noqa: S104 - to be refused

    assert result.exit_code == 2
    assert "127.0.0.1" in result.output


def test_without_the_sdk_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mcp, "find_spec", lambda _: None)
    result = CliRunner().invoke(main, ["mcp"])

    assert result.exit_code == 2
    assert result.output.strip().endswith("pip install '.[mcp]'")


def test_the_command_hands_over_what_it_was_given(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[object] = []
    monkeypatch.setattr(mcp_server, "http", lambda server, *more: given.extend((server.name, *more[:2])))
    result = CliRunner().invoke(main, ["mcp", "--http", "--port", "0", "--host", "::1", "--graph", str(file)])

    assert (result.exit_code, result.output) == (0, "")
    assert given == ["cablegraph", "::1", 0]


def test_the_command_answers_on_standard_output_and_ends_with_its_input(file: Path) -> None:
    result = CliRunner().invoke(main, ["mcp", "--graph", str(file)], input=json.dumps(INITIALISE) + "\n")

    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["result"]["serverInfo"]["title"] == "cablegraph: diplomatic telegrams"


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_signal_ends_the_server_and_not_the_process(host: str) -> None:
    answered: list[int] = []
    threads: list[threading.Thread] = []
    before = signal.getsignal(signal.SIGTERM)

    def ask(address: str) -> None:
        assert within(60, lambda: post(address, json.dumps(INITIALISE).encode())[0] == 200)
        answered.append(200)
        os.kill(os.getpid(), signal.SIGTERM)

    def announce(address: str) -> None:
        threads.append(threading.Thread(target=ask, args=(address,)))
        threads[0].start()

    mcp_server.http(MCPServer("empty", subscriptions=False), host, 0, announce)
    threads[0].join(10)

    assert answered == [200]
    assert signal.getsignal(signal.SIGTERM) is before


def test_an_address_that_cannot_be_used_is_said_to_be(address: str) -> None:
    with pytest.raises(CablegraphError, match=r"port \d+: Address already in use\. Choose another"):
        mcp_server.http(MCPServer("empty"), "127.0.0.1", urlsplit(address).port or 0, print)


def test_the_command_itself_needs_nothing_of_the_sdk() -> None:
    code = "import sys; import server.cli.mcp; sys.exit(any(n.split('.')[0] in ('mcp', 'pydantic', 'uvicorn') for n in sys.modules))"

    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.slow
def test_the_configuration_of_the_readme_starts_the_server(user_cache: Path) -> None:
    found = re.search(r"<!-- configuration -->\n```json\n(.*?)\n```", README, re.DOTALL)
    assert found
    ((name, given),) = json.loads(found[1])["mcpServers"].items()
    program = Path(sys.executable).parent / given["command"]

    started = StdioServerParameters(
        command=str(program), args=given["args"], env={"XDG_CACHE_HOME": str(user_cache)}
    )
    with model(stdio_client(started)) as talker:
        assert name == "cablegraph"
        assert silent(talker) == SILENT


def test_the_address_of_the_readme_is_the_default() -> None:
    assert "cablegraph mcp --http --port 8001" in README
    assert "http://127.0.0.1:8001/mcp" in README
    (port,) = [option for option in mcp.mcp.params if option.name == "port"]
    assert port.default == 8001
