"""What one record file says by itself, as JSON: quads, lines of records, names of what stands elsewhere."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import pyoxigraph as ox

from kg.reading import record_files, triples
from kg.reading.ontology import Ontology
from kg.reading.record_set import RecordFile, Records, SourceLine

# `file` and `base` as in RecordFile; `things` and `values` as in Records, with lines of this file; `quads` as
# N-Quads; `named` are things that must have a record elsewhere or be terms, `classes` those that must exist.
Said = Mapping[str, Any]


def made(name: str, content: bytes, schema: Ontology) -> bytes | None:
    """Return what a file says by itself, as JSON; None if something is wrong in it."""
    records = record_files.of_file(name, content, schema.keys, schema.names)
    quads, findings = triples.of_files(records, schema)
    if findings or records.unread:
        return None
    things, classes = triples.named(quads, schema)
    values = [
        (subject, key, [(place.line, text) for place, text in written])
        for (subject, key), written in records.values.items()
    ]
    said: dict[str, Any] = {
        "file": name,
        "base": records.documents[0].base,
        "things": {thing: place.line for thing, place in records.things.items()},
        "values": values,
        "quads": "".join(lines(quads)),
        "named": sorted(things - records.things.keys()),
        "classes": sorted(classes),
    }
    return json.dumps(said, ensure_ascii=False).encode()


def lines(quads: Iterable[ox.Quad]) -> list[str]:
    """Return each quad as a line of N-Quads."""
    return [f"{quad} .\n" for quad in quads]


def read(result: bytes) -> Said:
    """Return what a file says, from the result of `made`."""
    said: Said = json.loads(result)
    return said


def add(records: Records, file: Said) -> None:
    """Add to `records` what a file says."""
    name = file["file"]
    records.documents.append(RecordFile(name, file["base"]))
    records.things |= {thing: SourceLine(name, line) for thing, line in file["things"].items()}
    # Names and keys come again and again, and each text of JSON is a text of its own.
    known = {thing: thing for thing in file["things"]}
    for subject, key, written in file["values"]:
        places = [(SourceLine(name, line), text) for line, text in written]
        named = known.setdefault(subject, subject), sys.intern(key)
        records.values.setdefault(named, []).extend(places)
