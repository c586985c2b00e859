"""The work on one chunk of documents by a process of any executor: XML in, quads and rows out."""

from __future__ import annotations

import gzip
import hashlib
import json
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from lxml import etree

from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.composing.finders import Finders
from kg.curating.drafting.composing.tei_draft import tei_draft
from kg.curating.drafting.finding.name_forms import family
from kg.curating.drafting.finding.word_tables import WordTables
from kg.curating.drafting.source.tei_volume import Volume, document_of
from kg.curating.importing.citing.citation_words import VolumeCitation
from kg.curating.importing.citing.cited_documents import CitationReader
from kg.curating.importing.people.joined_people import JoinedPeople
from kg.curating.importing.people.named_people import people_rows
from kg.curating.importing.references.record_quads import QuadWriter, Record
from kg.curating.importing.runs.volume_files import RawDocument
from kg.curating.importing.runs.work_folder import ChunkResult, Row
from kg.curating.importing.volumes.copies import CopyReader
from kg.curating.importing.volumes.document_records import DocumentRecords
from kg.curating.importing.volumes.place_zones import PlaceZones
from kg.curating.importing.volumes.posts import posts_of
from kg.errors import CablegraphError
from kg.reading.ontology import parse_context
from kg.resources import folder, walk

_LEVEL = 1  # of compression: quads of one document are much alike


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some documents that follow each other in a volume, with all that a process needs to read them."""

    file: str
    volume: Volume
    base: str
    day: str
    documents: tuple[RawDocument, ...]
    with_records: bool = False  # beside the quads, for a collection
    with_people: bool = False  # beside the quads, for candidates
    joined: JoinedPeople = field(default_factory=JoinedPeople)

    def key(self, version: str) -> str:
        """Return the hash of content and code, under which the result is kept."""
        told = [version, self.file, self.base, self.day, self.with_records, self.volume.identifier]
        told += [self.with_people, *sorted(self.joined.kept.items())]
        told += sorted(self.volume.people.items())
        digest = hashlib.sha256(json.dumps(told).encode())
        for one in self.documents:
            digest.update(f"{one.id} {one.line} {one.pages}".encode() + one.xml)
        return digest.hexdigest()


@dataclass(frozen=True)
class _Tools:
    """What a process makes once: the finders, the zones and the context."""

    finders: Finders
    zones: PlaceZones
    context: dict[str, Any]


@cache
def _tools() -> _Tools:
    return _Tools(Finders(WordTables()), PlaceZones(), parse_context(folder("ontology") / "context.jsonld"))


@cache
def code_version() -> str:
    """Return the hash of the code, the tables and the libraries that results depend on."""
    digest = hashlib.sha256((folder("ontology") / "context.jsonld").read_bytes())
    digest.update(f"{sys.version_info[:2]} {etree.LXML_VERSION} {etree.LIBXML_VERSION}".encode())
    for room in ("curating/drafting", "curating/importing"):
        for name, file in walk(files("kg").joinpath(room)):
            digest.update(name.encode() + file.read_bytes())
    return digest.hexdigest()


def work_as(version: str, chunk: Chunk) -> ChunkResult:
    """Return what becomes of a chunk; raises CablegraphError if the code is of another version."""
    if code_version() != version:
        problem = f"the worker on {platform.node()} has another version of cablegraph, Python or lxml"
        raise CablegraphError(f"{problem}; install there what is installed here, and start it anew")
    return work_on(chunk)


def work_on(chunk: Chunk) -> ChunkResult:
    """Return what becomes of a chunk; a document that cannot be read is told, and the rest goes on."""
    result, lines = ChunkResult(counts={"documents": 0, "quads": 0}), list[str]()
    writer = QuadWriter(_tools().context, chunk.base)
    for raw in chunk.documents:
        try:
            records, cited = read_document(chunk, raw)
        except Exception as error:  # noqa: BLE001 - one document must not stop all others
            problem = f"document {raw.id} cannot be read, {type(error).__name__}: {error}; it is left out"
            result.findings.append(f"{chunk.file}:{raw.line}: {problem}")
            continue
        files = chunk.joined.records(records.frame.files) if chunk.joined.kept else records.frame.files
        lines += writer.document(records.frame.name, files)
        lines += _own_things(records, writer, result, chunk)
        if chunk.with_people:
            result.people += people_rows(records)
        if chunk.with_records:
            text = records.draft.source.text
            result.documents.append({"name": records.frame.name, "files": files, "text": text})
        result.rows.append(row_of(records, raw, cited))
        for line, message in records.dates.findings:
            result.findings.append(f"{chunk.file}:{line}: document {raw.id}: {message}")
        result.counts["documents"] += 1
    result.counts["quads"] = len(lines)
    result.quads = packed(lines)
    return result


def packed(lines: list[str]) -> bytes:
    """Return lines as a compressed member, whose bytes are the same every time."""
    return gzip.compress("".join(lines).encode(), compresslevel=_LEVEL, mtime=0) if lines else b""


def preferred(known: Record | None, other: Record) -> Record:
    """Return which of two records of a thing is kept: one with a note, of a list, else the first in order.

    Of a person it is the one with the longer label, which has more of the name.
    """
    if known is None:
        return other
    return min(known, other, key=_rank)


def _rank(record: Record) -> tuple[bool, int, str]:
    longer = len(record["label"]["en"]) if record["type"] == "Person" else 0
    return "note" not in record, -longer, json.dumps(record, sort_keys=True)


def _own_things(
    records: DocumentRecords, writer: QuadWriter, result: ChunkResult, chunk: Chunk
) -> Iterator[str]:
    """Yield the quads of things that no other document names, and keep the others for all chunks.

    For a collection all are kept, and each person who is joined with others.
    """
    name, joined = records.frame.name, chunk.joined.keys
    for kind, things in records.actors.things.items():
        own = {
            key: one
            for key, one in things.items()
            if not chunk.with_records and key not in joined and _is_own(key, name)
        }
        yield from writer.things(kind, own)
        kept = result.things.setdefault(kind, {})
        for key, record in things.items():
            if key not in own:
                kept[key] = preferred(kept.get(key), record)


def _is_own(key: str, name: str) -> bool:
    """Return whether the key of a thing begins with the name of a document, or is that of its receipt."""
    return f"{key.removeprefix('receipt-of-')}-".startswith(f"{name}-")


def read_document(chunk: Chunk, raw: RawDocument) -> tuple[DocumentRecords, list[VolumeCitation]]:
    """Return the records of a document, and what it cites."""
    tools = _tools()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    document = document_of(etree.fromstring(raw.xml, parser), chunk.volume)
    draft = tei_draft(document, tools.finders)
    draft.add("copies", CopyReader(document, draft, tools.finders).read())
    posts = posts_of(draft.sender), posts_of(draft.recipient)
    cited = CitationReader(document, draft, tools.finders, posts).read()
    records = DocumentRecords.of(document, draft, posts, tools.zones)
    records.write([one.start for one in cited], chunk.day)
    return records, cited


def row_of(records: DocumentRecords, raw: RawDocument, cited: list[VolumeCitation]) -> Row:
    """Return the row of a document: what references find it by, and its own, with their anchors."""
    frame, draft = records.frame, records.draft
    counted = [n for n in draft.numbers if n.series not in ("file", "edition_document") and n.numbers]
    citations = [
        {**one.as_row(), "anchor": anchor, "words": frame.words(one.start, one.end)}
        for one in cited
        if (anchor := frame.anchor(one.start, one.end))
    ]
    day, hour = records.dates.moment()
    return {
        "name": frame.name,
        "id": raw.id,
        "volume": records.document.volume.identifier,
        "kind": records.kind,
        "numbers": [one.numbers[0].lstrip("0").replace("–", "-") for one in counted],
        "date": day,
        "hour": hour,
        "from": list(records.posts[0]),
        "to": list(records.posts[1]),
        "place": _place(draft),
        "writers": [family(party.name).lower() for party in draft.sender if party.name],
        "pages": list(raw.pages),
        "zones": sorted(records.dates.used),
        "citations": citations,
        "circular": _is_circular(draft),
    }


def _place(draft: Draft) -> str:
    """Return the place of the dateline in lower case, which other documents may call the post by."""
    place = draft.single.get("place")
    return place.value.lower().strip(" ,.") if place else ""


def _is_circular(draft: Draft) -> bool:
    """Return whether what a document is called, or what stands just before that, says circular."""
    called = draft.single.get("document_type")
    words = draft.source.plain[max(0, called.start - 10) : called.end] if called else ""
    return "circular" in words.lower()
