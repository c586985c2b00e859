"""What an import of two invented volumes says, asked by SPARQL; expected rows were typed from the volumes."""

from __future__ import annotations

from pathlib import Path

from kg.curating.importing.references.reference_index import ReferenceIndex
from kg.curating.importing.references.reference_records import ReferenceRecords
from kg.curating.importing.runs.import_run import Import

from .conftest import BASE, Asked

VANE = "actor/harbor1931v01-p-vr1"


def test_documents_are_held_under_their_volume_and_id(asked: Asked) -> None:
    rows = asked(
        "SELECT ?d ?kind ?depth { ?d cg:depth ?depth ; a ?kind . FILTER STRENDS(STR(?depth), 'mentions') }"
    )

    assert rows == [
        ("telegram/harbor1931v01-d1", "Telegram", "depth/mentions"),
        ("telegram/harbor1931v01-d2", "Telegram", "depth/mentions"),
        ("telegram/harbor1931v01-d3", "Communication", "depth/mentions"),
        ("telegram/harbor1931v01-d4", "Document", "depth/mentions"),
        ("telegram/harbor1932v01-d1", "Telegram", "depth/mentions"),
    ]


def test_each_document_is_a_graph_and_nothing_is_sure(asked: Asked) -> None:
    graphs = asked("SELECT DISTINCT ?g { GRAPH ?g { ?s cg:certainty ?c } }")
    sure = asked("SELECT DISTINCT ?c { ?s cg:certainty ?c }")

    assert [g for (g,) in graphs] == [
        f"{BASE}graph/telegram/harbor193{n}" for n in ("1v01-d1", "1v01-d2", "1v01-d3", "1v01-d4", "2v01-d1")
    ]
    assert sure == [("certainty/found",)]
    assert asked("SELECT ?o { ?s cg:sender|cg:refersTo|cg:bestDate ?o }") == []


def test_who_writes_to_whom(asked: Asked) -> None:
    rows = asked(
        "SELECT ?d ?p ?who { ?f cg:property ?p ; cg:about ?d ; cg:value ?who . FILTER (?p IN (cg:sender, cg:addressee)) }"
    )

    assert [row for row in rows if "1v01" in row[0] and "d4" not in row[0]] == [
        ("telegram/harbor1931v01-d1", "addressee", "actor/secretary-of-state"),
        ("telegram/harbor1931v01-d1", "sender", VANE),
        ("telegram/harbor1931v01-d2", "addressee", VANE),
        ("telegram/harbor1931v01-d2", "sender", "actor/harbor1931v01-cotter-secretary-of-state"),
        ("telegram/harbor1931v01-d3", "addressee", "actor/secretary-of-state"),
        ("telegram/harbor1931v01-d3", "sender", VANE),
    ]
    # The list of one volume is meant in the other, too.
    assert ("telegram/harbor1932v01-d1", "addressee", VANE) in rows


def test_a_person_of_the_list_has_its_name_and_what_the_list_says(asked: Asked) -> None:
    rows = asked(f"SELECT ?label ?note {{ <{BASE}id/{VANE}> rdfs:label ?label ; cg:note ?note }}")
    named = asked(
        f"SELECT ?words {{ ?n cg:names <{BASE}id/actor/harbor1931v01-p-to1> ; cg:asWritten ?words }}"
    )

    assert rows == [("Vane, Rollo", "The list of persons of harbor1931v01 says: Minister in Ostria")]
    assert named == [("Orsett Tavrin",)]


def test_dates_have_the_zone_of_their_place_and_the_receipt_is_an_event(asked: Asked) -> None:
    rows = asked(
        "SELECT ?about ?a ?b ?p ?zone { ?t cg:about ?about ; cg:earliest ?a ; cg:latest ?b ; cg:precision ?p ; cg:zone ?zone }"
    )

    assert rows == [
        # Nothing tells the time of an enclosure or of Port Merrow.
        ("document/harbor1931v01-d3-enclosure-1", "1931-03-04T00:00:00+14:00", "1931-03-04T23:59:59-12:00", "precision/day", "zone/unknown"),
        ("event/receipt-of-harbor1931v01-d1", "1931-03-02T13:05:00-05:00", "1931-03-02T13:05:59-05:00", "precision/minute", "zone/washington-1920-to-1941-assumed"),
        ("event/receipt-of-harbor1931v01-d3", "1931-03-19T00:00:00-05:00", "1931-03-19T23:59:59-05:00", "precision/day", "zone/washington-1920-to-1941-assumed"),
        # Lisbon kept the time of Greenwich in March 1931.
        ("telegram/harbor1931v01-d1", "1931-03-02T17:00:00Z", "1931-03-02T17:59:59Z", "precision/hour", "zone/lisbon-assumed"),
        ("telegram/harbor1931v01-d2", "1931-03-03T12:00:00-05:00", "1931-03-03T12:59:59-05:00", "precision/hour", "zone/washington-1920-to-1941-assumed"),
        ("telegram/harbor1931v01-d3", "1931-03-05T00:00:00+14:00", "1931-03-05T23:59:59-12:00", "precision/day", "zone/unknown"),
        ("telegram/harbor1932v01-d1", "1932-01-04T18:30:00-05:00", "1932-01-04T18:30:59-05:00", "precision/minute", "zone/washington-1920-to-1941-assumed"),
    ]  # fmt: skip


def test_numbers_are_of_the_series_of_two_posts_in_a_year(asked: Asked) -> None:
    rows = asked(
        "SELECT ?d ?n ?label { ?x cg:numberOf ?d ; cg:numberFrom ?n ; cg:inSeries/rdfs:label ?label }"
    )
    files = asked("SELECT ?d ?w { ?m cg:markingOf ?d ; cg:asWritten ?w . FILTER CONTAINS(?w, '/') }")

    assert ("telegram/harbor1931v01-d1", "41", "telegram numbers from ostria to department, 1931") in rows
    assert ("telegram/harbor1931v01-d2", "22", "telegram numbers from department to ostria, 1931") in rows
    assert ("telegram/harbor1931v01-d3", "118", "despatch numbers from ostria to department, 1931") in rows
    # What is cited and not printed has its number, too.
    assert "30" in [n for _, n, label in rows if label == "telegram numbers from department to ostria, 1931"]
    assert [w for _, w in files] == ["811.3/41", "811.3/41", "811.3/44", "811.3/60"]


def test_references_lead_to_documents_in_the_volume_and_across(asked: Asked) -> None:
    rows = asked("SELECT ?r ?m ?h { ?r cg:mentions ?m . ?m cg:holding ?h }")
    meant = {(r.split("/")[1], m) for r, m, h in rows if h == "holding/held"}
    not_held = asked(
        "SELECT ?label ?note { ?m cg:holding ?h ; rdfs:label ?label . OPTIONAL { ?m cg:note ?note } FILTER STRENDS(STR(?h), 'not-held') }"
    )

    assert meant == {
        ("harbor1931v01-d2", "telegram/harbor1931v01-d1"),  # by number, day and posts
        ("harbor1931v01-d3", "telegram/harbor1931v01-d2"),  # by day, hour and the page that the note names
        ("harbor1931v01-d4", "telegram/harbor1931v01-d3"),  # by the link
        ("harbor1932v01-d1", "telegram/harbor1931v01-d3"),  # in the other volume
    }
    assert [row for row in not_held if "30" in row[0] or "1930" in row[0]] == [
        ("document 30 from department to ostria, 1931-02-27", "An edition says that it is not printed."),
        ("what harbor1930v01 prints from page 7", ""),
    ]


def test_a_number_with_a_letter_is_cited_and_not_counted() -> None:
    cited = {
        "start": 5,
        "side": "from",
        "number": "L-17",
        "date": "1932-01-02",
        "words": "My L–17",
        "anchor": {},
    }
    row = {"name": "d1", "id": "d1", "volume": "v", "kind": "Telegram", "numbers": [], "date": "1932-01-04",
           "from": ["ostria"], "to": ["department"], "pages": ["pg_1"], "citations": [cited]}  # fmt: skip
    index = ReferenceIndex()
    index.add([row])

    (records,) = ReferenceRecords(index).of(row).values()

    assert [record["type"] for record in records.values()] == ["Reference"]


def test_answers_are_facts_between_documents(asked: Asked) -> None:
    rows = asked(
        "SELECT ?a ?b { ?f cg:property cg:repliesTo ; cg:about ?a ; cg:value ?b . ?b cg:depth ?any }"
    )

    assert rows == [
        ("telegram/harbor1931v01-d2", "telegram/harbor1931v01-d1"),
        ("telegram/harbor1931v01-d3", "telegram/harbor1931v01-d2"),
        ("telegram/harbor1932v01-d1", "telegram/harbor1931v01-d3"),
    ]


def test_a_date_that_is_none_is_told_with_its_line(imported: tuple[Path, Import, list[str]]) -> None:
    _, run, told = imported
    lines = (Path(__file__).parent / "volumes" / "harbor1931v01.xml").read_text("utf-8").splitlines()
    line = next(n for n, text in enumerate(lines, 1) if "1931-02-31" in text)

    assert told == [
        f"harbor1931v01.xml:{line}: document d4: the date '1931-02-31' is none of the calendar; it is left out"
    ]
    assert run.counts["documents"] == 5


def test_no_quotation_has_more_than_ten_words_and_no_text_is_kept(asked: Asked) -> None:
    quotes = [q for (q,) in asked("SELECT DISTINCT ?q { ?a oa:exact ?q }")]

    assert quotes
    assert max(len(q.split()) for q in quotes) <= 10
    assert asked("SELECT ?s { ?s ?p ?o . FILTER CONTAINS(STR(?o), 'harbor stays shut') }") == []
