"""The memory of answers: what stays, what leaves, and that it never grows beyond its size."""

from __future__ import annotations

import random
import threading

import pytest

from server.http.layers.answer_store import ResponseStore, StoredResponse


def answer(name: str, length: int = 10) -> StoredResponse:
    return StoredResponse(f'"{name}"', (("ETag", f'"{name}"'),), name[:1].encode() * length)


def test_an_answer_is_found_by_its_key() -> None:
    answers = ResponseStore(1 << 20)
    stored = answer("a")
    answers.keep("key", 7, stored)

    assert answers.recall("key") is stored
    assert answers.recall("other") is None


def test_a_key_has_one_answer_the_last() -> None:
    answers = ResponseStore(1 << 20)
    answers.keep("key", 3, answer("a", 10))
    before = answers.size
    answers.keep("key", 3, answer("b", 15))
    found = answers.recall("key")

    assert (len(answers), answers.size - before) == (1, 5)
    assert found is not None
    assert found.body == b"b" * 15


def test_the_longest_unused_leaves_first() -> None:
    answers = ResponseStore(40_000)
    for name in "abc":
        answers.keep(name, 10, answer(name, 2900))
    answers.recall("a")
    for name in "defghij":
        answers.keep(name, 10, answer(name, 2900))

    kept = {name for name in "abcdefghij" if answers.recall(name)}
    assert {"a", "j"} <= kept
    assert not {"b", "c"} & kept
    assert answers.size <= 40_000


def test_what_is_too_large_drives_nothing_out() -> None:
    answers = ResponseStore(80_000)
    answers.keep("small", 1, answer("small"))
    answers.keep("large", 1, answer("large", 10_000))
    answers.keep("wordy", 10_000, answer("wordy"))

    assert [answers.recall(name) is not None for name in ("small", "large", "wordy")] == [True, False, False]


@pytest.mark.parametrize("seed", range(3))
def test_the_size_is_the_sum_of_what_is_there_and_never_above_the_limit(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - chance, no secret
    answers = ResponseStore(100_000)
    for _ in range(500):
        number = chance.randrange(80)
        answers.keep(number, 3, answer(str(number), number * 100))
        assert answers.size <= 100_000

    kept = [number for number in range(80) if answers.recall(number)]
    assert answers.size == sum(2048 + number * 100 + 3 for number in kept)
    assert len(answers) == len(kept) > 5


def test_threads_do_not_disturb_each_other() -> None:
    answers = ResponseStore(60_000)
    wrong: list[object] = []

    def use(seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - chance, no secret
        for _ in range(2000):
            name = chance.choice("abcdefghijklmnop")
            answers.keep(name, 1, answer(name, 3000))
            found = answers.recall(chance.choice("abcdefghijklmnop"))
            if found and found.body != found.tag[1].encode() * 3000:
                wrong.append(found.tag)

    threads = [threading.Thread(target=use, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert wrong == []
    assert answers.size <= 60_000
