"""TEI volumes read as a stream: each document as bytes of its own, with its line and its pages.

Entities are not expanded, no network is used, and the limits of libxml2 on sizes and depth hold. A file that
is not well-formed is read on; the documents in which an error lies are left out and told.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from lxml import etree

from kg.curating.drafting.source.tei_volume import TEI, XML, Volume, person_of
from kg.errors import CablegraphError

_ENDINGS = (".xml", ".xml.gz")
_LINED = ("date", "ref", "note")  # elements that keep their line in the file as an attribute
# An error at the end of a file that is cut may lie some lines after the last element.
_CUT, _SLACK = "Premature end", 2
Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One document of a volume: its id, its line in the file, the pages that it stands on, its XML."""

    id: str
    line: int
    pages: tuple[str, ...]
    xml: bytes


@dataclass
class VolumeStream:
    """The documents of one file in the making: what was read so far of people and pages, and the counts."""

    file: Path
    report: Report
    identifier: str = ""
    people: dict[str, tuple[str, str]] = field(default_factory=dict)
    documents: int = 0
    broken: int = 0
    _page: str = ""
    _blamed: set[tuple[int, str]] = field(default_factory=set)  # errors that lie in documents

    @property
    def volume(self) -> Volume:
        """Return what the volume says of itself so far."""
        return Volume(self.identifier, dict(self.people))

    def read(self) -> Iterator[RawDocument]:
        """Yield the documents in the order of the file; what is broken is reported and left out."""
        try:
            with _opened(self.file) as stream:
                yield from self._read(stream)
        except (OSError, EOFError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            self._tell(0, f"the file cannot be read to its end: {reason}; the documents before are imported")
        except etree.XMLSyntaxError as error:
            self._tell(error.lineno or 0, f"this is not well-formed XML: {error.msg}; the rest is left out")

    def _read(self, stream: IO[bytes]) -> Iterator[RawDocument]:
        tags = [f"{TEI}{name}" for name in ("div", "pb", "idno", "item")]
        events = etree.iterparse(
            stream, ("start", "end"), tag=tags, recover=True, resolve_entities=False, no_network=True,
            load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
        )  # fmt: skip
        opened = list[tuple[int, list[str]]]()  # line and pages of each document that has begun
        for event, element in events:
            self.identifier = self.identifier or _identifier(element, self.file)
            if element.get("type") != "document" or element.tag != f"{TEI}div":
                self._beside(event, element, opened)
            elif event == "start":
                opened.append((element.sourceline or 0, [self._page] if self._page else []))
            else:
                yield from self._document(element, *opened.pop(), _fatal(events))
        self._after(_fatal(events))

    def _beside(self, event: str, element: etree._Element, opened: list[tuple[int, list[str]]]) -> None:
        """Note pages, people and the identifier, and give back the memory of what has been read."""
        name = etree.QName(element).localname
        if name == "pb" and event == "start":
            self._page = element.get(f"{XML}id") or self._page
            for _, pages in opened:
                pages.append(self._page)
        elif name == "item" and event == "end":
            listed = element.iter(f"{TEI}persName")
            self.people.update(person_of(one) for one in listed if one.get(f"{XML}id"))
        elif name == "idno" and event == "end" and element.get("type") == "frus" and element.text:
            self.identifier = element.text.strip()
        elif name == "div" and event == "end" and not opened:
            element.clear()

    def _document(
        self, element: etree._Element, line: int, pages: list[str], errors: list[etree._LogEntry]
    ) -> Iterator[RawDocument]:
        """Yield the document of a division, unless an error lies in its lines: the parser reads ahead."""
        last = _last_line(element)
        inside = [one for one in errors if line <= one.line <= last + _SLACK * one.message.startswith(_CUT)]
        self._blamed |= {(one.line, one.message) for one in inside}
        if inside:
            self.broken += 1
            id_ = element.get(f"{XML}id") or "without an id"
            problem = f"document {id_}, which begins in line {line}, is not well-formed: {inside[0].message}"
            self._tell(inside[0].line, f"{problem}; it is left out")
        else:
            self.documents += 1
            yield _raw(element, line, pages)
        element.clear()

    def _after(self, errors: list[etree._LogEntry]) -> None:
        for error in [one for one in errors if (one.line, one.message) not in self._blamed][:1]:
            problem = f"this is not well-formed XML: {error.message}"
            self._tell(error.line, f"{problem}; what was open here is left out")
        if not self.documents and not self.broken:
            self._tell(0, "the file has no division of the type document; name a TEI volume")

    def _tell(self, line: int, message: str) -> None:
        self.report(f"{self.file.name}:{line}: {message}" if line else f"{self.file.name}: {message}")


def _fatal(events: etree.iterparse) -> list[etree._LogEntry]:
    """Return the errors so far that make a file no well-formed XML."""
    return [entry for entry in events.error_log if entry.level_name == "FATAL"]


def _last_line(element: etree._Element) -> int:
    """Return the line in which an element ends."""
    last, told = element, 0
    while len(last):
        last = last[-1]
        told += (last.tail or "").count("\n")
    return int(last.sourceline or 0) + (last.text or "").count("\n") + told


def _identifier(element: etree._Element, file: Path) -> str:
    """Return the identifier of the volume: that of its root, else the name of the file."""
    root = element.getroottree().getroot()
    return root.get(f"{XML}id") or file.name.partition(".")[0]


def _raw(element: etree._Element, line: int, pages: Iterable[str]) -> RawDocument:
    for one in element.iter(*(f"{TEI}{name}" for name in _LINED)):
        one.set("line", str(one.sourceline or 0))
    xml = etree.tostring(element, encoding="utf-8", with_tail=False)
    return RawDocument(element.get(f"{XML}id") or "", line, tuple(dict.fromkeys(pages)), xml)


def _opened(file: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(file) if file.suffix == ".gz" else file.open("rb"))


def volume_files(paths: Iterable[Path]) -> list[Path]:
    """Return the TEI files that the paths name, those of a folder sorted by name.

    Raises CablegraphError for a path that is not there, and for a folder without TEI files.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.iterdir() if file.name.endswith(_ENDINGS))
            if not inside:
                raise CablegraphError(f"{path}: the folder has no file that ends with .xml or .xml.gz")
            found.update(dict.fromkeys(inside))
        elif path.is_file():
            found[path] = None
        else:
            raise CablegraphError(f"{path}: there is no such file; name a TEI volume, or a folder of them")
    return list(found)


def sizes(files: Iterable[Path]) -> Mapping[Path, int]:
    """Return the size of each file, by which the time that is left is estimated."""
    return {file: file.stat().st_size for file in files}
