"""Programs that people use, against a running server with the real graph's own kind of data."""

from __future__ import annotations

import base64
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from rdflib import Graph, Literal, URIRef

from .talking import BROWSER, CONSTRUCT, COUNT, QUERY, SELECT

ROOT = Path(__file__).parents[2]
PEOPLE = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?who ?name { ?who a <http://ex.org/Person> ; rdfs:label ?name } ORDER BY ?name"""
NAMES = ["George Kennan", "James Byrnes"]
EX = "http://ex.org/"


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory, loader: Callable[[], object]) -> Iterator[str]:
    """The address of a server started by the command, as an operator starts it."""
    file = tmp_path_factory.mktemp("clients") / "graph.nq"
    file.write_text(str(loader()), encoding="utf-8")
    command = [sys.executable, "-m", "kg", "serve", "--graph", str(file), "--port", "0", "--workers", "1"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1] + "sparql"
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


# SPARQLWrapper


@pytest.fixture
def wrapper(endpoint: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own, at import
        sparqlwrapper = pytest.importorskip("SPARQLWrapper")
    return sparqlwrapper.SPARQLWrapper(endpoint)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("direct", [False, True], ids=["form", "direct"])
def test_sparqlwrapper_selects(wrapper: Any, method: str, *, direct: bool) -> None:
    wrapper.setQuery(PEOPLE)
    wrapper.setMethod(method)
    wrapper.setReturnFormat("json")
    if direct and method == "POST":
        wrapper.setRequestMethod("postdirectly")
    rows = wrapper.query().convert()["results"]["bindings"]

    assert [row["name"]["value"] for row in rows] == NAMES


@pytest.mark.parametrize("form", ["xml", "csv", "tsv"])
def test_sparqlwrapper_reads_the_other_formats(wrapper: Any, form: str) -> None:
    wrapper.setQuery(PEOPLE)
    wrapper.setReturnFormat(form)
    result = wrapper.query()
    text = result.convert()
    text = text.toxml() if form == "xml" else text.decode()

    assert all(name in text for name in NAMES)


def test_sparqlwrapper_asks_and_constructs(wrapper: Any) -> None:
    wrapper.setQuery(f"ASK {{ <{EX}kennan> ?p ?o }}")
    wrapper.setReturnFormat("json")
    assert wrapper.query().convert()["boolean"] is True

    wrapper.setQuery(CONSTRUCT)
    wrapper.setReturnFormat("turtle")
    graph = Graph().parse(data=wrapper.query().convert(), format="turtle")
    assert list(graph) == [(URIRef(f"{EX}telegram"), URIRef(f"{EX}sentBy"), URIRef(f"{EX}kennan"))]


def test_sparqlwrapper_names_a_graph(wrapper: Any, sizes: dict[str, int]) -> None:
    wrapper.setQuery(COUNT)
    wrapper.addDefaultGraph(f"{EX}one")
    wrapper.setReturnFormat("json")

    rows = wrapper.query().convert()["results"]["bindings"]
    assert [int(row["n"]["value"]) for row in rows] == [sizes["one"]]


def test_sparqlwrapper_is_told_of_a_wrong_query(wrapper: Any) -> None:
    from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

    wrapper.setQuery("SELECT nonsense")
    with pytest.raises(QueryBadFormed, match="line 1"):
        wrapper.query()


# rdflib


@pytest.fixture
def remote(endpoint: str) -> Graph:
    graph = Graph("SPARQLStore")
    graph.open(endpoint)
    return graph


def test_rdflib_reads_the_endpoint_as_a_graph(remote: Graph) -> None:
    kennan, label = URIRef(f"{EX}kennan"), URIRef("http://www.w3.org/2000/01/rdf-schema#label")

    assert remote.value(kennan, label) == Literal("George Kennan", lang="en")
    assert (kennan, None, None) in remote
    assert {str(o) for o in remote.objects(None, label)} == {*NAMES, "Москва"}


def test_rdflib_sends_queries(remote: Graph) -> None:
    assert [str(row.name) for row in remote.query(PEOPLE)] == NAMES  # type: ignore[union-attr]
    assert bool(remote.query("ASK {}"))
    assert len(remote.query(CONSTRUCT)) == 1


def test_rdflib_asks_from_a_query_of_its_own_with_service(endpoint: str) -> None:
    rows = Graph().query(f"SELECT ?n {{ SERVICE <{endpoint}> {{ <{EX}moscow> <{EX}population> ?n }} }}")

    assert [str(row.n) for row in rows] == ["100%25"]  # type: ignore[union-attr]


# pandas


def test_pandas_reads_a_table_from_an_address(endpoint: str) -> None:
    pandas = pytest.importorskip("pandas")
    table = pandas.read_csv(f"{endpoint}?query={quote(PEOPLE)}&format=csv")

    assert list(table.columns) == ["who", "name"]
    assert list(table["name"]) == NAMES
    numbers = pandas.read_csv(f"{endpoint}?query={quote(COUNT)}&format=tsv", sep="\t")
    assert numbers.iloc[0, 0] == 12


# curl


def curl(*arguments: str) -> str:
    program = shutil.which("curl")
    if program is None:
        pytest.skip("curl is not installed")
    done = subprocess.run(
        [program, "--silent", "--show-error", "--max-time", "20", *arguments],
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()


def test_curl_asks_in_the_ways_that_manuals_show(endpoint: str) -> None:
    csv = ["-H", "Accept: text/csv"]
    answers = [
        curl("-G", endpoint, "--data-urlencode", f"query={SELECT}", *csv),
        curl(endpoint, "--data-urlencode", f"query={SELECT}", *csv),
        curl(endpoint, "-H", f"Content-Type: {QUERY}", "--data-binary", SELECT, *csv),
        curl("-X", "QUERY", endpoint, "-H", f"Content-Type: {QUERY}", "--data-binary", SELECT, *csv),
        curl("--compressed", "-L", f"{endpoint}/", "--data-urlencode", f"query={SELECT}", *csv),
    ]

    assert answers == ["o\r\n100%25\r\n"] * 5


def test_curl_sees_the_status_and_keeps_an_answer_by_its_tag(endpoint: str, tmp_path: Path) -> None:
    code = ["-o", os.devnull, "-w", "%{http_code}"]
    address = f"{endpoint}?query={quote(SELECT)}"
    tags = ["--etag-save", str(tmp_path / "tag"), "--etag-compare", str(tmp_path / "tag")]

    assert [curl(*code, *tags, address) for _ in range(2)] == ["200", "304"]
    assert curl(*code, "-I", address) == "200"
    assert curl(*code, f"{endpoint}?query=nonsense") == "400"


# Comunica


def comunica() -> list[str]:
    """The command of Comunica; it is not here everywhere, and wants a node of its own time."""
    node = shutil.which("node")
    program = Path(os.environ.get("CABLEGRAPH_NODE_MODULES", "")) / ".bin" / "comunica-sparql"
    if node is None or not program.is_file():
        pytest.skip(
            "Comunica is not here; set CABLEGRAPH_NODE_MODULES to the node_modules with @comunica/query-sparql"
        )
    started = subprocess.run([node, program, "--version"], capture_output=True, check=False)
    if b"Comunica Engine" not in started.stdout + started.stderr:  # its exit code tells nothing
        pytest.skip(f"this Comunica does not start: {started.stderr.decode()[-200:]}")
    return [node, str(program)]


@pytest.mark.parametrize("hint", ["", "sparql@"], ids=["found out", "told"])
def test_comunica_asks_the_endpoint(endpoint: str, hint: str) -> None:
    command = [*comunica(), hint + endpoint, PEOPLE, "-t", "application/sparql-results+json"]
    done = subprocess.run(command, capture_output=True, timeout=60, check=True)

    rows = json.loads(done.stdout)["results"]["bindings"]
    assert [row["name"]["value"] for row in rows] == NAMES


# The messages themselves

LINTED = {
    "json": ("GET", f"?query={quote(COUNT)}", {}),
    "csv": ("GET", f"?query={quote(COUNT)}&format=csv", {}),
    "turtle": ("GET", f"?query={quote(CONSTRUCT)}", {}),
    "page": ("GET", f"?query={quote(COUNT)}", {"Accept": BROWSER}),
    "compressed": ("GET", f"?query={quote('SELECT * { ?s ?p ?o . ?x ?y ?z }')}", {"Accept-Encoding": "gzip"}),
    "head": ("HEAD", f"?query={quote(COUNT)}", {}),
    "post": ("POST", f"?query={quote(COUNT)}", {"Content-Type": "application/x-www-form-urlencoded"}),
    "volatile": ("GET", f"?query={quote('SELECT (NOW() AS ?t) {}')}", {}),
    "wrong query": ("GET", "?query=nonsense", {}),
    "preflight": ("OPTIONS", "", {"Origin": "http://a.test", "Access-Control-Request-Method": "QUERY"}),
    "description": ("GET", "", {"Accept": "text/turtle"}),
}


@pytest.fixture(scope="module")
def linter() -> str:
    """The Python that has httplint, in an environment of its own."""
    program = os.environ.get("CABLEGRAPH_HTTPLINT", "")
    if not program:
        pytest.skip("httplint is not here; set CABLEGRAPH_HTTPLINT to a Python that has it")
    return program


@pytest.mark.parametrize("name", LINTED)
def test_httplint_finds_nothing_bad(endpoint: str, linter: str, name: str) -> None:
    first, from_memory = (exchange(endpoint, *LINTED[name]) for _ in range(2))

    assert lint(linter, first) == []
    assert lint(linter, from_memory) == []


def test_httplint_finds_what_is_bad(endpoint: str, linter: str) -> None:
    spoilt = exchange(endpoint, *LINTED["json"])
    spoilt["answered"].append(["ETag", "without quotes"])

    assert any("etag" in line.lower() for line in lint(linter, spoilt))


def exchange(endpoint: str, method: str, parameters: str, headers: dict[str, str]) -> dict[str, Any]:
    """Return one request and its answer."""
    where = urlsplit(endpoint)
    connection = http.client.HTTPConnection(where.netloc, timeout=60)
    connection.request(method, where.path + parameters, headers=headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return {
        "method": method,
        "address": endpoint + parameters,
        "asked": list(headers.items()),
        "status": response.status,
        "reason": response.reason,
        "answered": [list(line) for line in response.getheaders()],
        "body": base64.b64encode(body).decode(),
    }


def lint(python: str, seen: dict[str, Any]) -> list[str]:
    """Return what httplint calls bad in one exchange."""
    program = Path(__file__).with_name("linting.py")
    done = subprocess.run(
        [python, str(program)], input=json.dumps(seen), capture_output=True, text=True, check=True, timeout=30
    )
    return list(json.loads(done.stdout))
