"""The page of a thing begins with what is told of it, line by line, each with its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from flask.testing import FlaskClient

from kg import build
from kg.asking.questions import saved_queries
from kg.resources import folder
from server import create_app
from server.engine.evaluation.query_request import Limits
from server.pages.things.portraits import MOST

from ..pools import open_pool
from ..talking import BROWSER

PLANS = yaml.safe_load((files("server") / "pages/things/portraits.yaml").read_text(encoding="utf-8"))
QUESTIONS = saved_queries.load(folder("queries"))


@pytest.fixture(scope="module")
def client(graph: build.Build, word_index: Path) -> Iterator[FlaskClient]:
    with open_pool(lambda: build.store_of(graph), Limits(timeout=60.0, workers=1, wait=30.0)) as pool:
        yield create_app(pool, data_version="v1", search=lambda _: word_index).test_client()


def lines(client: FlaskClient, path: str, title: str) -> list[str]:
    """Return the lines of a section, as text."""
    page = client.get(path, headers={"Accept": BROWSER}).text
    section = re.search(rf"<h2>{re.escape(title)}</h2>\s*<ul class=\"portrait\">(.*?)</ul>", page, re.DOTALL)
    found = re.findall(r"<li>(.*?)</li>", section[1], re.DOTALL) if section else []
    return [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in found]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: f"{plan['class']}-{plan['question']}")
def test_each_section_names_a_question_with_its_parameter_and_columns(plan: dict[str, str]) -> None:
    query = QUESTIONS[plan["question"]]
    columns = {column.name for column in query.columns}

    assert plan["with"] in {parameter.name for parameter in query.parameters}
    assert {*plan["lead"], *plan.get("days", ()), "statement"} <= columns


def test_a_person_begins_with_silence_and_who_tells_it(client: FlaskClient) -> None:
    (line,) = (line for line in lines(client, "/id/actor/che-guevara", "At events") if "silent" in line)

    assert line.startswith("1962-10-27 to 1962-11-02 was silent – last session of the ORI leadership")
    assert "says Aleksandr Alekseev" in line
    assert "Guevara … did not speak" in line
    assert line.endswith("why")


def test_a_stance_is_dated_by_its_occasion_never_by_the_telegram_that_tells_it(client: FlaskClient) -> None:
    told = lines(client, "/id/actor/fidel-castro", "Positions")

    assert told
    assert [line for line in told if line.startswith("1962-11-02 ")] == []
    assert any(line.startswith("1962-10-27") and "first" in line for line in told)


def test_what_nobody_asserts_has_a_section_of_its_own(client: FlaskClient) -> None:
    told = lines(client, "/id/actor/fidel-castro", "Read, ascribed or proposed, and asserted by no passage")

    assert told
    assert all(line.startswith(("a possible reading", "ascribed", "proposed")) for line in told)


def test_an_event_tells_who_did_what(client: FlaskClient) -> None:
    told = lines(client, "/id/event/ori-session", "Who did what")

    assert any(line.startswith("Raúl Castro – was absent – not there") for line in told)
    assert any(line.startswith("Fidel Castro – took no definite position") for line in told)


def test_a_long_section_says_how_many_there_are(client: FlaskClient) -> None:
    page = client.get("/id/event/ori-session", headers={"Accept": BROWSER}).text
    total = re.search(r'href="/queries/told-of-an-event\?at=event%3Aori-session">All (\d+) as a table', page)

    assert len(lines(client, "/id/event/ori-session", "All that is told of it")) == MOST
    assert total
    assert int(total[1]) > MOST


def test_a_thing_of_no_such_class_has_no_portrait(client: FlaskClient) -> None:
    page = client.get("/id/voice/writer", headers={"Accept": BROWSER}).text

    assert 'class="portrait"' not in page
    assert "<summary>Everything" not in page
