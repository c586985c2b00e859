"""Errors and findings: what they say, how they sort, and the tree that the module draws."""

from __future__ import annotations

import inspect
import re

import pytest

from kg import errors
from kg.errors import BusyError, DataError, Finding, QuerySyntaxError, UnknownNameError

FINDINGS = [
    (Finding("a.yaml", 3, "wrong"), "a.yaml:3: wrong"),
    (Finding("a.yaml", 0, "wrong"), "a.yaml: wrong"),
    (Finding("a.yaml", 3, "look", "warning"), "a.yaml:3: warning: look"),
    (Finding("a.yaml", 0, "look", "info"), "a.yaml: info: look"),
]


@pytest.mark.parametrize(("finding", "text"), FINDINGS)
def test_a_finding_says_file_line_and_message(finding: Finding, text: str) -> None:
    assert str(finding) == text


def test_a_data_error_has_its_findings_by_file_and_line() -> None:
    error = DataError([Finding("b", 1, "x"), Finding("a", 10, "y"), Finding("a", 9, "z")])

    assert str(error) == "a:9: z\na:10: y\nb:1: x"


UNKNOWN = [
    (["layer", "later"], "there is no thing 'latter'; did you mean later or layer?"),
    (["qqqqq"], "there is no thing 'latter'; there are: qqqqq"),
    ([], "there is no thing 'latter'"),
]


@pytest.mark.parametrize(("known", "text"), UNKNOWN)
def test_an_unknown_name_offers_near_ones_or_all(known: list[str], text: str) -> None:
    error = UnknownNameError("thing", "latter", known)

    assert str(error) == text
    assert (error.name, error.near) == ("latter", ("later", "layer") if len(known) == 2 else ())


def test_of_very_many_names_only_the_first_are_shown() -> None:
    text = str(UnknownNameError("thing", "zzz", [f"q{n:03}" for n in range(200)]))

    assert text.endswith(", q049 … (200 in all)")
    assert "q050" not in text


def test_errors_carry_what_their_docstrings_promise() -> None:
    syntax, busy = QuerySyntaxError("no SELECT", 2, 5), BusyError("later", 3)

    assert (str(syntax), syntax.line, syntax.column) == ("no SELECT", 2, 5)
    assert (str(busy), busy.retry_after) == ("later", 3)


def test_the_tree_in_the_docstring_is_the_tree_of_classes() -> None:
    drawn = {}
    parents = ["Exception"]
    for indent, name in re.findall(r"^([│├└─ ]*)(\w+Error)\b", errors.__doc__ or "", re.MULTILINE):
        depth = len(indent) // 4
        parents[depth + 1 :] = [name]
        drawn[name] = parents[depth]
    real = {
        name: item.__base__.__name__
        for name, item in inspect.getmembers(errors, inspect.isclass)
        if issubclass(item, Exception) and item.__base__
    }

    assert len(real) >= 11
    assert drawn == real
