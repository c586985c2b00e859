"""The two cables and the invented embassy, read together: what they share, from the record to the page."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from functools import partial
from io import StringIO
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from kg import build
from kg.asking.citing import find_reference
from kg.asking.questions import saved_queries
from kg.asking.questions.parameters import fill
from kg.asking.reconciling.index import memory_index
from kg.asking.reconciling.reconciliation_query import ReconciliationQuery
from kg.checking.quotes import CheckReport
from kg.inference import proofs, rules
from kg.namespaces import ID, PREFIXES
from kg.publishing.dumps import notice, parts
from kg.reading.collection import together
from kg.reading.collection.collection import Collection
from kg.store import sparql
from kg.terms import value
from server import create_app
from server.engine.evaluation.query_request import Limits
from server.engine.workers import graph_file
from server.engine.workers.pool import Pool
from tests.test_depths import EMBASSY, NAME

BASE = "https://example.org/embassy/"
DESCRIPTION = f"""title: Telegrams of an invented embassy
base: {BASE}
licence: https://creativecommons.org/publicdomain/zero/1.0/
curator: Jane Doe
"""
HEAD = """#sssom_version: "1.1"
#mapping_set_id: https://example.org/embassy/graph/links
#mapping_set_title: Links for the test
#license: https://creativecommons.org/publicdomain/zero/1.0/
#curie_map:
#  actor: https://example.org/embassy/id/actor/
#  cables: https://w3id.org/cablegraph/id/
#  catalogue: https://w3id.org/cablegraph/id/catalogue/
#  link: https://example.org/embassy/id/link/
#  place: https://example.org/embassy/id/place/
#  semapv: https://w3id.org/semapv/vocab/
#  skos: http://www.w3.org/2004/02/skos/core#
#  sssom: https://w3id.org/sssom/
#  wikidata: http://www.wikidata.org/entity/
#extension_definitions:
#  - slot_name: ext_note
#    property: cg:note
#    type_hint: xsd:string
"""
COLUMNS = (
    *(
        "record_id",
        "subject_id",
        "subject_label",
        "predicate_id",
        "object_id",
        "object_label",
        "object_source",
    ),
    *("mapping_justification", "author_label", "mapping_date", "confidence", "ext_note", "comment"),
)
# Links for the test alone: the telegram is invented, and so is that anybody in it is somebody else.
LINKS = (
    ("actor:department-of-state", "Department of State", "wikidata:Q30", "catalogue:wikidata"),
    (
        "actor:tavrin",
        "Tavrin",
        "cables:actor/osvaldo-dorticos",
        "catalogue:collection",
    ),
)
CURATED = ("semapv:ManualMappingCuration", "Jane Doe", "2026-11-27", "0.95", "", "For the test.")
STATES = f"{ID}actor/united-states", f"{BASE}id/actor/department-of-state"


def embassy(place: Path) -> Path:
    """Write the embassy as a collection with links into the folder `place` and return the folder."""
    for name in ("records", "ontology"):
        shutil.copytree(EMBASSY / name, place / name)
    rows = [
        (f"link:{thing.partition(':')[2]}", thing, label, "skos:exactMatch", item, label, source, *CURATED)
        for thing, label, item, source in LINKS
    ]
    table = StringIO()
    csv.writer(table, delimiter="\t", lineterminator="\n").writerows([COLUMNS, *rows])
    (place / "records" / "link.sssom.tsv").write_text(HEAD + table.getvalue())
    (place / "collection.yaml").write_text(DESCRIPTION)
    return place


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    return together.read((None, embassy(tmp_path_factory.mktemp("embassy") / "embassy")))


@pytest.fixture(scope="module")
def both(several: Collection, graph: build.Build) -> build.Build:
    """The cables as they are built for all tests, joined with the embassy, which takes three seconds."""
    (other,) = several.others
    return build.joined(several, [graph, build.build(other)], CheckReport())


@pytest.fixture(scope="module")
def joined(both: build.Build) -> ox.Store:
    return build.store_of(both)


@pytest.fixture(scope="module")
def client(
    several: Collection, both: build.Build, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FlaskClient]:
    from kg import cache

    built = cache.write(tmp_path_factory.mktemp("both"), both.quads)
    saved = saved_queries.load(several.queries, several.names)
    with Pool(lambda: graph_file.load(built), Limits(workers=1), built.version, several.names) as pool:
        yield create_app(pool, data_version=built.version, queries=saved, about=several.about).test_client()


def asked(several: Collection, store: ox.Store, name: str, **values: str) -> list[dict[str, str]]:
    filled = fill(saved_queries.load(several.queries, several.names)[name], values)
    rows = sparql.rows(store, filled.text)
    names = [variable.value for variable in rows.variables]
    return [{name: value(row[name]) for name in names if row[name]} for row in rows]


def test_links_to_one_item_and_to_each_other_join_two_names(several: Collection, joined: ox.Store) -> None:
    same = ox.NamedNode(f"{PREFIXES['skos']}exactMatch")
    matches = [(value(q.subject), value(q.object)) for q in joined.quads_for_pattern(None, same, None)]
    pairs = {pair for pair in matches if "/id/" in pair[1]}
    people = f"{ID}actor/osvaldo-dorticos", f"{BASE}id/actor/tavrin"

    assert pairs == {STATES, STATES[::-1], people, people[::-1]}
    step = proofs.explain(
        joined,
        rules.load(several.queries / "rules"),
        ox.Triple(ox.NamedNode(STATES[0]), same, ox.NamedNode(STATES[1])),
    )
    assert step is not None
    assert step.rule == "linked-to-the-same-item"
    assert {leaf.graph for leaf in step.leaves()} == {
        f"{BASE}graph/links",
        f"{ID.removesuffix('id/')}graph/links",
    }


def test_shared_things_has_the_documents_of_each(several: Collection, joined: ox.Store) -> None:
    rows = asked(several, joined, "shared-things")
    shared = {row["thing"]: row for row in rows if "same" in row}

    assert shared[STATES[0]]["same"] == STATES[1]
    assert shared[STATES[0]]["through"].endswith("/Q30")
    assert shared[STATES[1]]["collection"] == "Telegrams of an invented embassy"
    assert shared[STATES[1]]["titles"] == "Telegram 217 from Port Merrow, 14 March 1957"
    assert "through" not in shared[f"{BASE}id/actor/tavrin"]
    assert "same" not in rows[-1]


def test_other_questions_answer_over_all(several: Collection, joined: ox.Store) -> None:
    held = {row["telegram"] for row in asked(several, joined, "telegrams-held")}

    assert held == {
        f"{ID}telegram/1962-10-23-havana-1643",
        f"{ID}telegram/1962-11-02-havana-1717",
        f"{BASE}id/telegram/{NAME}",
    }


def test_names_of_all_are_reconciled(several: Collection, joined: ox.Store) -> None:
    reconciler = memory_index.over(partial(sparql.rows, joined), several.names)

    first = [reconciler.reconcile(ReconciliationQuery(name))[0].id for name in ("Tavrin", "Fidel Castro")]

    assert first == ["in/embassy/actor/tavrin", "actor/fidel-castro"]


def test_each_keeps_its_description_and_files(
    several: Collection, both: build.Build, joined: ox.Store
) -> None:
    paths = {part.path for part in parts.of(joined)}
    subsets = {
        value(q.object)
        for q in joined.quads_for_pattern(None, ox.NamedNode("http://rdfs.org/ns/void#subset"), None)
    }
    citation, licence = notice.citation_file(both.version, several.about), notice.licence_file(several.about)

    assert {"layers/shared", "layers/example-org-embassy/shared", "layers/inferred/several"} <= paths
    assert f"layers/example-org-embassy/telegram/{NAME}" in paths
    assert f"{BASE}dataset" in subsets
    assert b"Telegrams of an invented embassy" in citation
    assert b"CC0 1.0" in licence


def test_a_citation_names_the_collection_that_a_thing_is_from(several: Collection, joined: ox.Store) -> None:
    ask = partial(sparql.rows, joined)

    theirs = find_reference.find(ask, f"{BASE}id/telegram/{NAME}", "v", about=several.about)
    ours = find_reference.find(ask, f"{ID}telegram/1962-11-02-havana-1717", "v", about=several.about)

    assert theirs is not None
    assert ours is not None
    assert "in: Telegrams of an invented embassy (read together with cablegraph" in str(theirs)
    assert theirs.about.licence_name == "CC0 1.0"
    assert "embassy" not in str(ours)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/id/in/embassy/actor/tavrin", "From: Telegrams of an invented embassy"),
        ("/id/actor/fidel-castro", "From: cablegraph: diplomatic telegrams"),
        (f"/id/in/embassy/telegram/{NAME}", "From: Telegrams of an invented embassy"),
        ("/id/in/embassy/", "/id/in/embassy/actor/"),
        ("/id/in/embassy/actor/", "Orsett Tavrin"),
        ("/id/", "Telegrams of an invented embassy"),
        ("/sitemap.xml", "/id/in/embassy/actor/tavrin"),
        ("/cite/id/in/embassy/actor/tavrin", "https://example.org/embassy/id/actor/tavrin"),
        ("/search?q=Tavrin", "/id/in/embassy/actor/tavrin"),
        ("/queries/telegrams-held", f"/id/in/embassy/telegram/{NAME}"),
        ("/.well-known/void?format=ttl", "https://example.org/embassy/dataset"),
    ],
)
def test_pages_have_addresses_for_things_of_all(client: FlaskClient, path: str, words: str) -> None:
    response = client.get(path, headers={"Accept": "text/html, */*;q=0.1"})

    assert response.status_code == 200
    assert words in response.get_data(as_text=True)


def test_a_collection_that_is_not_read_is_not_found(client: FlaskClient) -> None:
    assert client.get("/id/in/nobody/").status_code == 404
