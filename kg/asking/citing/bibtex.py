"""References in BibTeX: one entry `@misc`, which every style knows.

BibTeX has no type for letters, telegrams or data sets. What `@misc` has no field for is in `note`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from urllib.parse import quote

from kg.asking.citing.reference import CitedName, Reference

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Characters that LaTeX reads as commands.
_SPECIAL: Mapping[str, str] = MappingProxyType(
    {
        **{character: f"\\{character}" for character in "&%$#_{}"},
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)
# Combining characters and the commands of LaTeX for them.
_ACCENTS: Mapping[str, str] = MappingProxyType(
    dict(
        zip(
            "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327\u0328",
            ("`", "'", "^", "~", "=", "u ", ".", '"', "r ", "H ", "v ", "c ", "k "),
            strict=True,
        )
    )
)


def write(reference: Reference) -> str:
    """Return `reference` as one entry of BibTeX."""
    fields = ",\n".join(f"  {name} = {value}" for name, value in _fields(reference))
    return f"@misc{{{reference.key},\n{fields}\n}}\n"


def escaped(text: str) -> str:
    """Return `text` in one line, as LaTeX shows it unchanged.

    Latin letters with an accent become commands; letters of other alphabets stay, in UTF-8.
    """
    line = " ".join(text.split())
    return "".join(_letter(character) for character in unicodedata.normalize("NFC", line))


def _letter(character: str) -> str:
    parts = unicodedata.normalize("NFD", character)
    if len(parts) == 2 and parts[0].isascii() and parts[1] in _ACCENTS:
        return f"{{\\{_ACCENTS[parts[1]]}{parts[0]}}}"
    return _SPECIAL.get(character, character)


def _fields(reference: Reference) -> Iterator[tuple[str, str]]:
    yield "author", _braced(" and ".join(map(_name, reference.authors)))
    yield "title", f"{{{_braced(escaped(reference.title))}}}"  # twice, so that no style changes its case
    if reference.translators:
        yield "translator", _braced(" and ".join(map(_name, reference.translators)))
    if day := reference.day:
        yield "year", _braced(str(day.year))
        yield "month", _MONTHS[day.month - 1]
        yield "day", _braced(str(day.day))
    yield "howpublished", _braced(escaped(", ".join(_published(reference))))
    yield "url", _braced(_address(reference.page or reference.address))
    if reference.seen:
        yield "urldate", _braced(reference.seen.isoformat())
    yield "note", _braced(escaped(reference.note + (f". {reference.address}" if reference.page else "")))


def _published(reference: Reference) -> Iterable[str]:
    return (part for part in (reference.archive, reference.publisher, f"in: {reference.about.title}") if part)


def _name(name: CitedName) -> str:
    """Return a name; a second pair of braces keeps one that is no person's from being taken apart."""
    if name.family:
        return (
            f"{escaped(name.family)}, {escaped(name.given)}" if name.given else _braced(escaped(name.family))
        )
    return _braced(escaped(name.whole))


def _braced(text: str) -> str:
    return f"{{{text}}}"


def _address(address: str) -> str:
    """Return an address, which styles take as it is, without characters that would end the field."""
    return quote(address, safe="%:/?#[]@!$&'()*+,;=~")
