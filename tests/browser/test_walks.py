"""Five walks from the front page, each of at most three clicks to an answer with its evidence and its teller."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from ..server.running import Running

pytestmark = pytest.mark.slow


@pytest.fixture
def front(browser: Browser, service: Running) -> Iterator[Page]:
    page = browser.new_page()
    page.goto(f"http://{service.netloc}/")
    yield page
    page.close()


def click(page: Page, address: str) -> None:
    """Click the first link that leads to `address`, as a person would."""
    page.locator(f"main a[href='{address}'], nav a[href='{address}']").first.click()
    page.wait_for_load_state()


def said(page: Page) -> str:
    return " ".join(page.locator("main").inner_text().split())


# Paragraph 9 of the telegram of 2 November: two men did not speak, one was away.
def test_who_kept_silent_or_was_absent_stands_on_the_front_page_and_leads_to_the_words(front: Page) -> None:
    picture = said(front)
    for name in ("Aragones", "Guevara", "Raúl Castro"):
        assert name in picture
    click(front, "/id/telegram/1962-11-02-havana-1717/body-9/guevara-silent")

    assert "did not speak" in said(front)
    assert front.locator("blockquote").count() > 0


def test_how_a_stance_changed_and_by_whose_account(front: Page) -> None:
    click(front, "/queries/changes-of-position")
    rows = said(front)
    assert "Fidel Castro" in rows
    assert "Aleksandr Alekseev" in rows
    front.locator("main td a[href^='/id/telegram/']").first.click()

    front.locator("blockquote").first.wait_for()


# Paragraph 19 speaks of a letter that is not among the texts.
def test_what_is_known_only_by_reference_leads_to_its_mentions(front: Page) -> None:
    click(front, "/queries/documents-not-held")
    assert "letter" in said(front)
    click(front, "/id/document/castros-letter-of-27-october")

    assert "Castro" in front.locator("h1").inner_text()
    assert front.locator("main q").count() > 0


def test_a_stand_leads_to_its_quotes_and_to_its_paragraph(front: Page) -> None:
    click(front, "/id/telegram/1962-11-02-havana-1717/body-7/santamaria-criticises")
    quotes = front.locator("blockquote").all_inner_texts()

    assert any("Santamaria" in quote for quote in quotes)
    click(front, "/id/telegram/1962-11-02-havana-1717/passage/body-7")
    assert "7" in front.locator("h1").inner_text()


def test_all_positions_come_as_csv(front: Page) -> None:
    click(front, "/dumps/")
    with front.expect_download() as begun:
        front.locator("main a[href$='csv/positions.csv']").first.click()

    assert begun.value.suggested_filename.endswith("positions.csv")


def test_the_navigation_stands_in_a_line_and_on_a_phone_in_few(front: Page) -> None:
    heights = {}
    for width in (1280, 320):
        front.set_viewport_size({"width": width, "height": 900})
        links = front.locator("header nav a").all()
        heights[width] = len({round((link.bounding_box() or {"y": 0})["y"]) for link in links})

    assert heights[1280] == 1
    assert heights[320] <= 3
