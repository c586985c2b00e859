"""The files of the projections: whole, the same every time, and read by others."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import networkx
import pyoxigraph as ox
import pytest
import rdflib

from kg import build
from kg.asking.questions import saved_queries
from kg.asking.questions.parameters import fill
from kg.namespaces import CG, ID, RDF
from kg.publishing.projections import actor_network, json_ld, projection_files
from kg.publishing.projections.projection_files import files
from kg.resources import folder
from kg.store.sparql import rows

QUERIES = saved_queries.load(folder("queries"))
README = Path(str(folder("queries") / "PROJECTIONS.md")).read_text(encoding="utf-8")
VERSION = "0123456789abcdef" * 4
NETWORK = "projections/network/"
TIES = actor_network.TIES
# What the context of Web Annotation means by the keys (https://www.w3.org/TR/annotation-vocab/, appendix A).
CONTEXT = {
    "oa": "http://www.w3.org/ns/oa#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "id": "@id",
    "type": "@type",
    **{
        name: f"oa:{name}"
        for name in ("Annotation", "SpecificResource", "TextQuoteSelector", "TextPositionSelector")
    },
    **{name: f"oa:{name}" for name in ("TextualBody", "describing", "commenting", "exact", "start", "end")},
    "body": {"@id": "oa:hasBody", "@type": "@id"},
    "target": {"@id": "oa:hasTarget", "@type": "@id"},
    "source": {"@id": "oa:hasSource", "@type": "@id"},
    "selector": {"@id": "oa:hasSelector", "@type": "@id"},
    "motivation": {"@id": "oa:motivatedBy", "@type": "@vocab"},
    "rights": {"@id": "http://purl.org/dc/terms/rights", "@type": "@id"},
    "value": "rdf:value",
    "language": "dc:language",
    "format": "dc:format",
}


@pytest.fixture(scope="module")
def made(store: ox.Store) -> dict[str, bytes]:
    return files(store, VERSION)


def test_the_files_are_those_of_the_table(made: dict[str, bytes]) -> None:
    named = [name for row in re.findall(r"^\| (`projections/.*?) \|", README, re.MULTILINE) for name in re.findall(r"`(.*?)`", row)]  # fmt: skip

    assert named
    assert sorted(made) == sorted(name if "/" in name else f"{NETWORK}{name}" for name in named)


def test_the_same_graph_gives_the_same_bytes_in_whatever_order(
    made: dict[str, bytes], graph: build.Build
) -> None:
    store = ox.Store()
    for quad in reversed(graph.quads):
        store.add(quad)

    assert files(store, VERSION) == made


def test_each_file_that_can_say_so_names_version_and_licence(made: dict[str, bytes]) -> None:
    for name, content in made.items():
        if not name.endswith(".csv"):
            assert VERSION.encode() in content
            assert b"https://creativecommons.org/licenses/by/4.0/" in content


@pytest.mark.parametrize(
    ("file", "queries"),
    [
        ("projections/ric-o.ttl", ["projection-ric-o"]),
        ("projections/cidoc-crm.ttl", ["projection-cidoc-crm", "projection-crminf"]),
    ],
)
def test_turtle_holds_what_its_queries_draw(
    file: str, queries: list[str], made: dict[str, bytes], store: ox.Store
) -> None:
    read = {quad.triple for quad in ox.parse(made[file], ox.RdfFormat.TURTLE)}

    assert read == {triple for name in queries for triple in projection_files.triples(store, QUERIES[name])}
    assert b"@prefix" in made[file]


@pytest.mark.slow
def test_another_library_reads_the_turtle(made: dict[str, bytes]) -> None:
    other = rdflib.Graph().parse(data=made["projections/ric-o.ttl"], format="turtle")

    assert len(other) == len(set(ox.parse(made["projections/ric-o.ttl"], ox.RdfFormat.TURTLE)))


def test_json_of_schema_org_holds_what_its_query_draws(made: dict[str, bytes], store: ox.Store) -> None:
    content = made["projections/schema-org.jsonld"]
    read = {quad.triple for quad in ox.parse(content, ox.RdfFormat.JSON_LD)}
    drawn = set(projection_files.triples(store, QUERIES["projection-schema-org"]))

    assert {t.object.value for t in read - drawn} == {VERSION}  # type: ignore[union-attr]
    assert drawn <= read
    assert len(rdflib.Graph().parse(data=content, format="json-ld")) == len(read)


def test_annotations_mean_what_their_query_draws(made: dict[str, bytes], store: ox.Store) -> None:
    page = json.loads(made["projections/web-annotation.jsonld"])
    document = json.dumps({"@context": CONTEXT, "@graph": page["items"]})
    read = {quad.triple for quad in ox.parse(document.encode(), ox.RdfFormat.JSON_LD)}

    assert read == set(projection_files.triples(store, QUERIES["projection-web-annotation"]))


def test_the_page_of_annotations_is_as_the_model_wants_it(made: dict[str, bytes], graph: build.Build) -> None:
    page = json.loads(made["projections/web-annotation.jsonld"])
    silent = f"{ID}telegram/1962-11-02-havana-1717/body-9/guevara-silent"
    quotes = {
        selector["exact"]
        for item in page["items"]
        if silent in item["body"]
        for selector in item["target"]["selector"]
        if selector["type"] == "TextQuoteSelector"
    }

    assert (page["@context"], page["type"]) == ("http://www.w3.org/ns/anno.jsonld", "AnnotationPage")
    assert page["partOf"]["type"] == "AnnotationCollection"
    assert page["partOf"]["total"] == len(page["items"]) <= graph.anchors.anchors
    assert {item["type"] for item in page["items"]} == {"Annotation"}
    assert quotes == {"Guevara", "did not speak", "at the last session of the ORI"}


def test_literals_of_json_keep_language_and_type() -> None:
    thing, said = ox.NamedNode("http://e/x"), "https://schema.org/"
    terms = [
        ox.Literal("a"),
        ox.Literal("b", language="es"),
        ox.Literal("2", datatype=ox.NamedNode("http://e/t")),
    ]
    content = json_ld.of_schema([ox.Triple(thing, ox.NamedNode(f"{said}name"), term) for term in terms], "v")

    assert json.loads(content)["@graph"] == [
        {
            "@id": "http://e/x",
            "name": [{"@value": "2", "@type": "http://e/t"}, "a", {"@value": "b", "@language": "es"}],
        }
    ]


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def name(iri: str) -> str:
    return iri.rpartition("/")[2]


@pytest.fixture(scope="module")
def edges(made: dict[str, bytes]) -> list[dict[str, str]]:
    return table(made[f"{NETWORK}edges.csv"])


def test_the_nodes_are_all_actors_once(made: dict[str, bytes], store: ox.Store) -> None:
    rows = table(made[f"{NETWORK}nodes.csv"])
    nodes = {row["Id"]: row for row in rows}
    kind, actor = ox.NamedNode(RDF.type), ox.NamedNode(CG.Actor)

    assert len(nodes) == len(rows)
    assert set(nodes) == {q.subject.value for q in store.quads_for_pattern(None, kind, actor)}
    assert nodes[f"{ID}actor/fidel-castro"] == {
        "Id": f"{ID}actor/fidel-castro",
        "Label": "Fidel Castro",
        "kind": "person",
        "wikidata": "http://www.wikidata.org/entity/Q11256",
    }
    assert {row["kind"] for row in nodes.values()} == {"person", "body", "state", "group"}
    assert nodes[f"{ID}actor/soviet-union"]["kind"] == "state"


def test_four_critics_and_two_defenders_disagree_with_one_another(edges: list[dict[str, str]]) -> None:
    critics = ("guillermo-garcia-frias", "haydee-santamaria", "raul-curbelo", "ramiro-valdes")
    defenders = ("joaquin-ordoqui", "carlos-rafael-rodriguez")
    found = [
        (name(e["Source"]), name(e["Target"]), e["Weight"]) for e in edges if e["kind"] == "disagrees with"
    ]

    assert sorted(found) == sorted(
        (one, other, "1") for a in critics for b in defenders for one, other in ((a, b), (b, a))
    )


def test_letters_and_telegrams_go_from_sender_to_addressee(edges: list[dict[str, str]]) -> None:
    found = {
        (name(e["Source"]), name(e["Target"]), name(e["telegram"]), e["Weight"])
        for e in edges
        if e["kind"] == "sends to"
    }
    first, second = "1962-10-23-havana-1643", "1962-11-02-havana-1717"

    # 1643 and, from 1717, 1717 itself, 1701 and 1710 to Moscow; 1717 to the Central Committee by its title; Castro's
    # letter; 811 and 812-813, which Kuznetsov sent for Moscow.
    assert found == {
        ("aleksandr-alekseev", "moscow-recipients", first, "1"),
        ("aleksandr-alekseev", "moscow-recipients", second, "3"),
        ("aleksandr-alekseev", "central-committee-cpsu", second, "1"),
        ("fidel-castro", "nikita-khrushchev", second, "1"),
        ("vasily-kuznetsov", "aleksandr-alekseev", first, "2"),
        ("moscow-recipients", "aleksandr-alekseev", first, "2"),
    }


def test_weights_count_the_statements_that_are_named(edges: list[dict[str, str]], store: ox.Store) -> None:
    asked = {
        tie: len(list(rows(store, fill(QUERIES["ties-between-actors"].text, {"tie": ox.Literal(tie)}))))
        for tie in actor_network.TIES
    }
    weights: Counter[str] = Counter()
    for edge in edges:
        weights[edge["kind"]] += int(edge["Weight"])

    assert all(len(edge["evidence"].split()) == int(edge["Weight"]) for edge in edges)
    assert dict(weights) == asked
    assert all(edge["Source"] != edge["Target"] and edge["telegram"] for edge in edges)
    assert min(asked.values()) >= 7


def test_the_kinds_of_ties_are_those_that_the_text_and_the_query_name(edges: list[dict[str, str]]) -> None:
    explained = README.partition("## Network files")[2].partition("## Terms")[0]
    (about,) = [parameter.about for parameter in QUERIES["ties-between-actors"].parameters]

    assert {edge["kind"] for edge in edges} == set(actor_network.TIES)
    assert re.findall(r"^\| `(.*?)` \|", explained, re.MULTILINE) == list(actor_network.TIES)
    # What is done may be denied, foreseen or advised, which an edge could not say.
    assert about in (f"One of: {', '.join(ties)}." for ties in (TIES, ("acts on", *TIES)))


def test_networkx_reads_the_same_network(made: dict[str, bytes], edges: list[dict[str, str]]) -> None:
    read = networkx.parse_graphml(made[f"{NETWORK}actors.graphml"].decode())
    found = {
        (a, b, d["kind"], str(d["weight"]), d["telegram"], d["evidence"]) for a, b, d in read.edges(data=True)
    }

    assert isinstance(read, networkx.MultiDiGraph)
    assert set(read.nodes) == {row["Id"] for row in table(made[f"{NETWORK}nodes.csv"])}
    assert found == {tuple(edge.values()) for edge in edges}
    assert read.number_of_edges() == len(edges)
    assert read.nodes[f"{ID}actor/fidel-castro"]["wikidata"].endswith("/Q11256")
    assert read.nodes[f"{ID}actor/che-guevara"]["label"] == 'Ernesto "Che" Guevara'


def test_empty_data_are_left_out_of_graphml() -> None:
    nodes = [
        actor_network.ActorNode("a", "A & <b>", "person", ""),
        actor_network.ActorNode("b", "B", "body", "http://e/Q1"),
    ]
    edge = actor_network.ActorEdge("a", "b", "reports", 2, "t", "s1 s2")
    read = networkx.parse_graphml(actor_network.graphml(nodes, [edge], "two").decode())

    assert dict(read.nodes(data=True)) == {
        "a": {"label": "A & <b>", "kind": "person"},
        "b": {"label": "B", "kind": "body", "wikidata": "http://e/Q1"},
    }
    assert list(read.edges(data=True)) == [
        ("a", "b", {"kind": "reports", "weight": 2, "telegram": "t", "evidence": "s1 s2", "id": "e1"})
    ]


@pytest.mark.slow
def test_what_the_text_shows_works() -> None:
    (command,) = re.findall(r"```bash\n(cablegraph .*?)\n```", README)
    (snippet,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    run = [sys.executable, "-c", "from kg.cli.main import main; main()", *command.split()[1:]]
    written = subprocess.run(run, capture_output=True, check=True).stdout
    printed = subprocess.run(
        [sys.executable, "-c", snippet], capture_output=True, text=True, check=True
    ).stdout

    assert int(printed) == len(set(ox.parse(written, ox.RdfFormat.TURTLE))) > 1000
