"""Comunica, a third reader after rdflib and Jena, finds as many triples in each syntax as rdflib does."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import rdflib

from kg.store import nquads

from .test_release import ENDINGS, RDFLIB

# Prints a number for each pair of an address and a pattern. It reads files over HTTP alone.
SCRIPT = """
const { QueryEngine } = require("@comunica/query-sparql");
(async () => {
  const engine = new QueryEngine();
  for (const [source, pattern] of JSON.parse(process.argv[1])) {
    const rows = await engine.queryBindings(`SELECT (COUNT(*) AS ?n) { ${pattern} }`, { sources: [source] });
    for (const row of await rows.toArray()) console.log(row.get("n").value);
  }
})();
"""


class Files(SimpleHTTPRequestHandler):
    """Serves files under the media types by which Comunica chooses a parser."""

    extensions_map = {f".{ending}": syntax[0].media_type for ending, syntax in nquads.SYNTAXES.items()}  # noqa: RUF012

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture
def address(release: Path) -> Iterator[str]:
    """Where the files of the small release are served."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=release)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.slow
def test_comunica_counts_the_triples_that_rdflib_counts(release: Path, address: str) -> None:
    modules, node = Path(os.environ.get("CABLEGRAPH_NODE_MODULES", "")), shutil.which("node")
    if node is None or not (modules / "@comunica" / "query-sparql").is_dir():
        pytest.skip("Comunica is not here; set CABLEGRAPH_NODE_MODULES to the node_modules with it")
    patterns = {ending: "GRAPH ?g { ?s ?p ?o }" if has_graphs(ending) else "?s ?p ?o" for ending in ENDINGS}
    asked = [(f"{address}/cablegraph.{ending}", pattern) for ending, pattern in patterns.items()]
    done = subprocess.run(
        [node, "-e", SCRIPT, json.dumps(asked)],
        env=os.environ | {"NODE_PATH": str(modules)}, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip

    counted = dict(zip(ENDINGS, map(int, done.stdout.split()), strict=True))
    assert counted == {ending: in_rdflib(release / f"cablegraph.{ending}", ending) for ending in ENDINGS}
    assert min(counted.values()) > 20


def has_graphs(ending: str) -> bool:
    return bool(nquads.SYNTAXES[ending][1])


def in_rdflib(file: Path, ending: str) -> int:
    reader = rdflib.Dataset() if has_graphs(ending) else rdflib.Graph()
    return len(list(reader.parse(file, format=RDFLIB[ending])))
