"""A run: volumes in chunks, drafted by the processes of an executor, in their order."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from kg.curating.importing.people import candidate_table
from kg.curating.importing.people.candidates import candidates
from kg.curating.importing.people.joined_people import JoinedPeople
from kg.curating.importing.people.named_people import named_people
from kg.curating.importing.runs.chunk_work import Chunk, code_version, work_as
from kg.curating.importing.runs.volume_files import RawDocument, VolumeStream
from kg.curating.importing.runs.work_folder import ChunkResult, WorkFolder

SIZE = 24  # documents of a chunk
_AHEAD = 4  # chunks a worker that wait, at most
Report = Callable[[str], None]


@dataclass
class Import:
    """What a run reads and writes, and what it counts."""

    files: Sequence[Path]
    base: str
    day: str
    work: WorkFolder
    report: Report
    progress: Callable[[int, int], None]  # documents so far, bytes of volumes that are read
    counts: Counter[str] = field(default_factory=Counter)
    with_records: bool = False  # beside the quads, for a collection
    with_people: bool = False  # beside the quads, for candidates
    joined: JoinedPeople = field(default_factory=JoinedPeople)
    chunks: list[tuple[str, ChunkResult]] = field(default_factory=list)

    def draft(self, executor: Executor, workers: int) -> None:
        """Read the volumes, and keep the result of each chunk; those of an earlier run are taken again."""
        self.work.begin()
        version, waiting = code_version(), deque[tuple[str, Future[ChunkResult] | ChunkResult]]()
        for chunk in self._read():
            key = chunk.key(version)
            held = self.work.held(key)
            waiting.append((key, held or executor.submit(work_as, version, chunk)))
            while len(waiting) > workers * _AHEAD:
                self._done(*waiting.popleft())
        while waiting:
            self._done(*waiting.popleft())

    def _read(self) -> Iterator[Chunk]:
        """Yield the chunks of all volumes, in the order of the files."""
        done, had = 0, dict[tuple[str, str], Path]()
        for file in self.files:
            stream = VolumeStream(file, self.report)
            documents = self._not_yet(stream, had)
            while batch := tuple[RawDocument, ...](islice(documents, SIZE)):
                chunk = Chunk(file.name, stream.volume, self.base, self.day, batch)
                yield replace(
                    chunk,
                    with_records=self.with_records,
                    with_people=self.with_people,
                    joined=self.joined,
                )
            self.counts["broken"] += stream.broken
            done += file.stat().st_size
            self.counts["bytes"] = done

    def _not_yet(self, stream: VolumeStream, had: dict[tuple[str, str], Path]) -> Iterator[RawDocument]:
        """Yield the documents of a file that no file before has, by volume and id; `had` has their files."""
        again = Counter[str]()
        for document in stream.read():
            volume = stream.volume.identifier
            first = had.setdefault((volume.lower(), document.id), stream.file)
            if first == stream.file:
                yield document
            else:
                again[f"{first.name} already, of the volume {volume}"] += 1
        for where, count in again.items():
            self.counts["broken"] += count
            self.report(f"{stream.file.name}: {count} of its documents are in {where}; they are left out")

    def _done(self, key: str, result: Future[ChunkResult] | ChunkResult) -> None:
        if isinstance(result, Future):
            result = self.work.keep(key, result.result())
        else:
            self.counts["taken again"] += len(result.rows)
        self.chunks.append((key, result))
        self.counts.update(result.counts)
        self.counts["findings"] += len(result.findings)
        for finding in result.findings:
            self.report(finding)
        self.progress(self.counts["documents"], self.counts["bytes"])

    def offer(self, file: Path) -> str:
        """Write the pairs of people who may be one, but for those who are decided; tell how many."""
        rows = [row for _, result in self.chunks for row in result.people]
        found = [
            one
            for one in candidates(named_people(rows))
            if not self.joined.decided(one.one.key, one.other.key)
        ]
        candidate_table.write(file, found, self.base, self.day)
        return f"{file}: pairs of people who may be one, for somebody to decide: {len(found)}"
