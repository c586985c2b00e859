"""Ten invented heads in ten forms: drafted, checked, built, asked.

`collections/heads/README.md` tells what is in it; the expected values were written from the texts.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml
from click.testing import CliRunner

from kg import build
from kg.checking.quotes import CheckReport
from kg.cli.main import main
from kg.namespaces import CG, ID
from kg.reading.collection.collection import Collection
from kg.store import sparql
from kg.terms import value

HEADS = Path(__file__).parent / "collections" / "heads"
EXPECTED: dict[str, dict[str, object]] = yaml.safe_load((HEADS / "expected.yaml").read_text("utf-8"))
FILES = [str(HEADS / "texts" / name) for name in EXPECTED]


@pytest.fixture(scope="module")
def drafts() -> dict[str, dict[str, list[dict[str, object]]]]:
    """The draft of each text, by the name of the file."""
    done = CliRunner().invoke(main, ["draft", *FILES, "--json"])
    assert done.exit_code == 0
    return dict(zip(EXPECTED, map(json.loads, done.stdout.splitlines()), strict=True))


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> ox.Store:
    """The graph of the records that were drafted."""
    out = tmp_path_factory.mktemp("heads") / "out"
    assert CliRunner().invoke(main, ["draft", *FILES, "--out", str(out)]).exit_code == 0
    report, sources = CheckReport(), replace(Collection.shipped(), records=out / "records")
    built = build.build(sources, out / "texts", report=report)
    assert report.verified == report.anchors > 100
    assert report.depths == {"mentions": len(EXPECTED)}
    return build.store_of(built)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_head_is_drafted(name: str, drafts: dict[str, dict[str, list[dict[str, object]]]]) -> None:
    draft = drafts[name]

    found = {
        "date": draft["date"],
        "sender": [party["name"] for party in draft["sender"]],
        "numbers": {k: v for k, v in dict(draft["numbers"]).items() if not k.endswith("_as_printed")},
        "references": [number for one in draft["references"] for number in one.get("numbers", [])],  # type: ignore[attr-defined]
        "classification": draft.get("classification", []),
        "priority": draft.get("priority", []),
    }

    assert found == EXPECTED[name]


def test_a_document_is_found_by_its_number(graph: ox.Store) -> None:
    found = sparql.rows(graph, f"SELECT ?of {{ ?n <{CG.numberOf}> ?of ; <{CG.numberFrom}> 412 }}")

    assert [value(row["of"]) for row in found] == [f"{ID}telegram/1957-05-03-velm-412"]


def test_a_document_is_found_by_its_sender(graph: ox.Store) -> None:
    found = sparql.rows(
        graph,
        f"SELECT DISTINCT ?of {{ ?sent <{CG.value}> <{ID}actor/ordrup> ; <{CG.about}> ?of }} ORDER BY ?of",
    )

    assert [value(row["of"]).removeprefix(ID) for row in found] == [
        "document/1957-05-15-haverholm-27",
        "telegram/1957-05-04-haverholm-318",
        "telegram/1957-05-18-haverholm-340",
    ]


def test_a_reference_leads_to_the_document_that_is_meant(
    drafts: dict[str, dict[str, list[dict[str, object]]]],
) -> None:
    found = {one["label"]: one.get("target") for one in drafts["velm-despatch-74.txt"]["references"]}

    assert found == {"my telegram No. 412": "velm-412"}  # the day and the series tell which


def test_a_reference_in_the_graph_is_to_the_document_that_is_meant(graph: ox.Store) -> None:
    found = sparql.rows(
        graph,
        f"SELECT ?words {{ ?r <{CG.mentions}> <{ID}telegram/1957-05-03-velm-412> ; <{CG.asWritten}> ?words }}",
    )

    assert "my telegram No. 412" in [value(row["words"]) for row in found]
