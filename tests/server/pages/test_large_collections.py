"""Pages about all of the data over a large collection: their work does not grow, and none of them is an error.

Work is counted by what the pages ask of the pool and by the bytes of its answers, not by the clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from kg import build
from kg.asking.questions import saved_queries
from kg.cache import CachedBuild
from kg.errors import BusyError, MemoryLimitError, SizeLimitError, TimeLimitError
from kg.namespaces import BASE, CG, ID, PREFIXES
from kg.publishing.stores import answer_writer, sorted_quads
from kg.publishing.stores.answer_process import Answering
from kg.publishing.stores.kept_answers import KeptAnswers
from kg.publishing.stores.kept_questions import other_questions
from kg.publishing.stores.store_folder import DiskStore
from kg.resources import folder
from kg.store import nquads
from server import create_app
from server.engine.evaluation.query_request import Limits, QueryAnswer, QueryRequest
from server.engine.workers.pool import Pool
from server.pages.overviews.collection_timeline import LISTED
from server.pages.overviews.tie_networks import MOST_NODES
from server.pages.telegrams.held_telegrams import Neighbours
from server.site import pool_queries
from server.site.first_answers import FirstAnswers

from ...benchmark.corpus import quads
from ..talking import BROWSER

QUESTIONS = saved_queries.load(folder("queries"))
FEW, MANY = 20, 200  # made telegrams
KEPT = ("telegrams-held", "threads", "dates-of-documents", "happened-and-told", "ties-between-actors")
HELD = "telegram:1962-10-23-havana-1643"
FRONT = (
    "/",
    "/about",
    "/quality",
    "/timeline",
    "/matrix",
    "/network",
    "/id/",
    "/id/event/",
    "/sitemap.xml",
    "/nowhere",
)
LIMITS = Limits(timeout=60.0, workers=1, wait=30.0)


class Counting(Pool):
    """A pool that counts what it is asked and the bytes of its answers; `fail` is raised instead of some."""

    asked = 0
    sent = 0
    fail: Callable[[str], Exception | None] = staticmethod(lambda _: None)

    def answer(self, request: QueryRequest, client: str = "") -> QueryAnswer:
        if error := self.fail(request.query):
            raise error
        found = super().answer(request, client)
        self.asked, self.sent = self.asked + 1, self.sent + len(found.body)
        return found


def dated(number: int) -> Iterator[ox.Quad]:
    """Yield the best dates of so many made telegrams: those of a sixth of them in 1963, of the others in 1962."""
    graph = ox.NamedNode(f"{BASE}graph/dates")
    for place, telegram in enumerate(
        sorted({q.subject for q in quads(number) if q.predicate.value == f"{CG}holding"}, key=str)
    ):
        node, year = ox.NamedNode(f"{telegram.value}/date"), 1963 if place % 6 == 0 else 1962
        day = ox.Literal(f"{year}-0{1 + place % 9}-11", datatype=ox.NamedNode(f"{PREFIXES['xsd']}date"))
        yield ox.Quad(telegram, ox.NamedNode(f"{CG}bestDate"), node, graph)
        for name in ("firstDay", "lastDay"):
            yield ox.Quad(node, ox.NamedNode(f"{CG}{name}"), day, graph)


@dataclass
class Served:
    """A client over a store on disk with its answers, and the pool behind it."""

    client: FlaskClient
    pool: Counting
    kept: Callable[[str], Path]
    work: dict[str, tuple[int, int]] = field(default_factory=dict)

    def page(self, address: str) -> str:
        """Return the text of a page, and note what it asked."""
        asked, sent = self.pool.asked, self.pool.sent
        answer = self.client.get(address, headers={"Accept": BROWSER})
        assert answer.status_code == (404 if address == "/nowhere" else 200)
        self.work[address] = self.pool.asked - asked, self.pool.sent - sent
        return unescape(answer.text)


@contextmanager
def served(graph: build.Build, number: int, place: Path) -> Iterator[Served]:
    every = [*graph.quads, *quads(number), *dated(number)]
    built = CachedBuild(place / "graph.nq", "v1")
    store = ox.Store(str(place / "quads"))
    store.extend(every)
    store.flush()
    lines = nquads.serialize(every, "nq").splitlines(keepends=True)
    answer_writer.begin(built.answers, "v1", sorted_quads.things(lines, (str(ID),)))
    for questions in (None, other_questions(QUESTIONS)):
        Answering(place / "quads", built.answers, apart=False, slow=0.0).answer(QUESTIONS, questions)
    build.index(graph, build.Collection.shipped(), built.search, "v1", lambda _: None)
    with Counting(lambda: DiskStore(place / "quads"), LIMITS, "v1") as pool:
        app = create_app(pool, data_version="v1", kept=lambda _: built.answers, search=lambda _: built.search)
        yield Served(app.test_client(), pool, lambda _: built.answers)


@pytest.fixture(scope="module")
def few(graph: build.Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(graph, FEW, tmp_path_factory.mktemp("few")) as one:
        yield one


@pytest.fixture(scope="module")
def asked(few: Served) -> FlaskClient:
    """A client over the same data, which has no kept answers."""
    return create_app(few.pool, data_version="v1").test_client()


@pytest.mark.parametrize("name", KEPT)
@pytest.mark.parametrize("ending", [".json", ".csv?limit=3&offset=1", ".xml?limit=2", ".tsv", ".md?offset=2"])
def test_a_kept_answer_is_the_answer(name: str, ending: str, few: Served, asked: FlaskClient) -> None:
    before = few.pool.asked
    kept = few.client.get(f"/queries/{name}{ending}")
    of_kept = few.pool.asked - before
    other = asked.get(f"/queries/{name}{ending}")

    assert kept.status_code == 200
    assert kept.data == other.data
    for field_ in ("X-Total-Count", "ETag", "Content-Type"):
        assert kept.headers.get(field_) == other.headers.get(field_)
    # The rows and their number were not asked, but what they rest on, which may take several questions.
    assert few.pool.asked - before - of_kept == of_kept + 1


def test_an_answer_with_other_values_or_from_another_folder_is_asked(few: Served) -> None:
    other = {
        **QUESTIONS,
        "threads": replace(QUESTIONS["threads"], text=QUESTIONS["threads"].text + "LIMIT 1"),
    }
    client = create_app(few.pool, data_version="v1", queries=other, kept=few.kept).test_client()
    for address, of in (
        (f"/queries/dates-of-documents.csv?document={HELD}", few.client),
        ("/queries/threads.csv", client),
    ):
        before = few.pool.asked
        rows = of.get(address).text.splitlines()
        assert few.pool.asked > before
        assert len(rows) == 2


def test_a_page_whose_values_by_default_have_no_rows_begins_with_others(few: Served, tmp_path: Path) -> None:
    """The question asks for a telegram of another collection; what has rows was found at the build."""
    name, other, file = "quotes-in-place", "telegram:1925-paris-1", tmp_path / "answers.db"
    own = {name: saved_queries.parse(name, QUESTIONS[name].text.replace(HELD, other))}
    answer_writer.begin(file, "v1", ())
    Answering(few.kept("v1").with_name("quads"), file, apart=True).answer(own)
    client = create_app(few.pool, data_version="v1", queries=own, kept=lambda _: file).test_client()
    page = client.get(f"/queries/{name}", headers={"Accept": BROWSER})
    before = few.pool.asked
    hints = client.get(f"/queries/{name}/hints").get_json()["hints"]

    assert few.pool.asked <= before + 1  # the number of rows, but nothing for the hints
    assert page.status_code == 303
    assert page.headers["Location"] == f"/queries/{name}?telegram={quote(hints[0]['instead'][0][9:])}"
    assert "no row has" not in client.get(page.headers["Location"], headers={"Accept": BROWSER}).text
    assert client.get(f"/queries/{name}.json").headers["X-Total-Count"] == "0"
    given = client.get(f"/queries/{name}?telegram={HELD}", headers={"Accept": BROWSER})
    assert given.status_code == 200


def test_the_order_of_the_telegrams_that_a_store_keeps_is_the_one_that_is_asked_for(few: Served) -> None:
    held = {q.subject.value for q in quads(FEW) if q.predicate.value == f"{CG}holding"}
    asked = Neighbours(partial(pool_queries.rows, few.pool))
    before = few.pool.asked
    kept = Neighbours(partial(pool_queries.rows, few.pool), KeptAnswers.of(few.kept("v1"), "v1"))

    assert few.pool.asked == before
    assert len(held) == FEW
    beside = [kept.of(iri) for iri in held]
    assert beside == [asked.of(iri) for iri in held]
    assert all(one is not None for one in beside)
    assert kept.of(f"{ID}telegram/nowhere") is asked.of(f"{ID}telegram/nowhere") is None


def test_a_page_of_a_telegram_does_not_read_the_others(few: Served, many: Served) -> None:
    address = f"/id/{HELD.replace(':', '/')}"
    few.page(address)
    many.page(address)

    assert few.work[address][0] == many.work[address][0]
    assert many.work[address][1] <= few.work[address][1] + 500  # the name of another telegram beside it


@pytest.fixture(scope="module")
def many(graph: build.Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(graph, MANY, tmp_path_factory.mktemp("many")) as one:
        yield one


@pytest.mark.parametrize("address", FRONT)
def test_the_work_of_a_page_does_not_grow(address: str, few: Served, many: Served) -> None:
    shorter, longer = few.page(address), many.page(address)
    (asked, sent), (more_asked, more_sent) = few.work[address], many.work[address]

    # Of each further telegram the names of its two graphs are read, and nothing else.
    assert more_asked <= asked + 2
    assert more_sent - sent <= 2 * 150 * (MANY - FEW) + 5_000
    assert len(longer) <= 3 * len(shorter) + 130 * MANY


def test_the_pages_name_the_number_of_all(many: Served) -> None:
    assert f"{MANY + 2} telegrams; the first 12 are shown" in many.page("/")
    assert f"12 of {MANY + 2} telegrams are shown" in many.page("/about")


def test_of_a_long_timeline_the_year_with_most_is_shown_and_others_are_led_to(many: Served) -> None:
    text = many.page("/timeline")
    documents = text.partition('id="document"')[2].partition("</section>")[0]

    assert "too many for one picture. Here are those of 1962, the year with most of them." in text
    assert documents.count("<li>") == LISTED
    assert "11 January 1963" not in documents
    for part in ("1963", "1962-03", "none"):
        assert f'href="/timeline?at={part}"' in text


def test_a_part_of_the_timeline_is_chosen_by_year_month_or_without_a_day(many: Served) -> None:
    year = many.page("/timeline?at=1963&lane=document")
    month = many.page("/timeline?at=1962-03&lane=document")
    none = many.page("/timeline?at=none&lane=event")

    assert set(re.findall(r"sent \d+ (\w+ \d+)", month)) == {"March 1962"}
    assert {day[-4:] for day in re.findall(r"sent \d+ (\w+ \d+)", year)} == {"1963"}
    assert "whose day no statement tells" in none
    assert 'href="/timeline?at=1963"' in year
    assert 'href="/timeline?lane=event&at=1963"' in year
    assert "There are none here" in many.page("/timeline?at=1701")


@pytest.mark.parametrize("at", ["62", "1962-1", "1962-03-04", "all", "1962\n"])
def test_another_part_is_refused(at: str, many: Served) -> None:
    answer = many.client.get("/timeline", query_string={"at": at})

    assert answer.status_code == 400
    assert "a year as 1962" in answer.text


def test_of_a_large_network_the_names_with_most_ties_are_kept(many: Served) -> None:
    text = many.page("/network?tie=reports")

    assert text.count("<li>") <= 2 * MOST_NODES
    assert "the names with most ties are kept" in text


@pytest.mark.parametrize("error", [TimeLimitError, MemoryLimitError, SizeLimitError, BusyError])
def test_a_page_without_an_answer_in_time_says_so_and_is_kept_by_no_cache(
    graph: build.Build, error: type[Exception]
) -> None:
    store = build.store_of(graph)
    with Counting(lambda: store, LIMITS, "v1") as pool:
        pool.fail = lambda query: None if "VALUES ?statement {  }" in query else error("too late")
        client = create_app(pool, data_version="v1").test_client()
        answers = {
            address: client.get(address, headers={"Accept": BROWSER})
            for address in ("/", "/about", "/quality", "/timeline", "/matrix", "/network", "/statements")
        }

    for answer in answers.values():
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert 'class="late"' in answer.text
        assert "There is no telegram" not in answer.text


def test_a_question_that_was_late_is_asked_again_later(graph: build.Build) -> None:
    store, now = build.store_of(graph), [0.0]
    with Counting(lambda: store, LIMITS, "v1") as pool:
        answers = FirstAnswers(pool, QUESTIONS, clock=lambda: now[0])
        pool.fail = lambda _: TimeLimitError("too late")
        late = answers.first("v1", "telegrams-held", 1)
        pool.fail = lambda _: None
        still = answers.first("v1", "telegrams-held", 1)
        now[0] = 301.0
        found = answers.first("v1", "telegrams-held", 1)

    assert (late.late, still.late, found.late) == (True, True, False)
    assert (found.total, len(found.rows())) == (2, 1)
