"""Forms of words for search: without accents and endings, in English, Russian or Spanish.

Snowball's stemmers (https://snowballstem.org) remove the endings. A text in the index knows its language;
of typed words the alphabet alone is known, so that they get the stems of each language that has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import snowballstemmer
import yaml

from kg.asking.reconciling import spelling
from kg.terms import folded

LANGUAGES = ("en", "ru", "es")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_FLEETING = re.compile("(.*[бвгджзйклмнпрстфхцчшщ])[ео]([бвгджзклмнпрстфхцчшщ])ь?")
_STEMMERS = {"en": "english", "ru": "russian", "es": "spanish"}
_FEWEST = 6  # letters of a word with a British or American ending


def words(text: str) -> tuple[str, ...]:
    """Return the words of `text` in lower case, with accents and in order; of possessives the name alone."""
    return spelling.words(text)


def plain_words(text: str) -> tuple[str, ...]:
    """Return the words of `text` in lower case without accents, in order."""
    return tuple(map(folded, words(text)))


@lru_cache(maxsize=1 << 17)
def stems(word: str, language: str = "") -> frozenset[str]:
    """Return the stems of a word of `words`; without a `language` those in each that has its alphabet."""
    if _CYRILLIC.search(word):
        return frozenset(_russian(word))
    if language == "es":
        return frozenset({folded(_stem("es", word)), _stem("es", folded(word))})
    if language:
        return frozenset({_english(folded(word))})
    return stems(word, "en") | stems(word, "es")


@lru_cache(maxsize=1 << 15)  # the names of people and things stand in many hits
def text_stems(text: str, language: str = "") -> tuple[str, ...]:
    """Return the stems of all words of `text`, in its order."""
    return tuple(stem for word in words(text) for stem in sorted(stems(word, language)))


def is_function_word(word: str) -> bool:
    """Return whether `word` is an article, a pronoun, a preposition or alike in one of the languages."""
    return folded(word) in _function_words()


def content_words(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words of `text` that are searched for, each once, and the function words left out.

    If there are function words alone, they are what is searched for.
    """
    every = tuple(dict.fromkeys(words(text)))
    content = tuple(word for word in every if not is_function_word(word))
    return (content, tuple(word for word in every if word not in content)) if content else (every, ())


def _russian(word: str) -> Iterable[str]:
    """Yield the stem and the stem of the stem: of a name the ending -ev is taken for one of a verb.

    A vowel before the last consonant may be a fleeting one, which other forms do not have: писем, письма.
    """
    stem = _stem("ru", word.replace("ё", "е"))
    yield folded(stem)
    yield folded(_stem("ru", stem))
    if found := _FLEETING.fullmatch(word.replace("ё", "е")):
        yield folded(found[1] + found[2])
        yield folded(f"{found[1]}ь{found[2]}")


def _english(word: str) -> str:
    if len(word) >= _FEWEST:
        word = _replaced(word, _table("spellings"))
    return _replaced(_stem("en", word), _table("stems"))


def _replaced(word: str, endings: Mapping[str, str]) -> str:
    for ending, other in endings.items():
        if word.endswith(ending):
            return word.removesuffix(ending) + other
    return word


def _stem(language: str, word: str) -> str:
    # A stemmer keeps the word in hand in itself, so that each call makes its own: threads share none.
    return str(snowballstemmer.stemmer(_STEMMERS[language]).stemWord(word)) or word


@lru_cache(maxsize=1)
def _function_words() -> frozenset[str]:
    return frozenset(folded(word) for text in _table("function_words").values() for word in text.split())


def _table(name: str) -> Mapping[str, str]:
    table: Mapping[str, str] = _tables()[name]
    return table


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, Any]:
    text = (files("kg.asking.searching") / "words.yaml").read_text(encoding="utf-8")
    tables: Mapping[str, Any] = yaml.safe_load(text)
    return tables
