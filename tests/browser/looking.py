"""What a browser sees of one page: its messages, requests, sizes, width, focus, and the findings of axe-core."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

# WCAG 2.2 at levels A and AA. The size of targets, 2.5.8, is among them.
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_AXE = Axe()
_OVERFLOW = """() => {
    const root = document.documentElement, wide = root.scrollWidth - root.clientWidth;
    if (wide <= 0) return [];
    const beyond = [...document.querySelectorAll('body *')].filter(
        e => e.getBoundingClientRect().right > root.clientWidth + 1);
    return [`${wide} px too wide: ` + beyond.slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join('; ')];
}"""
_SIZES = """() => {
    const all = performance.getEntries().filter(e => 'encodedBodySize' in e);
    const [page] = performance.getEntriesByType('navigation');
    return [page.decodedBodySize, all.reduce((sum, e) => sum + e.encodedBodySize, 0)];
}"""
_FOCUS = """() => {
    const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
    const marked = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
    const inside = box.bottom > 0 && box.top < innerHeight && box.width > 0;
    return [e === document.body, marked && inside, e.outerHTML.slice(0, 120), e.getAttribute('href')];
}"""


@dataclass
class Seen:
    """What happened while a page was open: messages on the console and addresses of requests."""

    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        """Take notes of all that happens on `page` from now on."""
        page.on("console", self._message)
        page.on("pageerror", lambda error: self.messages.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def _message(self, message: ConsoleMessage) -> None:
        # The status of a page that is itself an error is no fault of the page.
        if message.type in {"error", "warning"} and not re.search(r"status of 4\d\d", message.text):
            self.messages.append(message.text)

    def faults(self, netloc: str) -> list[str]:
        """Return the messages, and requests that went to another host."""
        others = [f"asked for {url}" for url in self.requests if urlsplit(url).netloc not in {netloc, ""}]
        return self.messages + others


def overflow(page: Page) -> list[str]:
    """Return how much wider than the window the page is and elements that make it so; [] if it fits."""
    found: list[str] = page.evaluate(_OVERFLOW)
    return found


def sizes(page: Page) -> tuple[int, int]:
    """Return the bytes of the HTML, and of all that was transferred, as it was sent."""
    html, transferred = page.evaluate(_SIZES)
    return html, transferred


def findings(page: Page) -> list[str]:
    """Return the violations that axe-core finds on the page, each with the first elements."""
    results = _AXE.run(page, options={"runOnly": {"type": "tag", "values": _RULES}})
    return [_finding(one) for one in results.response["violations"]]


def _finding(one: dict[str, Any]) -> str:
    nodes = "; ".join(node["html"][:120] for node in one["nodes"][:3])
    return f"{one['id']}: {one['help']} ({len(one['nodes'])}): {nodes}"


def lost_focus(page: Page, times: int) -> Iterator[str]:
    """Press Tab so many times and yield what gets the focus without showing it; first comes the skip link."""
    for number in range(times):
        page.keyboard.press("Tab")
        ended, shown, element, address = page.evaluate(_FOCUS)
        if number == 0 and not str(address).startswith("#"):
            yield f"the first element for the keyboard skips nothing: {element}"
        if ended:
            return
        if not shown:
            yield f"does not show its focus: {element}"
