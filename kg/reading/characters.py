"""Characters of texts that enter: which of them no XML document can hold, and Unicode's form NFC.

A character of XML is one of the production Char (XML 1.0 section 2.2). All others, such as U+0001, would make
RDF/XML and GraphML that nobody can read. A letter with an accent can be one code point or two, which look the
same and compare as different; literals of RDF should be in NFC (RDF 1.1 Concepts section 3.3).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Escapes of YAML (1.2.2 section 5.7) that people write without knowing what they stand for.
_WRITTEN: Mapping[str, str] = MappingProxyType(
    {"\0": "\\0", "\a": "\\a", "\b": "\\b", "\v": "\\v", "\f": "\\f", "\x1b": "\\e"}
)


def nfc(text: str) -> str:
    """Return `text` in Normalization Form C (Unicode Standard Annex 15)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def not_in_xml(text: str) -> str:
    """Return the first character of `text` that XML cannot hold, as in `U+0001`; an empty text for none."""
    found = _NOT_XML.search(text)
    return f"U+{ord(found.group()):04X}" if found else ""


def wrong_character(what: str, text: str) -> str:
    """Return the message that `text`, described by `what`, has a character that XML cannot hold.

    An empty text is returned if it has none. YAML writes such a character as an escape, so the message
    shows the escape.
    """
    found = _NOT_XML.search(text)
    if not found:
        return ""
    character = found.group()
    code = ord(character)
    escapes = filter(
        None, (_WRITTEN.get(character, ""), f"\\x{code:02X}" if code < 256 else f"\\u{code:04X}")
    )
    return (
        f"{what} has the character U+{code:04X}, which no XML document can hold; "
        f"delete it (in quotation marks it may be written {' or '.join(escapes)})"
    )
