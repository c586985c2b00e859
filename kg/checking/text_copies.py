"""The user's copies of the texts, found by their SHA-256, and what is said of the files that are none.

A file that differs from a text only by a byte order mark, line ends, a last line end or its Unicode form is
told apart from one with other words.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from kg.errors import TextError
from kg.reading.characters import nfc

_BOM = "\ufeff"
_LARGEST = 4 << 20  # bytes of a file whose other forms are tried
_SHOWN = 10  # files in a message
_LINE_END = re.compile(r"\r\n|\r|\n")

Change = tuple[str, Callable[[str], str]]  # words for a reader, empty for no change, and the change
_SAME: Change = ("", lambda text: text)
# In the order in which they are made.
_CHANGES: tuple[tuple[Change, ...], ...] = (
    (_SAME, ("in the Unicode form NFC", nfc),
     ("in the Unicode form NFD", lambda text: unicodedata.normalize("NFD", text))),
    (_SAME, ("without the line end at its end", lambda text: text.rstrip("\r\n")),
     ("with a line end at its end", lambda text: text.rstrip("\r\n") + "\n")),
    (_SAME, ("with LF as line ends", lambda text: _LINE_END.sub("\n", text)),
     ("with CRLF as line ends", lambda text: _LINE_END.sub("\r\n", text))),
    (_SAME, ("without a byte order mark", lambda text: text.removeprefix(_BOM)),
     ("with a byte order mark", lambda text: _BOM + text.removeprefix(_BOM))),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OtherFile:
    """A file that is no text of a rendering; `hint` says which text it would be in which form, if any."""

    path: str
    sha256: str
    length: int
    hint: str = ""

    def __str__(self) -> str:
        """Return path, SHA-256, length in code points, and the hint."""
        size = f"{self.length:,} code points" if self.length >= 0 else "not UTF-8"
        return "; ".join(filter(None, (f"{self.path}: SHA-256 {self.sha256}, {size}", self.hint)))


@dataclass(frozen=True, slots=True)
class TextCopies:
    """The texts of renderings by SHA-256, and the other files of the folder."""

    texts: Mapping[str, str]
    others: tuple[OtherFile, ...] = ()


def read(folder: Path, hashes: Iterable[str]) -> TextCopies:
    """Return the texts below `folder` by SHA-256, for those of `hashes` that a file there has.

    File names do not matter. Line ends are kept, since offsets count every code point.
    Raises TextError if there is no such folder, no file with one of the hashes, or such a file that is not
    in NFC, as records are read.
    """
    if not folder.is_dir():
        raise TextError(
            f"{folder}: there is no such folder; name the folder that holds your copies of the texts"
        )
    wanted = frozenset(hashes)
    texts: dict[str, str] = {}
    others: list[OtherFile] = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = file.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        if digest in wanted:
            texts[digest] = _text(file, content)
        else:
            others.append(_other(file.relative_to(folder).as_posix(), digest, content, wanted))
    if not texts:
        message = f"{folder}: no file has the SHA-256 of a rendering; see textHash in the rendering records"
        raise TextError("\n".join([message, *listed(others)]))
    return TextCopies(texts, tuple(others))


def listed(others: Iterable[OtherFile]) -> list[str]:
    """Return a line for each of the first files, those with a hint first, and how many more there are."""
    lines = [str(other) for other in sorted(others, key=lambda other: not other.hint)]
    more = [f"and {len(lines) - _SHOWN} more files"] if len(lines) > _SHOWN else []
    return [f"  {line}" for line in (*lines[:_SHOWN], *more)]


def _text(file: Path, content: bytes) -> str:
    text = content.decode("utf-8")
    if nfc(text) != text:
        digest = hashlib.sha256(nfc(text).encode()).hexdigest()
        raise TextError(
            f"{file} has the SHA-256 of a rendering, but is not in the Unicode form NFC, in which quotes are "
            f"read; save it in NFC, write textHash: {digest}, and count the places of passages in it"
        )
    return text


def _other(path: str, digest: str, content: bytes, wanted: frozenset[str]) -> OtherFile:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return OtherFile(path, digest, -1)
    tried = _forms(text) if len(content) <= _LARGEST else ()
    hint = next(
        (f"{words}, it is the text with the textHash {found}" for words, found in tried if found in wanted),
        "",
    )
    return OtherFile(path, digest, len(text), hint)


def _forms(text: str) -> Iterator[tuple[str, str]]:
    """Yield the SHA-256 of each other form of `text`, after the words for it; fewest changes first."""
    for changes in sorted(product(*_CHANGES), key=lambda some: sum(bool(words) for words, _ in some)):
        changed = text
        for _, change in changes:
            changed = change(changed)
        words = [words for words, _ in changes if words]
        yield f"saved {' and '.join(words)}", hashlib.sha256(changed.encode()).hexdigest()
