"""A collection is read from its folder, with exact errors, and adds its files to ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import DataError
from kg.namespaces import BASE, Namespaces
from kg.reading import ontology
from kg.reading.collection import description
from kg.reading.collection.collection import Collection
from kg.resources import listed

OWN = "https://example.org/havana/"
GOOD = f"""title: Telegrams from Havana
base: {OWN}
licence: https://creativecommons.org/licenses/by/4.0/
curator: Jane Doe
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "collection.yaml").write_text(GOOD)
    (tmp_path / "records").mkdir()
    return tmp_path


def wrong(place: Path, text: str) -> str:
    """Return the message about a collection.yaml with this text."""
    (place / "collection.yaml").write_text(text)
    with pytest.raises(DataError) as raised:
        Collection.at(place)
    return str(raised.value)


def test_ours_has_the_title_and_the_base_of_the_project() -> None:
    ours = Collection.shipped()

    assert ours.about.base == BASE
    assert ours.place is None
    assert Collection.at(None) == ours


def test_data_in_another_base_are_not_called_ours() -> None:
    ours, other = Collection.shipped().about, Collection.in_base("https://example.org/frus/").about

    assert Collection.in_base(BASE).about == ours
    assert ours.is_described
    assert not other.is_described
    assert (other.title, other.licence_name) == ("Documents at example.org/frus", "rights not evaluated")
    # "Copyright Not Evaluated" of RightsStatements.org
    assert other.licence == "http://rightsstatements.org/vocab/CNE/1.0/"
    assert other.about == ""
    assert not {other.title, other.licence, other.curator, other.pages} & {
        ours.title,
        ours.licence,
        ours.curator,
        ours.pages,
    }


def test_a_description_has_lists_where_they_are_written(place: Path) -> None:
    (place / "collection.yaml").write_text(
        GOOD + "languages: [ru, en]\nzones: [moscow-assumed]\nabout: Ours.\n"
    )

    about = description.read(place / "collection.yaml")

    assert (about.title, about.curator) == ("Telegrams from Havana", "Jane Doe")
    assert (about.languages, about.places, about.zones) == (("ru", "en"), (), ("moscow-assumed",))
    assert about.about == "Ours."


@pytest.mark.parametrize(
    ("licence", "name"),
    [
        ("https://creativecommons.org/licenses/by-sa/4.0/", "CC BY-SA 4.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
        ("https://example.org/terms", "https://example.org/terms"),
    ],
)
def test_a_licence_of_creative_commons_has_a_short_name(licence: str, name: str) -> None:
    about = description.parse(GOOD.replace("https://creativecommons.org/licenses/by/4.0/", licence).encode())

    assert about.licence_name == name


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("curator:", "curated:", "collection.yaml:4: there is no key 'curated'; did you mean curator?"),
        ("title: Telegrams from Havana\n", "", "collection.yaml: title is missing; write one text, as in"),
        ("Telegrams from Havana", "[a, b]", "collection.yaml:1: title is missing; write one text"),
        (OWN, "example", "collection.yaml:2: base takes an IRI, as in"),
        (OWN, "https://example.org/havana", "collection.yaml:2: base ends with a slash; write"),
        ("Jane Doe", "Jane Doe\nlanguages: english", "collection.yaml:5: languages takes a list of words"),
        ("Jane Doe", "Jane Doe\nlanguages: [e]", "collection.yaml:5: 'e' is not a valid language tag"),
        ("Jane Doe", "Jane Doe\nabout: [a]", "collection.yaml:5: about takes one text, a sentence or two"),
        ("Jane Doe", "Jane Doe\nsubject: [a]", "collection.yaml:5: subject takes one text"),
        (
            "Jane Doe",
            "Jane Doe\nsections: [a]",
            "collection.yaml:5: sections takes headings, each with a text",
        ),
        ("Jane Doe", "Jane Doe\nquality: {a: [b]}", "collection.yaml:5: quality takes headings, each with"),
        ("Jane Doe", "Jane Doe\nquestions: who", "collection.yaml:5: questions takes a list of at most 5"),
        ("Jane Doe", "Jane Doe\nquestions: [who]", "collection.yaml:5: question 1 takes name, asks and with"),
        (
            "Jane Doe",
            "Jane Doe\nquestions: [{name: [a]}]",
            "collection.yaml:5: question 1 takes a text for name",
        ),
        ("Jane Doe", "Jane Doe\nquestions: [{name: a, with: b}]", "question 1 takes values by parameter"),
        (
            "Jane Doe",
            "Jane Doe\nquestions: [{name: hearsays}]",
            "collection.yaml: there is no saved question 'hearsays'; did you mean hearsay?",
        ),
        (
            "Jane Doe",
            "Jane Doe\nquestions: [{name: zzz}]",
            "saved question 'zzz'; `cablegraph query` lists all",
        ),
        (GOOD, "", "collection.yaml: the file is empty"),
        (GOOD, "- a", "collection.yaml:1: a record file consists of `key: value` lines"),
    ],
)
def test_a_wrong_description_is_named_with_its_line(place: Path, old: str, new: str, message: str) -> None:
    assert message in wrong(place, GOOD.replace(old, new))


def test_what_a_collection_says_on_its_pages_is_read(place: Path) -> None:
    text = (
        "subject: The harbour\ncontact: jane@example.org\nsections: {Rights: Free.}\nquality: {Agreement: Good.}\n"
        "questions:\n- {name: hearsay, asks: Who heard it?}\n- {name: offices, with: {who: actor:ann}}\n"
    )
    (place / "collection.yaml").write_text(f"{GOOD}\n{text}")

    pages = Collection.at(place).about.pages

    assert (pages.subject, pages.contact) == ("The harbour", "jane@example.org")
    assert (pages.sections, pages.quality) == ((("Rights", "Free."),), (("Agreement", "Good."),))
    assert [(one.name, one.asks, one.given) for one in pages.questions] == [
        ("hearsay", "Who heard it?", ()),
        ("offices", "", (("who", "actor:ann"),)),
    ]


def test_a_folder_without_description_or_records_is_refused(place: Path) -> None:
    (place / "records").rmdir()
    with pytest.raises(DataError, match="has no folder of this name"):
        Collection.at(place)
    (place / "collection.yaml").unlink()
    with pytest.raises(DataError, match="make one with `cablegraph new DIR`"):
        Collection.at(place)


def test_own_files_are_added_to_ours(place: Path) -> None:
    (place / "queries" / "rules" / "after").mkdir(parents=True)
    (place / "queries" / "mine.rq").write_text("ASK {}")
    (place / "queries" / "README.md").write_text("mine")
    (place / "queries" / "rules" / "after" / "mine.rq").write_text("CONSTRUCT {} WHERE {}")
    queries = Collection.at(place).queries

    names = {file.name for file in listed(queries, ".rq")}

    assert {"mine.rq", "who-criticised.rq"} <= names
    assert (queries / "mine.rq").read_text(encoding="utf-8") == "ASK {}"
    assert (queries / "README.md").read_text(encoding="utf-8") == "mine"
    assert "mine.rq" in {file.name for file in listed(queries / "rules" / "after", ".rq")}
    assert not (queries / "rules" / "missing.rq").is_file()
    assert queries.is_dir()
    assert not queries.is_file()


def test_a_name_of_ours_is_refused(place: Path) -> None:
    (place / "shapes" / "stated").mkdir(parents=True)
    (place / "shapes" / "stated" / "assertion.ttl").write_text("")

    with pytest.raises(DataError) as raised:
        listed(Collection.at(place).shapes / "stated", ".ttl")

    assert str(raised.value).startswith("shapes/stated/assertion.ttl: cablegraph, or another collection,")


def test_things_are_in_the_base_of_the_collection_and_lists_in_ours(place: Path) -> None:
    context = ontology.load(Collection.at(place).ontology).context

    assert context["@base"] == f"{OWN}id/"
    assert context["actor"] == f"{OWN}id/actor/"
    assert context["event"] == f"{OWN}id/event/"
    assert context["cg"] == f"{BASE}ontology#"
    assert context["voice"]["@context"]["@vocab"] == f"{BASE}id/voice/"


def test_saved_questions_name_the_things_of_the_collection(place: Path) -> None:
    text = (Collection.at(place).queries / "who-did-what-at-an-event.rq").read_text(encoding="utf-8")

    assert f"PREFIX event: <{OWN}id/event/>" in text
    assert f"PREFIX mode: <{BASE}id/mode/>" in text


@pytest.mark.parametrize(
    ("ours", "own"),
    [
        ("id/", True),
        ("id/actor/x", True),
        ("id/link/x", True),
        ("id/event", True),
        ("id/event-kind/x", False),
        ("id/voice/writer", False),
        ("graph/shared", True),
        ("dataset#publisher", True),
        ("dataset", True),
        ("queries/x", True),
        ("ontology#heldBy", False),
        ("shape#x", False),
        ("", False),
    ],
)
def test_what_is_the_collections_own(ours: str, own: bool) -> None:
    assert Namespaces(OWN).rebased(f"<{BASE}{ours}>") == f"<{OWN if own else BASE}{ours}>"
    assert Namespaces().rebased(f"<{BASE}{ours}>") == f"<{BASE}{ours}>"


def test_namespaces_of_a_collection() -> None:
    names = Namespaces(OWN)

    assert (names.id, names.graph, names.dataset) == (f"{OWN}id/", f"{OWN}graph/", f"{OWN}dataset")
    assert names.prefixes["actor"] == f"{OWN}id/actor/"
    assert names.prefixes["voice"] == f"{BASE}id/voice/"
    assert names.is_ours(f"{OWN}x")
    assert names.is_ours(f"{BASE}ontology#x")
    assert not names.is_ours("https://example.org/x")
