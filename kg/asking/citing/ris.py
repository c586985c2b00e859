"""References in RIS: lines of a tag, two spaces, a hyphen, a space and a value, each ended by CR LF.

A telegram is `PCOMM`, personal communication, which Zotero and EndNote take for a letter;
an answer is `DATA`, a data set; statements and things are `DICT`, entries of a work of reference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from kg.asking.citing.reference import Kind, Reference

_END = "\r\n"
_TYPES: Mapping[Kind, str] = MappingProxyType(
    {Kind.TELEGRAM: "PCOMM", Kind.STATEMENT: "DICT", Kind.THING: "DICT", Kind.ANSWER: "DATA"}
)


def write(reference: Reference) -> str:
    """Return `reference` as one record of RIS, from TY to ER."""
    lines = [("TY", _TYPES[reference.kind]), *_fields(reference), ("ER", "")]
    return "".join(f"{tag}  - {' '.join(text.split())}{_END}" for tag, text in lines)


def _fields(reference: Reference) -> Iterator[tuple[str, str]]:
    yield "ID", reference.key
    yield from (("AU", name.inverted) for name in reference.authors)
    yield from (("A2", name.inverted) for name in reference.recipients)  # the recipient, in a PCOMM
    yield from (("TA", name.inverted) for name in reference.translators)
    yield "TI", reference.title
    if reference.kind in (Kind.STATEMENT, Kind.THING):
        yield "T2", reference.about.title
    if day := reference.day:
        yield "PY", str(day.year)
        yield "DA", f"{day:%Y/%m/%d}"
    if reference.kind is Kind.TELEGRAM:
        yield "M3", "Telegram"
    yield from _kept(reference)
    yield "ET", f"data version {reference.version}"
    yield "N1", reference.note
    yield "C1", reference.about.licence
    yield "UR", reference.page or reference.address
    if reference.page:
        yield "UR", reference.address
    if reference.seen:
        yield "Y2", f"{reference.seen:%Y/%m/%d}"


def _kept(reference: Reference) -> Iterator[tuple[str, str]]:
    if reference.archive:
        yield "AV", reference.archive
    if reference.publisher:
        yield "PB", reference.publisher
    yield "DB", reference.about.title
