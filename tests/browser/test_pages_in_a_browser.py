"""Every kind of page at four widths, light and dark, in print, in forced colours, without scripts, by keyboard."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from playwright.sync_api import Browser, Page

from ..server.running import Running
from .looking import Seen, findings, lost_focus, overflow, sizes

pytestmark = pytest.mark.slow
PAGES: dict[str, str] = yaml.safe_load((Path(__file__).parent / "pages.yaml").read_text(encoding="utf-8"))
WIDTHS = (320, 360, 1280, 1600)
HTML, TRANSFERRED, WITH_EDITOR = 100_000, 60_000, 500_000  # bytes
_TABS = 12
_CHANGING = re.compile(r"urn:uuid:[0-9a-f-]+|[0-9.]+ m?s\b")


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_of_each_kind_is_read_by_everybody(
    kind: str, browser: Browser, service: Running, screenshots: Path
) -> None:
    page, seen = browser.new_page(viewport={"width": 1280, "height": 900}), Seen()
    seen.follow(page)
    page.goto(f"http://{service.netloc}{PAGES[kind]}", wait_until="load")
    faults = [*weight(page), *lost_focus(page, _TABS), *at_widths(page, screenshots / kind)]
    faults += in_schemes(page, screenshots / kind)
    faults += without_scripts(page, browser)
    faults += seen.faults(service.netloc)
    page.close()

    assert faults == []


def weight(page: Page) -> list[str]:
    html, transferred = sizes(page)
    most = WITH_EDITOR if urlsplit(page.url).path == "/sparql" else TRANSFERRED
    faults = [f"the page has {html} bytes"] if html > HTML else []
    return faults + ([f"{transferred} bytes were transferred"] if transferred > most else [])


def at_widths(page: Page, name: Path) -> list[str]:
    faults = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        faults += [f"at {width}: {each}" for each in overflow(page)]
        page.screenshot(path=name.with_name(f"{name.name}-{width}.png"))
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 720, "height": 1000})
    faults += [f"in print: {each}" for each in overflow(page)]
    page.emulate_media(media="screen")
    return faults


def in_schemes(page: Page, name: Path) -> list[str]:
    faults = []
    for width, scheme, forced in ((360, "light", "none"), (1280, "dark", "none"), (1280, "light", "active")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, forced_colors=forced)  # type: ignore[arg-type]
        found = overflow(page) if forced == "active" else findings(page)
        faults += [f"at {width}, {scheme}, forced colours {forced}: {each}" for each in found]
        page.screenshot(path=name.with_name(f"{name.name}-{scheme}-{forced}.png"))
    return faults


def without_scripts(page: Page, browser: Browser) -> list[str]:
    """Scripts only add: each line that is there without them is there with them, but for times and numbers."""
    other = browser.new_page(java_script_enabled=False)
    other.goto(page.url)
    said, with_scripts = (lines(each.locator("main").text_content() or "") for each in (other, page))
    other.close()
    return [f"only without scripts: {line}" for line in said - with_scripts] if said else ["says nothing"]


def lines(text: str) -> set[str]:
    return {line.strip() for line in _CHANGING.sub("", text).splitlines()}


def test_every_kind_of_page_that_is_linked_is_among_these(browser: Browser, service: Running) -> None:
    page = browser.new_page()
    linked: dict[str, str] = {}
    for path in PAGES.values():
        page.goto(f"http://{service.netloc}{path}")
        for href in page.eval_on_selector_all("a[href^='/']", "all => all.map(a => a.getAttribute('href'))"):
            linked.setdefault(kind_of(href), href)
    known = {kind_of(path) for path in PAGES.values()}
    missing = {
        kind: href
        for kind, href in linked.items()
        if kind not in known and is_page(page, f"http://{service.netloc}{href}")
    }
    page.close()

    assert missing == {}


def is_page(page: Page, url: str) -> bool:
    response = page.request.get(url, headers={"Accept": "text/html"})
    return bool(response.ok) and response.headers["content-type"].startswith("text/html")


def kind_of(path: str) -> str:
    """Return the first folder of an address, for things with the kind of thing."""
    return "/".join(urlsplit(path).path.split("/")[: 3 if path.startswith("/id/actor") else 2])
