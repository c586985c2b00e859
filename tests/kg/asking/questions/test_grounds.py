"""Grounds of an answer, over statements that are made up and over the graph itself."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pyoxigraph as ox
import pytest

import kg
from kg.asking.questions import grounds
from kg.asking.questions.grounds import Grounds, Share
from kg.graph import Graph
from kg.namespaces import CG, ID
from kg.store.sparql import bindings

# Two passages of one telegram and one of another; the header of a telegram has no speaker.
_GRAPH = (
    f"""
PREFIX cg: <{CG}> PREFIX : <{ID}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
:anna rdfs:label "Anna"@en, "Анна"@ru . :basis/heard rdfs:label "hearsay"@en . :sure rdfs:label "sure"@en .
:r cg:renders :telegram/1 . :q cg:renders :telegram/2 .
:p1 cg:passageOf :r ; cg:spokenBy :bert ; cg:voice :voice/writer .
:p2 cg:passageOf :r ; cg:voice :voice/header . :p3 cg:passageOf :q ; cg:spokenBy :bert .
:a1 cg:inPassage :p1 . :a2 cg:inPassage :p2 . :a3 cg:inPassage :p3 .
:told a cg:Statement ; cg:reportedBy :anna ; cg:basis :basis/heard ; cg:certainty :sure ; cg:evidence :a1 .
:said a cg:Statement ; cg:certainty :sure ; cg:evidence :a1, :a3 .
:head a cg:Statement ; cg:certainty :sure ; cg:evidence :a2 .
:read a cg:Statement, cg:Reading ; cg:certainty :unsure ; cg:voice :voice/curator ; cg:basedOn :a1 ; cg:about :said .
:open a cg:Statement, cg:Ambiguity ; cg:certainty :sure ; cg:evidence :a1 ; cg:alternative :read .
""".replace(":telegram/", ":telegram\\/")
    .replace(":basis/", ":basis\\/")
    .replace(":voice/", ":voice\\/")
)


def _count(*names: str) -> Grounds:
    store = ox.Store()
    store.load(_GRAPH.encode(), ox.RdfFormat.TURTLE)
    return grounds.count(partial(bindings, store), [f"{ID}{name}" for name in names])


def test_statements_are_counted_by_telegram_voice_basis_certainty_and_standing() -> None:
    found = _count("told", "said", "head", "read", "anna")

    assert (found.statements, found.telegrams, found.rivals, found.complete) == (4, 2, 2, True)
    assert found.through == (
        Share(f"{ID}anna", "Anna", 1),
        Share(f"{ID}bert", "id:bert", 1),
        Share(f"{ID}voice/curator", "voice:curator", 1),
        Share(f"{ID}voice/header", "voice:header", 1),
    )
    assert found.basis == (Share("", "not said", 3), Share(f"{ID}basis/heard", "hearsay", 1))
    assert found.certainty == (Share(f"{ID}sure", "sure", 3), Share(f"{ID}unsure", "id:unsure", 1))
    assert found.standing == (Share("", "asserted", 3), Share("", "reading", 1))


def test_the_line_says_all_of_it() -> None:
    assert str(_count("told")) == (
        "1 statement of 1 telegram; through Anna (1); known by hearsay (1); reading sure (1); asserted (1); "
        "none may be read otherwise"
    )
    assert _count("told").to_json()["line"] == str(_count("told"))


def test_the_header_field_is_a_dictionary_of_structured_fields() -> None:
    assert _count("told", "read").to_field() == (
        'statements=2, telegrams=1, rivals=1, through=("id:anna";n=1 "voice:curator";n=1), '
        'basis=("basis:heard";n=1 "not said";n=1), certainty=("id:unsure";n=1 "id:sure";n=1), '
        'standing=("asserted";n=1 "reading";n=1)'
    )


def test_a_name_beyond_ascii_is_encoded_in_the_header_field() -> None:
    assert Grounds(1, 1, (Share(f"{ID}ñ", "Ñ", 1),)).to_field().split(", ")[3] == 'through=("id:%C3%B1";n=1)'


@pytest.mark.parametrize("things", [(), ("anna", "p1", "nothing")])
def test_without_a_statement_there_is_nothing_to_say(things: tuple[str, ...]) -> None:
    found = _count(*things)

    assert (found, str(found)) == (Grounds(), "")


def test_beyond_the_bound_the_grounds_say_so() -> None:
    found = _count("told", *(f"other-{n}" for n in range(grounds.MOST)), "said")

    assert (found.statements, found.complete) == (1, False)
    assert str(found).endswith("; counted for the first 1,000 things that the rows name")
    assert found.to_field().endswith(", cut")


@pytest.mark.parametrize(
    "text",
    [
        f'"value":"{ID}told"}}',
        f"<uri>{ID}told</uri>",
        f"<{ID}told>\t",
        f"x,{ID}told\r\n",
        f"{ID}told {ID}told",
    ],
)
def test_things_are_found_in_every_format(text: str) -> None:
    assert grounds.named(text) == [f"{ID}told"]


@pytest.fixture(scope="module")
def graph() -> Graph:
    return kg.open()


def test_the_grounds_of_an_answer_agree_with_its_columns(graph: Graph) -> None:
    answer = graph.query("positions-on-an-issue")
    rows = {row.statement: row for row in answer}

    found = answer.grounds

    assert found.statements == len(rows)
    assert {s.name: s.statements for s in found.through} == Counter(row.reporter for row in rows.values())
    assert {s.name: s.statements for s in found.basis} == Counter(row.basis for row in rows.values())
    assert {s.name: s.statements for s in found.certainty} == Counter(row.certainty for row in rows.values())
    assert f"It rests on {found}." in answer._repr_html_()


def test_an_answer_without_rows_rests_on_nothing(graph: Graph) -> None:
    assert (
        graph.sparql("PREFIX cg: <https://w3id.org/cablegraph/ontology#> ASK { ?s a cg:Person }").grounds
        == Grounds()
    )
