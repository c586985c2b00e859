"""The command `serve` with a store on disk."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.build import Collection
from kg.cli.group import Commands
from kg.publishing.stores.write_store import StoreWriter
from kg.store import layers
from server.cli.serve import serve

from .test_serve import end_after, served

GRAPH = "https://w3id.org/cablegraph/graph/telegram/one"
DATA = f"""
<{GRAPH}> {{ <https://w3id.org/cablegraph/id/actor/ann> a <https://w3id.org/cablegraph/ontology#Person> ;
  <http://www.w3.org/2004/02/skos/core#prefLabel> "Ann Mustermann"@en }}
<{layers.META}> {{ <{layers.DATASET}> a <http://rdfs.org/ns/void#Dataset> }}
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, sources: Collection) -> Path:
    folder = tmp_path_factory.mktemp("served")
    (folder / "questions").mkdir()
    (folder / "data.trig").write_text(DATA, encoding="utf-8")
    writer = StoreWriter(folder / "store", replace(sources, queries=folder / "questions"))
    writer.write_files([folder / "data.trig"])
    return folder / "store"


def test_a_store_is_opened_and_answers_questions_searches_and_downloads(place: Path, tmp_path: Path) -> None:
    seen: dict[str, bytes] = {}

    def visit(address: str) -> None:
        paths = {
            "count": "sparql?format=csv&query=SELECT(COUNT(*)AS?n)%7B?s?p?o%7D",
            "search": "search?q=mustermann&format=json",
            "void": ".well-known/void?format=nt",
        }
        for name, path in paths.items():
            with urllib.request.urlopen(address + path, timeout=20) as response:  # noqa: S310
                seen[name] = response.read()

    code, _, errors = served(serve, ["--store", str(place), "--dumps", str(tmp_path)], end_after(visit))

    assert (code, seen["count"]) == (0, b"n\r\n3\r\n")
    assert f"opening {place} …" in errors
    assert "actor/ann" in json.dumps(json.loads(seen["search"]))
    assert b'<http://rdfs.org/ns/void#triples> "3"' in seen["void"]  # counted by the build


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--store", "PLACE", "--rdf12"], "--store serves what was built before; leave out --rdf12"),
        (["--store", "none"], "none has no store: store.json is missing"),
        (["--store", "http://127.0.0.1:9/"], "cannot be reached"),
    ],
)
def test_what_does_not_go_with_a_store_is_refused(place: Path, arguments: list[str], reason: str) -> None:
    given = [str(place) if one == "PLACE" else one for one in arguments]
    result = CliRunner().invoke(Commands(commands={"serve": serve}), ["serve", *given])

    assert result.exit_code == 2
    assert reason in result.stderr
