"""What is kept for one version of the data."""

from __future__ import annotations

import threading

import pytest

from kg.errors import BusyError, TimeLimitError
from server.site.site import PerVersion


def test_something_kept_is_made_once_for_each_version() -> None:
    made = iter("abc")
    kept = PerVersion(lambda: next(made))

    assert [kept.get(version) for version in ("1", "1", "2", "2")] == ["a", "a", "b", "b"]


def test_something_that_could_not_be_made_is_made_the_next_time() -> None:
    errors = [TimeLimitError("x")]

    def make() -> str:
        if errors:
            raise errors.pop()
        return "made"

    kept = PerVersion(make)
    with pytest.raises(TimeLimitError):
        kept.get("1")

    assert kept.get("1") == "made"


def test_several_threads_make_something_kept_once() -> None:
    started, finish, made = threading.Event(), threading.Event(), []

    def make() -> str:
        made.append("made")
        started.set()
        finish.wait(10)
        return "made"

    kept = PerVersion(make, wait=10)
    threads = [threading.Thread(target=kept.get, args=("1",)) for _ in range(2)]
    threads[0].start()
    started.wait(10)
    threads[1].start()
    threading.Timer(0.1, finish.set).start()
    for thread in threads:
        thread.join(10)

    assert (made, kept.get("1")) == (["made"], "made")


def test_nobody_waits_long_for_what_another_makes() -> None:
    started, finish = threading.Event(), threading.Event()

    def make() -> str:
        started.set()
        finish.wait(10)
        return "made"

    kept = PerVersion(make, wait=0.1)
    thread = threading.Thread(target=kept.get, args=("1",))
    thread.start()
    started.wait(10)
    with pytest.raises(BusyError):
        kept.get("1")
    finish.set()
    thread.join(10)

    assert kept.get("1") == "made"
