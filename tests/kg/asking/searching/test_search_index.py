"""The index over a few made-up records: what is found, in which order, what is refused."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from kg.asking.questions import saved_queries
from kg.asking.searching import search_fields, search_file, search_index, typed_words
from kg.asking.searching.search_file import PARTS, QUESTION, STATEMENT, THING
from kg.asking.searching.search_index import Search, SearchIndex, WordHits
from kg.asking.searching.search_texts import answering
from kg.asking.searching.typed_words import LONGEST, MOST_WORDS
from kg.errors import ParameterError, TimeLimitError
from kg.graph import Graph
from kg.namespaces import ID
from kg.store import sparql

DATA = """
@base <https://w3id.org/cablegraph/id/> .
@prefix cg: <https://w3id.org/cablegraph/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
cg:Person a owl:Class ; rdfs:label "person"@en ; rdfs:subClassOf cg:Actor .
cg:Actor a owl:Class ; rdfs:label "actor"@en .
<actor/ada> a cg:Person , cg:Actor ; rdfs:label "Ada Núñez"@en , "Ада Нуньес"@ru ; skos:altLabel "the envoy"@en .
<actor/bob> a cg:Person , cg:Actor ; rdfs:label "Боб"@ru .
<mode> a skos:ConceptScheme ; skos:prefLabel "way of taking part"@en .
<mode/silent> a skos:Concept ; skos:inScheme <mode> ; skos:prefLabel "was silent"@en .
<topic/ships> a cg:Topic ; rdfs:label "Ships"@en , "Buques"@es ; skos:altLabel "naval vessels"@en .
<event/talk> a cg:Event ; rdfs:label "talk on ships"@en .
<t/says> a cg:Position , cg:Statement ; cg:content "Ada refuses the harbour."@en ; cg:heldBy <actor/ada> ;
  dcterms:subject <topic/ships> ; cg:evidence <t/says#e/1> , <t/says#e/2> .
<t/says#e/1> oa:exact "will not have the port"@en ; oa:start 20 .
<t/says#e/2> oa:exact "not a single pier"@en ; oa:start 7 .
<t/may> a cg:Reading , cg:Statement ; cg:content "Ada refuses the harbour."@en .
<t/quoted> a cg:Statement ; cg:evidence <t/quoted#e/1> , <t/quoted#e/2> .
<t/quoted#e/1> oa:exact "lost in fog"@en ; oa:start 5 .
<t/quoted#e/2> oa:exact "and rain"@en ; oa:start 19 .
<t/part> a cg:Participation , cg:Statement ; cg:participant <actor/ada> ; cg:heldBy <actor/bob> ;
  cg:atEvent <event/talk> ; cg:mode <mode/silent> .
<t/name> a cg:Naming , cg:Statement ; cg:names <actor/ada> ; cg:asWritten "A. Nunez" ; cg:note "An initial."@en .
<nameless> a cg:Place .
"""
QUERY = """#+ title: Piers
#+ question: Which piers are there?
#+ why: Ships need them.
#+ tags: [harbour]
#+ columns:
#+   - {name: pier, label: "Pier", type: text, about: "Its name."}
#+   - {name: more, label: "More", type: text, about: "Nothing."}
SELECT ?pier ?more { VALUES ?pier { "Lighthouse" 5 } OPTIONAL { ?pier <x:y> ?more } }
"""
CALLS = QUERY.replace("#+ tags: [harbour]", "#+ tags: [harbour]\n#+ federated: true").replace(
    'VALUES ?pier { "Lighthouse" 5 }', "SERVICE <https://example.org/> { ?s ?p ?pier }"
)
PLAIN = "SELECT ?s { ?s ?p ?o }"
QUERIES = {
    name: saved_queries.parse(name, text)
    for name, text in (("piers", QUERY), ("calls", CALLS), ("plain", PLAIN))
}


def load() -> Store:
    store = Store()
    store.load(DATA.encode(), RdfFormat.TURTLE)
    return store


@pytest.fixture(scope="module")
def index() -> SearchIndex:
    return SearchIndex.made("v1", QUERIES, partial(sparql.rows, load()))


def find(index: SearchIndex, text: str, part: str = STATEMENT, **narrowed: str) -> WordHits:
    return index.find(index.words(text), part, Search(narrowed))


def names(hits: WordHits) -> list[str]:
    return [hit.iri.removeprefix(ID) for hit in hits.shown]


# What is found.


def test_a_statement_is_found_by_its_content_and_what_is_asserted_comes_first(index: SearchIndex) -> None:
    hits = find(index, "refusing harbors")

    assert names(hits) == ["t/says", "t/may"]
    assert [hit.asserted for hit in hits.shown] == [True, False]
    assert (hits.total, hits.every, hits.more) == (2, 2, False)
    assert hits.shown[0].found == {"refusing": ("content",), "harbors": ("content",)}


def test_the_quotes_with_a_word_are_shown(index: SearchIndex) -> None:
    (hit,) = find(index, "ports").shown

    assert hit.quotes == ("will not have the port",)
    assert find(index, "port pier").shown[0].quotes == ("not a single pier", "will not have the port")
    assert hit.title == "Ada refuses the harbour."


@pytest.mark.parametrize("text", ["vessel", "BUQUE", "ship"])
def test_a_heading_finds_its_statements_by_all_its_names(index: SearchIndex, text: str) -> None:
    (hit,) = [hit for hit in find(index, text).shown if hit.iri.endswith("t/says")]

    assert list(hit.found.values()) == [("heading",)]
    assert "topic/ships" in names(find(index, text, THING))


def test_a_word_of_many_headings_leads_to_none(monkeypatch: pytest.MonkeyPatch, index: SearchIndex) -> None:
    monkeypatch.setattr(typed_words, "_HEADINGS", 0)

    assert "t/says" not in names(find(index, "vessel"))


def test_a_statement_without_content_is_shown_by_who_is_involved_and_what_is_written(
    index: SearchIndex,
) -> None:
    (part,) = find(index, "silent").shown
    (name,) = find(index, "initial").shown
    (quoted,) = find(index, "fog").shown

    assert part.title == "Ada Núñez – was silent – talk on ships"
    assert name.title == "“A. Nunez” – Ada Núñez"
    assert quoted.title == "lost in fog … and rain"


def test_a_thing_is_found_by_other_names_and_as_it_is_written(index: SearchIndex) -> None:
    for text in ("nunez ada", "Нуньес", "envoys", "a nunez"):
        hit = find(index, text, THING).shown[0]
        assert (hit.iri, hit.title, hit.kind) == (f"{ID}actor/ada", "Ada Núñez", "person")
    assert find(index, "Боб", THING).shown[0].title == "Боб"


def test_kinds_are_those_of_lists_and_classes(index: SearchIndex) -> None:
    assert find(index, "was silent", THING).shown[0].kind == "way of taking part"
    assert {hit.kind for hit in find(index, "person", THING).shown} == {"class of the ontology"}
    assert find(index, "fog").shown[0].kind == "Statement"


def test_a_saved_question_is_found_by_what_it_asks_and_answers(index: SearchIndex) -> None:
    asked, answered = find(index, "harbour pier", QUESTION), find(index, "lighthouses", QUESTION)

    assert [hit.iri.rpartition("/")[2] for hit in asked.shown] == ["piers", "calls"]
    assert asked.shown[0].title == "Which piers are there?"
    (hit,) = answered.shown
    assert (hit.kind, hit.found) == ("saved question", {"lighthouses": ("answer",)})


def test_a_question_that_cannot_be_answered_has_no_answer() -> None:
    def late(_: str) -> list[object]:
        raise TimeLimitError("late")

    index = SearchIndex.made("v1", QUERIES, partial(sparql.rows, load()), late)

    assert find(index, "lighthouse", QUESTION).total == 0
    assert find(index, "piers", QUESTION).total == 2


def test_words_of_an_answer_that_is_all_statements_are_not_searched() -> None:
    queries = {name: saved_queries.parse(name, QUERY) for name in ("statements-by-choice", "piers")}

    index = SearchIndex.made("v1", queries, partial(sparql.rows, load()))

    (hit,) = find(index, "lighthouse", QUESTION).shown
    assert hit.iri.endswith("/piers")


def test_the_answers_in_a_large_graph_are_not_searched() -> None:
    ask = partial(sparql.rows, load())
    made = {most: SearchIndex.made("v1", QUERIES, ask, answering(ask, 2, most)) for most in (1, 2)}

    assert {most: find(index, "lighthouse", QUESTION).total for most, index in made.items()} == {1: 0, 2: 1}


def test_what_has_no_text_is_no_hit(index: SearchIndex) -> None:
    assert [find(index, "nameless", part).total for part in PARTS] == [0, 0, 0]


# All words or some.


def test_hits_with_some_words_follow_and_rare_words_count_more(index: SearchIndex) -> None:
    hits = find(index, "Ada harbour rain")

    assert names(hits)[:2] == ["t/says", "t/may"]
    assert "t/quoted" in names(hits)
    assert hits.every == 0


def test_with_enough_hits_none_with_some_words_follow(
    index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "FEW", 1)

    assert names(find(index, "port pier")) == ["t/says"]
    assert find(index, "port rain").total == 2


def test_more_hits_than_are_counted_say_so(index: SearchIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "COUNTED", 1)
    hits = find(index, "harbour")

    assert (hits.total, hits.more, hits.every) == (1, True, 1)


def test_an_unknown_word_does_not_hide_what_the_others_find(index: SearchIndex) -> None:
    words = index.words("harbuor pier qqqqq")

    assert [word.word for word in words.known] == ["pier"]
    assert [(word.word, word.near) for word in words.unknown] == [("harbuor", ("harbour",)), ("qqqqq", ())]
    assert find(index, "harbuor pier").every == 1
    assert find(index, "qqqqq").total == 0


def test_an_unknown_word_stands_for_words_that_begin_with_it(index: SearchIndex) -> None:
    (word,) = index.words("harb").words

    assert word.beginning
    assert names(find(index, "harb")) == ["t/says", "t/may"]
    assert not index.words("zz").known


# What narrows it.


def test_filters_narrow_by_short_and_long_names(index: SearchIndex) -> None:
    assert names(find(index, "harbour", kind="Reading")) == ["t/may"]
    assert names(find(index, "harbour", kind="cg:Reading")) == ["t/may"]
    assert (
        names(find(index, "Ada", holder="bob"))
        == names(find(index, "Ada", holder=f"{ID}actor/bob"))
        == ["t/part"]
    )
    assert names(find(index, "Ada", holder="actor:ada", kind="Position")) == ["t/says"]
    assert find(index, "harbour", THING, kind="Reading").total == 0


def test_filters_and_values_that_there_are_not_are_refused(index: SearchIndex) -> None:
    with pytest.raises(ParameterError, match="did you mean Reading") as wrong:
        find(index, "harbour", kind="Readin")
    assert (wrong.value.parameter, wrong.value.allowed[0]) == ("kind", "Reading")
    with pytest.raises(ParameterError, match="there is no filter 'speaker'; there are: kind, telegram"):
        find(index, "harbour", speaker="x")
    assert (f"{ID}actor/ada", "Ada Núñez") in index.choices("holder", 9)
    assert len(index.choices("kind", 3)) == 3


# What is typed never reaches FTS5 as syntax.

HOSTILE = [
    '"', '""', '"" OR 1', "NEAR(a b)", "harbour NOT pier", "harbour AND", "a*", "^harbour", "name : harbour",
    "{name} : harbour", "harbour + pier", "(", "' OR 1=1 --", "\x00", "a\x00b", "\u01c2statement", "\u01c2", "½ ²",
    "e\u0301\u0301", "\U0001f6a2", "-harbour", "words MATCH 'x'", "\ud7ff", "__", "%", "\\",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
@pytest.mark.parametrize("part", PARTS)
def test_signs_are_no_syntax(index: SearchIndex, text: str, part: str) -> None:
    assert find(index, text, part).total >= 0


def test_operators_are_words(index: SearchIndex) -> None:
    assert names(find(index, "harbour NOT refuses"))[0] == "t/says"
    assert find(index, "\u01c2statement").total == 0
    assert find(index, "name : zzzz").total == find(index, "name").total


def test_what_is_typed_is_bounded(index: SearchIndex) -> None:
    assert find(index, "q" * LONGEST).total == 0
    assert len(index.words(" ".join(f"w{n}" for n in range(MOST_WORDS))).words) == MOST_WORDS
    with pytest.raises(ParameterError, match="at most 300 characters, not 301"):
        index.words("q" * (LONGEST + 1))
    with pytest.raises(ParameterError, match="at most 24 different words, not 25"):
        index.words(" ".join(f"w{n}" for n in range(MOST_WORDS + 1)))


# The file.


def test_many_threads_read_one_index(index: SearchIndex) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: names(find(index, "harbour")), range(200)))

    assert found == [["t/says", "t/may"]] * 200


def test_a_file_counts_only_with_its_data_version(tmp_path: Path) -> None:
    file = tmp_path / "search.db"
    search_file.write(file, "v1", {}, partial(sparql.rows, load()))

    known = SearchIndex.of(file, "v1")
    assert known is not None
    assert known.version == "v1"
    assert SearchIndex.of(file, "v2") is None
    assert SearchIndex.of(tmp_path / "none.db", "v1") is None
    file.write_text("no database, and long enough to be read as one")
    assert SearchIndex.of(file, "v1") is None


def test_the_index_cannot_be_written_by_a_reader(index: SearchIndex) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        index._rows("DELETE FROM hit", ())


def test_a_temporary_index_goes_with_its_object(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    made = SearchIndex.made("v1", {}, partial(sparql.rows, load()))
    assert len(list(tmp_path.iterdir())) == 1
    del made
    gc.collect()

    assert list(tmp_path.iterdir()) == []


def test_a_failed_index_leaves_nothing(tmp_path: Path) -> None:
    def late(_: str) -> list[object]:
        raise TimeLimitError("late")

    with pytest.raises(TimeLimitError):
        search_file.write(tmp_path / "search.db", "v1", {}, late)
    with pytest.raises(OSError, match="the index for the search cannot be written"):
        search_file.write(tmp_path / "no folder" / "search.db", "v1", {}, partial(sparql.rows, load()))
    assert list(tmp_path.iterdir()) == []


def test_the_same_graph_gives_the_same_hits_whatever_its_order(index: SearchIndex) -> None:
    ask = partial(sparql.rows, load())
    backwards: Callable[[str], list[object]] = lambda query: list(ask(query))[::-1]  # noqa: E731
    other = SearchIndex.made("v1", QUERIES, backwards)

    for text in ("harbour", "Ada", "ships silent"):
        assert [names(find(index, text, part)) for part in PARTS] == [
            names(find(other, text, part)) for part in PARTS
        ]


# Fields and Python.


def test_each_field_has_a_label_and_a_share_and_each_query_is_one() -> None:
    fields = search_fields.fields()

    assert all(field.label and 0 < field.share <= 1 <= field.weight for field in fields.values())
    assert {name for name, field in fields.items() if not field.queries} == {
        "heading",
        "tag",
        "column",
        "answer",
    }
    assert len({field.label for field in fields.values()}) == len(fields)


def test_python_searches_things_then_statements_then_questions() -> None:
    graph = Graph(load(), "v1", QUERIES)
    found = graph.search("ships piers", most=1)

    assert [hit.part for hit in found] == [THING, STATEMENT, QUESTION]
    assert graph.search("harbour", kind="Reading")[0].asserted is False
