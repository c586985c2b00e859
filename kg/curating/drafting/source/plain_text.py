"""Reading of plain text and Markdown: bytes to text, with what is odd about its form told."""

from __future__ import annotations

import re
from pathlib import Path

from kg.curating.drafting.source.found import SourceText
from kg.errors import CablegraphError

_BOM = "\ufeff"
_EMPHASIS = re.compile(
    r"\*\*|__|(?m:^#{1,6}(?= ))|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)|(?m:^>)|(?m:^\|)|\\(?=[\[\]*_#.-])"
)


def read_bytes(file: Path) -> bytes:
    """Return the content of a file. Raises CablegraphError, with the name, if it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise CablegraphError(f"{file}: cannot be read: {error.strerror}; name a text file") from None


def decoded(name: str, content: bytes) -> str:
    """Return the text of a file. Raises CablegraphError, with the place, if it is not UTF-8."""
    if b"\0" in content[:4096]:
        raise CablegraphError(
            f"{name}: this is no text; give the text of the document, not its picture or PDF"
        )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CablegraphError(
            f"{name}: byte {error.start} is not valid UTF-8; save the text in UTF-8"
        ) from None


def plain_source(text: str, *, markdown: bool = False) -> SourceText:
    """Return the text for matching; marks of Markdown become spaces, so that places stay."""
    source = SourceText.of(text, remarks_on(text))
    if not markdown:
        return source
    return SourceText(
        source.text, source.remarks, _EMPHASIS.sub(lambda m: " " * len(m.group()), source.plain)
    )


def remarks_on(text: str) -> list[str]:
    """Return what would make the hash of this text differ from that of a text with the same words."""
    found = []
    if text.startswith(_BOM):
        found.append("begins with a byte order mark")
    if "\r\n" in text:
        found.append("has CRLF as line ends")
    if not text.endswith("\n"):
        found.append("has no line end at its end")
    return found
