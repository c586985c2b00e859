"""The Reconciliation Service API over the real graph: 0.2 and the 1.0 draft."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from jsonschema import ValidationError
from pyoxigraph import RdfFormat, Store
from werkzeug.test import Client, TestResponse

from kg import build
from kg.asking.reconciling.index import name_file
from kg.store import sparql
from server import create_app
from server.engine.evaluation.query_request import Limits

from ..handled import client_of
from ..linked import html
from ..pools import open_pool
from ..talking import problem
from . import reconcile_schemas as schemas
from .reconcile_schemas import valid

V1 = "/reconcile/v1"


LIMITS = Limits(timeout=5.0, workers=1, memory=256 << 20, result=8 << 20, wait=2.0)


@pytest.fixture(scope="module")
def names(graph: build.Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of all names of the graph."""
    file = tmp_path_factory.mktemp("names") / "names.db"
    name_file.write(file, "v1", partial(sparql.rows, build.store_of(graph)))
    return file


@pytest.fixture(scope="module", params=["memory", "file"])
def of_texts(request: pytest.FixtureRequest, graph: build.Build, names: Path) -> Iterator[Flask]:
    """The service, which reads all names into memory; or with a file of them, and a graph that is empty."""
    in_file = request.param == "file"
    with open_pool(Store if in_file else lambda: build.store_of(graph), LIMITS) as pool:
        yield create_app(
            pool, name="test graph", data_version="v1", names=lambda _: names if in_file else None
        )


@pytest.fixture(scope="module")
def service(of_texts: Flask) -> Iterator[Client]:
    with client_of(of_texts, cache_size=1 << 20) as client:
        yield client


def get(service: Client, path: str, language: str = "", **given: object) -> Any:
    headers = {"Accept-Language": language} if language else {}
    response = service.get(f"{path}?{urlencode(given)}" if given else path, headers=headers)
    assert response.status_code == 200, response.text
    return response.get_json()


def ask(service: Client, *queries: dict[str, Any], **more: Any) -> list[list[dict[str, Any]]]:
    """Return the results of 0.2, valid by its schema."""
    batch = {f"q{place}": query for place, query in enumerate(queries)}
    response = service.post("/reconcile", data={"queries": json.dumps(batch)}, **more)
    assert response.status_code == 200, response.text
    found = valid(response.get_json(), schemas.RESULTS_0_2)
    assert list(found) == list(batch)
    return [found[key]["result"] for key in batch]


def match(service: Client, *queries: dict[str, Any], **more: Any) -> list[list[dict[str, Any]]]:
    """Return the results of the draft, valid by its schema."""
    response = service.post(f"{V1}/match", json={"queries": list(queries)}, **more)
    assert response.status_code == 200, response.text
    found = valid(response.get_json(), schemas.RESULTS_V1)
    return [result["candidates"] for result in found["results"]]


def name(text: str) -> dict[str, Any]:
    return {"matchType": "name", "propertyValue": text}


# Manifests.


@pytest.mark.parametrize("path", ["/reconcile", "/reconcile/"])
def test_the_manifest_comes_without_parameters(service: Client, path: str) -> None:
    manifest = valid(get(service, path), schemas.MANIFEST_0_2)

    assert manifest["versions"] == ["0.2"]
    assert manifest["identifierSpace"] == "https://w3id.org/cablegraph/id/"
    assert manifest["view"]["url"] == "http://localhost/id/{{id}}"
    assert {"id": "Person", "name": "person", "broader": [{"id": "Actor", "name": "actor"}]} in manifest[
        "defaultTypes"
    ]


@pytest.mark.parametrize("path", [V1, f"{V1}/"])
def test_the_draft_has_a_manifest_of_its_own(service: Client, path: str) -> None:
    manifest = valid(get(service, path), schemas.MANIFEST_V1)

    assert manifest["versions"] == ["1.0-draft"]
    assert manifest["view"]["url"] == "http://localhost/id/{+id}"


def test_manifests_name_the_address_behind_a_proxy(service: Client) -> None:
    manifest = service.get("/reconcile", base_url="https://ex.org/kg").get_json()

    assert manifest["preview"]["url"] == "https://ex.org/kg/reconcile/preview?id={{id}}"
    assert manifest["view"]["url"] == "https://ex.org/kg/id/{{id}}"


def test_a_schema_refuses_what_the_specification_does() -> None:
    with pytest.raises(ValidationError):
        valid({"q0": {"result": [{"id": "x", "name": "x", "match": "false"}]}}, schemas.RESULTS_0_2)


# Names.


def test_a_batch_is_answered_by_its_keys(service: Client) -> None:
    first, second, third = ask(
        service, {"query": "Hruščëv"}, {"query": "Castro", "limit": 2}, {"query": "Gromyko"}
    )

    assert (first[0]["id"], first[0]["match"]) == ("actor/nikita-khrushchev", True)
    assert first[0]["description"] == "person; Chairman of the Council of Ministers of the USSR"
    assert [(one["id"], one["match"]) for one in second] == [
        ("actor/fidel-castro", False),
        ("actor/raul-castro", False),
    ]
    assert third == []


def test_a_batch_may_come_by_get_too(service: Client) -> None:
    found = get(service, "/reconcile", queries='{"any key": {"query": "Mikojan"}}')

    assert found["any key"]["result"][0]["id"] == "actor/anastas-mikoyan"


@pytest.mark.parametrize(
    "type_",
    [
        "Place",
        ["Place"],
        "cg:Place",
        "https://w3id.org/cablegraph/ontology#Place",
        {"id": "Place"},
        ["Place", "Office"],
    ],
)
def test_types_narrow(service: Client, type_: object) -> None:
    (found,) = ask(service, {"query": "Cuba", "type": type_})

    assert [(one["id"], one["match"]) for one in found if one["score"] > 90] == [("place/cuba", True)]


def test_type_strict_is_any_all_or_should(service: Client) -> None:
    query = {"query": "Cuba", "type": ["Place", "Actor"]}
    both, none, less = ask(
        service,
        query,
        {**query, "type_strict": "all"},
        {"query": "Cuba", "type": "Place", "type_strict": "should"},
    )

    assert {one["id"] for one in both} >= {"place/cuba", "actor/cuba"}
    assert none == []
    assert [(one["id"], one["score"]) for one in less[:2]] == [("place/cuba", 100), ("actor/cuba", 90)]


@pytest.mark.parametrize("value", ["Q46809", ["Q1", "Q46809"], {"id": "Q46809", "name": "x"}])
def test_properties_weigh(service: Client, value: object) -> None:
    (found,) = ask(service, {"query": "Castro", "properties": [{"pid": "wikidata", "v": value}]})

    assert (found[0]["id"], found[0]["match"]) == ("actor/raul-castro", True)
    assert {"id": "properties", "value": 1.0} in found[0]["features"]


def test_a_truth_value_is_compared_as_a_text(service: Client) -> None:
    (found,) = ask(
        service, {"query": "Castro", "type": "Person", "properties": [{"pid": "wikidata", "v": True}]}
    )

    assert {one["score"] for one in found[:2]} == {70, 68}  # 20 less than without


def test_properties_without_a_name_find_things(service: Client) -> None:
    (found,) = ask(service, {"properties": [{"pid": "number", "v": 1710}]})

    assert [one["id"] for one in found] == ["telegram/1962-11-01-havana-1710"]


def test_the_draft_answers_in_order(service: Client) -> None:
    first, second = match(
        service,
        {"type": "Person", "limit": 1, "conditions": [name("Castro")]},
        {"conditions": [{"matchType": "id", "propertyValue": "actor/tass"}], "lang": "en"},
    )

    assert [one["id"] for one in first] == ["actor/fidel-castro"]
    assert first[0]["features"][0]["name"] == "likeness of the name, 0 to 100"
    assert (second[0]["id"], second[0]["match"]) == ("actor/tass", True)


def test_the_draft_knows_required_properties_and_quantifiers(service: Client) -> None:
    condition = {
        "matchType": "property",
        "propertyId": "wikidata",
        "propertyValue": ["Q11256"],
        "required": True,
    }
    only, without = match(
        service,
        {"type": "Person", "conditions": [name("Castro"), condition]},
        {"type": "Person", "conditions": [name("Castro"), {**condition, "matchQuantifier": "none"}]},
    )

    assert [one["id"] for one in only] == ["actor/fidel-castro"]
    assert without[0]["id"] == "actor/raul-castro"


def test_both_versions_give_the_same_candidates(service: Client) -> None:
    names = ["Castro", "Chruschtschow", "Telegram 1701"]
    old = ask(service, *({"query": text} for text in names))
    new = match(service, *({"conditions": [name(text)]} for text in names))

    assert [[(c["id"], c["score"], c["match"]) for c in found] for found in old] == [
        [(c["id"], c["score"], c["match"]) for c in found] for found in new
    ]
    assert [bool(found) for found in old] == [True] * 3


def test_names_come_in_the_language_that_is_accepted(service: Client) -> None:
    headers = {"Accept-Language": "ru, en;q=0.5"}
    (old,) = ask(service, {"query": "Khrushchev"}, headers=headers)
    (new,) = match(service, {"conditions": [name("Khrushchev")]}, headers=headers)
    response = service.get(V1, headers={"Accept-Language": "es-CU"})

    assert old[0]["name"] == new[0]["name"] == "Никита Сергеевич Хрущёв"
    assert (response.headers["Content-Language"], "Accept-Language" in response.headers["Vary"]) == (
        "es",
        True,
    )


# Suggestions, flyouts, previews.


@pytest.mark.parametrize("root", ["/reconcile", V1])
def test_suggestions_complete_what_is_typed(service: Client, root: str) -> None:
    entities = valid(get(service, f"{root}/suggest/entity", prefix="Dort"), schemas.SUGGESTED_ENTITIES)
    types = valid(get(service, f"{root}/suggest/type", prefix="per"), schemas.SUGGESTED)
    properties = valid(get(service, f"{root}/suggest/property", prefix="wiki"), schemas.SUGGESTED)

    assert entities["result"][0]["id"] == "actor/osvaldo-dorticos"
    assert entities["result"][0]["notable"][0] == {"id": "Person", "name": "person"}
    assert types["result"] == [{"id": "Person", "name": "person"}]
    assert properties["result"] == [{"id": "wikidata", "name": "Wikidata identifier"}]


@pytest.mark.parametrize(("root", "skipping"), [("/reconcile", "cursor"), (V1, "offset")])
def test_suggestions_go_on_where_they_ended(service: Client, root: str, skipping: str) -> None:
    def some(**given: object) -> list[str]:
        return [one["id"] for one in get(service, f"{root}/suggest/entity", prefix="c", **given)["result"]]

    every = some(limit=100)
    assert len(every) > 25
    assert some() == every[:20]
    assert some(**{skipping: 20, "limit": 5}) == every[20:25]
    assert some(**{skipping: 1000}) == []


@pytest.mark.parametrize("kind", ["entity", "type", "property"])
def test_nothing_typed_suggests_from_the_beginning(service: Client, kind: str) -> None:
    assert len(get(service, f"/reconcile/suggest/{kind}", prefix="")["result"]) >= 10


@pytest.mark.parametrize(
    ("kind", "id_", "part"),
    [
        ("entity", "actor/che-guevara", "Ernesto &#34;Che&#34; Guevara"),
        ("type", "Person", "<strong>person</strong>"),
        ("property", "heldOffice", "<strong>office</strong>"),
    ],
)
def test_flyouts_are_short_and_escaped(service: Client, kind: str, id_: str, part: str) -> None:
    found = valid(get(service, f"/reconcile/flyout/{kind}", id=id_), schemas.FLYOUT)

    assert found["id"] == id_
    assert part in found["html"]


@pytest.mark.parametrize("root", ["/reconcile", V1])
def test_a_preview_may_be_shown_in_the_page_of_another(service: Client, root: str) -> None:
    response = service.get(f"{root}/preview?id=actor%2Fche-guevara")
    policy = response.headers.getlist("Content-Security-Policy")

    assert response.content_type == "text/html; charset=utf-8"
    assert "Q5809" in response.text
    assert 'href="/id/actor/che-guevara"' in response.text
    assert "Ernesto &#34;Che&#34; Guevara" in response.text
    assert len(policy) == 1
    assert "frame-ancestors *" in policy[0]
    assert "default-src 'none'" in policy[0]


def test_other_pages_may_not_be_framed(service: Client) -> None:
    assert "frame-ancestors 'none'" in service.get("/").headers["Content-Security-Policy"]


def test_the_page_for_people_has_the_address_to_copy(service: Client) -> None:
    text = html(service, "/reconcile/documentation")

    assert 'value="http://localhost/reconcile"' in text
    assert "<code>wikidata</code> Wikidata identifier" in text
    assert "<code>Person</code> person" in text


# Data extension.

WANTED = {
    "ids": ["actor/fidel-castro", "actor/nikita-khrushchev", "telegram/1962-11-01-havana-1710", "nobody"],
    "properties": [{"id": key} for key in ("wikidata", "heldOffice", "labelRu", "number", "firstDay")],
}
ROWS = {
    "actor/fidel-castro": [[{"str": "Q11256"}], [], [{"str": "Фидель Кастро"}], [], []],
    "actor/nikita-khrushchev": [
        [{"str": "Q35314"}],
        [
            {
                "id": "office/chairman-of-the-council-of-ministers-of-the-ussr",
                "name": "Chairman of the Council of Ministers of the USSR",
            }
        ],
        [{"str": "Никита Сергеевич Хрущёв"}],
        [],
        [],
    ],
    # The reference note: “# 1710 (entry # 50273) from 1 November 1962”.
    "telegram/1962-11-01-havana-1710": [
        [],
        [],
        [],
        [{"int": 1710}, {"int": 50273}],
        [{"str": "1962-11-01"}],
    ],
    "nobody": [[], [], [], [], []],
}


def test_values_are_fetched_by_0_2(service: Client) -> None:
    found = valid(
        service.post("/reconcile", data={"extend": json.dumps(WANTED)}).get_json(), schemas.EXTENDED_0_2
    )

    assert {thing: list(row.values()) for thing, row in found["rows"].items()} == ROWS
    assert found["meta"][:2] == [
        {"id": "wikidata", "name": "Wikidata identifier"},
        {"id": "heldOffice", "name": "office", "type": {"id": "Office", "name": "office"}},
    ]


def test_values_are_fetched_by_the_draft(service: Client) -> None:
    found = valid(service.post(f"{V1}/extend", json=WANTED).get_json(), schemas.EXTENDED_V1)

    assert [(row["id"], [cell["values"] for cell in row["properties"]]) for row in found["rows"]] == list(
        ROWS.items()
    )


def test_settings_limit_or_count_the_values(service: Client) -> None:
    wanted = {
        "ids": ["actor/fidel-castro"],
        "properties": [
            {"id": "alternative", "settings": {"limit": "2"}},
            {"id": "alternative", "settings": {"limit": 0, "count": False}},
        ],
    }
    counted = {
        "ids": ["actor/fidel-castro"],
        "properties": [{"id": "officeHolder", "settings": {"count": "on"}}],
    }

    rows = service.post(f"{V1}/extend", json=wanted).get_json()["rows"][0]["properties"]
    number = get(service, "/reconcile", extend=json.dumps(counted))
    # F. Castro, Fidel Castro, Fidel Alejandro Castro Ruz, Фидель Кастро, Ф. Кастро
    assert [len(cell["values"]) for cell in rows] == [2, 5]
    assert number["rows"]["actor/fidel-castro"]["officeHolder"] == [{"int": 0}]
    assert number["meta"] == [{"id": "officeHolder", "name": "holder of the office"}]


@pytest.mark.parametrize("path", ["/reconcile/properties", f"{V1}/extend/propose"])
def test_properties_are_proposed_that_things_of_the_type_have(service: Client, path: str) -> None:
    people = valid(get(service, path, type="Person", limit=2), schemas.PROPOSED)
    telegrams = [one["id"] for one in get(service, path, type="Telegram")["properties"]]
    every = get(service, path)

    assert people == {
        "properties": [
            {"id": "wikidata", "name": "Wikidata identifier"},
            {"id": "viaf", "name": "VIAF identifier"},
        ],
        "type": "Person",
        "limit": 2,
    }
    assert "number" in telegrams
    assert "heldOffice" not in telegrams
    assert {"heldOffice", "number", "viaf", "gnd", "lcnaf"} <= {one["id"] for one in every["properties"]}
    assert not {"viaf", "gnd", "lcnaf"} & set(telegrams)  # no telegram is linked to these


# What is wrong.


def post(service: Client, **form: str) -> TestResponse:
    return service.post("/reconcile", data=form)


BATCHES_0_2 = [
    ("no json", "not valid JSON"),
    ("[]", "object of queries"),
    ("{}", "object of queries"),
    ('{"q0": {"query": "\\ud800"}}', "not valid JSON"),
    ("[" * 100_000, "nested too deeply"),
]


@pytest.mark.parametrize(("queries", "part"), BATCHES_0_2)
def test_a_text_that_is_no_batch_is_explained(service: Client, queries: str, part: str) -> None:
    document = problem(post(service, queries=queries), 400, "wrong-parameter")

    assert document["parameter"] == "queries"
    assert part in str(document["detail"])


# One query of a batch of 0.2, and what its warning says.
WRONG_0_2 = [
    ('"Castro"', "q1 must be an object"),
    ("null", "q1 must be an object"),
    ('{"query": "x", "name": "x"}', "'name'"),
    ('{"query": 5}', "a string"),
    ('{"query": "x", "limit": "5"}', "whole number"),
    ('{"query": "x", "limit": 1e999}', "whole number"),
    ('{"query": "x", "limit": 1.5}', "whole number"),
    ('{"query": "x", "limit": true}', "whole number"),
    ('{"query": "x", "limit": 0}', "1 to 100"),
    ('{"query": "x", "type": "Q5"}', "there are: Actor"),
    ('{"query": "x", "type": [5]}', "a string"),
    ('{"query": "x", "type_strict": "some"}', "any, all or should"),
    ('{"query": "x", "properties": {"pid": "x"}}', "a list"),
    ('{"query": "x", "properties": [{"pid": "wikidata"}]}', "needs 'pid' and 'v'"),
    ('{"query": "x", "properties": [{"pid": 5, "v": "x"}]}', "a string"),
    ('{"query": "x", "properties": [{"pid": "wikidata", "v": [{}, []]}]}', "a value"),
    (
        '{"query": "Fidel Castro Ruz", "properties": [{"pid": "P1", "v": "x", "required": true}]}',
        "property 'P1'",
    ),
]


@pytest.mark.parametrize(("query", "part"), WRONG_0_2)
def test_a_wrong_query_fails_no_other_of_its_batch(service: Client, query: str, part: str) -> None:
    response = post(service, queries=f'{{"q0": {{"query": "Fidel Castro Ruz"}}, "q1": {query}}}')
    answer = response.json or {}

    assert response.status_code == 200
    valid(answer, schemas.RESULTS_0_2)
    assert [one["id"] for one in answer["q0"]["result"] if one["match"]] == ["actor/fidel-castro"]
    assert answer["q1"]["result"] == []
    assert part in answer["q1"]["warning"]


@pytest.mark.parametrize("cell", ["", " ", "\u00a0", "\u200b", "x" * 301, "\0", "…"])
def test_a_cell_that_is_no_name_finds_nothing(service: Client, cell: str) -> None:
    answer = post(
        service, queries=json.dumps({"q0": {"query": "Fidel Castro Ruz"}, "q1": {"query": cell}})
    ).json

    assert answer is not None
    assert answer["q1"] == {"result": []}
    assert answer["q0"]["result"][0]["id"] == "actor/fidel-castro"


@pytest.mark.parametrize("value", ["null", '""', '" "', "[]", '[null, ""]', "{}"])
def test_an_empty_cell_as_a_value_is_no_condition(service: Client, value: str) -> None:
    query = f'{{"query": "Fidel Castro Ruz", "properties": [{{"pid": "wikidata", "v": {value}}}]}}'
    answer = post(service, queries=f'{{"q0": {query}, "q1": {{"query": "Fidel Castro Ruz"}}}}').json

    assert answer is not None
    assert answer["q0"] == answer["q1"]


def test_a_property_that_is_unknown_is_passed_over_with_a_warning(service: Client) -> None:
    query = {"query": "Fidel Castro Ruz", "properties": [{"pid": "wikidat", "v": "x"}]}
    answer = post(service, queries=json.dumps({"q0": query, "q1": {"query": "Fidel Castro Ruz"}})).json

    assert answer is not None
    assert answer["q0"]["result"] == answer["q1"]["result"] != []
    assert answer["q0"]["warning"] == "there is no property 'wikidat'; did you mean wikidata?"


@pytest.mark.parametrize(
    ("types", "strict", "found"),
    [
        (["Persn", "Person"], "any", True),
        (["Persn"], "any", False),
        (["Persn", "Person"], "all", False),
        (["Persn", "Person"], "should", True),
        (["Persn"], "should", True),
    ],
)
def test_a_type_that_is_unknown_excludes_only_where_it_must(
    service: Client, types: list[str], strict: str, found: bool
) -> None:
    query = {"query": "Fidel Castro Ruz", "type": types, "type_strict": strict}
    answer = post(service, queries=json.dumps({"q0": query})).json

    assert answer is not None
    assert [one["id"] for one in answer["q0"]["result"] if one["match"]] == ["actor/fidel-castro"] * found
    assert "did you mean Person" in answer["q0"]["warning"]


def test_more_candidates_than_there_may_be_are_as_many_as_possible(service: Client) -> None:
    batch = {"q0": {"query": "Castro", "limit": 1000}, "q1": {"query": "Castro", "limit": 100}}
    answer = post(service, queries=json.dumps(batch)).json

    assert answer is not None
    assert answer["q0"] == answer["q1"]
    assert "warning" not in answer["q0"]


@pytest.mark.parametrize("body", [[], {"queries": []}, {"queries": {"q0": {}}}])
def test_a_body_that_is_no_batch_is_explained(service: Client, body: object) -> None:
    response = service.post(f"{V1}/match", json=body)

    assert problem(response, 400, "wrong-parameter")["parameter"] == "queries"


def one_property(**more: object) -> dict[str, object]:
    return {"matchType": "property", "propertyId": "wikidata", "propertyValue": True, **more}


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ({"type": "Person"}, "conditions in queries[1] must be a list"),
        ({"conditions": [name("a"), True]}, "matchType"),
        ({"conditions": ["x"]}, "matchType"),
        ({"conditions": [name("a"), name("b")]}, "2 names"),
        ({"conditions": [name("a")], "query": "x"}, "'query'"),
        ({"conditions": [{"matchType": "property", "propertyValue": "x"}]}, "'propertyId'"),
        ({"conditions": [one_property(matchQuantifier="most")]}, "matchQuantifier"),
        ({"conditions": [one_property(required="yes")]}, "required"),
        ({"conditions": [one_property(matchQualifier="x")]}, "matchQualifier"),
        ({"conditions": [one_property()] * 21}, "at most 20"),
    ],
)
def test_a_wrong_query_of_the_draft_fails_no_other(
    service: Client, query: dict[str, object], part: str
) -> None:
    batch = {"queries": [{"conditions": [name("Fidel Castro Ruz")]}, query, {"conditions": []}]}
    response = service.post(f"{V1}/match", json=batch)
    results = (response.json or {})["results"]

    assert response.status_code == 200
    assert results[0]["candidates"][0]["match"]
    assert results[1]["candidates"] == []
    assert part in results[1]["warning"]
    assert results[2] == {"candidates": []}


@pytest.mark.parametrize(
    ("wanted", "parameter"),
    [
        ("[]", "extend"),
        ('{"ids": ["actor/tass"]}', "extend"),
        ('{"ids": [5], "properties": []}', "ids"),
        ('{"ids": [], "properties": ["wikidata"]}', "properties"),
        ('{"ids": [], "properties": [{"id": "wikidata", "settings": 5}]}', "settings"),
        ('{"ids": [], "properties": [{"id": "wikidata", "settings": {"limit": "-1"}}]}', "limit"),
        ('{"ids": [], "properties": [{"id": "wikidata", "settings": {"count": 5}}]}', "count"),
    ],
)
def test_a_wrong_extension_is_explained(service: Client, wanted: str, parameter: str) -> None:
    assert problem(post(service, extend=wanted), 400, "wrong-parameter")["parameter"] == parameter


def test_an_unknown_property_and_an_odd_id_fail_no_extension(service: Client) -> None:
    wanted = {
        "ids": ["<https://w3id.org/cablegraph/id/actor/fidel-castro>", "actor/nobody", "", "x" * 301],
        "properties": [{"id": "wikidata"}, {"id": "P31"}],
    }
    answer = post(service, extend=json.dumps(wanted)).json

    assert answer is not None
    assert [column["id"] for column in answer["meta"]] == ["wikidata", "P31"]
    assert list(answer["rows"]) == wanted["ids"]
    first, *others = answer["rows"].values()
    assert first == {"wikidata": [{"str": "Q11256"}], "P31": []}
    assert others == [{"wikidata": [], "P31": []}] * 3


def test_what_is_too_much_at_once_is_refused(service: Client) -> None:
    batch = {str(number): {"query": "x"} for number in range(51)}
    ids = {"ids": ["x"] * 501, "properties": []}

    problem(post(service, queries=json.dumps(batch)), 413, "batch-too-large")
    problem(post(service, extend=json.dumps(ids)), 413, "batch-too-large")
    problem(
        service.post(f"{V1}/match", json={"queries": [{"conditions": [name("x")]}] * 51}),
        413,
        "batch-too-large",
    )
    problem(post(service, queries=" " * 4_000_000), 413, "body-too-large")


def test_bodies_of_other_types_are_refused(service: Client) -> None:
    problem(service.post("/reconcile", json={}), 415, "unsupported-media-type")
    problem(service.post(f"{V1}/match", data={"queries": "{}"}), 415, "unsupported-media-type")
    problem(service.post(f"{V1}/match", data=b"\xff", content_type="application/json"), 400, "bad-request")
    problem(service.post(f"{V1}/match", data=b"{", content_type="application/json"), 400, "wrong-parameter")


@pytest.mark.parametrize(
    ("path", "status", "name_"),
    [
        ("/reconcile?query=Castro", 400, "bad-request"),
        ("/reconcile?queries={}&extend={}", 400, "bad-request"),
        ("/reconcile/preview", 400, "bad-request"),
        ("/reconcile/preview?id=actor/nobody", 404, "not-found"),
        ("/reconcile/preview?id=<b>", 404, "not-found"),
        ("/reconcile/flyout/entity?id=x", 404, "not-found"),
        ("/reconcile/flyout/type?id=x", 400, "wrong-parameter"),
        ("/reconcile/flyout/property?id=x", 400, "wrong-parameter"),
        ("/reconcile/suggest/entity?prefix=c&cursor=x", 400, "wrong-parameter"),
        ("/reconcile/suggest/entity?prefix=c&limit=1000", 400, "wrong-parameter"),
        ("/reconcile/properties?type=x", 400, "wrong-parameter"),
        ("/reconcile/v1/match", 405, "method-not-allowed"),
    ],
)
def test_other_wrong_requests_have_their_problem(service: Client, path: str, status: int, name_: str) -> None:
    problem(service.get(path), status, name_)


def test_a_post_without_anything_says_what_to_send(service: Client) -> None:
    assert "“queries”" in str(problem(post(service, x="y"), 400, "bad-request")["detail"])


# The web.

ADDRESSES = [
    *("/reconcile", "/reconcile/preview?id=actor/tass", "/reconcile/suggest/entity?prefix=a"),
    *("/reconcile/properties", V1, f"{V1}/suggest/type?prefix=a"),
]


@pytest.mark.parametrize("path", [*ADDRESSES, "/reconcile/preview?id=x"])
def test_every_page_of_the_web_may_ask(service: Client, path: str) -> None:
    assert service.get(path).headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/reconcile", f"{V1}/match", f"{V1}/extend"])
def test_a_preflight_allows_json_by_post(service: Client, path: str) -> None:
    headers = {"Origin": "http://a.test", "Access-Control-Request-Method": "POST"}
    response = service.options(path, headers=headers)

    assert response.status_code == 204
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ADDRESSES)
def test_what_a_client_has_is_not_sent_again(service: Client, path: str) -> None:
    first = service.get(path)
    again = service.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert "max-age=" in first.headers["Cache-Control"]
    assert first.data == service.get(path).data
    assert service.head(path).headers["ETag"] == first.headers["ETag"]


def test_each_language_has_a_tag_of_its_own(service: Client) -> None:
    path = "/reconcile/suggest/entity?prefix=Castro"
    tags = {service.get(path, headers={"Accept-Language": tag}).headers["ETag"] for tag in ("en", "ru", "es")}

    assert len(tags) == 3


def test_the_manual_lists_every_address(of_texts: Flask) -> None:
    from pathlib import Path

    import server

    text = (Path(server.__file__).parent / "README.md").read_text(encoding="utf-8")
    rules = {rule.rule for rule in of_texts.url_map.iter_rules() if rule.rule.startswith("/reconcile")}
    told = set(re.findall(r"`(/reconcile[^`?]*)", text))

    assert {rule for rule in rules if not rule.endswith("/")} == told


ODD = """
@base <https://w3id.org/cablegraph/id/> .
@prefix cg: <https://w3id.org/cablegraph/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
cg:Document a owl:Class ; rdfs:label "<b>"@en , <label> , 5 .
<document/odd> a cg:Document , _:class ; rdfs:label "<script>"@en ; cg:bestDate [ cg:firstDay "soon"^^xsd:date ] .
<number> cg:numberOf <document/odd> ; cg:numberFrom "many"^^xsd:integer , "²"^^xsd:integer .
"""


def test_odd_data_are_given_as_texts_and_escaped() -> None:
    def load() -> Store:
        store = Store()
        store.load(ODD.encode(), RdfFormat.TURTLE)
        return store

    wanted = {"ids": ["document/odd"], "properties": [{"id": "number"}, {"id": "firstDay"}]}
    with open_pool(load, Limits(timeout=5.0, workers=1, wait=2.0)) as pool:
        odd = create_app(pool, data_version="v1").test_client()
        rows = valid(odd.post(f"{V1}/extend", json=wanted).get_json(), schemas.EXTENDED_V1)["rows"]
        pages = [odd.get(f"/reconcile/{path}").text for path in ("preview?id=document/odd", "documentation")]
        flyout = get(odd, "/reconcile/flyout/entity", id="document/odd")["html"]

    assert [cell["values"] for cell in rows[0]["properties"]] == [
        [{"str": "many"}, {"str": "²"}],
        [{"str": "soon"}],
    ]
    assert "<script>" not in "".join([*pages, flyout])
    assert "&lt;script&gt;" in flyout


def test_a_graph_without_anything_to_name_has_a_service_too(client: Client) -> None:
    assert valid(get(client, "/reconcile"), schemas.MANIFEST_0_2)["defaultTypes"] == []
    assert ask(client, {"query": "Kennan"}) == [[]]


def test_a_person_with_a_browser_gets_the_page_and_a_program_the_manifest(service: Client) -> None:
    page = service.get("/reconcile", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    manifests = [service.get("/reconcile", headers=how) for how in ({}, {"Accept": "application/json, */*"})]

    assert page.headers["Content-Type"].startswith("text/html")
    assert [answer.json["versions"] for answer in manifests if answer.json] == [["0.2"], ["0.2"]]
