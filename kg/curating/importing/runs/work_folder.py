"""The folder of a run: the result of each chunk, written completely or not at all, to go on from."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.curating.importing.references.record_quads import Record
from kg.resources import write_atomically

Row = dict[str, Any]


@dataclass
class ChunkResult:
    """What became of a chunk: its quads, compressed, a row for each document, things that chunks share."""

    quads: bytes = b""
    rows: list[Row] = field(default_factory=list)
    things: dict[str, dict[str, Record]] = field(default_factory=dict)
    documents: list[Row] = field(default_factory=list)  # name, record files and text of each, if asked for
    people: list[Row] = field(default_factory=list)  # how each document names whom, if asked for
    findings: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def about(self) -> dict[str, Any]:
        """Return all but the quads, to be written as JSON."""
        return {key: value for key, value in vars(self).items() if key != "quads"}


@dataclass(frozen=True)
class WorkFolder:
    """The results of chunks, two files each, under the hash of what they were made of."""

    path: Path

    def begin(self) -> None:
        """Make the folder; what is there already is used again."""
        self.path.mkdir(parents=True, exist_ok=True)

    def held(self, key: str) -> ChunkResult | None:
        """Return the result of a chunk without its quads and records; None if it is not there in whole."""
        try:
            about = json.loads((self.path / f"{key}.json").read_bytes())
            held = ChunkResult(**{**about, "documents": []})
            return held if (self.path / f"{key}.nq.gz").is_file() else None
        except (OSError, ValueError, TypeError):
            return None

    def keep(self, key: str, result: ChunkResult) -> ChunkResult:
        """Write the result of a chunk, its quads first; return it without quads and records."""
        write_atomically(self.path / f"{key}.nq.gz", result.quads)
        about = json.dumps(result.about(), ensure_ascii=False)
        write_atomically(self.path / f"{key}.json", about.encode())
        return ChunkResult(**{**result.about(), "documents": []})

    def documents(self, key: str) -> list[Row]:
        """Return name, record files and text of the documents of a chunk."""
        about = json.loads((self.path / f"{key}.json").read_bytes())
        return list(about["documents"])

    def quads(self, key: str) -> bytes:
        """Return the compressed quads of a chunk."""
        return (self.path / f"{key}.nq.gz").read_bytes()

    def remove(self) -> None:
        """Remove the folder after the output is written."""
        shutil.rmtree(self.path)
