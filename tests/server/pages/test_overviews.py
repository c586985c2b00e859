"""The pages of the whole collection: timeline, matrix and network.

What the pages of both telegrams must show was read in their texts; the embassy's telegram is invented.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from kg import build
from server import create_app
from server.engine.evaluation.query_request import Limits
from server.pages.overviews.collection_timeline import LISTED
from server.pages.overviews.stance_matrix import MOST_ACTORS, MOST_ISSUES
from server.pages.overviews.tie_networks import TIES

from ...test_depths import variant
from ..pools import open_pool
from ..talking import BROWSER

BASE = "https://w3id.org/cablegraph/"
PAGES = ("timeline", "matrix", "network")
OCTOBER, NOVEMBER = "1962-10-23-havana-1643", "1962-11-02-havana-1717"


@contextmanager
def served(load: Callable[[], ox.Store]) -> Iterator[FlaskClient]:
    with open_pool(load, Limits(timeout=60.0, workers=1, wait=30.0)) as pool:
        yield create_app(pool, data_version="v1").test_client()


@pytest.fixture(scope="module")
def client(graph: object) -> Iterator[FlaskClient]:
    """A client of the real graph."""
    store = ox.Store()
    store.extend(graph.quads)  # type: ignore[attr-defined]
    with served(lambda: store) as client:
        yield client


@pytest.fixture(scope="module")
def embassy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of the collection of somebody else."""
    built = build.build(variant("statements", tmp_path_factory.mktemp("embassy")))
    with served(lambda: build.store_of(built)) as client:
        yield client


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of the same, as a program found it."""
    built = build.build(variant("found", tmp_path_factory.mktemp("found")))
    with served(lambda: build.store_of(built)) as client:
        yield client


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address, headers={"Accept": BROWSER})
    assert answer.status_code == 200
    return unescape(answer.text)


def lanes(text: str) -> dict[str, str]:
    return dict(re.findall(r'<section class="lane" id="(\w+)">(.*?)</section>', text, re.DOTALL))


def entries(lane: str) -> dict[str, str]:
    """Return the entries of a lane by the address of their thing."""
    found = re.findall(r"<li>\s*(?:<div[^>]*>)?<a href=\"/id/([^\"]+)\">(.*?)</li>", lane, re.DOTALL)
    assert len({thing for thing, _ in found}) == len(found)
    return dict(found)


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def cell(text: str, issue: str, actor: str) -> list[tuple[str, str, str]]:
    """Return where somebody stands on an issue: place, words beside it, statement."""
    names = re.findall(r'<th scope="col"><a href="/id/([^"]+)"', text)
    row = re.search(rf'<th scope="row"><a href="/id/{issue}".*?</tr>', text, re.DOTALL)
    assert row
    field = re.findall(r"<td>(.*?)</td>", row[0], re.DOTALL)[names.index(actor)]
    marks = re.findall(r'<a[^>]*data-where="([^"]+)" href="/id/([^"]+)">(.*?)</a>', field, re.DOTALL)
    return [(where, " ".join(re.findall(r"<small>(.*?)</small>", rest)), iri) for where, iri, rest in marks]


@pytest.mark.parametrize(
    ("thing", "happened", "told"),
    [
        ("event/exchange-on-first-strike", "27 October 1962", NOVEMBER),
        ("event/conversation-of-23-october", "23 October 1962", OCTOBER),
        ("event/castros-statement-of-five-points", "28 October 1962", NOVEMBER),
        ("event/ori-session", "27 October to 2 November 1962, day unsure", NOVEMBER),
    ],
)
def test_an_event_has_its_own_day_and_that_of_its_telling(
    client: FlaskClient, thing: str, happened: str, told: str
) -> None:
    entry = entries(lanes(page(client, "/timeline"))["event"])[thing]

    assert happened in words(entry)
    assert re.findall(r'href="/id/telegram/([^"]+)"', entry) == [told]
    assert ('class="unsure" fill' in entry) == ("unsure" in happened)
    assert entry.count("<circle") == 1


@pytest.mark.parametrize("thing", ["event/kennedys-appearance-of-22-october", "event/havana-conference-2002"])
def test_what_only_notes_or_the_archive_tell_has_no_day_of_telling(client: FlaskClient, thing: str) -> None:
    """The reference notes of the first telegram name the appearance, its page the conference."""
    entry = entries(lanes(page(client, "/timeline"))["event"])[thing]

    assert "<circle" not in entry
    assert "told only by notes, brackets or the archive’s page" in entry


def test_an_event_of_another_time_stands_at_the_edge(client: FlaskClient) -> None:
    text = page(client, "/timeline")

    assert "later than the axis" in entries(lanes(text)["event"])["event/havana-conference-2002"]
    assert re.findall(r"<text x=\"[\d.]+%\" y=\"13\">(.*?)</text>", text)[:2] == ["21 Oct", "23 Oct"]


def test_a_stance_has_the_day_of_its_occasion_and_never_that_of_the_telegram(client: FlaskClient) -> None:
    """The first strike was spoken of in the night of 27 October; the phrase of the letter on no told day."""
    lane = lanes(page(client, "/timeline"))["stance"]
    told = entries(lane)
    strike = told[f"telegram/{NOVEMBER}/body-19/castro-favours-conditional-strike"]
    phrase = told[f"telegram/{NOVEMBER}/body-20/castro-disappointed"]

    assert re.search(r'class="happened">27 October 1962<', strike)
    assert "told 2 November 1962" in words(strike)
    assert "happened" not in phrase
    assert "told 2 November 1962" in words(phrase)


def test_a_reading_that_nobody_asserts_is_marked(client: FlaskClient) -> None:
    told = entries(lanes(page(client, "/timeline"))["stance"])

    assert "a possible reading" in told[f"telegram/{NOVEMBER}/body-7/valdes-criticises-wholly"]
    assert "reading" not in told[f"telegram/{NOVEMBER}/body-7/garcia-criticises"]


def test_a_telegram_that_is_held_is_a_telling_itself(client: FlaskClient) -> None:
    entry = entries(lanes(page(client, "/timeline"))["document"])[f"telegram/{OCTOBER}"]

    assert "sent 23 October 1962" in words(entry)
    assert "<rect" not in entry
    assert entry.count("<circle") == 1


def test_one_lane_alone_is_shown_on_request(client: FlaskClient) -> None:
    assert list(lanes(page(client, "/timeline?lane=document"))) == ["document"]
    assert list(lanes(page(client, "/timeline"))) == ["event", "document", "stance"]


SESSION = "issue/soviet-decisions-on-the-crisis"


@pytest.mark.parametrize(
    ("actor", "where"),
    [
        ("carlos-rafael-rodriguez", ["for"]),
        ("joaquin-ordoqui", ["for"]),
        ("raul-curbelo", ["partly against"]),
        ("guillermo-garcia-frias", ["against"]),
        ("haydee-santamaria", ["against"]),
        ("che-guevara", ["silent"]),
        ("emilio-aragones", ["silent"]),
        ("raul-castro", ["absent"]),
    ],
)
def test_the_matrix_has_each_who_stood_or_was_silent_at_the_session(
    client: FlaskClient, actor: str, where: list[str]
) -> None:
    """The telegram of 2 November, paragraphs 7 to 9."""
    assert [mark[0] for mark in cell(page(client, "/matrix"), SESSION, f"actor/{actor}")] == where


def test_a_rival_reading_stands_below_what_is_asserted_and_is_marked(client: FlaskClient) -> None:
    marks = cell(page(client, "/matrix"), SESSION, "actor/ramiro-valdes")

    assert [mark[0] for mark in marks] == ["partly against", "against"]
    assert [mark[1].startswith("a possible reading") for mark in marks] == [False, True]


def test_nobody_is_silent_on_what_was_perhaps_said_elsewhere(client: FlaskClient) -> None:
    """Whether Dorticós spoke at the session the telegram leaves open."""
    text = page(client, "/matrix")
    row = re.search(r'<a href="/id/issue/soviet-methods-of-resolving-the-crisis".*?</tr>', text, re.DOTALL)

    assert row
    assert set(re.findall(r'data-where="([^"]+)"', row[0])) == {"against"}


def test_rows_and_columns_are_in_the_order_of_their_weight(client: FlaskClient) -> None:
    text = page(client, "/matrix")
    rows = re.findall(r'<tr><th scope="row">.*?</tr>', text, re.DOTALL)
    weights = [row.count("data-where") for row in rows]

    assert weights == sorted(weights, reverse=True)
    assert re.findall(r'<th scope="col"><a href="/id/([^"]+)"', text)[0] == "actor/fidel-castro"
    assert not re.search(r"class=\"key\".*data-where=\"(?!for|partly|against|undecided|silent|absent)", text)


def test_no_statement_stands_twice_in_the_matrix(client: FlaskClient) -> None:
    marks = re.findall(r"<td>(.*?)</td>", page(client, "/matrix"), re.DOTALL)
    for field in marks:
        links = re.findall(r'href="(/id/[^"]+)"', field)
        assert len(links) == len(set(links))


def test_the_account_is_a_switch(client: FlaskClient) -> None:
    archive = f"{BASE}id/actor/wilson-center-digital-archive"
    text = page(client, f"/matrix?by={archive}")

    # The page of the October telegram says in its summary that Castro condemned the American course.
    assert cell(text, "issue/us-policy-toward-cuba", "actor/fidel-castro")[0][0] == "against"
    assert "che-guevara" not in text
    assert 'aria-current="page">Wilson Center' in text


def arcs(text: str, heading: str) -> tuple[set[tuple[str, str, str]], str]:
    """Return the ties of a network as from, tie, to; and its part of the page."""
    part = text.partition(f'<h2 id="{heading}">')[2].partition("<h2")[0]
    rows = re.findall(
        r'data-name="From">(.*?)</td><td data-name="Tie">(.*?)</td><td data-name="To">(.*?)</td>', part
    )
    return {(one, words(tie), other) for one, tie, other in rows}, part


def test_the_network_of_documents_has_each_relation_once_with_an_arrow(client: FlaskClient) -> None:
    ties, part = arcs(page(client, "/network"), "documents")
    october = "Telegram No. 1643-1644 from Havana, 23 October 1962"

    assert (october, "answers", "Telegram No. 811 from Moscow to Havana") in ties
    assert (october, "answers", "Telegram No. 812-813 from Moscow to Havana") in ties
    assert len(ties) == part.count('class="arc"') == part.count("marker-end") == 10
    assert f'<li><a href="/id/telegram/{OCTOBER}">{october}</a></li>' in part


def test_those_who_disagree_are_joined_without_an_arrow(client: FlaskClient) -> None:
    """Two defended the decision, four criticised it, in paragraphs 7 and 9."""
    ties, part = arcs(page(client, "/network"), "actors")
    defended = {"Joaquín Ordoqui", "C. R. Rodriguez"}

    assert len(ties) == part.count('class="arc"') == 8
    assert all(len({one, other} & defended) == 1 for one, _, other in ties)
    assert "marker-end" not in part


@pytest.mark.parametrize("tie", TIES)
def test_each_tie_is_a_page_that_is_not_heavy(client: FlaskClient, tie: str) -> None:
    text = page(client, f"/network?tie={tie}")

    assert f'aria-current="page">{tie}<' in text
    assert len(text.encode()) < 100_000


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_light_and_lead_to_the_question(client: FlaskClient, name: str) -> None:
    text = page(client, f"/{name}")

    assert len(text.encode()) < 100_000
    assert re.search(r'href="/queries/[\w-]+', text)
    assert f'href="/{name}"' in page(client, "/")
    assert "<script" not in text
    assert "style=" not in text


@pytest.mark.parametrize("address", ["/timeline?lane=x", "/matrix?by=x", "/network?tie=x"])
def test_an_unknown_choice_is_refused_with_what_there_is(client: FlaskClient, address: str) -> None:
    answer = client.get(address)

    assert answer.status_code == 400
    assert "must be one of: " in answer.text


@pytest.mark.parametrize("name", PAGES)
def test_empty_data_say_so(name: str) -> None:
    with served(ox.Store) as client:
        text = page(client, f"/{name}")

    assert "There are none" in text or "There is no stance" in text or "No such relation" in text


def test_the_collection_of_somebody_else_has_its_pages(embassy: FlaskClient) -> None:
    """Tavrin called against the renewal on 14 March 1957 with Brask there, who said nothing."""
    events = entries(lanes(page(embassy, "/timeline"))["event"])
    text = page(embassy, "/matrix")
    renewal = "issue/renewal-of-the-harbor-agreement"

    assert "14 March 1957 told 14 March 1957" in words(events["event/call-on-tavrin"])
    assert "18 March 1957 told 14 March 1957" in words(events["event/cabinet-meeting"])
    assert [mark[0] for mark in cell(text, renewal, "actor/tavrin")] == ["against"]
    assert [mark[0] for mark in cell(text, renewal, "actor/brask")] == ["silent"]
    assert "What is tied to what" in page(embassy, "/network")


def test_a_day_that_a_program_found_is_drawn_and_marked(found: FlaskClient, embassy: FlaskClient) -> None:
    """The telegram was sent on 14 March 1957 and received on the same day."""
    text, sure = page(found, "/timeline"), page(embassy, "/timeline")
    receipt = entries(lanes(text)["event"])["event/receipt-of-217"]
    telegram = entries(lanes(text)["document"])["telegram/1957-03-14-port-merrow-217"]

    assert words(receipt).count("14 March 1957 found by a program") == 2
    assert words(telegram).count("sent 14 March 1957 found by a program") == 1
    assert words(telegram).count("14 March 1957 found by a program") == 2
    assert receipt.count('class="found"/>') == 2  # bar and ring
    assert telegram.count('class="found"/>') == 1
    assert "a day that a program found and nobody has confirmed" in text
    assert "found by a program" not in sure
    assert "a day that a program found" not in sure


def many(number: int) -> ox.Store:
    """Return a store with so many events, and as many positions of as many actors on as many issues."""
    store = ox.Store()
    lines = "".join(
        f"""<{BASE}id/e/e{n}> a cg:Event ; rdfs:label "Event {n}"@en ; cg:bestDate <{BASE}id/d/d{n}> .
        <{BASE}id/d/d{n}> cg:firstDay "1900-01-01"^^xsd:date ; cg:lastDay "1900-01-02"^^xsd:date .
        <{BASE}id/a/a{n}> rdfs:label "Ann {n}"@en . <{BASE}id/i/i{n}> rdfs:label "Issue {n}"@en .
        <{BASE}id/p/p{n}> a cg:Position ; cg:heldBy <{BASE}id/a/a{n}> ; cg:favours <{BASE}id/i/i{n}> ."""
        for n in range(number)
    )
    store.update(
        f"PREFIX cg: <{BASE}ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
        "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
        f"INSERT DATA {{ GRAPH <{BASE}graph/shared> {{ {lines} }} }}"
    )
    return store


def test_of_many_the_pages_show_some_and_say_what_they_leave_out() -> None:
    with served(lambda: many(60)) as client:
        timeline, matrix = page(client, "/timeline"), page(client, "/matrix")

    assert len(entries(lanes(timeline)["event"])) == LISTED
    assert "20 more are left out here" in timeline
    assert matrix.count('scope="col"') == MOST_ACTORS + 1
    assert f"{60 - MOST_ACTORS} more issues and {60 - MOST_ACTORS} more actors are left out" in matrix
    assert matrix.count('scope="row"') <= MOST_ISSUES
