"""The memory of answers: what stays, what leaves, and that it never grows beyond its size."""

from __future__ import annotations

import random
import threading

import pytest

from server.http.layers.answer_store import Answers, Stored


def answer(name: str, length: int = 10) -> Stored:
    return Stored((name, f'"{name}"'), (("ETag", f'"{name}"'),), name[:1].encode() * length)


def test_an_answer_is_found_by_its_name_and_by_its_request() -> None:
    answers = Answers(1 << 20)
    stored = answer("a")
    answers.keep("request", 7, stored)

    assert answers.find(("a", '"a"')) is stored
    assert answers.recall("request") is stored
    assert answers.find(("b", '"b"')) is None
    assert answers.recall("other") is None


def test_several_requests_share_one_answer() -> None:
    answers = Answers(1 << 20)
    answers.keep("one", 0, answer("a"))
    before = answers.size
    answers.keep("two", 5, answer("a"))
    answers.keep("two", 5, answer("a"))

    assert (len(answers), answers.size - before) == (1, 5)
    assert answers.recall("one") is answers.recall("two") is not None


def test_the_longest_unused_leaves_first() -> None:
    answers = Answers(40_000)
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
    answers = Answers(80_000)
    answers.keep("small", 1, answer("small"))
    answers.keep("large", 1, answer("large", 10_000))
    answers.keep("wordy", 10_000, answer("wordy"))

    assert [answers.recall(name) is not None for name in ("small", "large", "wordy")] == [True, False, False]


def test_the_ways_to_ask_for_one_answer_are_bounded() -> None:
    answers = Answers(1 << 20)
    for number in range(100):
        answers.keep(number, 100, answer("a"))

    known = [number for number in range(100) if answers.recall(number)]
    assert known == list(range(84, 100))
    assert answers.size < 5000


@pytest.mark.parametrize("seed", range(3))
def test_the_size_is_the_sum_of_what_is_there_and_never_above_the_limit(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - chance, no secret
    answers = Answers(100_000)
    for _ in range(500):
        name = str(chance.randrange(80))
        answers.keep((name, chance.randrange(30)), 3, answer(name, int(name) * 100))
        assert answers.size <= 100_000

    names = [str(number) for number in range(80) if answers.find((str(number), f'"{number}"'))]
    forms = [form for form in ((name, n) for name in names for n in range(30)) if answers.recall(form)]
    assert answers.size == sum(2048 + int(name) * 100 for name in names) + 3 * len(forms)
    assert len(answers) == len(names) > 5
    gone = [str(number) for number in range(80) if str(number) not in names]
    assert not [name for name in gone for n in range(30) if answers.recall((name, n))]


def test_threads_do_not_disturb_each_other() -> None:
    answers = Answers(60_000)
    wrong: list[object] = []

    def use(seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - chance, no secret
        for _ in range(2000):
            name = chance.choice("abcdefghijklmnop")
            answers.keep(name, 1, answer(name, 3000))
            found = answers.recall(chance.choice("abcdefghijklmnop"))
            if found and found.body != str(found.name[0]).encode() * 3000:
                wrong.append(found.name)

    threads = [threading.Thread(target=use, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert wrong == []
    assert answers.size <= 60_000
