"""Finders of dates, numbers, marks, names and references, each on words of its own."""

from __future__ import annotations

import re

import pytest

from kg.curating.drafting.composing.finders import Finders
from kg.curating.drafting.finding.name_forms import Mention, family, tidy
from kg.curating.drafting.finding.number_lists import written_out
from kg.curating.drafting.finding.same_person import agree, persons
from kg.curating.drafting.finding.word_tables import WordTables, alternatives
from kg.curating.drafting.source.found import SourceText


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("October 23, 1962", ["1962-10-23"]),
        ("23/X/1962", ["1962-10-23"]),
        ("25.X.62", ["1962-10-25"]),
        ("23.XI - 63", ["1963-11-23"]),
        ("1962/10/24", ["1962-10-24"]),
        ("10/24/62", ["1962-10-24"]),
        ("24.10.62", ["1962-10-24"]),
        ("5/5/1962", ["1962-05-05"]),
        ("23 октября 1962 г.", ["1962-10-23"]),
        ("23 de octubre de 1962", ["1962-10-23"]),
        ("the twenty-third of October, 1962", ["1962-10-23"]),
        ("27 [26?] October 1962", ["1962-10-27"]),
        ("October 1962", ["1962-10"]),
        ("5/6/1962", []),  # the fifth or the sixth
        ("31 April 1962", []),
        ("in 1962", []),
    ],
)
def test_a_date_is_read_and_an_unclear_one_is_not(finders: Finders, words: str, days: list[str]) -> None:
    assert [found.value for found in finders.dates.find(words)] == days


def test_a_date_without_a_year_takes_that_of_the_document(finders: Finders) -> None:
    assert finders.dates.find("on October 22") == []
    assert [f.value for f in finders.dates.find("on October 22 he may 3", year=1962)] == ["1962-10-22"]
    assert finders.dates.find("on October 22", year=1962)[0].certainty == "probable"


@pytest.mark.parametrize(
    ("printed", "numbers"),
    [
        ("811, 812-813", ["811", "812", "813"]),
        ("1643-44", ["1643", "1644"]),
        ("1973 - 1975", ["1973", "1974", "1975"]),
        ("007-009", ["007", "008", "009"]),
        ("900-100", ["900", "100"]),
        ("415, 9", ["415"]),
    ],
)
def test_a_range_is_written_out(printed: str, numbers: list[str]) -> None:
    assert written_out(printed) == numbers


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("Your No. 811, 812-813 were read.", ["811", "812", "813"]),
        ("Embtel 1041. Nothing more.", ["1041"]),
        ("My 32, January 29, 3 p.m., and 35, January 30, noon.", ["32", "35"]),
        ("Department's 415, November 9, 1 p.m.", ["415"]),
        ("Legation's despatch No. 77 of March 28, 1934", ["77"]),
        ("see telegram No. 8", ["8"]),
        ("REFERENCE: # 1710 (entry # 50273) of 1 November 1962", ["1710"]),
        ("To No. 3312", ["3312"]),
        ("на Ваш № 811", ["811"]),
        ("su telegrama n.º 815", ["815"]),
        ("your 3 children and my 12 ships", []),
        ("our 4 p.m. talk", []),
        ("Treaty Series No. 913, page 12, Lot 66 D 204", []),
        ("at 1600 he said.1", []),
    ],
)
def test_references_are_numbers_of_documents_only(finders: Finders, words: str, numbers: list[str]) -> None:
    found = finders.references.find(SourceText.of(words), 0, len(words), 1962)

    assert [number for one in found for number in one.numbers] == numbers


def test_a_reference_has_its_date_owner_and_second_number(finders: Finders) -> None:
    words = "our telegram No. 1967-1968 (incoming No. 53927) from 22.XI.63"

    (one,) = finders.references.find(SourceText.of(words), 0, len(words))

    assert (one.owner, one.kind, one.date, one.incoming) == ("our", "telegram", "1963-11-22", ("53927",))


def test_the_same_reference_counts_once(finders: Finders) -> None:
    words = "Your 52 came. Your 52, May 22, was read. Your 52, May 23, was not."

    found = finders.references.find(SourceText.of(words), 0, len(words), 1934)

    assert [(one.numbers, one.date) for one in found] == [(("52",), "1934-05-22"), (("52",), "1934-05-23")]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("I saw O. Nesset and [Lev] Zubatov.", ["O. Nesset", "Lev Zubatov"]),
        ("Comrade Dolinin, who left, and Marshal Grot spoke.", ["Dolinin", "Grot"]),
        ("The newsman Tviberg came. Tviberg said so.", ["Tviberg"]),
        ("Robert J. Penrose left.", ["Robert J. Penrose"]),
        ("U Thant spoke of the Nesset-Zubatov letters; Zubatov replied.", ["U Thant", "Nesset", "Zubatov"]),
        ("The Lunde Administration waits.", ["Lunde"]),
        ("R. Lunde left. Lunde will return.", ["R. Lunde"]),
        (
            "[Maria Garcia-] Oyarzun met A. Santos [Amalia Santos Ruiz].",
            ["Maria Garcia-Oyarzun", "A. Santos"],
        ),
        ("U.S. Embassy in Bergen and the General Staff of Oslo", []),
        ("Bergen was closed in March. The harbour of Tromvik was closed.", []),
    ],
)
def test_persons_are_shown_by_the_words_beside_them(finders: Finders, words: str, names: list[str]) -> None:
    found = finders.names(SourceText.of(words), [(0, len(words))], [])

    assert [person.value for person in found.persons] == names


def test_a_president_is_not_his_brother(finders: Finders) -> None:
    words = "R. Kennedy called. President Kennedy, he said, was tired. Kennedy left."

    found = finders.names(SourceText.of(words), [(0, len(words))], [])

    assert [person.value for person in found.persons] == ["R. Kennedy", "Kennedy"]


def test_names_of_one_person_agree() -> None:
    assert agree("F. Castro", "Fidel Castro")
    assert agree("П. Великанов", "П.Т. Великанова")
    assert not agree("F. Castro", "R. Castro")
    assert not agree("F. Castro", "F. Costa")
    assert family("Hartwell, James T.") == "Hartwell"
    assert family("Larrabeiti A.") == "Larrabeiti"
    assert tidy("A. DOBRYNIN's") == "A. Dobrynin"


def test_each_person_once_under_the_first_name_that_is_more_than_the_family_name() -> None:
    written = [("Nesset", 0), ("O. Nesset", 10), ("Olav Nesset", 30), ("Berit Nesset", 50)]

    found = persons([Mention(name, at, at + len(name), "", "certain") for name, at in written], {})

    assert [person.value for person in found] == ["O. Nesset", "Berit Nesset"]


@pytest.mark.parametrize(
    ("words", "organisations", "places"),
    [
        ("the USSR Ministry of Fisheries in Oslo", ["USSR Ministry of Fisheries"], ["Oslo"]),
        ("Officials of the Chinese Embassy", ["Chinese Embassy"], []),
        ("Chairman of the Council of Ministers of the USSR", ["Council of Ministers of the USSR"], []),
        ("Dallas police asked the White House", ["Dallas police", "White House"], ["Dallas"]),
        ("US officials left the US for Cuba; the United States knew", [], ["Cuba", "United States"]),
        ("the Warsaw Pact met in Warsaw", ["Warsaw Pact"], ["Warsaw"]),
        ("He read The Harbour Times and the Central Files.", ["The Harbour Times"], []),
        ("the Embassy in Norway wrote to the Embassy", ["Embassy in Norway"], []),
    ],
)
def test_organisations_and_places(
    finders: Finders, words: str, organisations: list[str], places: list[str]
) -> None:
    found = finders.names(SourceText.of(words), [(0, len(words))], [])

    assert [one.value for one in found.organisations] == organisations
    assert [one.value for one in found.places] == places


def test_of_many_words_the_longest_that_stands_there_is_found() -> None:
    words = re.compile(alternatives(["New", "New York", "New York City", "Newark", "St. Paul", "O’Neill"]))
    said = "New York, New  York\nCity, Newark, New Yorker, St. Paul, St, Paul, O'Neill"
    expected = ["New York", "New  York\nCity", "Newark", "New York", "St. Paul", "O'Neill"]
    assert words.findall(said) == expected


def test_every_word_of_the_tables_is_found_as_the_longest_that_it_begins_with() -> None:
    """However many words share their beginning: those of places, organisations and given names."""
    tables = WordTables()
    for table in (tables.places, tables.organisations, tables.given_names):
        words = {word.replace("’", "'") for word in table}
        pattern = re.compile(alternatives(table))
        for word in words:
            for said in (word, f"{word} of", f"{word}s"):
                longest = max((said[:n] for n in range(1, len(said) + 1) if said[:n] in words), key=len)
                found = pattern.match(said)
                assert found is not None
                assert found.group() == longest
