"""Chromium, driven by Playwright, and a service on the real graph for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from ..server.running import PATIENCE, Running, server, within

_CHROMIUM = os.environ.get("CABLEGRAPH_CHROMIUM")
# Without a sandbox it also runs as root, in a container; the pages that it opens are ours.
_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
            "--disable-background-networking", "--disable-component-update"]  # fmt: skip


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Skips the tests of this folder before anything is made for them."""
    if _CHROMIUM is None:
        pytest.skip("set CABLEGRAPH_CHROMIUM to the program of Chromium, and run tests/browser by itself")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium for the tests of a module: while it is open, an event loop runs in this process.

    Other tests cannot start one of their own then, so these run by themselves.
    """
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=_CHROMIUM, args=_OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def service(user_cache: Path, run_folder: Path) -> Iterator[Running]:
    """A service on the real graph, which `user_cache` has; those of all processes share the release."""
    assert user_cache
    with server(None, "--dumps", str(run_folder / "releases"), "--timeout", "60") as running:
        assert within(PATIENCE, lambda: running.get("/dumps/", PATIENCE)[0] == 200)  # 503 until made
        yield running


@pytest.fixture(scope="session")
def screenshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder for pictures of pages: CABLEGRAPH_SCREENSHOTS, or one of this run."""
    kept = os.environ.get("CABLEGRAPH_SCREENSHOTS")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
