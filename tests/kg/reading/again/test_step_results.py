"""Results of steps on disk: asked for again, made again for other inputs, deleted when no build asks for them."""

from __future__ import annotations

from pathlib import Path

from kg.reading.again.step_results import StepResults


class Maker:
    """Counts how often a result is made."""

    def __init__(self, content: bytes | None = b"made") -> None:
        self.content, self.count = content, 0

    def __call__(self) -> bytes | None:
        self.count += 1
        return self.content


def asked(file: Path, *inputs: bytes, code: str = "", content: bytes | None = b"made") -> int:
    """Return how often the result of `inputs` was made for one build."""
    results, maker = StepResults(file, code), Maker(content)
    assert results.result(inputs, maker) == content
    results.save()
    return maker.count


def test_a_result_is_made_once_for_its_inputs_and_its_code(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "steps.db"

    assert [asked(file, b"a", b"b"), asked(file, b"a", b"b")] == [1, 0]
    assert asked(file, b"ab", b"") == 1
    assert asked(file, b"ab", b"", code="other") == 1


def test_what_the_last_build_did_not_ask_for_is_deleted(tmp_path: Path) -> None:
    file = tmp_path / "steps.db"

    assert [asked(file, name) for name in (b"a", b"b", b"a")] == [1, 1, 1]


def test_what_the_last_build_has_said_is_known_to_the_next_one_with_the_same_code(tmp_path: Path) -> None:
    file = tmp_path / "steps.db"
    results = StepResults(file, "one")
    assert results.last == ""
    results.last = "there"
    results.save()

    assert asked(file, b"a", code="one") == 1  # which says nothing else
    assert [StepResults(file, code).last for code in ("one", "two")] == ["there", ""]
    assert asked(file, b"a", code="two") == 1
    assert StepResults(file, "one").last == ""


def test_what_cannot_be_made_is_asked_for_again(tmp_path: Path) -> None:
    assert [asked(tmp_path / "steps.db", b"a", content=None) for _ in range(2)] == [1, 1]


def test_without_a_file_nothing_is_kept() -> None:
    results, maker = StepResults(), Maker()

    assert [results.result((b"a",), maker) for _ in range(2)] == [b"made", b"made"]
    results.save()
    assert maker.count == 2


def test_a_file_that_cannot_be_read_or_written_costs_time_alone(tmp_path: Path) -> None:
    broken, other, folder = tmp_path / "broken.db", tmp_path / "other.db", tmp_path / "folder.db"
    broken.write_bytes(b"no data base" * 100)
    other.touch()
    folder.mkdir()

    assert [asked(broken, b"a"), asked(broken, b"a")] == [1, 0]
    assert [asked(other, b"a"), asked(other, b"a")] == [1, 0]
    assert [asked(folder, b"a"), asked(folder, b"a")] == [1, 1]
