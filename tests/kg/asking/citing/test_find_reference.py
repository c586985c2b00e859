"""References to things of the graph, as the page of each telegram in the archive cites it."""

from __future__ import annotations

from datetime import date

import pytest

import kg
from kg.asking.citing import find_reference
from kg.asking.citing.reference import CitedName, Kind, Reference
from kg.errors import UnknownNameError
from kg.graph import Graph
from kg.namespaces import ID
from kg.store.sparql import bindings

SECOND = "telegram/1962-11-02-havana-1717"


@pytest.fixture(scope="module")
def graph() -> Graph:
    return kg.open()


def _find(graph: Graph, name: str) -> Reference | None:
    return find_reference.find(
        lambda query: bindings(graph._store, query), f"{ID}{name}", graph.version, date(2026, 11, 27)
    )


def test_a_telegram_is_cited_as_the_page_of_the_archive_has_it(graph: Graph) -> None:
    found = _find(graph, SECOND)

    assert found is not None
    assert (found.kind, found.issued) == (Kind.TELEGRAM, date(1962, 11, 2))
    assert found.authors == (CitedName("Aleksandr Alekseev", "Alekseev", "Aleksandr"),)
    assert found.translators == (CitedName("Svetlana Savranskaya", "Savranskaya", "Svetlana"),)
    assert found.archive == "Archive of the President of the Russian Federation"
    assert found.publisher == "Wilson Center Digital Archive"
    assert found.credits == ("with support of Leon Levy Foundation",)
    assert found.page == "https://wilson-center.drivingcreative.com/document/115064"


def test_what_a_page_does_not_say_is_left_out(graph: Graph) -> None:
    """The page of the other telegram names no archive of the original and no person as translator."""
    found = _find(graph, "telegram/1962-10-23-havana-1643")

    assert found is not None
    assert (found.archive, found.page, found.issued) == ("", "", date(1962, 10, 23))
    assert found.translators == (CitedName("National Security Archive"),)
    assert found.credits == ("obtained by National Security Archive", "with support of Leon Levy Foundation")


def test_a_statement_is_cited_with_its_paragraph_and_telegram(graph: Graph) -> None:
    footnote = graph.cite(f"{SECOND}/body-7/garcia-criticises")

    assert "”, paragraph 7, Aleksandr Alekseev, “Telegram No. 1717-1722 from Havana" in footnote
    assert footnote.endswith(f"{ID}{SECOND}/body-7/garcia-criticises.\n")
    assert footnote.count("data version") == 1


def test_a_reading_is_said_to_be_none_of_its_holder(graph: Graph) -> None:
    found = _find(graph, f"{SECOND}/document/irritation-tied-to-reply")

    assert found is not None
    assert found.standing.startswith(
        "A possible reading, not adopted; it would be that of Aleksandr Alekseev"
    )
    assert found.standing in str(found)
    assert found.place == "paragraphs 1, 33; header-5, note-1, note-2"


def test_any_thing_is_cited_by_its_name(graph: Graph) -> None:
    assert graph.cite("event:ori-session", "csl").startswith('[\n {\n  "id": "id-event-ori-session",')
    assert graph.cite("actor:haydee-santamaria", "bibtex").startswith("@misc{id-actor-haydee-santamaria,")


def test_an_unknown_thing_or_format_is_refused(graph: Graph) -> None:
    assert _find(graph, "actor/nobody") is None
    with pytest.raises(UnknownNameError):
        graph.cite("actor:nobody")
    with pytest.raises(UnknownNameError, match="ris"):
        graph.cite("event:ori-session", "rsi")


def test_an_answer_is_cited_in_each_format(graph: Graph) -> None:
    citation = graph.query("who-criticised").citation

    assert citation.written() == f"{citation}\n"
    assert "TY  - DATA\r\n" in citation.written("ris")
    assert "issue: issue:soviet-policy-in-the-crisis; at: event:ori-session" in citation.written("csl")
