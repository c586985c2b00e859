"""The command `query`: which formats it asks for. What it prints is tested with the command line."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from server.asking import query


@pytest.mark.parametrize("form", ["csv", "json", "tsv", "xml"])
def test_results_come_in_the_format_that_was_asked_for(form: str) -> None:
    result = CliRunner().invoke(query, ["-", "--format", form], input="SELECT (41 + 1 AS ?answer) WHERE {}")

    assert result.exit_code == 0
    assert "42" in result.stdout
    assert "answer" in result.stdout


@pytest.mark.parametrize("form", ["ttl", "nt", "jsonld", "rdf", "table"])
def test_graphs_come_in_the_format_that_was_asked_for(form: str) -> None:
    question = "CONSTRUCT { <http://e/s> <http://e/#property> 'value' } WHERE {}"
    result = CliRunner().invoke(query, ["-", "--format", form], input=question)

    assert result.exit_code == 0
    assert "http://e/s" in result.stdout
    assert "value" in result.stdout


def test_a_graph_has_no_csv() -> None:
    result = CliRunner().invoke(query, ["-", "--format", "csv"], input="CONSTRUCT WHERE { ?s ?p ?o }")

    assert result.exit_code != 0
