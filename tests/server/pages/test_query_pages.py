"""The pages of the saved queries of the project: views, snippets, search, what links lead to."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from flask import render_template_string
from flask.testing import FlaskClient
from jinja2 import FileSystemLoader

from kg import build
from kg.asking.questions import query_header, saved_queries
from kg.resources import folder
from server import create_app
from server.engine.evaluation.query_request import Limits
from server.engine.workers.pool import Pool
from server.pages.questions import question_list
from server.pages.questions.question_page import snippets

from ..pools import open_pool
from ..running import server
from ..talking import BROWSER, problem

SAVED = saved_queries.load(folder("queries"))
GRAPHS = [name for name in SAVED if name.startswith("projection-")]
OWN = [name for name, query in SAVED.items() if not query.federated and name not in GRAPHS]
TAG = re.compile(r"<[^>]*>")


@pytest.fixture(scope="module")
def real(graph: build.Build) -> ox.Store:
    return build.store_of(graph)


@pytest.fixture(scope="module")
def client(real: ox.Store, word_index: Path) -> Iterator[FlaskClient]:
    with open_pool(lambda: real, Limits(workers=1), "v1") as pool:
        yield create_app(pool, data_version="v1", search=lambda _: word_index).test_client()


def page(client: FlaskClient, path: str) -> str:
    response = client.get(f"/queries/{path}", headers={"Accept": BROWSER})
    assert response.status_code == 200, response.text
    return response.text


def text(part: str) -> str:
    return " ".join(unescape(TAG.sub(" ", part)).split())


def test_the_queries_that_are_handed_in_are_those_that_every_address_knows(pool: Pool) -> None:
    own = saved_queries.parse(
        "own", "#+ title: Mine\n#+ question: Whose?\n#+ tags: [start]\nSELECT ?s { ?s ?p ?o }"
    )
    client = create_app(pool, data_version="v1", queries={"own": own}).test_client()
    told = {
        path: client.get(path, headers={"Accept": accept}).text
        for path, accept in (
            ("/", "text/html"),
            ("/queries/", "text/html"),
            ("/queries.json", "application/json"),
            ("/search?q=whose", "application/json"),
            ("/openapi.json", "application/json"),
            ("/.well-known/sparql-examples", "text/turtle"),
        )
    }

    assert [path for path, text in told.items() if "Whose?" not in text] == []
    assert [path for path, text in told.items() if "who-criticised" in text] == []
    assert client.get("/queries/who-criticised").status_code == 404


@pytest.mark.parametrize(
    ("shown", "total", "expected"),
    [(1, None, "1 row"), (2, None, "2 rows"), (2, 2, "2 rows"), (1000, 2500, "1,000 of 2,500 rows")],
)
def test_the_count_of_rows_is_said_on_any_page(
    client: FlaskClient, shown: int, total: int | None, expected: str
) -> None:
    source = '{% from "views/parts.html" import count_of %}{{ count_of(rows, all) }}'
    with client.application.test_request_context():
        assert render_template_string(source, rows=shown, all=total) == expected


def test_no_template_takes_in_another_that_reads_what_it_was_not_handed(client: FlaskClient) -> None:
    assert isinstance(client.application.jinja_loader, FileSystemLoader)
    (templates,) = client.application.jinja_loader.searchpath
    texts = {path.name: path.read_text(encoding="utf-8") for path in Path(templates).rglob("*.html")}

    assert len(texts) > 20
    assert [name for name, text in texts.items() if re.search(r"{%-? *include", text)] == []


@pytest.mark.parametrize("name", OWN)
def test_each_page_shows_its_view_and_runs_no_script(name: str, client: FlaskClient) -> None:
    shown = page(client, name)
    marks = {"table": '<table class="result">', "timeline": '<ol class="timeline">',
             "network": '<ul class="network">', "matrix": '<table class="matrix">'}  # fmt: skip

    assert [view for view, mark in marks.items() if mark in shown] == [SAVED[name].show]
    assert not re.search(r"<script(?! type=.application/ld.json.>)|\son\w+=|\sstyle=|javascript:", shown)
    assert unescape(shown).count(SAVED[name].question) >= 1
    assert all(f"{column.label} <code>?{column.name}</code>" in shown for column in SAVED[name].columns)


@pytest.mark.parametrize("name", GRAPHS)
def test_the_page_of_a_graph_is_bounded_and_leads_to_all_of_it(name: str, client: FlaskClient) -> None:
    shown = page(client, name)
    links = re.findall(
        rf'href="/queries/{name}\.(\w+)"', shown.partition('role="status">')[2].partition("</p>")[0]
    )

    assert len(shown) < 150_000
    assert links == ["ttl", "nt", "rdf", "jsonld", "nq", "trig"]
    assert not re.search(r"<script(?! type=.application/ld.json.>)", shown)


@pytest.mark.parametrize("name", [name for name in OWN if SAVED[name].show != "table"])
def test_each_view_is_also_a_plain_table(name: str, client: FlaskClient) -> None:
    shown = page(client, f"{name}?view=table")

    assert '<table class="result">' in shown
    assert "<svg" not in shown
    assert f"/queries/{name}?view={SAVED[name].show}" in unescape(shown)
    assert f"/queries/{name}?view=table" in unescape(page(client, name))


def test_only_views_that_the_query_has_are_given(client: FlaskClient) -> None:
    document = problem(client.get("/queries/withheld.html?view=matrix"), 400, "wrong-parameter")

    assert document["allowed"] == ["network", "table"]


@pytest.mark.parametrize("name", ["letters-in-order", "withheld", "two-telegrams-compared"])
def test_a_view_changes_no_other_format(name: str, client: FlaskClient) -> None:
    assert client.get(f"/queries/{name}.csv?view=table").data == client.get(f"/queries/{name}.csv").data


@pytest.mark.parametrize("name", [name for name in OWN if SAVED[name].show in ("timeline", "network")])
def test_drawings_are_well_formed_and_named_for_those_who_hear_them(name: str, client: FlaskClient) -> None:
    drawings = re.findall(r"<svg.*?</svg>", page(client, name), re.DOTALL)

    assert drawings
    for drawing in drawings:
        root = ElementTree.fromstring(drawing)  # noqa: S314 - our own
        assert root.get("role") == "group"  # the links within an img are not read out
        assert root.get("aria-label")
        assert all(node.get("style") is None for node in root.iter())


def test_the_column_heads_are_labels_with_their_variable(client: FlaskClient) -> None:
    shown = page(client, "hearsay")

    assert '<th scope="col" title="?holder">Holder</th>' in shown
    assert '<td data-name="Holder">' in shown


def test_the_timeline_tells_days_hours_and_what_is_not_sure(client: FlaskClient) -> None:
    entries = [
        text(entry)
        for entry in re.findall(r'<li id="entry-\d+">.*?</li>', page(client, "events-in-order"), re.DOTALL)
    ]
    session = next(entry for entry in entries if "last session" in entry)
    call = next(entry for entry in entries if "telephone call" in entry)

    assert session.startswith(
        "between 27 October 1962, 02:00, and 2 November 1962, 23:59 UTC−05:00, day uncertain"
    )
    assert call.startswith("27 October 1962, 02:00 to 02:59 UTC−05:00 written “27 October, at 2 a.m.”")
    assert entries.index(call) < entries.index(session)


def test_letters_stand_in_the_order_of_their_days(client: FlaskClient) -> None:
    entries = re.findall(r'<li id="entry-\d+">.*?</li>', page(client, "letters-in-order"), re.DOTALL)
    order = [
        *("telegram/1962-10-23-moscow-811", "document/castros-letter-of-27-october"),
        *("document/khrushchevs-letter-of-30-october", "telegram/1962-10-31-havana-1701"),
        *("telegram/1962-11-01-havana-1710", "telegram/1962-11-02-havana-1717"),
    ]
    shown = [re.findall(r"/id/((?:telegram|document)/[\w-]+)", entry)[0] for entry in entries]
    places = [shown.index(name) for name in order]

    assert places == sorted(places)
    assert len(entries) >= 12


def test_the_network_stands_in_a_list_too(client: FlaskClient) -> None:
    shown = page(client, "who-disagreed-with-whom")
    listed = text(shown.partition('<ul class="network">')[2].partition("The same as")[0])

    assert "every line stands for: the Soviet decisions made in the crisis" in text(shown)
    assert listed.startswith("C. R. Rodriguez – Guillermo Garcia Frias")
    assert (listed.count(" – "), listed.count("→")) == (8, 0)  # who disagrees has no direction
    assert "marker-end" not in shown


def test_the_matrix_shows_who_stands_where(client: FlaskClient) -> None:
    rows = re.findall(r"<tr>(.*?)</tr>", page(client, "positions-by-actor-and-issue").partition("matrix")[2])
    heads = [text(cell) for cell in re.findall(r"<th[^>]*>(.*?)</th>", rows[0])]
    fields = {text(row.partition("</th>")[0]): re.findall(r"<td>(.*?)</td>", row) for row in rows[1:]}
    decision = dict(zip(heads[1:], fields["the Soviet decisions made in the crisis"], strict=True))

    assert heads[0] == "Issue \\ Holder"
    assert decision["Joaquín Ordoqui"] == "for (told by Aleksandr Alekseev)"
    assert decision["Guillermo Garcia Frias"] == "against (told by Aleksandr Alekseev)"
    assert decision["Raúl Curbelo Morales"] == "partly against (told by Aleksandr Alekseev)"
    assert decision["Osvaldo Dorticós Torrado"] == ""


def test_by_a_date_moscow_had_been_told_less(client: FlaskClient) -> None:
    rows = client.get("/queries/what-moscow-had-been-told.csv?by=1962-10-31").text.splitlines()

    # six documents and the 24 events of whose status the telegram of 23 October tells; two events of 31 October
    assert len(rows) == 1 + 6 + 24 + 2
    assert not any(row.startswith("1962-11-02") for row in rows)


# ---- links


@pytest.mark.parametrize("name", ["hearsay", "letters-in-order", "two-telegrams-compared"])
def test_the_editor_gets_the_query_without_its_header(name: str, client: FlaskClient) -> None:
    (href,) = [unescape(link) for link in re.findall(r'href="(/sparql\?query=[^"]*)"', page(client, name))]
    (query,) = parse_qs(urlsplit(href).query)["query"]

    assert "#+" not in query
    assert ox.Store().query(query)
    assert "<textarea" in client.get(href, headers={"Accept": BROWSER}).text


# ---- snippets


def test_lines_are_quoted_by_the_rules_of_their_language() -> None:
    address = 'http://127.0.0.1/it\'s "x" $(y)'
    shell, python, r = (lines for _, lines in snippets("boolean", address, "?a=b"))

    assert shlex.split(shell) == ["curl", "--fail", f"{address}.json?a=b"]
    assert json.dumps(f"{address}.json?a=b") in python
    assert json.dumps(f"{address}.json?a=b") in r


@pytest.mark.parametrize(
    ("kind", "ending", "part"), [("solutions", ".csv?x=1", "DictReader"), ("graph", ".ttl?x=1", "decode")]
)
def test_each_kind_of_answer_has_lines_of_its_own(kind: str, ending: str, part: str) -> None:
    found = dict(snippets(kind, "http://127.0.0.1/queries/q", "?x=1"))  # type: ignore[arg-type]

    assert list(found) == ["cURL", "Python", "R"]
    assert all(ending in lines for lines in found.values())
    assert part in found["Python"]


@pytest.fixture(scope="module")
def lines(real: ox.Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The lines that a page of a running server shows, by language, while it runs."""
    file = tmp_path_factory.mktemp("graph") / "graph.nq"
    file.write_bytes(real.dump(format=ox.RdfFormat.N_QUADS) or b"")
    with server(file) as running:
        status, body = running.get("/queries/who-criticised.html?issue=issue%3Afive-points&issue=")
        assert status == 400, body
        status, body = running.get("/queries/names-as-written.html?written=Marshal+Grechko")
        found = re.findall(
            r"<summary>(cURL|Python|R)</summary>\s*<pre[^>]*>(.*?)</pre>", body.decode(), re.DOTALL
        )
        yield {language: unescape(text) for language, text in found}


def test_the_lines_for_python_run(lines: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", lines["Python"]], capture_output=True, text=True, check=True, timeout=30
    )

    assert done.stdout.startswith(
        "{'name': 'Andrei Grechko', 'written': 'Marshal Grechko', 'title': 'Marshal',"
    )
    assert "'bracket': 'Andrei'" in done.stdout


def test_the_lines_for_the_shell_run(lines: dict[str, str]) -> None:
    if not shutil.which("curl"):
        pytest.skip("curl is not installed")
    done = subprocess.run(
        shlex.split(lines["cURL"]), capture_output=True, text=True, check=True, timeout=30
    )  # fmt: skip

    head, row = done.stdout.splitlines()
    assert head.startswith("name,written,title,")
    assert row.startswith("Andrei Grechko,Marshal Grechko,Marshal,")


def test_the_lines_for_r_ask_the_same_address(lines: dict[str, str]) -> None:
    (address,) = re.findall(r'"(http:[^"]*)"', lines["R"])

    assert lines["R"] == f'rows <- read.csv("{address}", encoding = "UTF-8")\nprint(rows)'
    assert address == shlex.split(lines["cURL"])[-1]


# ---- list and search


def test_the_list_is_ordered_by_tag_and_holds_every_query_once(client: FlaskClient) -> None:
    shown = page(client, "")
    names = re.findall(r'<dt><a href="/queries/([a-z-]+)"', shown)
    tags = re.findall(r"<h2>(.*?)</h2>", shown)

    assert sorted(names) == list(SAVED)
    assert tags == sorted({query.tags[0] for query in SAVED.values()})


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("q=MOSCOW+had", {"what-moscow-had-been-told"}),
        ("q=Ra%C3%BAl+castro", {"stated-and-inferred"}),
        ("q=raul", {"stated-and-inferred"}),
        ("tag=federation", {"identifiers-from-wikidata", "lives-and-offices-from-wikidata"}),
        ("tag=link&q=certainty+confidence+catalogue", set()),
        ("q=nowhere-to-be-found", set()),
    ],
)
def test_words_and_tags_narrow_the_list(asked: str, names: set[str], client: FlaskClient) -> None:
    shown = page(client, f"?{asked}")
    listed = json.loads(client.get(f"/queries/?{asked}&format=json").data)["queries"]

    assert set(re.findall(r'<dt><a href="/queries/([a-z-]+)"', shown)) == names
    assert {entry["name"] for entry in listed} == names
    assert f"{len(names)} of {len(SAVED)} questions" in shown


def test_what_is_searched_for_is_escaped(client: FlaskClient) -> None:
    shown = page(client, "?q=%22%3E%3Cscript%3E&tag=%3Cb%3E")

    assert "<script>" not in shown
    assert "<b>" not in shown
    assert "&gt;&lt;script&gt;" in shown


def test_the_list_for_programs_tells_columns_and_view(client: FlaskClient) -> None:
    entries = {entry["name"]: entry for entry in json.loads(client.get("/queries.json").data)["queries"]}

    assert entries["withheld"]["show"] == "network"
    assert entries["withheld"]["columns"][0] == {
        "name": "who", "label": "Who", "type": "text", "about": "Who kept something back.", "role": "source",
    }  # fmt: skip
    assert {entry["show"] for entry in entries.values()} == set(query_header.SHOWS)


def test_queries_without_a_tag_stand_first() -> None:
    bare, tagged = (
        saved_queries.parse("bare", "ASK {}"),
        saved_queries.parse("tagged", "#+ tags: [b, a]\nASK {}"),
    )

    assert question_list.by_tag([tagged, bare]) == {"": [bare], "b": [tagged]}
    assert question_list.tags([tagged, bare]) == {"a": 1, "b": 1}
