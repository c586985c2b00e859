"""Offsets of dates against the tz database, for each zone of the list and for one that a collection adds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pyoxigraph as ox
import pytest

from kg import build
from kg.checking import zones
from kg.namespaces import CG, ID, PREFIXES
from kg.reading import ontology, record_set

# The zones of the list that stand for the time of a place, and what the tz database calls them.
ZONES = {
    "greenwich": "UTC",
    "havana-assumed": "America/Havana",
    "moscow-assumed": "Europe/Moscow",
    "washington-assumed": "America/New_York",
}
NOTATION = ox.NamedNode(f"{PREFIXES['skos']}notation")


@pytest.fixture(scope="module")
def notations(sources: build.Collection) -> dict[str, str]:
    """What the list says of each zone."""
    terms = ontology.load(sources.ontology).triples
    return {
        t.subject.value.removeprefix(f"{ID}zone/"): t.object.value
        for t in terms
        if t.predicate == NOTATION
        and isinstance(t.subject, ox.NamedNode)
        and isinstance(t.object, ox.Literal)
    }


def noons(zone: str) -> Iterator[datetime]:
    """Yield noon of two days of each year from 1947 to 2025, and of each day of 1962."""
    for year in range(1947, 2026):
        for month in (1, 7):
            yield datetime(year, month, 15, 12, tzinfo=ZoneInfo(zone))
    for day in range(365):
        yield datetime(1962, 1, 1, 12, tzinfo=ZoneInfo(zone)) + timedelta(day)


def found(zone: str, texts: Iterable[str], name: str = "", bound: str = "latest") -> dict[str, str]:
    """Return what is wrong with which of `texts` as bounds in a zone that the tz database calls `name`."""
    at, store = ox.NamedNode(f"{ID}zone/{zone}"), ox.Store()
    for text in texts:
        date = ox.NamedNode(f"{ID}date/{text}")
        store.add(ox.Quad(date, ox.NamedNode(CG.zone), at))
        store.add(ox.Quad(date, ox.NamedNode(f"{CG}{bound}"), ox.Literal(text)))
    if name:
        store.add(ox.Quad(at, NOTATION, ox.Literal(name)))
    findings = zones.check(store, record_set.Records())
    return {finding.file.removeprefix(f"{ID}date/"): finding.message for finding in findings}


def test_the_list_names_the_zones_as_the_tz_database_does(notations: dict[str, str]) -> None:
    assert notations == ZONES


@pytest.mark.parametrize("zone", [zone for zone in ZONES if zone != "greenwich"])
def test_the_offsets_of_the_tz_database_are_accepted_and_in_1962_no_other(zone: str) -> None:
    right = [noon.isoformat() for noon in noons(ZONES[zone])]
    wrong = [
        text[:-6] + offset
        for text in right
        for offset in ("-05:00", "-04:00", "+03:00", "+04:00")
        if text.startswith("1962") and not text.endswith(offset)
    ]

    assert found(zone, right, ZONES[zone]) == {}
    assert found(zone, wrong, ZONES[zone]).keys() == set(wrong)


@pytest.mark.parametrize(
    ("zone", "name", "text", "message"),
    [
        ("havana-assumed", "America/Havana", "1962-10-23T05:00:00Z", "America/Havana -05:00"),
        # Summer time in Washington ended at 2 a.m. of 28 October 1962.
        ("washington-assumed", "America/New_York", "1962-10-28T00:00:00-05:00", "America/New_York -04:00"),
        ("greenwich", "UTC", "1962-10-23T14:23:00+01:00", "UTC +00:00"),
        # A collection's own zone; India has half an hour.
        ("delhi-assumed", "Asia/Kolkata", "1962-10-23T00:00:00+05:00", "Asia/Kolkata +05:30"),
    ],
)
def test_another_offset_is_told_with_the_right_one(zone: str, name: str, text: str, message: str) -> None:
    assert found(zone, [text], name) == {text: f"the zone had another offset then: {message}"}


def test_an_hour_that_came_twice_may_have_either_offset() -> None:
    twice = ["1962-10-28T01:30:00-04:00", "1962-10-28T01:30:00-05:00"]

    assert found("washington-assumed", twice, "America/New_York") == {}


def test_a_name_that_the_tz_database_lacks_is_told() -> None:
    message = "the tz database has no 'Nowhere/Port'; correct skos:notation of this zone in the list 'zone'"

    assert found("port-assumed", ["1962-10-23T00:00:00Z"], "Nowhere/Port") == {
        "1962-10-23T00:00:00Z": message
    }


@pytest.mark.parametrize(("bound", "offset"), [("earliest", "+14:00"), ("latest", "-12:00")])
def test_bounds_in_a_zone_that_is_not_known_are_those_of_the_day_anywhere(bound: str, offset: str) -> None:
    day = "1962-10-23T00:00:00"
    (message,) = found("unknown", [f"{day}Z"], bound=bound).values()

    assert found("unknown", [day + offset], bound=bound) == {}
    assert message == (
        "the zone is not known: write earliest with +14:00 and latest with -12:00, or name the zone"
    )


@pytest.mark.parametrize("text", ["1962-02-30T00:00:00Z", "1962-10-23", "many"])
def test_what_is_no_instant_is_left_to_the_shapes(text: str) -> None:
    assert found("greenwich", [text], "UTC") == {}


def test_a_zone_that_the_passage_states_may_have_any_offset() -> None:
    assert found("stated", ["1962-10-23T00:00:00+05:00"]) == {}
