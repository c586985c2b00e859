"""Folding and sounds: the same name in other letters is the same name, another name is not."""

from __future__ import annotations

import pytest

from kg.asking.reconciling import spelling
from kg.asking.reconciling.score import word_similarity
from kg.asking.reconciling.spelling import first_sounds, latin_letters, latin_words, pronunciations


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Osvaldo  DORTICÓS", ("osvaldo", "dorticos")),
        ("Хрущёв", ("khrushchev",)),
        ("Castro's letter", ("castro", "letter")),
        ("Grigor'ev", ("grigorev",)),
        ("U-Thant", ("u", "thant")),
        ("ﬁnal №5", ("final", "no5")),
        ("…", ()),
        ("毛泽东", ("maozedong",)),
    ],
)
def test_case_accents_signs_and_alphabet_make_no_difference(text: str, words: tuple[str, ...]) -> None:
    assert latin_words(text) == words


def test_abbreviations_are_the_same_with_dots_and_without() -> None:
    assert latin_letters("C.C. C.P.S.U.") == latin_letters("CC CPSU") == "cccpsu"


# Each line: a name as the graph has it, in two alphabets, and then as different systems write it.
SAME = [
    ["Khrushchev", "Хрущёв", "Hruščëv", "Jruschov", "Chruschtschow", "Khrouchtchev", "Chruščov", "Krushchev"],
    ["Alekseev", "Алексеев", "Alekseyev", "Alexeyev", "Alexejew", "Alexeiev", "Alekseyeff"],
    ["Mikoyan", "Микоян", "Mikojan", "Mikoian"],
    ["Malinovsky", "Малиновский", "Malinovskii", "Malinowski", "Malinovskij"],
    ["Kuznetsov", "Кузнецов", "Kuznecov", "Kusnezow", "Kouznetsov"],
    ["Grechko", "Гречко", "Gretschko", "Grečko", "Gretchko"],
    ["Guevara", "Гевара", "Gevara"],
    ["Joaquín", "Хоакин", "Joaquin"],
    ["Valdés", "Вальдес", "Valdez"],
]


@pytest.mark.parametrize("spellings", SAME, ids=lambda spellings: spellings[0])
def test_spellings_of_one_name_sound_alike(spellings: list[str]) -> None:
    for known in spellings[:2]:
        assert [other for other in spellings if not word_similarity(known.lower(), other.lower(), True)] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Castro", "Kuznetsov"),
        ("Ramón", "Raúl"),
        ("Rusk", "Roca"),
        ("Gromyko", "Grechko"),
        ("Stevenson", "Semenov"),
    ],
)
def test_other_names_do_not(one: str, other: str) -> None:
    assert word_similarity(one.lower(), other.lower(), True) == 0


def test_a_letter_wrong_costs_more_than_another_system() -> None:
    assert 0.7 < word_similarity("savranskaya", "savranskaja", True) < 1
    assert 0.7 < word_similarity("ordoqui", "ordoquiz", True) < word_similarity("ordoqui", "ordoki", True)


@pytest.mark.parametrize(
    ("initial", "name"), [("f", "fidel"), ("х", "khoakin"), ("kh", "хоакин"), ("j", "джон")]
)
def test_an_initial_stands_for_its_name_of_a_person_only(initial: str, name: str) -> None:
    assert word_similarity(initial, name, True) == word_similarity(name, initial, True) == 0.9
    assert word_similarity(initial, name, False) == 0


def test_initials_that_are_others_do_not_fit() -> None:
    assert word_similarity("r", "fidel", True) == word_similarity("a", "emilio", True) == 0


def test_numbers_are_the_same_or_not() -> None:
    assert word_similarity("1701", "1701", False) == 1
    assert word_similarity("1701", "1710", False) == 0
    assert pronunciations("1701") == pronunciations("…") == frozenset()


def test_readings_are_bounded_and_begin_with_a_vowel_or_not() -> None:
    assert len(pronunciations("ch" * 40)) <= 32
    assert pronunciations("oo") == {"A"}
    assert pronunciations("oca") >= {"Ak", "As"}
    assert first_sounds("oca") == frozenset()
    assert first_sounds("жуков") == {"S"}


def test_the_tables_are_in_the_form_that_the_code_reads() -> None:
    table = dict(spelling.table_rows("sounds.tsv"))

    assert len(table) >= 50
    assert {sound for line in table.values() for sound in line.split()} <= {*"Sbcdfghklmnprstvz-", "ks", "kv"}
    assert {*spelling.word_lists()} == {"titles", "particles", "initials"}
    for words in spelling.word_lists().values():
        assert [word for word in words if latin_words(word) != (word,)] == []
