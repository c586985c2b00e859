"""What ontology/README.md shows is so: its queries have answers, its terms exist."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.namespaces import PREFIXES

from . import regenerate

ROOT = Path(__file__).parents[1]
README = (ROOT / "ontology" / "README.md").read_text(encoding="utf-8")
OWL = PREFIXES["owl"]
QUERIES = re.findall(r"```sparql\n(.*?)```", README, re.DOTALL)
SHOWN = re.findall(r"```sparql-prefixes\n(.*?)```", README, re.DOTALL)


@pytest.fixture(scope="module")
def ontology() -> regenerate.Turtle:
    return regenerate.ontology()


def test_the_prefixes_are_those_of_the_code() -> None:
    shown = dict(re.findall(r"PREFIX (\w+): <(.*)>", SHOWN[0]))

    assert shown
    assert {prefix: PREFIXES[prefix] for prefix in shown} == shown


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_a_query_has_an_answer_with_the_prefixes_that_are_shown(query: str, store: ox.Store) -> None:
    found = store.query(SHOWN[0] + query, use_default_graph_as_union=True)

    assert isinstance(found, ox.QuerySolutions)
    assert list(found)


def asked(number: int, column: str, store: ox.Store) -> set[str]:
    found = store.query(SHOWN[0] + QUERIES[number], use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return {row[column].value for row in found}


def test_the_first_query_finds_the_critics_of_the_session(store: ox.Store) -> None:
    names_found = asked(0, "holder", store)

    assert {"Guillermo García Frías", "Haydée Santamaría Cuadrado"} <= names_found
    assert not [name for name in names_found if "Ordoqui" in name or "Guevara" in name]


def test_the_query_of_silence_and_absence_finds_three_men(store: ox.Store) -> None:
    assert len(asked(3, "name", store)) == 3


def test_a_term_of_ours_that_the_text_names_exists(ontology: regenerate.Turtle) -> None:
    declared = {
        regenerate.local(t)
        for kind in ("Class", "ObjectProperty", "DatatypeProperty")
        for t in ontology.typed(OWL + kind)
    }
    text = re.sub(r"```mermaid.*?```", "", README, flags=re.DOTALL)
    used = set(re.findall(r"\bcg:(\w+)", text))

    assert len(used) > 30
    assert used <= declared
