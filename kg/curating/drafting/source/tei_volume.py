"""TEI volumes of printed series: each document as plain text, with the elements that say what its parts are.

Notes are set behind the text that they belong to, for a head or a sentence would be torn by them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from kg.curating.drafting.source.found import SourceText
from kg.errors import CablegraphError

TEI = "{http://www.tei-c.org/ns/1.0}"
FRUS = "{http://history.state.gov/frus/ns/1.0}"
XML = "{http://www.w3.org/XML/1998/namespace}"
_LINES = frozenset(
    [
        "p",
        "head",
        "dateline",
        "closer",
        "signed",
        "item",
        "note",
        "opener",
        "salute",
        "postscript",
        "row",
        "lb",
        "l",
        "ab",
        "div",
        "label",
        "attachment",
        "list",
        "quote",
    ]
)
_KEPT = frozenset(
    [
        "persName",
        "gloss",
        "placeName",
        "date",
        "ref",
        "head",
        "dateline",
        "signed",
        "closer",
        "opener",
        "salute",
        "note",
        "attachment",
        "p",
        "hi",
        "list",
        "seg",
    ]
)


@dataclass(frozen=True, slots=True)
class Tag:
    """One element of a document: its name, its bounds in the plain text, and its attributes."""

    name: str
    start: int
    end: int
    attributes: Mapping[str, str]


@dataclass(frozen=True)
class Volume:
    """What a volume says of itself: its identifier, and its people by the id of their entry in the list."""

    identifier: str
    people: Mapping[str, tuple[str, str]]  # id -> name in the list, and what the list says of the person


@dataclass(frozen=True)
class TeiDocument:
    """One document of a volume."""

    id: str
    number: str
    subtype: str
    source: SourceText
    tags: tuple[Tag, ...]
    volume: Volume
    dates: tuple[str, str] = ("", "")  # the first and the last moment that the edition gives it

    def tagged(self, name: str, within: tuple[int, int] | None = None, **attributes: str) -> list[Tag]:
        """Return the elements of that name and those attributes, between two places if they are given."""
        low, high = within or (0, len(self.source.text))
        return [
            tag
            for tag in self.tags
            if tag.name == name
            and low <= tag.start
            and tag.end <= high
            and all(tag.attributes.get(key) == value for key, value in attributes.items())
        ]


@dataclass
class _TextWriter:
    """A plain text in the making."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    tags: list[Tag] = field(default_factory=list)
    notes: list[tuple[etree._Element, int]] = field(default_factory=list)  # with the place of its mark

    def write(self, text: str) -> None:
        """Add text with its white space joined."""
        joined = re.sub(r"\s+", " ", text)
        if not self.parts or self.parts[-1].endswith(("\n", " ")):
            joined = joined.lstrip(" ")
        self._add(joined)

    def line(self) -> None:
        """Begin a line unless one has just begun."""
        if self.parts and not self.parts[-1].endswith("\n"):
            self._add("\n")

    def _add(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self.length += len(text)


def read_volume(content: bytes, name: str) -> list[TeiDocument]:
    """Return the documents of a TEI file, in its order.

    Raises CablegraphError if it is not well-formed. Entities that lie outside of the file are not read.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise CablegraphError(f"{name}:{error.lineno}: this is not well-formed XML: {error.msg}") from None
    volume = Volume(_identifier(root), dict(_people(root)))
    documents = [div for div in root.iter(f"{TEI}div") if div.get("type") == "document"]
    body = root.find(f".//{TEI}body")
    if not documents and body is not None and root.find(f".//{TEI}div[@type]") is None:
        documents = [body]  # a file of one document
    return [document_of(div, volume) for div in documents]


def _identifier(root: etree._Element) -> str:
    idno = root.find(f".//{TEI}publicationStmt/{TEI}idno[@type='frus']")
    return (idno.text if idno is not None else None) or root.get(f"{XML}id") or ""


def _people(root: etree._Element) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the id of each person in the lists of the volume, with the name and what is said of it."""
    for name in root.iter(f"{TEI}persName"):
        if name.get(f"{XML}id"):
            yield person_of(name)


def person_of(name: etree._Element) -> tuple[str, tuple[str, str]]:
    """Return the id of a person in a list, with the name and what the list says of the person."""
    written = " ".join("".join(name.itertext()).split()).rstrip(",")
    item = next(name.iterancestors(f"{TEI}item"), name)
    whole = " ".join("".join(item.itertext()).split())
    return name.get(f"{XML}id") or "", (written, whole.partition(written)[2].lstrip(", "))


def document_of(div: etree._Element, volume: Volume) -> TeiDocument:
    """Return the document of a division; a note has the place of its mark as the attribute `mark`."""
    writer = _TextWriter()
    _walk(div, writer)
    while writer.notes:
        note, mark = writer.notes.pop(0)
        writer.line()
        note.set("mark", str(mark))
        _element(note, writer)
    dates = div.get(f"{FRUS}doc-dateTime-min") or "", div.get(f"{FRUS}doc-dateTime-max") or ""
    return TeiDocument(
        div.get(f"{XML}id") or "",
        div.get("n") or "",
        div.get("subtype") or "",
        SourceText.of("".join(writer.parts)),
        tuple(writer.tags),
        volume,
        dates,
    )


def _walk(element: etree._Element, writer: _TextWriter) -> None:
    writer.write(element.text or "")
    for child in element:
        name = etree.QName(child).localname
        if name == "note" and child.get("rend") != "inline":
            writer.notes.append((child, writer.length))
        elif name not in ("pb", "graphic", "teiHeader"):
            _element(child, writer)
        writer.write(child.tail or "")


def _element(element: etree._Element, writer: _TextWriter) -> None:
    name = etree.QName(element).localname
    if name in _LINES:
        writer.line()
    start = writer.length
    _walk(element, writer)
    if name in _KEPT and writer.length > start:
        keys = {etree.QName(key).localname: value for key, value in element.attrib.items()}
        writer.tags.append(Tag(name, start, writer.length, keys))
    if name in _LINES and name != "lb":
        writer.line()
