"""People across volumes: who is offered as one person and why, and who is joined when somebody has said so."""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path

import pytest

from kg.curating.importing.people import candidate_table, joined_people
from kg.curating.importing.people.candidates import candidates
from kg.curating.importing.people.named_people import NamedPerson
from kg.curating.importing.people.person_names import NameReader, PlainName
from kg.curating.importing.references.record_quads import QuadWriter
from kg.errors import CablegraphError, DataError
from kg.reading.ontology import parse_context
from kg.resources import folder

from .conftest import BASE, FILES, run

COTTER = "harbor1931v01-cotter-secretary-of-state", "harbor1932v01-cotter-secretary-of-state"


def person(
    key: str, label: str, office: str = "", years: tuple[int, ...] = (), note: str = ""
) -> NamedPerson:
    volume, _, _ = key.partition("-")
    return NamedPerson(key, label, note, volume, offices={office} - {""}, years=set(years), documents=1)


def pair(one: NamedPerson, other: NamedPerson) -> list[tuple[float, tuple[str, ...]]]:
    return [(found.score, found.why) for found in candidates({one.key: one, other.key: other})]


@pytest.mark.parametrize(
    ("written", "inverted", "family", "given"),
    [
        ("Rollo B. Vane", False, "vane", ("rollo", "b")),
        ("Vane, Rollo B., Jr.", True, "vane", ("rollo", "b")),
        ("Mr. Vane", False, "vane", ()),
        ("Dr. Don Rolló Vané", False, "vane", ("rollo",)),
        ("M. Vane", False, "vane", ("m",)),
    ],
)
def test_a_name_has_its_parts(written: str, inverted: bool, family: str, given: tuple[str, ...]) -> None:
    assert NameReader().read(written, inverted=inverted) == PlainName(family, given)


@pytest.mark.parametrize("written", ["S.S. Vane", "Vane Company", "Dr.", "12"])
def test_what_is_no_name_has_none(written: str) -> None:
    assert NameReader().read(written) is None


def test_a_name_an_office_and_a_time_speak_for_a_pair() -> None:
    listed = person(
        "v1-p-vr1", "Vane, Rollo", years=(1931,), note="The list of persons of v1 says: Minister in Ostria"
    )
    named = person("v2-rollo-vane", "Rollo Vane", years=(1940,))
    office = person("v3-vane-minister-in-ostria", "Vane, Minister in Ostria", "Minister in Ostria", (1932,))

    assert pair(listed, named) == [(0.65, ("the same given name", "9 years apart"))]
    reasons = (
        "a family name alone on one side",
        "the same post, ostria",
        "the same office, minister in ostria",
        "1 years apart",
    )
    assert pair(listed, office) == [(0.65, reasons)]


def test_initials_count_less_than_a_name_and_an_unknown_time_does_not_count() -> None:
    one = person("v1-r-b-vane", "R. B. Vane, Acting Secretary of State", "Acting Secretary of State")
    other = person("v2-rollo-b-vane", "Rollo B. Vane, Secretary of State", "Secretary of State", (1931,))

    assert pair(one, other) == [(0.7, ("the same initials", "the same post, Department of State"))]


@pytest.mark.parametrize(
    "other",
    [
        person("v2-rita-vane", "Rita Vane", years=(1931,)),  # another given name
        person("v2-rollo-b-vale", "Rollo B. Vale", years=(1931,)),  # another family name
        person("v2-rollo-c-vane", "Rollo C. Vane", years=(1931,)),  # another second initial
        person("v2-rollo-b-vane", "Rollo B. Vane", years=(1990,)),  # another time
        person("v1-rollo-vane", "Rollo Vane", years=(1931,)),  # the same volume
        person(
            "v2-vane-consul-at-lisbon", "Vane, Consul at Lisbon", "Consul at Lisbon", (1931,)
        ),  # another office
    ],
)
def test_what_speaks_against_a_pair_or_little_for_it_offers_none(other: NamedPerson) -> None:
    one = person("v1-rollo-b-vane", "Rollo B. Vane, Minister in Ostria", "Minister in Ostria", (1931,))

    assert pair(one, other) == []


def decided(folder: Path, *rows: dict[str, str]) -> Path:
    """Write a table of pairs, of Cotter where a row says nothing else, each confirmed."""
    file = folder / "people.sssom.tsv"
    common = {"subject_id": f"actor:{COTTER[0]}", "predicate_id": "skos:exactMatch", "predicate_modifier": ""}
    common |= {"object_id": f"actor:{COTTER[1]}", "mapping_justification": candidate_table.PROPOSED}
    common |= {
        "reviewer_label": "Ada Reader",
        "mapping_date": "2026-11-28",
        "comment": "one office",
        "author_label": "a program",
    }
    lines = ["\t".join((common | row).values()) for row in rows]
    file.write_text("\n".join(["#license: none", "\t".join(common), *lines, ""]), "utf-8")
    return file


def test_those_who_are_one_by_somebodys_word_are_one_thing(tmp_path: Path, threads: Executor) -> None:
    joined = joined_people.read(decided(tmp_path, {}), BASE)
    told: list[str] = []

    done = run(FILES, tmp_path / "out.nq", threads, told, joined)

    text = (tmp_path / "out.nq").read_text("utf-8")
    said = f"Ada Reader says on 2026-11-28 that {COTTER[0]} and {COTTER[1]} are one: one office"
    senders = [line for line in text.splitlines() if "value>" in line and f"actor/{COTTER[0]}>" in line]
    assert f"actor/{COTTER[1]}>" not in text
    assert {line.split("/telegram/")[1].split("/")[0] for line in senders} == {
        "harbor1931v01-d2",
        "harbor1932v01-d1",
    }
    assert text.count(f'note> "{said}"@en') == 1
    assert done.counts["violation"] == 0


def test_a_joined_person_has_all_names_and_notes() -> None:
    actor = {"type": "Person", "labelSource": "source-text"}
    known = {
        "v2-vane": {**actor, "label": {"en": "Vane, Minister in Ostria"}},
        "v1-p-vr1": {
            **actor,
            "label": {"en": "Vane, Rollo"},
            "note": "The list of persons of v1 says: Minister",
        },
        "v3-brask": {**actor, "label": {"en": "Brask"}},
    }
    joined = joined_people.JoinedPeople({"v2-vane": "v1-p-vr1"}, {"v1-p-vr1": ("Ada says so",)})

    assert joined.actors(known) == {
        "v1-p-vr1": {
            **actor,
            "label": {"en": "Vane, Rollo"},
            "note": ["The list of persons of v1 says: Minister", "Ada says so"],
            "variant": {"en": ["Vane, Minister in Ostria"]},
        },
        "v3-brask": known["v3-brask"],
    }


@pytest.mark.parametrize(
    "row",
    [
        {"reviewer_label": ""},  # a proposal
        {"predicate_modifier": "Not"},
        {"predicate_id": "skos:closeMatch"},
        {"reviewer_label": "", "author_label": "", "mapping_justification": "semapv:ManualMappingCuration"},
    ],
)
def test_other_rows_join_nobody(row: dict[str, str], tmp_path: Path) -> None:
    assert joined_people.read(decided(tmp_path, row), BASE).kept == {}


def test_a_mapping_of_somebody_else_counts_and_lists_come_first(tmp_path: Path) -> None:
    by_hand = {
        "reviewer_label": "",
        "author_label": "Bea",
        "mapping_justification": "semapv:ManualMappingCuration",
    }
    listed = {"object_id": f"{BASE}id/actor/harbor1933v01-p-co1"}

    joined = joined_people.read(decided(tmp_path, by_hand, by_hand | listed, by_hand), BASE)

    assert joined.kept == dict.fromkeys(COTTER, "harbor1933v01-p-co1")
    assert joined.decided(*COTTER)


def test_who_is_known_to_be_two_is_not_offered_again(tmp_path: Path) -> None:
    joined = joined_people.read(decided(tmp_path, {"predicate_modifier": "Not"}), BASE)

    assert joined.decided(*COTTER)
    assert not joined.decided(COTTER[0], "another")


@pytest.mark.parametrize(
    ("rows", "line", "message"),
    [
        (({}, {"predicate_modifier": "Not"}), 4, "other rows say that .* are one; mend them"),
        (
            ({"object_id": "place:lisbon"},),
            3,
            "place:lisbon is no actor of <https://example.org/harbor/id/actor/>",
        ),
        (({"subject_id": ""},), 3, "an empty cell is no actor of"),
    ],
)
def test_wrong_rows_are_told_with_their_line(
    rows: tuple[dict[str, str], ...], line: int, message: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=f"people.sssom.tsv:{line}: {message}"):
        joined_people.read(decided(tmp_path, *rows), BASE)


def test_a_table_without_a_column_is_told_and_commas_are_read(tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.tsv", tmp_path / "good.csv"
    bad.write_text("subject_id\tobject_id\n", "utf-8")
    row = f'actor:{COTTER[0]},skos:exactMatch,actor:{COTTER[1]},semapv:ManualMappingCuration,"Reader, Ada"'
    good.write_text(f"subject_id,predicate_id,object_id,mapping_justification,author_label\n{row}\n", "utf-8")

    with pytest.raises(DataError, match=r"bad.tsv:1: the column predicate_id is missing"):
        joined_people.read(bad, BASE)
    joined = joined_people.read(good, BASE)
    assert joined.kept == {COTTER[1]: COTTER[0]}
    assert joined.said[COTTER[0]] == (f"Reader, Ada says that {COTTER[0]} and {COTTER[1]} are one",)


def test_a_table_that_is_there_is_kept(tmp_path: Path) -> None:
    file = decided(tmp_path, {})

    with pytest.raises(CablegraphError, match="may hold decisions"):
        candidate_table.write(file, [], BASE, "2026-11-27")


def test_each_variant_of_a_label_is_a_quad() -> None:
    writer = QuadWriter(parse_context(folder("ontology") / "context.jsonld"), BASE)
    graph = f"<{BASE}graph/shared>"

    quads = list(writer.things("actor", {"vane": {"variant": {"en": ["Vane", "R. Vane"]}}}))

    start = f"<{BASE}id/actor/vane> <http://www.w3.org/2004/02/skos/core#altLabel>"
    assert quads == [f'{start} "{name}"@en {graph} .\n' for name in ("Vane", "R. Vane")]
