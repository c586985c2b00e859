"""Saved questions by words on the command line: `query WORDS…`, `query --search WORDS`, and a name that is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cache import CachedBuild
from kg.errors import UnknownNameError
from kg.reading.collection.collection import Collection
from server.cli import query, question_search
from server.engine.evaluation.query_request import Limits
from server.engine.workers.pool import Pool

Run = Callable[..., Result]
pytestmark = pytest.mark.usefixtures("user_cache")


@pytest.fixture
def run(pool: Pool) -> Run:
    @contextmanager
    def opened(_: Limits) -> Iterator[Pool]:
        yield pool

    command = query.command(opened)
    return lambda *arguments: CliRunner().invoke(command, arguments)


def names(text: str) -> list[str]:
    return [line.split()[0] for line in text.splitlines()]


def test_words_list_the_questions_that_answer_them(run: Run) -> None:
    """The office has this name in the answers of the question on offices."""
    several, one_text = run("president", "of", "Cuba"), run("--search", "president of Cuba")

    assert several.exit_code == 0
    assert "offices" in names(several.stdout)
    assert several.stdout == one_text.stdout


def test_a_heading_is_the_value_of_a_question_on_topics(run: Run) -> None:
    """No text has the word; two headings have it as a variant."""
    found = run("--search", "quarantine").stdout

    assert "statements-by-topic -p topic=topic:us-aggression " in found
    assert 'statements-by-word -p "word=quarantine"' in found


def test_a_thing_is_the_value_of_questions_on_its_class(run: Run) -> None:
    found = run("--search", "blood donation").stdout

    assert "-p at=event:blood-donation " in found


def test_words_that_nothing_has_are_told_with_near_ones(run: Run) -> None:
    result = run("--search", "Guevarra submarine")

    assert result.stdout == ""
    assert "nothing has the word guevarra; did you mean guevara" in result.stderr
    assert "nothing has the word submarine\n" in result.stderr + "\n"


def test_a_name_that_is_none_lists_questions_with_its_words_and_is_an_error(run: Run) -> None:
    result = run("quarantine")

    assert isinstance(result.exception, UnknownNameError)
    assert result.stdout == ""
    assert "topic=topic:us-aggression" in result.stderr
    assert names(run("silent").stderr)[0] == "silent-or-absent"


def test_without_an_index_nothing_is_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    built = CachedBuild(tmp_path / "graph.nq", "v1")

    question_search.by_words(Collection.shipped(), "silent", built)

    assert capsys.readouterr().out == ""
    assert list(tmp_path.iterdir()) == []
