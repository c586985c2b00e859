"""Posts of parties, whose document a word means, hours of dates, and the documents beside one."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from kg.curating.drafting.heads.parties import Party
from kg.curating.importing.references.reference_index import ReferenceIndex
from kg.curating.importing.volumes.place_zones import PlaceZones, clock
from kg.curating.importing.volumes.posts import post_of, side_of


@pytest.mark.parametrize(
    ("party", "post"),
    [
        (Party("Vane", "Minister in Ostria"), "ostria"),
        (Party("Vane", "Chargé in the Isles"), "isles"),
        (Party("", "Acting Secretary of State"), "department"),
        (Party("Department of State"), "department"),
        (Party("Alba", "Cuban Secretary of State"), "cuban mission"),
        (Party("Brask", "Ostrian Minister"), "ostrian mission"),
        (Party("Brask", "Special Envoy"), "envoy"),
        (Party("Lene Brask"), "brask"),
        (Party(), ""),
    ],
)
def test_the_post_of_a_party(party: Party, post: str) -> None:
    assert post_of(party) == post


@pytest.mark.parametrize(
    ("owner", "side"),
    [("my", "from"), ("your", "to"), ("Department’s", "to"), ("the Legation's", "from"), ("Brask's", "")],
)
def test_whose_a_cited_document_is(owner: str, side: str) -> None:
    assert side_of(owner, ("ostria",), ("department",)) == side
    other = {"from": "to", "to": "from"}.get(side, "") if owner not in ("my", "your") else side
    assert side_of(owner, ("department",), ("ostria",)) == other


def test_hours_and_bounds() -> None:
    zones = PlaceZones()

    assert [clock(text, 0) for text in (", 5 p.m.", " 12:20 a.m.", ", noon", ", 12 noon", ", midnight", " 12 miles")] == [
        "17:00", "00:20", "12:00", "12:00", "00:00", "",
    ]  # fmt: skip
    assert zones.bounds("1931-02-31", "London") is zones.bounds("spring", "London") is None
    assert zones.bounds("1931-03-01T25:00:00", "London") is None
    late = zones.bounds("1931-03-01T24:00:00", "London")
    assert late is not None
    assert late["earliest"] == "1931-03-02T00:00:00Z"


@pytest.mark.parametrize(
    ("place", "earliest"),
    [
        ("Havre", "1918-11-14T18:00:00Z"),  # as Paris, which kept the time of Greenwich
        ("Lyons", "1918-11-14T18:00:00Z"),
        ("Belize", "1918-11-14T18:00:00-05:30"),  # half an hour ahead in winter
    ],
)
def test_zones_of_rare_places(place: str, earliest: str) -> None:
    assert (PlaceZones().bounds("1918-11-14T18:00:00", place) or {})["earliest"] == earliest


def test_the_documents_beside_one() -> None:
    index = ReferenceIndex()
    rows = [
        {"name": n, "id": n, "volume": "v", "kind": "Telegram", "numbers": ["7"], "date": f"1931-03-0{n[1]}",
         "hour": "", "from": ["ostria"], "to": ["department"], "pages": ["pg_1"]}
        for n in ("d1", "d2", "d3")
    ]  # fmt: skip
    index.add(rows)

    assert index.find(rows[1], {"near": "supra"}) is rows[0]
    assert index.find(rows[1], {"near": "infra"}) is rows[2]
    assert index.find(rows[0], {"near": "supra"}) is None
    assert index.find(rows[1], {"near": "infra", "date": "1931-05-05"}) is None
    assert index.find(rows[2], {"number": "7", "side": "from"}) is rows[1]  # the last one before
    assert index.find(rows[2], {"number": "7", "side": "to"}) is None
    assert index.find(rows[1], {"page": "pg_1"}) is None  # two others stand there


@pytest.mark.parametrize(
    ("place", "day", "offset", "zone"),
    [
        ("Washington", "1919-07-01", "-04:00", "washington-assumed"),
        ("Washington", "1920-07-01", "-05:00", "washington-1920-to-1941-assumed"),
        ("Washington", "1941-01-01", "-05:00", "washington-1920-to-1941-assumed"),
        ("Washington", "1942-07-01", "-04:00", "washington-assumed"),
        ("New York", "1934-07-01", "-04:00", "washington-assumed"),
    ],
)
def test_a_place_that_kept_standard_time_in_some_years(place: str, day: str, offset: str, zone: str) -> None:
    zones = PlaceZones()
    bounds = zones.bounds(f"{day}T17:00:00", place)

    assert bounds is not None
    assert (bounds["earliest"], bounds["zone"]) == (f"{day}T17:00:00{offset}", zone)
    # The check of offsets asks the tz database for the time that the value of the list names.
    noon = datetime.fromisoformat(f"{day}T17:00:00").replace(tzinfo=ZoneInfo(zones.concept(zone)[1]))
    assert noon.isoformat() == bounds["earliest"]
