"""A file that is not quite a text is told from one with other words."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path

import pytest

from kg.checking import text_copies
from kg.checking.quotes import why_missing
from kg.errors import TextError

TEXT = "Ана\nJosé\n"
DIGEST = hashlib.sha256(TEXT.encode()).hexdigest()
# What differs in the file, and what is said of it.
OTHERS = {
    "CRLF": (TEXT.replace("\n", "\r\n"), "saved with LF as line ends"),
    "CR": (TEXT.replace("\n", "\r"), "saved with LF as line ends"),
    "mixed": (TEXT.replace("\n", "\r\n", 1), "saved with LF as line ends"),
    "BOM": ("\ufeff" + TEXT, "saved without a byte order mark"),
    "NFD": (unicodedata.normalize("NFD", TEXT), "saved in the Unicode form NFC"),
    "no last line end": (TEXT[:-1], "saved with a line end at its end"),
    "two last line ends": (TEXT + "\n", "saved with a line end at its end"),
    "BOM and CRLF": (
        "\ufeff" + TEXT.replace("\n", "\r\n"),
        "saved with LF as line ends and without a byte order mark",
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_file_that_differs_in_its_form_only_is_told_so(tmp_path: Path, name: str) -> None:
    content, hint = OTHERS[name]
    (tmp_path / "a.txt").write_bytes(content.encode())

    with pytest.raises(TextError) as caught:
        text_copies.read(tmp_path, [DIGEST])

    digest = hashlib.sha256(content.encode()).hexdigest()
    assert str(caught.value).splitlines()[1:] == [
        f"  a.txt: SHA-256 {digest}, {len(content)} code points; {hint}, it is the text with the textHash {DIGEST}"
    ]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a\r\nb", "saved with CRLF as line ends"),
        ("\ufeffa\nb", "saved with a byte order mark"),
        ("a\r\nb\r\n", "saved with a line end at its end and with CRLF as line ends"),
    ],
)
def test_the_text_itself_may_have_any_form(tmp_path: Path, text: str, hint: str) -> None:
    (tmp_path / "a.txt").write_bytes(b"a\nb")

    with pytest.raises(TextError, match=hint):
        text_copies.read(tmp_path, [hashlib.sha256(text.encode()).hexdigest()])


def test_other_words_and_other_bytes_are_listed_without_a_hint(tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes("José".encode("latin-1"))
    (tmp_path / "other.txt").write_bytes(b"Jose")
    (tmp_path / "text.txt").write_bytes(TEXT.encode())

    found = text_copies.read(tmp_path, [DIGEST])

    assert found.texts == {DIGEST: TEXT}
    assert [(other.path, other.length, other.hint) for other in found.others] == [
        ("latin.txt", -1, ""),
        ("other.txt", 4, ""),
    ]
    assert "not UTF-8" in text_copies.listed(found.others)[0]


def test_many_files_are_counted_and_those_with_a_hint_come_first() -> None:
    files = [text_copies.OtherFile(f"{n}.txt", "0", 1, "near" if n == 30 else "") for n in range(31)]
    lines = text_copies.listed(files)

    assert lines[0] == "  30.txt: SHA-256 0, 1 code points; near"
    assert (len(lines), lines[-1]) == (11, "  and 21 more files")


def test_a_text_that_is_hashed_in_nfd_is_refused_with_the_hash_in_nfc(tmp_path: Path) -> None:
    other = unicodedata.normalize("NFD", TEXT).encode()
    (tmp_path / "a.txt").write_bytes(other)

    with pytest.raises(TextError, match=f"textHash: {DIGEST}"):
        text_copies.read(tmp_path, [hashlib.sha256(other).hexdigest()])


TALE = "He said: “It’s the sea–wind.”\nThen he\u00a0left. The end."


@pytest.mark.parametrize(
    ("quote", "reason"),
    [
        ('"It\'s the sea-wind."', "the text writes '“It’s the sea–wind.”'; copy it character by character"),
        ("then he left", "the text writes 'Then he\\xa0left'; copy it character by character"),
        ("sea-wind.”   Then", "the text writes 'sea–wind.”\\nThen'; copy it character by character"),
        ("The end", "it stands elsewhere in the text; correct `in`"),
        ("the (end", "copy it character by character"),
    ],
)
def test_why_a_quote_is_not_found(quote: str, reason: str) -> None:
    assert why_missing(quote, TALE, 0, TALE.index("The end")) == reason
