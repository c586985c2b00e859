"""Sentences: where they end and where not, and that none of the text is lost."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from kg.checking.texts import split_sentences

# A text and its sentences, cut by hand.
CASES = [
    ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
    ("Heading\nOne. Two.\n\nThree.", ["Heading", "One.", "Two.", "Three."]),
    ("Windows line.\r\nNext.\r\n", ["Windows line.", "Next."]),
    ("He said: “Go.” Then he left.", ["He said: “Go.”", "Then he left."]),
    ("(It rained.) It stopped.", ["(It rained.)", "It stopped."]),
    ("[Note.] Text.", ["[Note.]", "Text."]),
    ("J. Smith and A. B. Jones came.", ["J. Smith and A. B. Jones came."]),
    (
        "The U.S. fleet and the U.N. met at 2 a.m. on deck.",
        ["The U.S. fleet and the U.N. met at 2 a.m. on deck."],
    ),
    ("Cde. Ivanov met Mr. Hill and Dr. Weiss.", ["Cde. Ivanov met Mr. Hill and Dr. Weiss."]),
    ("See No. 17. It is long.", ["See No. 17.", "It is long."]),
    ("See no. #17 and Nos. 3 and 4.", ["See no. #17 and Nos. 3 and 4."]),
    ("He said no. Then he left.", ["He said no.", "Then he left."]),
    ("Spec. No. 12-13", ["Spec. No. 12-13"]),
    ("23. X. 62 Ivanov", ["23. X. 62 Ivanov"]),
    ("It was 5. Nobody knew.", ["It was 5.", "Nobody knew."]),
    ("Wait . . . and see.", ["Wait . . . and see."]),
    ("Wait... And see.", ["Wait...", "And see."]),
    ("Wait… And see.", ["Wait…", "And see."]),
    ("“Why?” he asked. Nobody knew.", ["“Why?” he asked.", "Nobody knew."]),
    ("No-break\u00a0space. \u00a0Next.", ["No-break\u00a0space.", "Next."]),
    ("", []),
    (" \n\u00a0\n", []),
    ("...", ["..."]),
]


@pytest.mark.parametrize(("text", "sentences"), CASES)
def test_a_text_is_cut_where_a_reader_cuts_it(text: str, sentences: list[str]) -> None:
    assert [s.text for s in split_sentences(text)] == sentences


def whole(text: str) -> None:
    """Assert that the sentences of `text` stand where they say, in order, and leave out blanks alone."""
    end = 0
    for sentence in split_sentences(text):
        assert text[sentence.start : sentence.end] == sentence.text
        assert text[end : sentence.start].strip() == ""
        assert sentence.text.strip() == sentence.text != ""
        end = sentence.end
    assert text[end:].strip() == ""


@pytest.mark.parametrize("seed", range(5))
def test_no_character_but_blanks_is_left_out(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 (no secret)
    for _ in range(200):
        whole("".join(dice.choices('ab AB.?!…"”’)]\n\r\u00a01I№#é', k=dice.randint(0, 60))))


# Lines of the two texts that trap a splitter.
TRAPS = {
    "000_d3152ae11c0c93c0.txt": ["2 November 1962 Alekseev", "To our [telegram] # 1710", "50389"],
    "001_ce33ae61ab6ccc35.txt": ["23. X. 62 Alekseev", "Spec. No. 1643-1644", "Copy No.12"],
}


@pytest.mark.parametrize("name", TRAPS)
def test_the_real_texts_are_cut_without_loss(name: str, texts: Path) -> None:
    text = (texts / name).read_text(encoding="utf-8")
    found = [s.text for s in split_sentences(text)]

    whole(text)
    assert [trap for trap in TRAPS[name] if trap not in found] == []
