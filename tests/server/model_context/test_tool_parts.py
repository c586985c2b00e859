"""Parts of the server for language models, one by one: what cannot be met by asking it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ToolError
from pyoxigraph import DefaultGraph, NamedNode, QuerySolutions, Store

from kg.asking.questions import sources
from kg.asking.questions.sources import select_all
from kg.errors import BusyError, TimeLimitError, UnknownNameError
from kg.namespaces import SHIPPED
from kg.resources import folder
from kg.store.statistics import NOT_COUNTED
from server.engine.evaluation.query_request import Limits, QueryAnswer, QueryRequest
from server.engine.workers.pool import Pool
from server.model_context import mcp_resources
from server.model_context.proof_tools import PooledStore
from server.model_context.search_tools import SearchTools
from server.model_context.tool_context import ToolContext, message, with_tool_errors
from server.site import pool_queries
from server.web.http_errors import ServerFaultError

from .. import linked
from ..pools import open_pool
from .modelling import model

BASE = "https://w3id.org/cablegraph/"


@pytest.fixture(scope="module")
def small() -> Iterator[Pool]:
    with open_pool(linked.load, Limits(timeout=3.0, workers=1), "v1") as pool:
        yield pool


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("SELECT ?a WHERE { ?a ?b ?c } ORDER BY ?a LIMIT 3", {"a", "b", "c"}),
        ("PREFIX x: <http://x/>\nSELECT DISTINCT (COUNT(?a) AS ?n) { ?a x:b ?c } GROUP BY ?c", {"a", "c"}),
        ("SELECT * { ?a ?b 1 }", {"a", "b"}),
    ],
)
def test_a_query_is_widened_to_all_its_variables(query: str, columns: set[str]) -> None:
    wide = select_all(query)
    assert wide
    found = Store().query(wide)

    assert isinstance(found, QuerySolutions)
    assert {variable.value for variable in found.variables} == columns
    assert "LIMIT" not in wide


@pytest.mark.parametrize(
    "query",
    ["ASK { ?a ?b ?c }", "DESCRIBE ?a { ?a ?b ?c }", "CONSTRUCT WHERE { ?a ?b ?c }"],
)
def test_what_is_no_table_is_not_widened(query: str) -> None:
    assert select_all(query) is None


@pytest.mark.parametrize("guess", [None, "SELECT * { this is no query }"])
def test_rows_of_a_query_that_cannot_be_widened_are_traced_by_what_they_show(
    guess: str | None, small: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = f"SELECT ?s {{ VALUES ?s {{ <{BASE}id/telegram/t/body-1/says> }} }}"
    monkeypatch.setattr(sources, "select_all", lambda _: guess)

    found = sources.of_rows(partial(pool_queries.rows, small), query, pool_queries.rows(small, query))

    assert {source.quote for source in found.sources} == {"She said <yes>"}
    assert [source.rows for source in found.sources] == [(0,)]


class Refusing:
    """A pool that is always busy."""

    names = SHIPPED

    def answer(self, _: QueryRequest) -> QueryAnswer:
        raise BusyError("All workers are busy.")


def test_an_answer_without_its_sources_says_why() -> None:
    found = sources.of_rows(ToolContext(Refusing(), {}).ask, "SELECT ?s { ?s ?p ?o }", [])  # type: ignore[arg-type]

    assert found.sources == ()
    assert found.problem == "The sources could not be read: All workers are busy."


def test_patterns_are_answered_as_a_store_answers_them(small: Pool) -> None:
    store, pooled = linked.load(), PooledStore(small, 5)
    ann = NamedNode(f"{BASE}id/actor/ann")
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    named = [quad for quad in store if quad.graph_name != DefaultGraph()]
    graph = next(quad.graph_name for quad in named if quad.subject == ann)

    for pattern in ((ann, None, None, None), (None, label, None, None), (ann, None, None, graph)):
        expected = {quad for quad in store.quads_for_pattern(*pattern) if quad in named}
        assert set(pooled.quads_for_pattern(*pattern)) == expected  # type: ignore[arg-type]
        assert expected
    one = named[0]
    assert list(pooled.quads_for_pattern(*one.triple, one.graph_name)) == [one]  # type: ignore[arg-type]
    assert not list(pooled.quads_for_pattern(ann, label, ann))


def test_only_the_union_of_all_graphs_can_be_asked(small: Pool) -> None:
    with pytest.raises(ValueError, match="union"):
        PooledStore(small, 5).query("ASK {}", use_default_graph_as_union=False)


def test_a_search_for_a_proof_ends(small: Pool) -> None:
    pooled = PooledStore(small, 0.0)

    with pytest.raises(TimeLimitError, match="No proof was found within 0 s"):
        pooled.query("ASK {}")


def test_what_broke_here_is_told_without_its_reason() -> None:
    assert message(ServerFaultError("/secret/path is gone")) == (
        "The request was not at fault. The log has its id."
    )
    assert message(UnknownNameError("tag", "x", ["y"])) == "there is no tag 'x'; there are: y"
    assert message(BusyError("Wait.")).endswith("Wait. (https://w3id.org/cablegraph/problems/busy)")


def test_an_error_of_another_kind_is_not_caught() -> None:
    def broken() -> None:
        raise ZeroDivisionError

    def late() -> None:
        raise TimeLimitError("late")

    with pytest.raises(ZeroDivisionError):
        with_tool_errors(broken)()
    with pytest.raises(ToolError, match="late"):
        with_tool_errors(late)()


def test_a_telegram_that_cannot_be_read_is_an_error_in_words() -> None:
    telegram = f"{BASE}id/telegram/t"
    resource = mcp_resources.telegram(ToolContext(Refusing(), {}), telegram, "Telegram t")  # type: ignore[arg-type]

    with pytest.raises(ResourceError, match="All workers are busy"):
        resource.fn()


def test_files_of_other_kinds_are_no_resources(
    tmp_path: Path, small: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "notes.txt").write_text("no")
    (tmp_path / "README.md").write_text("yes")
    monkeypatch.setattr(mcp_resources, "folder", lambda _: tmp_path)
    server = MCPServer("small", subscriptions=False)
    mcp_resources.add(server, ToolContext(small, {}))

    with model(server) as talker:
        found = [str(r.uri) for r in talker.do(talker.client.list_resources).resources]

    assert found == ["cablegraph://ontology/README.md", "cablegraph://shapes/README.md"]


def test_a_schema_without_counts_says_what_is_missing(small: Pool) -> None:
    told = SearchTools(ToolContext(small, folder("queries"))).schema()

    assert (told.classes, told.properties, told.graphs) == ([], [], {})
    assert told.missing == list(NOT_COUNTED.missing)
