"""What scripts and styles add for a person: the editor of the SPARQL page, and claims that light up."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from ..server.running import Running

pytestmark = pytest.mark.slow
TIES = "SELECT ?one ?other ?n { VALUES (?one ?other ?n) { (<a:a> <a:b> 2) (<a:b> <a:c> 10) } }"
WRONG = "SELECT ?s {\n  ?s ?p\n  nonsense\n}"


@pytest.fixture
def page(browser: Browser, service: Running) -> Iterator[Page]:
    context = browser.new_context(base_url=f"http://{service.netloc}")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


def field(page: Page) -> Locator:
    """Return where a query is written: the editor where it was built, or the textarea."""
    return page.get_by_role("textbox", name=re.compile("Query, in SPARQL"))


def write(page: Page, query: str) -> None:
    page.wait_for_load_state("networkidle")  # until the editor has taken the place of the textarea
    field(page).click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(query)


def written(page: Page) -> str:
    return page.locator("textarea[name=query]").input_value()


def test_a_query_is_asked_by_keyboard_and_pivoted_sorted_and_shared(page: Page) -> None:
    page.goto("/sparql")
    write(page, TIES)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**format=html*")
    expect(page.locator(".took")).to_contain_text("Answered in")

    page.get_by_role("link", name="n", exact=True).click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("n")
    page.get_by_role("link", name="n", exact=True).click()
    assert page.locator("tbody tr").first.inner_text().startswith("a:b")
    page.get_by_role("link", name="chart", exact=True).click()
    assert page.locator(".chart rect").count() == 2
    page.get_by_label("a bar for each").select_option("other")
    page.get_by_role("button", name="Draw").click()
    assert page.locator(".chart tbody th").all_inner_texts() == ["a:b", "a:c"]
    page.get_by_role("link", name="network", exact=True).click()
    assert page.locator("path.edge").count() == 2

    page.get_by_role("button", name="Copy it").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    page.goto(page.evaluate("navigator.clipboard.readText()"))
    assert page.locator("path.edge").count() == 2


def test_an_error_stands_at_its_line_and_leads_there(page: Page) -> None:
    page.goto("/sparql")
    write(page, WRONG)
    page.get_by_role("button", name="Ask").click()
    link = page.get_by_role("link", name=re.compile("Go to line"))
    number = int(str(link.get_attribute("data-line")))
    link.click()
    message = page.locator(".cm-message")
    if message.count():
        expect(message).to_have_count(1)
        line = page.locator(".cm-line").nth(number - 1)
        expect(line).to_have_class(re.compile("cm-problem"))
        page.keyboard.insert_text("# mended")
        expect(line).to_have_text("# mended")
    else:
        page.keyboard.insert_text("# mended")
    assert written(page).split("\n")[number - 1] == "# mended"


def test_questions_come_from_the_menu_and_what_was_asked_from_this_machine(page: Page) -> None:
    page.goto("/sparql")
    write(page, "ASK { ?once ?upon ?atime }")
    page.get_by_role("button", name="Ask").click()
    page.wait_for_url("**format=html*")
    answer = page.url
    page.get_by_label("Begin with a saved question").select_option("who-criticised")
    page.get_by_role("button", name="Load").click()
    page.wait_for_function("document.querySelector('textarea').value.includes('cg:')")
    assert page.url == answer
    assert "#+" not in written(page)

    page.get_by_text("Asked on this machine").click()
    page.get_by_role("button", name="ASK { ?once ?upon ?atime }").click()
    assert written(page) == "ASK { ?once ?upon ?atime }"
    page.get_by_role("button", name="Forget them").click()
    page.reload()
    assert page.get_by_text("Asked on this machine").count() == 0


def test_claims_and_their_quotes_light_up_each_other_by_pointer_and_keyboard(page: Page) -> None:
    page.goto("/id/telegram/1962-11-02-havana-1717")
    quote = page.locator("a.quoted[class*=' l']").first
    light = str(quote.get_attribute("class")).split()[1]
    claim = page.locator(f"li.{light}")
    dark = background(claim)

    quote.hover()
    assert background(claim) != dark
    page.mouse.move(0, 0)
    assert background(claim) == dark
    claim.get_by_role("link", name=re.compile("^why")).focus()
    assert background(quote) == background(claim) != dark
    claim.get_by_role("link", name=re.compile("^words of")).first.press("Enter")
    assert re.search(r"#q\d+$", page.url)


def background(found: Locator) -> str:
    """Return the colour behind an element, when changes of it have ended."""
    found.evaluate("e => Promise.all(e.getAnimations().map(one => one.finished))")
    return str(found.evaluate("e => getComputedStyle(e).backgroundColor"))
