"""Only the names that may be meant are compared, however many there are."""

from __future__ import annotations

from kg.asking.reconciling.entities import Entities, Entity
from kg.asking.reconciling.index.memory_index import MemoryIndex
from kg.asking.reconciling.known_things import MOST
from kg.asking.reconciling.lexicon import Lexicon
from kg.asking.reconciling.names import Name
from kg.asking.reconciling.score import TypedName


def lexicon(*texts: str) -> Lexicon:
    things = [
        Entity(f"t/{n:05}", ("Event",), {}, (Name(text, "en", "label"),)) for n, text in enumerate(texts)
    ]
    return Lexicon(MemoryIndex(Entities({thing.id: thing for thing in things}, {}, {}, {})))


def near(found: Lexicon, text: str) -> list[str]:
    return [thing for thing, _ in found.near(TypedName.of(text))]


def test_a_word_in_common_is_enough_and_a_rare_one_comes_first() -> None:
    found = lexicon("letter from Havana", "letter from Moscow", "letter … Moscow", "—")

    assert near(found, "letter Havana") == ["t/00000", "t/00001", "t/00002"]
    assert near(found, "speech") == []


def test_a_sound_a_mistake_or_missing_spaces_are_enough() -> None:
    found = lexicon("Havana conference", "Khrushchev", "Guantanamo")

    assert near(found, "Хрущёв") == ["t/00001"]
    assert near(found, "Gyantinamo") == ["t/00002"]
    assert near(found, "havana-Conference") == near(found, "HavanaConference") == ["t/00000"]


def test_the_number_is_bounded_and_a_word_that_all_have_leads_nowhere() -> None:
    few, many = lexicon(*["telegram"] * (MOST + 1)), lexicon(*["telegram No. 5"] * 5_001, "telegram No. 6")

    assert len(near(few, "telegram")) == MOST
    assert near(many, "telegram") == []
    assert near(many, "telegram 6") == ["t/05001"]
