"""Tools, resources and prompts for language models, asked by the SDK's own client."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jsonschema
import pyoxigraph as ox
import pytest
from mcp.shared.exceptions import MCPError

from kg import build
from kg.asking.questions import saved_queries, sources
from kg.inference.rules import load as load_rules
from kg.resources import folder
from kg.store import statistics
from server.engine.evaluation.query_request import Limits
from server.model_context import answer_tables, mcp_server, proof_tools, tool_context

from ..pools import open_pool
from ..running import quickest
from .modelling import Model, model

ID = "https://w3id.org/cablegraph/id/"
TELEGRAM = f"{ID}telegram/1962-11-02-havana-1717"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
PREFIXES = (
    "PREFIX cg: <https://w3id.org/cablegraph/ontology#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
    "PREFIX event: <https://w3id.org/cablegraph/id/event/> PREFIX actor: <https://w3id.org/cablegraph/id/actor/>\n"
    "PREFIX issue: <https://w3id.org/cablegraph/id/issue/>\n"
)
PARTS = (
    PREFIXES + "SELECT DISTINCT ?who ?part { ?p a cg:Participation ; cg:atEvent event:ori-session ; "
    'cg:participant ?who ; cg:mode/skos:prefLabel ?part FILTER (lang(?part) = "en") } ORDER BY ?part ?who'
)
SECONDS = 2.0
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
README = (Path(mcp_server.__file__).parent / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def whole(graph: build.Build) -> ox.Store:
    return build.store_of(graph)


@contextmanager
def asked(whole: ox.Store, version: str, timeout: float, index: Path) -> Iterator[Model]:
    rules = load_rules(folder("queries") / "rules")
    with (
        open_pool(lambda: whole, Limits(timeout=timeout, workers=2), version) as pool,
        model(
            mcp_server.serve(
                pool, saved_queries.load(folder("queries")), rules, statistics.count(whole), index
            )
        ) as talker,
    ):
        yield talker


@pytest.fixture(scope="module")
def talker(whole: ox.Store, graph: build.Build, word_index: Path) -> Iterator[Model]:
    with asked(whole, graph.version, 20.0, word_index) as talker:
        yield talker


@pytest.fixture(scope="module")
def hasty(whole: ox.Store, graph: build.Build, word_index: Path) -> Iterator[Model]:
    with asked(whole, graph.version, SECONDS, word_index) as talker:
        yield talker


SESSION = "at the last session of the ORI"  # from the paragraph before, which names it


def quotes(answer: dict[str, Any], row: int | None = None) -> set[str]:
    return {s["quote"] for s in answer["sources"] if row is None or row in s["rows"]}


def test_who_kept_silent_at_the_session_and_how_do_we_know(talker: Model) -> None:
    """The telegram of 2 November: Guevara and Aragonés "did not speak", Raúl Castro was not there."""
    answer = talker.ask("run_query", name="silent-or-absent")
    by_name = {row["name"]: n for n, row in enumerate(answer["rows"])}

    assert set(by_name) == {"Raúl Castro", "Emilio Aragones", 'Ernesto "Che" Guevara'}
    assert quotes(answer, by_name["Emilio Aragones"]) == {"Aragones", "did not speak", SESSION}
    assert quotes(answer, by_name["Raúl Castro"]) == {"R. Castro was not present at the session"}
    assert {s["passage"] for s in answer["sources"]} == {f"{TELEGRAM}/passage/body-{n}" for n in (7, 9)}
    assert {s["telegram"] for s in answer["sources"]} == {TELEGRAM}
    assert {s["voice"] for s in answer["sources"]} == {"writer's body"}
    assert (answer["total_rows"], answer["truncated"], answer["note"]) == (3, False, "")


def test_the_sources_stand_in_the_text_at_their_places(talker: Model, texts: Path, whole: ox.Store) -> None:
    found = whole.query(
        f"SELECT ?hash {{ ?r <https://w3id.org/cablegraph/ontology#renders> <{TELEGRAM}> ; "
        "<https://w3id.org/cablegraph/ontology#textHash> ?hash }",
        use_default_graph_as_union=True,
    )
    hashes = {row["hash"].value for row in found}  # type: ignore[union-attr]
    (text,) = [
        path.read_bytes().decode()
        for path in texts.iterdir()
        if hashlib.sha256(path.read_bytes()).hexdigest() in hashes
    ]
    answer = talker.ask("run_query", name="who-did-what-at-an-event")

    assert len(answer["sources"]) >= 11
    assert {text[s["start"] : s["end"]] == s["quote"] for s in answer["sources"]} == {True}


def test_rows_that_show_neither_statement_nor_quote_have_their_sources_too(talker: Model) -> None:
    answer = talker.ask("sparql", query=PARTS)
    places = {row["who"].rpartition("/")[2]: n for n, row in enumerate(answer["rows"])}

    assert answer["columns"] == ["who", "part"]
    assert quotes(answer, places["joaquin-ordoqui"]) == {
        "Ordoqui and",
        "spoke in defense of the decision",
        SESSION,
    }
    assert quotes(answer, places["raul-castro"]) == {"R. Castro was not present at the session"}
    assert {row for s in answer["sources"] for row in s["rows"]} == set(range(answer["total_rows"]))


def test_what_no_passage_asserts_is_no_source_of_what_joins_two_things(talker: Model) -> None:
    pair = "SELECT ?who ?what { VALUES (?who ?what) { (actor:soviet-union event:first-nuclear-strike) } }"
    answer = talker.ask("sparql", query=PREFIXES + pair)

    # Khrushchev ascribes to Castro the advice that the Soviet Union be the first to strike.
    assert {s["standing"] for s in answer["sources"]} == {None}
    assert not [s for s in answer["sources"] if "/body-20/khrushchev-phrase#" in s["statement"]]


def test_an_ascribed_claim_is_found_and_described_as_such(talker: Model) -> None:
    phrase = f"{TELEGRAM}/body-20/khrushchev-phrase#embeds"
    castro = talker.ask("describe", thing="actor:fidel-castro")
    outer = talker.ask("describe", thing=phrase.partition("#")[0])
    ways = {(way["property"], way["standing"]): way["subjects"] for way in castro["pointing"]}

    assert {standing for _, standing in ways} == {None, "reading", "ascribed", "proposed"}
    assert phrase in ways["ascribedTo", "ascribed"]
    assert not [subject for subject in ways["heldBy", None] if "#embeds" in subject]
    assert castro["standing"] is outer["standing"] is None
    said = "Ascribed by Nikita Sergeyevich Khrushchev to Fidel Castro"
    assert {one["standing"] for one in outer["said"] if one["property"] == "embeds"} == {said}
    text = next(
        one["value"] for one in outer["said"] if one["property"] == "content" and "#embeds" in one["subject"]
    )
    (match,) = [m for m in talker.ask("search", text=text)["matches"] if m["iri"] == phrase]
    assert match["standing"] == said


def test_a_retired_term_is_described_with_its_successor(talker: Model) -> None:
    answer = talker.ask("describe", thing="cg:Collective")

    assert answer["label"] == "unnamed collective"
    assert answer["note"] == "This term is retired; use Group."
    assert ("dcterms:isReplacedBy", "Group") in {
        (one["property"], one["value"].rpartition("#")[2]) for one in answer["said"]
    }


def test_an_inferred_triple_is_explained_down_to_the_words(talker: Model) -> None:
    proof = talker.ask("why", subject="actor:che-guevara", property="silentAt", value="event:ori-session")
    first, *below = proof["steps"]

    assert (first["depth"], first["rule"]) == (0, "participation-in-an-event")
    assert (first["subject"], first["property"]) == (f"{ID}actor/che-guevara", "silentAt")
    assert {step["depth"] for step in below} == {1}
    assert any("did not speak" in step["quotes"] for step in below)
    assert "did not speak" in quotes(proof)
    assert "why actor:che-guevara silentAt event:ori-session" in proof["citation"]


def test_a_proof_by_the_pool_is_that_of_the_command_line(talker: Model, whole: ox.Store) -> None:
    from kg import terms
    from kg.inference import proofs

    given = ("event:ori-session", "eventStatus", "id:status/occurred")
    step = proofs.explain(whole, load_rules(folder("queries") / "rules"), terms.triple(whole, *given))
    proof = talker.ask("why", **dict(zip(("subject", "property", "value"), given, strict=True)))

    assert step
    shown = [s["rule"] for s in proof["steps"]]
    assert len(shown) == len(list(proofs.lines(step)))
    assert shown[0] == step.rule == "stated-status"


def test_tools_are_those_of_the_readme_in_order_and_only_read(talker: Model) -> None:
    tools = talker.do(talker.client.list_tools).tools
    table = re.findall(r"^\| `(\w+)` \| ([^|]*) \|$", README, re.MULTILINE)

    assert [(tool.name, tool.title) for tool in tools] == table
    assert tools[-1].name == "sparql"
    for tool in tools:
        assert tool.annotations.read_only_hint
        assert not tool.annotations.destructive_hint
        assert not tool.annotations.open_world_hint
        assert len(tool.description) > 40
        assert {"data_version", "citation", "licence"} <= set(tool.output_schema["required"])


CALLS: list[tuple[str, dict[str, Any]]] = [
    ("list_queries", {"words": "silent"}),
    ("run_query", {"name": "positions-on-an-issue", "limit": 3}),
    ("search", {"text": "garcia"}),
    ("describe", {"thing": "actor:che-guevara"}),
    ("schema", {}),
    ("why", {"subject": "actor:che-guevara", "property": "a", "value": "cg:Person"}),
    ("sparql", {"query": "ASK { ?s ?p ?o }"}),
]


@pytest.mark.parametrize(("tool", "given"), CALLS, ids=[tool for tool, _ in CALLS])
def test_every_answer_fits_its_schema_and_says_where_it_comes_from(
    tool: str, given: dict[str, Any], talker: Model, graph: build.Build
) -> None:
    (told,) = [t for t in talker.do(talker.client.list_tools).tools if t.name == tool]
    answer = talker.ask(tool, **given)

    jsonschema.Draft202012Validator.check_schema(told.input_schema)
    jsonschema.validate(answer, told.output_schema)
    jsonschema.validate(given, told.input_schema)
    assert answer["data_version"] == graph.version
    assert f"data version {graph.version[:16]}" in answer["citation"]
    assert answer["licence"] == "https://creativecommons.org/licenses/by/4.0/"


def test_an_empty_answer_says_why(talker: Model) -> None:
    """The third stumble of the second trial: a property and a class that do not exist."""
    query = f"{PREFIXES}SELECT * {{\n ?t cg:sentBy ?who .\n ?t a cg:Telegramm }}"
    answer = talker.ask("sparql", query=query)

    assert (answer["rows"], answer["total_rows"]) == ([], 0)
    assert [hint["line"] for hint in answer["hints"]] == [5, 6]
    assert "cg:sender" in answer["hints"][0]["instead"]
    assert answer["hints"][1]["instead"][0] == "cg:Telegram"
    assert talker.ask("sparql", query="ASK { ?t rdfs:label 'Cuba' }")["hints"] != []
    assert talker.ask("run_query", name="silent-or-absent")["hints"] == []


def test_a_saved_question_without_rows_says_which_value_has_some(talker: Model) -> None:
    (hint,) = talker.ask("run_query", name="causes", parameters={"who": "actor:che-guevara"})["hints"]
    (word,) = talker.ask("run_query", name="statements-by-word", parameters={"word": "Guevarra"})["hints"]

    assert "who=actor:fidel-castro" in hint["instead"]
    assert word["instead"][0] == "word=guevara"


def test_an_answer_says_what_it_rests_on(talker: Model) -> None:
    whole = talker.ask("run_query", name="who-criticised")["grounds"]
    part = talker.ask("run_query", name="who-criticised", limit=2)["grounds"]

    assert whole["line"].startswith("5 statements of 1 telegram; through Aleksandr Alekseev (5); ")
    assert (whole["rivals"], part["statements"]) == (3, 2)
    assert talker.ask("sparql", query="ASK {}")["grounds"]["line"] == ""


def test_prefixes_need_no_declaration(talker: Model) -> None:
    bare = PARTS.removeprefix(PREFIXES)
    answer = talker.ask("sparql", query=bare)
    declared = talker.ask("sparql", query=PARTS)

    assert [hint["kind"] for hint in answer["hints"]] == ["undeclared-prefix"]
    assert (answer["rows"], answer["sources"]) == (declared["rows"], declared["sources"])
    assert declared["hints"] == []


@pytest.mark.parametrize(
    ("tool", "given", "words"),
    [
        ("run_query", {"name": "silent-or-absnt"}, "did you mean silent-or-absent?"),
        ("run_query", {"name": "who-criticised", "parameters": {"isue": "x"}}, "did you mean issue?"),
        (
            "run_query",
            {"name": "who-criticised", "parameters": {"issue": "issue:five-point"}},
            "no cg:Issue called issue:five-point; did you mean issue:five-points?",
        ),
        ("run_query", {"name": "who-criticised", "limit": 0}, "greater than or equal to 1"),
        ("list_queries", {"tag": "absense"}, "did you mean absence"),
        ("search", {"text": "Castro", "type": "Persn"}, "there is no kind 'Persn'; did you mean Person?"),
        ("search", {"text": "Castro", "type": "a b"}, "there is no kind 'a b'"),
        ("search", {"text": "x", "holder": "che-guevera"}, "did you mean actor:che-guevara"),
        ("search", {"text": "  "}, "text must have at least one word"),
        ("describe", {"thing": "actor:che-guevera"}, "/actor/che-guevara>"),
        ("describe", {"thing": "no thing"}, "there is no thing 'no thing'"),
        (
            "why",
            {"subject": "actor:che-guevara", "property": "spokeAt", "value": "event:ori-session"},
            "did you mean actor:che-guevara silentAt event:ori-session",
        ),
        ("why", {"subject": "actor:che", "property": "silentAt", "value": "event:ori-session"}, "nothing called"),
        ("why", {"subject": "a b", "property": "silentAt", "value": "event:ori-session"}, "no thing 'a b'"),
        ("sparql", {"query": " "}, "query must not be empty"),
        ("sparql", {"query": "SELECT * { ?s ?p ?o "}, "line 1, column 21"),
        ("sparql", {"query": "SELECT * { ?s ex:heldBy ?o }"}, "Begin the query with PREFIX ex:"),
        ("sparql", {"query": "DELETE WHERE { ?s ?p ?o }"}, "read-only"),
        ("sparql", {"query": "SELECT * { SERVICE <http://ex.org/> { ?s ?p ?o } }"}, "calls no other service"),
        ("sparql", {"query": "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"}, "Use LIMIT"),
        ("nothing", {}, "nothing"),
    ],
)  # fmt: skip
def test_an_error_says_what_to_write_instead(
    tool: str, given: dict[str, Any], words: str, talker: Model
) -> None:
    text = talker.error(tool, **given)

    assert words in text
    assert "Traceback" not in text


def test_a_query_that_takes_too_long_is_killed_and_the_next_is_answered(hasty: Model) -> None:
    assert "took longer than 2 s" in hasty.error("sparql", query=ENDLESS)
    assert hasty.ask("sparql", query="ASK { ?s ?p ?o }")["boolean"] is True


def test_a_query_that_is_nested_too_deeply_harms_nothing(hasty: Model) -> None:
    deep = "SELECT * {" + "{" * 100_000

    assert hasty.error("sparql", query=deep)
    assert hasty.error("sparql", query=deep + "}" * 100_001)
    assert hasty.ask("sparql", query="ASK { ?s ?p ?o }")["boolean"] is True


def test_two_calls_at_once_do_not_wait_for_each_other(hasty: Model) -> None:
    def both() -> None:
        one, other = hasty.together(*[("sparql", {"query": ENDLESS})] * 2)
        assert one.is_error
        assert other.is_error

    assert quickest(both, 2 * SECONDS, 3) < 2 * SECONDS


def test_a_limit_is_announced_and_offset_leads_on(talker: Model) -> None:
    every = talker.ask("run_query", name="links-to-wikidata", limit=1000)
    first = talker.ask("run_query", name="links-to-wikidata", limit=7)
    rest = talker.ask("run_query", name="links-to-wikidata", limit=50, offset=7)

    assert (first["truncated"], first["total_rows"]) == (True, len(every["rows"]))
    assert first["note"].startswith(f"{len(every['rows']) - 7} more rows: use offset 7.")
    assert (rest["truncated"], rest["offset"]) == (False, 7)
    assert first["rows"] + rest["rows"] == every["rows"][:57]
    assert talker.ask("run_query", name="links-to-wikidata", offset=99)["rows"] == []


def test_many_sources_are_counted_and_cut_in_words(talker: Model) -> None:
    answer = talker.ask("run_query", name="reporters")

    assert answer["total_sources"] > sources.MOST == len(answer["sources"])
    assert f"200 of {answer['total_sources']} sources are shown." in answer["note"]


def test_rows_without_a_source_are_said_to_have_none(talker: Model) -> None:
    answer = talker.ask("run_query", name="links-to-wikidata", limit=1000)

    assert answer["sources"] == []
    assert answer["note"].startswith("Rows without a source name no statement")


def test_each_kind_of_answer_has_its_field(talker: Model) -> None:
    ask = talker.ask("sparql", query="ASK { <http://ex.org/no> ?p ?o }")
    turtle = talker.ask("sparql", query=f"CONSTRUCT WHERE {{ <{TELEGRAM}> a ?class }}")
    unbound = talker.ask(
        "sparql",
        query='SELECT ?a ?b ?c { BIND (7 AS ?a) BIND ("1962-10-27"^^<http://www.w3.org/2001/XMLSchema#date> AS ?c) }',
    )

    assert (ask["kind"], ask["boolean"], ask["graph"]) == ("boolean", False, None)
    assert (turtle["kind"], turtle["boolean"]) == ("graph", None)
    assert "cg:Telegram" in turtle["graph"]
    assert unbound["rows"] == [{"a": 7, "b": None, "c": "1962-10-27"}]
    assert unbound["citation"].startswith("own query in SPARQL")


def test_a_value_may_be_a_short_name_or_a_whole_iri(talker: Model) -> None:
    short = talker.ask("run_query", name="who-criticised", parameters={"issue": "issue:five-points"})
    whole = talker.ask("run_query", name="who-criticised", parameters={"issue": f"{ID}issue/five-points"})

    assert short["rows"] == whole["rows"]
    assert "issue: issue:five-points" in short["citation"]


def test_saved_queries_are_found_by_words_and_by_tag(talker: Model) -> None:
    silent = talker.ask("list_queries", words="SILENT")
    absent = talker.ask("list_queries", tag="absence", words="session")
    (positions,) = talker.ask("list_queries", words="positions-on-an-issue")["queries"]

    assert "silent-or-absent" in [query["name"] for query in silent["queries"]]
    assert [query["name"] for query in absent["queries"]] == ["who-did-what-at-an-event"]
    assert "provenance" in silent["tags"]
    assert silent["total"] >= 30
    assert positions["parameters"][0]["default"] == "issue:soviet-decisions-on-the-crisis"
    assert "cg:Issue" in positions["parameters"][0]["about"]


def test_things_are_found_without_accents_and_statements_by_their_quotes(talker: Model) -> None:
    person = talker.ask("search", text="ARAGONÉS", type="Person")
    words = talker.ask("search", text="did not speak", type="Participation", holder="actor:che-guevara")

    assert [match["name"] for match in person["matches"]] == ["actor:emilio-aragones"]
    assert (person["matches"][0]["label"], person["matches"][0]["kind"]) == ("Emilio Aragones", "person")
    assert f"{TELEGRAM}/body-9/guevara-silent" in {match["iri"] for match in words["matches"]}
    assert {s["statement"] for s in words["sources"]} >= {f"{TELEGRAM}/body-9/guevara-silent"}
    assert words["left_out"] == ["did"]


def test_a_word_of_a_heading_finds_statements_and_a_question_is_found_by_what_it_answers(
    talker: Model,
) -> None:
    quarantine = talker.ask("search", text="quarantine", voice="writer", telegram="1962-10-23-havana-1643")
    president = talker.ask("search", text="who is president of Cuba?")

    assert {tuple(match["found"]["quarantine"]) for match in quarantine["matches"]} == {("heading",)}
    assert "offices" in {match["name"] for match in president["matches"]}
    assert talker.ask("run_query", name="offices")["total_rows"] > 0


def test_more_matches_than_asked_for_are_counted(talker: Model) -> None:
    found = talker.ask("search", text="castro", limit=2)

    assert len(found["matches"]) == 2
    assert found["truncated"]
    assert f"{found['total'] - 2} more matches" in found["note"]


def test_near_names_are_offered_when_nothing_is_found(talker: Model) -> None:
    found = talker.ask("search", text="Guevarra")

    assert (found["matches"], found["total"]) == ([], 0)
    assert found["words"] == [{"word": "guevarra", "known": False, "near": ["guevara", "guerra"]}]


def test_a_thing_is_described_with_what_points_to_it(talker: Model) -> None:
    answer = talker.ask("describe", thing="actor:che-guevara")
    said = {(one["property"], one["value"]): one for one in answer["said"]}

    assert answer["label"] == 'Ernesto "Che" Guevara'
    assert said["silentAt", f"{ID}event/ori-session"]["inferred"]
    assert said["silentAt", f"{ID}event/ori-session"]["label"].startswith(
        "last session of the ORI leadership"
    )
    assert "participant" in [way["property"] for way in answer["pointing"]]
    assert "did not speak" in quotes(answer)
    assert answer["complete"]
    assert not answer["truncated"]


def test_a_long_description_says_that_it_is_cut(talker: Model) -> None:
    answer = talker.ask("describe", thing="telegram:1962-11-02-havana-1717", limit=5)

    assert (len(answer["said"]), answer["truncated"]) == (5, True)
    assert f"{answer['total_said'] - 5} more statements" in answer["note"]


def test_the_schema_counts_what_is_in_use(talker: Model, whole: ox.Store) -> None:
    found = talker.ask("schema")
    narrowed = talker.ask("schema", words="silent")
    anchors = list(
        whole.quads_for_pattern(None, TYPE, ox.NamedNode("https://w3id.org/cablegraph/ontology#Anchor"))
    )
    classes = {one["name"]: one for one in found["classes"]}

    assert classes["Anchor"]["count"] == len({quad.subject for quad in anchors})
    assert classes["Anchor"]["label"] == "evidence anchor"
    assert classes["Anchor"]["definition"] is None
    assert [one["name"] for one in narrowed["properties"]] == ["silentAt"]
    assert narrowed["properties"][0]["values"] == ["Event"]
    assert "did not speak" in narrowed["properties"][0]["definition"]
    assert found["prefixes"]["actor"] == f"{ID}actor/"
    assert sum(found["graphs"].values()) == len(whole)
    assert found["missing"] == []


def test_each_file_and_each_telegram_that_is_held_is_a_resource(talker: Model) -> None:
    found = {str(r.uri): r for r in talker.do(talker.client.list_resources).resources}
    files = [name for home in ("ontology", "shapes") for name in _files(home)]

    assert len(files) >= 20
    assert {f"cablegraph://{name}" for name in files} <= set(found)
    assert [uri for uri in found if uri.startswith("cablegraph://telegrams/")] == [
        "cablegraph://telegrams/1962-10-23-havana-1643",
        "cablegraph://telegrams/1962-11-02-havana-1717",
    ]
    assert found["cablegraph://ontology/telegrams.ttl"].mime_type == "text/turtle"


def _files(home: str) -> list[str]:
    root = Path(str(folder(home)))
    return [f"{home}/{path.relative_to(root)}" for path in root.rglob("*") if path.is_file()]


def read(talker: Model, uri: str) -> str:
    (content,) = talker.do(talker.client.read_resource, uri).contents
    return str(content.text)


def test_a_telegram_comes_with_its_provenance(talker: Model) -> None:
    text = read(talker, "cablegraph://telegrams/1962-11-02-havana-1717")
    parsed = ox.Store()
    parsed.load(text.encode(), ox.RdfFormat.TURTLE)
    said = {quad.predicate.value.rpartition("#")[2].rpartition("/")[2] for quad in parsed}

    assert {"sender", "addressee", "textHash", "rights", "voice", "passageOf", "triples"} <= said
    assert text == read(talker, "cablegraph://telegrams/1962-11-02-havana-1717")


def test_files_and_saved_queries_can_be_read(talker: Model) -> None:
    assert read(talker, "cablegraph://ontology/README.md").startswith("# The ontology")
    assert "VALUES ?issue" in read(talker, "cablegraph://queries/who-criticised")
    with pytest.raises(MCPError, match="did you mean who-criticised"):
        read(talker, "cablegraph://queries/who-critised")


def test_prompts_lead_to_tools_that_exist(talker: Model) -> None:
    tools = {tool.name for tool in talker.do(talker.client.list_tools).tools}
    prompts = talker.do(talker.client.list_prompts).prompts

    assert [prompt.name for prompt in prompts] == ["who_said_what", "how_do_we_know"]
    for prompt in prompts:
        (argument,) = prompt.arguments
        (told,) = talker.do(
            talker.client.get_prompt, prompt.name, {argument.name: "the five points"}
        ).messages
        assert "the five points" in told.content.text
        assert set(re.findall(r"`(\w+)`", told.content.text)) <= tools


def test_limits_of_the_readme_are_those_of_the_code() -> None:
    from server.cli import mcp
    from server.model_context import mcp_server

    assert f"{answer_tables.ROWS}, at most {answer_tables.MOST:,} by `limit`" in README
    assert f"| sources shown | {sources.MOST} |" in README
    assert f"{tool_context.SECONDS:g} s for each query for sources" in README
    assert f"{proof_tools.SECONDS:g} s for a proof" in README
    assert f"| {answer_tables.GRAPH >> 10} KiB |" in README
    assert f"| {mcp.RESULT >> 20} MiB; a larger one" in README
    assert f"| {mcp_server.BODY >> 20} MiB |" in README
    assert f"| {Limits().timeout:g} s (`--timeout`)" in README


def test_the_instructions_name_tools_and_a_resource_that_exist(talker: Model) -> None:
    text = talker.client.instructions or ""

    for name in ("list_queries", "run_query", "search", "why", "sparql"):
        assert name in text
    assert read(talker, "cablegraph://ontology/README.md")
    assert json.dumps(text)
