"""A client as OpenRefine is one, over the running service: manifest, batches of ten, then Wikidata numbers.

The figures are those of the manual; `pytest -s` shows them.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from kg import build
from kg.graph import Graph
from kg.store import nquads

from ...kg.asking.reconciling.measuring import Measure, Spelling, column, measure
from ..running import ROOT, Running, server

BATCH = 10  # as OpenRefine


class Client:
    """Speaks 0.2 and knows nothing but the address of the service."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self.manifest = self._answer()
        assert "0.2" in self.manifest["versions"]

    def match(self, names: list[str]) -> list[dict[str, Any]]:
        """Return for each name its best candidate, or nothing."""
        found = []
        for start in range(0, len(names), BATCH):
            some = names[start : start + BATCH]
            batch = {f"q{place}": {"query": name, "limit": 5} for place, name in enumerate(some)}
            answer = self._answer(queries=json.dumps(batch))
            results = [answer[f"q{place}"]["result"] for place in range(len(some))]
            found += [result[0] if result else {} for result in results]
        return found

    def extend(self, ids: list[str], property_id: str) -> dict[str, str]:
        """Return the text of a property for each thing that has one."""
        wanted = {"ids": ids, "properties": [{"id": property_id}]}
        rows = self._answer(extend=json.dumps(wanted))["rows"]
        return {thing: row[property_id][0]["str"] for thing, row in rows.items() if row[property_id]}

    def _answer(self, **form: str) -> Any:
        data = urlencode(form).encode() if form else None
        request = urllib.request.Request(self._endpoint, data=data)  # noqa: S310 - our own server on loopback
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return json.load(answer)


@pytest.fixture(scope="module")
def running(graph: build.Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    file: Path = tmp_path_factory.mktemp("graph") / "graph.nq"
    file.write_bytes(nquads.serialize(graph.quads, "nq"))
    with server(file) as found:
        yield found


@pytest.fixture(scope="module")
def client(running: Running) -> Client:
    return Client(f"http://{running.netloc}/reconcile")


def matched(client: Client, spellings: list[Spelling]) -> list[str]:
    found = client.match([spelling.name for spelling in spellings])
    return [one["id"] if one.get("match") else "" for one in found]


@pytest.mark.parametrize(
    ("file", "precision", "recall"), [("spellings.csv", 1.0, 0.95), ("held-out.csv", 1.0, 0.85)]
)
def test_a_column_is_matched_over_http(client: Client, file: str, precision: float, recall: float) -> None:
    spellings = column(file)
    found: Measure = measure(spellings, matched(client, spellings))
    print(f"\n{file} over HTTP: {found}")  # noqa: T201 - the figures are what this is about
    manual = (ROOT / "server" / "README.md").read_text(encoding="utf-8")

    assert f"| `{file}` | {found.precision:.3f} | {found.recall:.3f} |" in manual
    assert found.precision >= precision
    assert found.recall >= recall


# From `kg/records/link.yaml`, by hand; not all things are linked.
NUMBERS = {
    "actor/nikita-khrushchev": "Q35314",
    "actor/fidel-castro": "Q11256",
    "actor/raul-castro": "Q46809",
    "actor/anastas-mikoyan": "Q152738",
    "actor/u-thant": "Q1264",
    "actor/soviet-union": "Q15180",
}


def test_a_column_takes_wikidata_numbers_home(client: Client) -> None:
    ids = sorted({match for match in matched(client, column("spellings.csv")) if match})
    numbers = client.extend(ids, "wikidata")

    assert len(ids) >= 15
    assert {thing: numbers[thing] for thing in NUMBERS} == NUMBERS
    assert "actor/aleksandr-alekseev" not in numbers  # looked for and not found


def test_the_service_gives_what_python_gives(client: Client, graph: build.Build) -> None:
    spellings = column("spellings.csv")
    names = [spelling.name for spelling in spellings]
    own = Graph(build.store_of(graph), graph.version).reconcile(names)

    assert [(one.get("id"), one.get("score"), one.get("match")) for one in client.match(names)] == [
        (found[0].id, found[0].score, found[0].match) if found else (None, None, None) for found in own
    ]
