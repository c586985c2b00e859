"""Forms of words: typed by hand from the grammar of the three languages."""

from __future__ import annotations

import pytest

from kg.asking.searching import word_forms
from kg.asking.searching.word_forms import content_words, is_function_word, stems, text_stems, words


@pytest.mark.parametrize(
    ("language", "same"),
    [
        ("en", "declassified declassification declassifies declassify"),
        ("en", "mobilise mobilised mobilization mobilisation mobilizing"),
        ("en", "consult consulted consultation consultations"),
        ("en", "favour favours favored favor"),
        ("en", "defence defense"),
        ("en", "centre centres center centers"),
        ("ru", "ракета ракеты ракет ракетами"),
        ("ru", "письмо письма писем письмам"),
        ("ru", "сестра сестёр"),
        ("ru", "конец конца"),
        ("ru", "Хрущёв Хрущев Хрущёва Хрущеву"),
        ("es", "desclasificación desclasificacion"),
        ("es", "misil misiles"),
        ("es", "consulta consultas"),
    ],
)
def test_forms_of_a_word_have_a_stem_in_common(language: str, same: str) -> None:
    forms = [stems(word, language) for text in same.split() for word in words(text)]

    assert frozenset.intersection(*forms), forms


@pytest.mark.parametrize(
    ("one", "other"), [("four", "for"), ("mission", "missile"), ("party", "part"), ("ракета", "ракурс")]
)
def test_other_words_have_none(one: str, other: str) -> None:
    assert not stems(one) & stems(other)


def test_a_typed_word_has_the_stems_of_all_languages_of_its_alphabet() -> None:
    assert stems("misiles") == stems("misiles", "en") | stems("misiles", "es")
    assert stems("ракет") == stems("ракет", "ru")


def test_accents_capitals_and_possessives_make_no_difference() -> None:
    assert text_stems("CASTRO'S Dorticós", "en") == text_stems("castro dorticos", "en")
    assert word_forms.plain_words("Dorticós, Хрущёв") == ("dorticos", "хрущев")


def test_function_words_are_left_out_unless_there_is_nothing_else() -> None:
    assert content_words("Who is the president of Cuba?") == (
        ("president", "cuba"),
        ("who", "is", "the", "of"),
    )
    assert content_words("кто и где") == (("кто", "и", "где"), ())
    assert content_words("el presidente de los Estados Unidos") == (
        ("presidente", "estados", "unidos"),
        ("el", "de", "los"),
    )
    assert content_words("Cuba cuba CUBA") == (("cuba",), ())


@pytest.mark.parametrize("word", ["us", "US", "U", "no", "not"])
def test_what_means_something_here_is_no_function_word(word: str) -> None:
    assert not is_function_word(word)
