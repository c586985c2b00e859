"""The service over Virtuoso as users start it: loaded by `load`, asked by `serve --store`, compared with our own engine."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner

from kg import build
from kg.namespaces import ID
from server.cli.load import load

from ..test_depths import EMBASSY, NAME, variant
from .running import Running, server, within
from .store_process import free_port, running, virtuoso

pytestmark = pytest.mark.slow  # half a minute
WRITABLE = 'grant SPARQL_UPDATE to "SPARQL";'  # by anybody who reaches it: until it is loaded
CLOSED = 'revoke SPARQL_UPDATE from "SPARQL";'
TELEGRAM = f"/id/telegram/{NAME}"
SEARCH = "/search?q=Brask&format=json"
QUERY = json.dumps({"q": {"query": "Lene Brask"}})
# What both engines answer with the same bytes.
SAME = (
    "/id/actor/brask?format=ttl",
    f"{TELEGRAM}/body/brask-silent?format=html",
    "/id/place/port-merrow?format=html",
    f"/reconcile?queries={quote(QUERY)}",
    "/reconcile/suggest/entity?prefix=Tav",
    "/queries/who-is-who.csv",
    "/queries/silent-or-absent.csv",
    f"/queries/quotes-in-place.csv?telegram=telegram:{NAME}",
    "/queries/documents-by-depth.csv",
    "/queries/positions-by-actor-and-issue.csv",
    "/queries/names-as-written.csv?thing=actor:brask",
    "/queries/parts-in-events.csv?who=actor:brask",
    "/queries/positions-on-an-issue.csv?issue=issue:renewal-of-the-harbor-agreement",
)
# What has examples without an order, or notes whose look-ups may be late: it has an answer.
THERE = (
    "/",
    TELEGRAM,
    "/id/actor/tavrin",
    "/id/event/call-on-tavrin",
    "/id/actor/",
    "/matrix",
    "/timeline",
    "/quality",
)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of an invented telegram, in a file of N-Quads."""
    built = build.build(variant("statements", tmp_path_factory.mktemp("embassy")), EMBASSY / "texts")
    file = tmp_path_factory.mktemp("graph") / "embassy.nq"
    file.write_bytes(built.content)
    return file


@pytest.fixture(scope="module")
def services(graph: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Running]]:
    """A service over Virtuoso, and one on the same graph in our own engine."""
    place, port, own = tmp_path_factory.mktemp("virtuoso"), free_port(), free_port()
    command = virtuoso(place, port, own)
    with ExitStack() as stack:
        stack.enter_context(running(command, port, place))
        _tell(own, WRITABLE)
        said = CliRunner().invoke(load, [f"http://127.0.0.1:{port}/sparql-graph-crud", str(graph)])
        assert said.exit_code == 0, said.output
        _tell(own, CLOSED)
        over = stack.enter_context(server(None, "--store", f"http://127.0.0.1:{port}/sparql"))
        yield over, stack.enter_context(server(graph))


def _tell(port: int, statement: str) -> None:
    """Have the administrator of the store say `statement`."""
    command = ["isql-vt", str(port), "dba", "dba", f"exec={statement}"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


@pytest.mark.parametrize("path", SAME)
def test_it_answers_as_our_own_engine_does(path: str, services: tuple[Running, Running]) -> None:
    over, own = services
    expected = own.get(path)

    assert expected[0] == 200
    assert within(
        60, lambda: over.get(path) == expected
    )  # a part of a page that was late is left out at first


def test_the_search_finds_the_things_that_our_own_finds(services: tuple[Running, Running]) -> None:
    assert within(
        60, lambda: all(service.get(SEARCH)[0] == 200 for service in services)
    )  # once it has an index

    answers = (json.loads(service.get(SEARCH)[1]) for service in services)
    assert [[thing["iri"] for thing in answer["things"]["shown"]] for answer in answers] == [
        [f"{ID}actor/brask"]
    ] * 2


@pytest.mark.parametrize("path", THERE)
def test_each_kind_of_page_is_there(path: str, services: tuple[Running, Running]) -> None:
    assert within(60, lambda: services[0].get(path)[0] == 200)
