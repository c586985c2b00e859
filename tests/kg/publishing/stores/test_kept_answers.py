"""The answers that a store on disk keeps: what is kept, counted and found in parts, and what is not kept."""

from __future__ import annotations

import io
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import build
from kg.asking.questions import saved_queries
from kg.asking.questions.filled_query import fill_query
from kg.asking.questions.saved_queries import SavedQuery
from kg.namespaces import CG, ID, SHIPPED
from kg.publishing.stores import answer_process, answer_writer, empty_answers, sorted_quads, statement_index
from kg.publishing.stores.answer_process import Answering, Task
from kg.publishing.stores.kept_answers import KeptAnswers, beginning
from kg.publishing.stores.kept_questions import KeptQuestion, kept_questions, kept_values
from kg.resources import folder
from kg.store import nquads, sparql

SAVED = saved_queries.load(folder("queries"))
HELD = ("telegram:1962-10-23-havana-1643", "telegram:1962-11-02-havana-1717")
ACTOR = f"{ID}actor/"
DATED = KeptQuestion("happened-and-told", parts=("lane", "firstDay"), entries="thing")


@pytest.fixture(scope="module")
def store(graph: build.Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store on disk of the real graph."""
    place = tmp_path_factory.mktemp("kept") / "quads"
    made = ox.Store(str(place))
    made.bulk_extend(graph.quads)
    made.flush()
    return place


@pytest.fixture(scope="module")
def kept(store: Path, graph: build.Build) -> KeptAnswers:
    """All that is kept of the real graph."""
    lines = nquads.serialize(graph.quads, "nq").splitlines(keepends=True)
    file = store.with_name("answers.db")
    answer_writer.begin(file, "v1", sorted_quads.things(lines, (str(ID),)))
    Answering(store, file, apart=False, slow=60.0).answer(SAVED)
    found = KeptAnswers.of(file, "v1")
    assert found
    return found


@pytest.mark.parametrize("one", kept_questions(), ids=lambda one: f"{one.question} {dict(one.given)}")
def test_what_is_kept_is_the_answer(one: KeptQuestion, kept: KeptAnswers, store: Path) -> None:
    opened = ox.Store.read_only(str(store))
    text = fill_query(SAVED[one.question], one.given, lambda query: sparql.rows(opened, query)).text
    whole = json.loads(sparql.rows(opened, text).serialize(format=ox.QueryResultsFormat.JSON) or b"")
    answer = kept.answer(one.question, one.given)
    assert answer
    body = json.loads(answer.body)

    assert body["head"] == whole["head"]
    assert body["results"]["bindings"] == whole["results"]["bindings"][: one.rows]
    assert answer.total == len(whole["results"]["bindings"])
    for name, number in answer.different.items():
        assert number == len({row[name]["value"] for row in whole["results"]["bindings"] if name in row})


def test_each_question_that_is_kept_is_there_with_its_columns() -> None:
    for one in kept_questions():
        columns = {column.name for column in SAVED[one.question].columns}
        assert {*one.different, *one.parts, *filter(None, [one.entries])} <= columns


def test_rows_are_found_in_parts_by_month(kept: KeptAnswers) -> None:
    """The telegrams are of 23 October and 2 November 1962."""
    parts = kept.parts(DATED.question, {})
    october = kept.answer(DATED.question, {}, parts=beginning("document/1962-10"))
    assert october
    rows = json.loads(october.body)["results"]["bindings"]

    assert f"{ID}telegram/1962-10-23-havana-1643" in {row["thing"]["value"] for row in rows}
    assert {row["firstDay"]["value"][:7] for row in rows} == {"1962-10"}
    assert len({row["thing"]["value"] for row in rows}) == parts["document/1962-10"]


def test_things_are_found_by_folder_in_order(kept: KeptAnswers) -> None:
    folders = kept.folders()
    actors = kept.things(ACTOR, 1000)

    assert len(actors) == folders[ACTOR] == len(set(actors))
    assert actors == sorted(actors)
    assert f"{ACTOR}fidel-castro" in actors
    assert kept.things(ACTOR, 2, 3) == actors[3:5]
    assert (
        sorted(kept.beside(ACTOR, f"{ACTOR}fidel-kastro", 2))
        == actors[(at := actors.index(f"{ACTOR}fidel-castro")) - 1 : at + 3]
    )
    # What lies below a telegram is a part of it.
    assert not any("/passage/" in iri for iri in kept.every_thing(10_000))
    assert len(kept.every_thing(10_000)) == sum(folders.values())


def test_an_answer_that_takes_too_long_is_told_and_not_kept(store: Path, tmp_path: Path) -> None:
    file, told = tmp_path / "answers.db", list[str]()
    answer_writer.begin(file, "v1", ())
    few = [KeptQuestion("telegrams-held")]
    Answering(store, file, apart=True, progress=told.append, seconds=0.001).answer(SAVED, few)
    late = KeptAnswers.of(file, "v1")
    assert late

    assert told == ["telegrams-held had no answer within 0 s, and none is kept"]
    assert late.answer("telegrams-held", {}) is None

    Answering(store, file, apart=True, progress=told.append).answer(SAVED, few)
    answered = KeptAnswers.of(file, "v1")
    assert answered

    assert (answer := answered.answer("telegrams-held", {}))
    assert answer.total == 2


def test_an_answer_that_fails_is_told_and_not_kept(tmp_path: Path) -> None:
    file, told = tmp_path / "answers.db", list[str]()
    answer_writer.begin(file, "v1", ())
    missing = tmp_path / "no store"
    Answering(missing, file, apart=True, progress=told.append).answer(SAVED, [KeptQuestion("telegrams-held")])

    assert told == ["telegrams-held could not be answered, and no answer is kept"]


def test_the_process_answers_what_its_input_says(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "answers.db"
    answer_writer.begin(file, "v1", ())
    text = SAVED["telegrams-held"].text
    given = Task(KeptQuestion("telegrams-held", rows=1), text, 7.0).to_json()
    done = io.StringIO()
    begun = list[tuple[float, str]]()

    def begin(seconds: float) -> None:
        begun.append((seconds, done.getvalue()))

    answer_process.main(str(store), str(file), 60.0, [given], done, begin)
    found = KeptAnswers.of(file, "v1")
    assert found
    assert (answer := found.answer("telegrams-held", {}))
    assert (answer.total, len(json.loads(answer.body)["results"]["bindings"])) == (2, 1)
    assert (begun, done.getvalue()) == ([(7.0, "")], "done\n")


def test_the_time_of_a_question_is_that_of_the_processor(tmp_path: Path) -> None:
    """So that a question does not fail because the machine does much else."""
    store, file, told = tmp_path / "quads", tmp_path / "answers.db", list[str]()
    made = ox.Store(str(store))
    things = [ox.NamedNode(f"urn:{number}") for number in range(1000)]
    made.bulk_extend(ox.Quad(one, things[0], one, things[1]) for one in things)
    made.flush()
    answer_writer.begin(file, "v1", ())
    every = " ".join(f"?{letter} <urn:0> ?{letter} ." for letter in "abcdefg")
    endless = replace(SAVED["threads"], text=f"SELECT (COUNT(*) AS ?n) {{ {every} }}")
    held = KeptQuestion("telegrams-held")
    Answering(store, file, apart=True, progress=told.append, seconds=1.0).answer(
        {**SAVED, "threads": endless}, [KeptQuestion("threads"), held]
    )
    found = KeptAnswers.of(file, "v1")

    assert told == ["threads had no answer within 1 s, and none is kept"]
    assert found
    assert found.answer("telegrams-held", {})  # another process has the next


@pytest.mark.parametrize(("slow", "rows"), [(0.0, 2), (60.0, 1)])
def test_all_rows_are_kept_of_what_takes_long(slow: float, rows: int, store: Path, tmp_path: Path) -> None:
    file = tmp_path / "answers.db"
    answer_writer.begin(file, "v1", ())
    Answering(store, file, apart=True, slow=slow).answer(SAVED, [KeptQuestion("telegrams-held", rows=1)])
    found = KeptAnswers.of(file, "v1")

    assert found
    assert (answer := found.answer("telegrams-held", {}))
    assert (answer.total, len(json.loads(answer.body)["results"]["bindings"])) == (2, rows)


@pytest.mark.parametrize(("slow", "there"), [(0.0, True), (60.0, False)])
def test_other_questions_are_kept_only_if_they_take_long(
    slow: float, there: bool, store: Path, tmp_path: Path
) -> None:
    file = tmp_path / "answers.db"
    answer_writer.begin(file, "v1", ())
    Answering(store, file, apart=False, slow=slow).answer(SAVED, [KeptQuestion("threads", always=False)])
    found = KeptAnswers.of(file, "v1")

    assert found
    assert (found.answer("threads", {}) is not None) is there


def test_a_page_of_rows_is_that_of_this_text_and_has_all_of_its_rows(store: Path, tmp_path: Path) -> None:
    file, text = tmp_path / "answers.db", SAVED["telegrams-held"].text
    answer_writer.begin(file, "v1", ())
    Answering(store, file, apart=False, slow=60.0).answer(SAVED, [KeptQuestion("telegrams-held", rows=1)])
    found = KeptAnswers.of(file, "v1")
    assert found

    def rows(most: int | None, skip: int, text: str = text) -> int | None:
        page = found.page("telegrams-held", {}, text, most, skip)
        return len(json.loads(page.body)["results"]["bindings"]) if page else None

    assert rows(1, 0) == 1
    assert rows(1, 2) == 0  # beyond the last of two
    assert rows(1, 1) is None  # this one is not kept
    assert rows(None, 0) is None
    assert rows(1, 0, text + " ") is None  # the text of another folder of queries


def test_an_answer_is_kept_under_its_own_values_whichever_are_by_default() -> None:
    ties, dates = SAVED["ties-between-actors"], SAVED["dates-of-documents"]

    assert kept_values(ties, {"tie": "reports"}) == {"tie": "reports"}
    assert kept_values(ties, {"tie": "disagrees with"}) == {"tie": "disagrees with"}
    assert kept_values(ties, {"tie": "opposes"}) is None
    assert kept_values(dates, {}) == {}
    assert kept_values(dates, {"document": "telegram:1962-10-23-havana-1643"}) is None


def test_a_file_of_other_data_or_of_none_is_not_taken(tmp_path: Path) -> None:
    answer_writer.begin(tmp_path / "answers.db", "v1", ())

    assert KeptAnswers.of(tmp_path / "answers.db", "v2") is None
    assert KeptAnswers.of(tmp_path / "none.db", "v1") is None
    with pytest.raises(OSError, match="cannot be written"):
        answer_writer.begin(tmp_path / "gone" / "answers.db", "v1", ())


def other_default(name: str, default: str, other: str) -> SavedQuery:
    """A saved question whose value by default is one of another collection."""
    text = SAVED[name].text.replace(default, other)
    assert text.count(other) > 1
    return saved_queries.parse(name, text)


def test_values_with_rows_are_kept_of_a_question_that_has_none_by_default(
    store: Path, tmp_path: Path
) -> None:
    file = tmp_path / "answers.db"
    answer_writer.begin(file, "v1", ())
    other = other_default("quotes-in-place", "telegram:1962-10-23-havana-1643", "telegram:1925-paris-1")
    few = {"quotes-in-place": other, "paragraph-by-paragraph": SAVED["paragraph-by-paragraph"]}
    Answering(store, file, apart=True).answer(few)
    found = KeptAnswers(file)
    empty = empty_answers.of(found, other)

    assert empty
    assert empty.first in ({"telegram": held} for held in HELD)
    assert [hint.message for hint in empty.hints] == [
        "no row has telegram = telegram:1925-paris-1; there are rows with " + " or ".join(sorted(HELD))
    ]
    assert (answer := found.answer(other.name, empty.first))
    assert answer.total == len(json.loads(answer.body)["results"]["bindings"]) > 0
    assert empty_answers.of(found, few["paragraph-by-paragraph"]) is None  # it has rows
    assert empty_answers.of(found, SAVED["quotes-in-place"]) is None  # its text is another


def test_a_thing_that_is_missing_is_told_where_no_value_has_rows(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "answers.db"
    answer_writer.begin(file, "v1", ())
    text = SAVED["draft-of-a-reply"].text.replace("document:proposed-reply-to-castro", "document:none")
    none = saved_queries.parse(
        "draft-of-a-reply", text.replace(" WHERE {", " WHERE { <urn:a> <urn:b> <urn:c> .", 1)
    )
    Answering(store, file, apart=True).answer({none.name: none})
    empty = empty_answers.of(KeptAnswers(file), none)

    assert empty
    assert not empty.first
    assert [hint.message for hint in empty.hints] == [
        "the graph has no cg:Document called document:none, which the question has by default"
    ]


def test_a_file_of_an_earlier_version_has_nothing_that_was_made(tmp_path: Path) -> None:
    file = tmp_path / "answers.db"
    answer_writer.begin(file, "v1", ())
    with closing(sqlite3.connect(file)) as base, base:
        base.execute("DROP TABLE made")
    found = KeptAnswers.of(file, "v1")

    assert found
    assert found.made("anything") is None
    assert empty_answers.of(found, SAVED["quotes-in-place"]) is None


def test_the_index_of_statements_counts_them_as_the_graph_has_them(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "answers.parts"
    answer_writer.begin(file, "v1", ())
    opened = ox.Store.read_only(str(store))
    ask = partial(sparql.rows, opened)

    assert statement_index.of_parts(KeptAnswers(file), SAVED, ask, SHIPPED) is None  # nothing is there yet
    Answering(store, file, apart=False).count(SAVED)
    index = statement_index.of_parts(KeptAnswers(file), SAVED, ask, SHIPPED)
    assert index
    castro = f"<{ACTOR}fidel-castro>"
    held = {row["s"].value for row in ask(f"SELECT ?s {{ ?s <{CG}heldBy> {castro} }}")}
    found = index.listed(index.chosen({"holder": "actor:fidel-castro"}), 0, 100_000)

    known = held & set(index.order)
    assert known
    assert known <= set(found)
    assert index.points["holder"]["actor:fidel-castro"].label == "Fidel Castro"
