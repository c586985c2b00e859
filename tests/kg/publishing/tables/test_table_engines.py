"""The queries of the tables are plain SPARQL 1.1: another engine gives the same rows."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pyoxigraph as ox
import pytest
import rdflib

from kg import build
from kg.publishing.tables import table_definition, table_rows
from kg.publishing.tables.table_definition import TableDefinition
from kg.resources import folder
from kg.store import nquads

TABLES = {one.name: one for one in table_definition.load(folder("queries") / "tables")}


UNASSERTED = """
talk-or-feast:
  type: Ambiguity
  content: Whether they talked or feasted.
  alternative: [body-1/ann-talked, body-1/ann-feasted]
  about: body-1/ann-talked
  certainty: certain
  evidence: [{in: passage/body-1, quote: we talked, start: 73, end: 82}]
ann-talked:
  type: EventReport
  content: Ann and Ben talked.
  heldBy: actor:ann
  topics: topic:border-question
  basis: own-act
  certainty: probable
  evidence: [{in: passage/body-1, quote: we talked, start: 73, end: 82}]
  embeds:
    type: AscribedClaim
    content: Ben wants to talk.
    ascribedTo: actor:ben
    unassertedKind: Belief
    topics: topic:border-question
    certainty: probable
ann-feasted:
  type: Reading
  content: Ann and Ben feasted.
  readHolder: actor:ann
  unassertedKind: EventReport
  topics: topic:border-question
  certainty: doubtful
  evidence: [{in: passage/body-1, quote: we talked, start: 73, end: 82}]
"""


@pytest.fixture(scope="module")
def small(small_sources: build.Collection, tmp_path_factory: pytest.TempPathFactory) -> build.Build:
    """One telegram of 1900, so that rdflib is fast enough, with what no passage asserts."""
    records = shutil.copytree(
        str(small_sources.records), tmp_path_factory.mktemp("small") / "records", dirs_exist_ok=True
    )
    body = records / "telegram" / "1900-01-02-alpha-1" / "body-1.yaml"
    body.write_text(body.read_text(encoding="utf-8") + UNASSERTED, encoding="utf-8")
    return build.build(replace(small_sources, records=records))


@pytest.fixture(scope="module")
def dataset(small: build.Build) -> rdflib.Dataset:
    found = rdflib.Dataset(default_union=True)
    found.parse(data=nquads.serialize(small.quads, "nq"), format="nquads")
    return found


def cells(asked: TableDefinition, dataset: rdflib.Dataset) -> list[tuple[str, ...]]:
    """Return the rows as rdflib gives them, folded here in another way than in the program."""
    found: dict[str, list[list[str]]] = {}
    for solution in dataset.query(asked.text):
        row = found.setdefault(str(solution[0]), [[] for _ in asked.columns])
        for place, term in enumerate(solution):
            if term is not None and str(term) not in row[place]:
                row[place].append(str(term))
    return [
        tuple(column.separator.join(cell) for column, cell in zip(asked.columns, row, strict=True))
        for row in found.values()
    ]


# rdflib's own evaluation of GRAPH calls what it deprecates.
@pytest.mark.filterwarnings("ignore:Dataset.contexts is deprecated:DeprecationWarning")
@pytest.mark.parametrize("name", TABLES)
@pytest.mark.slow
def test_rdflib_gives_the_same_rows(name: str, small: build.Build, dataset: rdflib.Dataset) -> None:
    ours: ox.Store = build.store_of(small)
    # rdflib writes the offset of UTC as +00:00 where the record has Z.
    theirs = [tuple(cell.replace("+00:00", "Z") for cell in row) for row in cells(TABLES[name], dataset)]

    assert list(table_rows.fill_one(ours, TABLES[name]).rows) == theirs
    assert theirs or name == "links"
