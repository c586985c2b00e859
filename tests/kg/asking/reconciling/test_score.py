"""What a name that somebody wrote is worth beside one of the graph: the table of `comparing`, line by line."""

from __future__ import annotations

import pytest

from kg.asking.reconciling.names import Name, family_names, is_initial, variants
from kg.asking.reconciling.score import TypedName, compare

LABEL = Name("Fidel Castro Ruz", "es", "label")
FAMILY = frozenset({"castro", "ruz"})


def person(text: str, name: Name = LABEL, family: frozenset[str] = FAMILY) -> float:
    return compare(TypedName.of(text), name, family)


def thing(text: str, name: str, kind: str = "label") -> float:
    return compare(TypedName.of(text), Name(name, "en", kind), None)


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("Fidel Castro Ruz", 100),
        ("fidél CASTRO-RUZ", 100),
        ("Castro Ruz, Fidel", 99),
        ("Presidente Fidel Castro Ruz", 100),
        ("Fidel Castro", 92),
        ("Castro Ruz", 92),
        ("Castro", 88),
        ("comrade Castro", 88),
        ("Fidel", 70),
        ("Gromyko", 0),
        ("Comrade", 0),
        ("", 0),
    ],
)
def test_a_persons_name(text: str, score: float) -> None:
    assert person(text) == pytest.approx(score)


def test_initials_cost_little() -> None:
    assert 85 < person("F. Castro") < 92
    assert 85 < person("F. C. Ruz") < 100


@pytest.mark.parametrize(
    "text", ["Ramón Castro Ruz", "Robert Castro", "R. Castro", "Fidel Gromyko", "Castro Gromyko"]
)
def test_a_namesake_is_never_worth_a_match(text: str) -> None:
    assert 0 < person(text) < 75


def test_the_first_given_name_may_not_be_skipped() -> None:
    label = Name("Nikita Sergeevich Khrushchev", "en", "label")
    cyrillic = Name("Хрущёв Н. С.", "ru", "alternative")
    family = frozenset({"khrushchev"})

    for name in (label, cyrillic):
        assert person("Sergei Khrushchev", name, family) <= 70
        assert person("S. Khrushchev", name, family) <= 70
        assert person("N. Khrushchev", name, family) > 85


def test_a_family_name_that_a_telegram_writes_is_worth_more_and_a_given_name_not_enough() -> None:
    assert person("Castro", Name("comrade Castro", "", "written")) == 90
    assert person("Kastro", Name("Castro", "", "written")) == pytest.approx(0.97 * 88 + 2)
    assert person("Fidel", Name("Fidel", "", "written")) == 70


def test_a_nickname_stands_for_the_person() -> None:
    assert person("Che", Name("Che", "en", "alternative"), frozenset({"guevara"})) == 98


@pytest.mark.parametrize(
    ("text", "name", "score"),
    [
        ("Cuban Missile Crisis", "Cuban Missile Crisis", 100),
        ("Crisis, Cuban Missile", "Cuban Missile Crisis", 99),
        ("CubanMissile Crisis", "Cuban Missile Crisis", 99),
        ("people of Cuba", "people Cuba", 100),
        ("Missile Crisis", "Cuban Missile Crisis", 60 + 25 * 2 / 3),
        ("Berlin Crisis", "Cuban Missile Crisis", 75 / 2 / 3),
        ("C. M. C.", "Cuban Missile Crisis", 0),
        ("Telegram 1701", "Telegram 1710", 75 / 4),
    ],
)
def test_a_name_of_another_thing(text: str, name: str, score: float) -> None:
    assert thing(text, name) == pytest.approx(score)


def test_the_kind_of_a_name_bounds_what_it_is_worth() -> None:
    assert [thing("the enemy", "the enemy", kind) for kind in ("label", "alternative", "written")] == [
        100,
        98,
        90,
    ]


def test_names_follow_from_names() -> None:
    texts = {name.text for name in variants(Name('Ernesto "Che" Guevara', "en", "label"), person=True)}
    building = {
        name.text for name in variants(Name("Soviet embassy (building)", "en", "label"), person=False)
    }
    quoted = {name.text for name in variants(Name('"the last" becomes "your"', "en", "label"), person=False)}

    assert texts == {'Ernesto "Che" Guevara', "Ernesto Guevara", "Che"}
    assert building == {"Soviet embassy (building)", "Soviet embassy"}
    assert quoted == {'"the last" becomes "your"'}


def test_family_names_are_the_last_words_and_in_spanish_the_fathers_too() -> None:
    names = [
        Name("Ramiro Valdés Menéndez", "es", "label"),
        Name("Рамиро Вальдес", "ru", "label"),
        Name("Хрущёв Н. С.", "ru", "alternative"),
        Name("Rodion Yakovlevich Malinovsky", "en", "label"),
        Name("Emilio", "", "written"),
        Name("Beetle", "en", "alternative"),
        Name("A. I.", "en", "alternative"),
    ]

    assert family_names(names) == {"valdes", "menendez", "khrushchev", "malinovsky"}


def test_initials_are_single_letters_and_a_few_pairs() -> None:
    assert is_initial("k")
    assert is_initial("kh")
    assert not is_initial("1")
    assert not is_initial("che")
