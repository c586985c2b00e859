"""The stumbles of strangers at the endpoint, each tried again: `asked_again.yaml` says how, server/README.md what comes now.

What is expected was read in the notes of the trials and in the telegrams.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import yaml

from kg.asking.questions import saved_queries
from kg.graph import Graph
from kg.resources import folder

ROOT = Path(__file__).parents[1]
CASES: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("asked_again.yaml").read_text(encoding="utf-8")
)
WAYS = {"hint", "sparql", "question", "search"}
TRIALS = {1: ("first", 25), 2: ("second", 15)}


@pytest.fixture(scope="module")
def graph_of_all(store: ox.Store, word_index: Path) -> Graph:
    return Graph(store, "v1", saved_queries.load(folder("queries")), word_index)


def name(case: dict[str, Any]) -> str:
    return f"{TRIALS[case['trial']][0]} trial {case['number']}"


def told(graph: Graph, case: dict[str, Any]) -> list[str]:
    """Return the texts that come for one case: hints, rows or addresses of hits."""
    if "hint" in case:
        answer = graph.sparql(case["hint"])
        return [f"{hint} {' '.join(hint.instead)}" for hint in answer.hints]
    if "sparql" in case:
        return [" ".join(map(str, row)) for row in graph.sparql(case["sparql"])]
    if "question" in case:
        asked, *values = case["question"].split()
        return [" ".join(map(str, row)) for row in graph.query(asked, **dict(v.split("=") for v in values))]
    return [hit.iri for hit in graph.search(case["search"], most=10)]


@pytest.mark.filterwarnings("ignore::kg.HintWarning")  # hints are looked at here
@pytest.mark.parametrize("case", CASES, ids=map(name, CASES))
def test_what_was_a_stumble_is_answered(case: dict[str, Any], graph_of_all: Graph) -> None:
    found = told(graph_of_all, case)

    assert any(case["expected"] in text for text in found), found[:5]


def test_each_stumble_of_the_notes_is_tried_in_one_way() -> None:
    assert [(case["trial"], case["number"]) for case in CASES] == [
        (trial, number) for trial, (_, last) in TRIALS.items() for number in range(1, last + 1)
    ]
    assert all(len(WAYS & set(case)) == 1 for case in CASES)


def table() -> str:
    lines = [f"| {name(case)} | {case['stumble']} | {case['now']} |" for case in CASES]
    return "\n".join(["| stumble | what it was | now |", "|---|---|---|", *lines])


def test_the_readme_has_the_same_table() -> None:
    assert table() in (ROOT / "server" / "README.md").read_text(encoding="utf-8")
