"""What points to a thing: the asserted first, each way with its true total, and a query that finds the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kg.namespaces import CG
from kg.store.unasserted import Standing
from server.engine.workers.pool import Pool
from server.pages.things import pointing
from server.site import pool_queries

from ..linked import BASE, LIMITS, load
from ..pools import open_pool

CID = f"{BASE}id/actor/cid"


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with open_pool(load, LIMITS) as pool:
        yield pool


def test_the_asserted_come_first_and_then_the_others_by_standing(pool: Pool) -> None:
    found = [(way.predicate.removeprefix(CG), way.standing, way.total) for way in pointing.gather(pool, CID)]

    assert found == [
        ("about", None, 1),
        ("readHolder", Standing.READING, 1),
        ("about", Standing.ASCRIBED, 1),
        ("ascribedTo", Standing.ASCRIBED, 1),
        ("proposedFor", Standing.PROPOSED, 1),
    ]


def test_the_pattern_of_a_way_finds_its_subjects_and_no_others(pool: Pool) -> None:
    for way in pointing.gather(pool, CID):
        pattern = pointing.pattern(way.predicate, f"<{CID}>", way.standing)
        rows = pool_queries.rows(pool, f"SELECT ?thing {{ {pattern} }}")

        assert tuple(sorted(pool_queries.value(row["thing"]) for row in rows)) == way.subjects


def test_nothing_points_to_what_there_is_not(pool: Pool) -> None:
    assert pointing.gather(pool, f"{BASE}id/actor/none") == ()
