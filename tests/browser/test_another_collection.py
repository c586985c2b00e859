"""A walk through somebody else's collection, whose pages are as good and say nothing of ours."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from ..server.running import Running, server
from .looking import Seen, findings, overflow

pytestmark = pytest.mark.slow
EMBASSY = Path(__file__).parents[1] / "collections" / "embassy"
DESCRIPTION = """
title: "Port Merrow: telegrams of an invented embassy"
base: https://example.org/merrow/
licence: https://creativecommons.org/publicdomain/zero/1.0/
curator: The tests
subject: The harbor of Port Merrow, 1957
about: One telegram of an invented American embassy.
"""
TELEGRAM = "/id/telegram/1957-03-14-port-merrow-217"
# Each page with words that it must have.
PAGES = {
    "front": ("/", "The harbor of Port Merrow, 1957"),
    "about": ("/about", "The tests answers for the records"),
    "quality": ("/quality", "Telegram 217 from Port Merrow"),
    "telegram": (TELEGRAM, "Telegram 217 from Port Merrow, 14 March 1957"),
    "person": ("/id/actor/tavrin", "Orsett Tavrin (invented)"),
    "timeline": ("/timeline", "call on Tavrin"),
    "matrix": ("/matrix", "Orsett Tavrin (invented)"),
    "network": ("/network", "embassy in Port Merrow (invented)"),
    "statements": ("/statements", "Orsett Tavrin (invented)"),
    "search": ("/search?q=tavrin", "Orsett Tavrin (invented)"),
    "not found": ("/people/tavrin", "Orsett Tavrin (invented)"),
}
OURS = re.compile(r"Havana|Castro|Alekseev|1962|Cuba|Soviet|Moscow|two telegrams", re.IGNORECASE)


@pytest.fixture(scope="module")
def merrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service on the invented collection."""
    place = tmp_path_factory.mktemp("merrow") / "collection"
    shutil.copytree(EMBASSY, place)
    (place / "collection.yaml").write_text(DESCRIPTION, encoding="utf-8")
    with server(None, "--collection", str(place), "--timeout", "60") as running:
        yield running


@pytest.mark.parametrize("kind", PAGES)
def test_its_pages_are_as_good_as_ours(
    kind: str, browser: Browser, merrow: Running, screenshots: Path
) -> None:
    address, words = PAGES[kind]
    page, seen = browser.new_page(viewport={"width": 1280, "height": 900}), Seen()
    seen.follow(page)
    page.goto(f"http://{merrow.netloc}{address}", wait_until="load")
    faults = [f"at {width}: {each}" for width in (320, 1280) for each in wide(page, width)]
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        faults += [f"in {scheme}: {each}" for each in findings(page)]
        page.screenshot(path=screenshots / f"merrow {kind}-{scheme}.png", full_page=True)
    faults += seen.faults(merrow.netloc)
    text = page.locator("body").inner_text()
    page.close()

    assert faults == []
    assert words in text
    assert OURS.findall(text) == []


def wide(page: Page, width: int) -> list[str]:
    page.set_viewport_size({"width": width, "height": 900})
    return overflow(page)


def test_a_walk_from_its_front_page_to_the_words_of_a_silence(browser: Browser, merrow: Running) -> None:
    page = browser.new_page()
    page.goto(f"http://{merrow.netloc}/")
    page.locator("main a[href='/queries/silent-or-absent']").click()
    assert "Lene Brask (invented)" in page.locator("main").inner_text()
    page.locator(f"main td a[href^='{TELEGRAM}']").first.click()

    assert "Lene Brask (invented)" in page.locator("h1").inner_text()
    assert page.locator("blockquote").count() > 0
    assert "paragraph" in page.locator("figcaption").first.inner_text()
    page.close()
