"""The command `cablegraph import`: TEI volumes to quads, in several processes, resumable."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import click

from kg.cli.group import FINDINGS
from kg.curating.importing.people import candidate_table, joined_people
from kg.curating.importing.runs.collection_output import CollectionOutput
from kg.curating.importing.runs.executors import workers
from kg.curating.importing.runs.import_run import Import
from kg.curating.importing.runs.quad_output import QuadOutput
from kg.curating.importing.runs.volume_files import sizes, volume_files
from kg.curating.importing.runs.work_folder import WorkFolder
from kg.errors import CablegraphError
from kg.namespaces import BASE
from kg.reading.collection.collection import Collection

_EVERY = 2.0  # seconds between lines of progress


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--collection", "place", type=click.Path(path_type=Path, file_okay=False, exists=True),
              help="Write records and texts into this collection, where a person goes on.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False),
              help="Write the quads to this file, which ends with .nq or .nq.gz.")  # fmt: skip
@click.option("--base", default=BASE, show_default=True,
              help="Begin the IRIs of things with this one; a collection has its own.")  # fmt: skip
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default="all processors",
              help="Work in so many processes.")  # fmt: skip
@click.option("--dask", default="", metavar="ADDRESS",
              help="Work on the cluster of this Dask scheduler, as in tcp://10.0.0.5:8786.")  # fmt: skip
@click.option("--people", type=click.Path(path_type=Path, dir_okay=False, exists=True),
              help="Join the people whom somebody calls one in this table (SSSOM).")  # fmt: skip
@click.option("--candidates", type=click.Path(path_type=Path, dir_okay=False),
              help="Write pairs of people who may be one to this new table, to be decided.")  # fmt: skip
@click.option(
    "--day", default="", metavar="YYYY-MM-DD", help="Say that the records were written on this day."
)
@click.pass_context
def import_(  # noqa: PLR0913, PLR0917 - click hands in each option by itself
    ctx: click.Context,
    files: tuple[Path, ...],
    place: Path | None,
    out: Path | None,
    base: str,
    jobs: int,
    dask: str,
    people: Path | None,
    candidates: Path | None,
    day: str,
) -> None:
    """Import TEI volumes: documents, people, dates, numbers, references.

    FILE is a volume that ends with .xml or .xml.gz, or a folder of them. What a program finds is marked so,
    and nobody has confirmed it. A run that was stopped goes on where it was. What is broken is told with its
    line and left out; exit code 1 says that something was.

    \b
    cablegraph import volumes/ --out volumes.nq.gz
    cablegraph import volumes/ --out frus.nq --base https://example.org/frus/
    cablegraph import volume.xml --collection frus
    """  # noqa: D301 - click leaves the lines after this mark as they are
    parts, base = _target(place, out, base)
    if candidates is not None:
        candidate_table.refuse_overwriting(candidates)
    volumes = volume_files(files)
    told = _Told(sum(sizes(volumes).values()))
    run = Import(volumes, base, _day(day), WorkFolder(parts), told.finding, told.progress)
    run.with_records, run.with_people = place is not None, candidates is not None
    if people is not None:
        run.joined = joined_people.read(people, base)
    with workers(jobs, dask) as (executor, many):
        run.draft(executor, many)
    if not run.counts["documents"]:
        raise CablegraphError(f"{', '.join(map(str, files))}: nothing could be imported; nothing was written")
    if out is not None:
        QuadOutput(run, told.step).write(out)
    if place is not None:
        CollectionOutput(run, place, told.finding).write()
    if candidates is not None:
        told.step(run.offer(candidates))
    run.work.remove()
    told.finished(run, volumes, out or place)
    ctx.exit(FINDINGS if told.findings else 0)


def _target(place: Path | None, out: Path | None, base: str) -> tuple[Path, str]:
    """Return the folder for parts of a run, and the base IRI of what it writes."""
    if (place is None) == (out is None):
        raise CablegraphError("say where to write: --out FILE for quads, or --collection DIR for records")
    if out is None:
        return Path(f"{place}", ".import.parts"), Collection.at(place).names.base
    if not out.name.endswith((".nq", ".nq.gz")):
        raise CablegraphError(
            f"{out}: quads are written as N-Quads; name a file that ends with .nq or .nq.gz"
        )
    if not base.endswith(("/", "#")) or "://" not in base:
        raise CablegraphError(
            f"--base {base}: a base IRI ends with / or #, as https://example.org/frus/ does"
        )
    return out.with_name(f"{out.name}.parts"), base


def _day(text: str) -> str:
    """Return the day of the records: that which is given, that of SOURCE_DATE_EPOCH, or today."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        given = (
            datetime.fromisoformat(text)
            if text
            else datetime.fromtimestamp(int(epoch), UTC)
            if epoch
            else datetime.now(UTC)
        )
    except ValueError:
        raise CablegraphError(f"{text or epoch}: this is no day; write for example 2026-11-27") from None
    return given.date().isoformat()


@dataclass
class _Told:
    """What is told on standard error: findings, progress with an estimate, and the counts at the end."""

    total: int
    findings: int = 0
    start: float = field(default_factory=time.monotonic)
    _last: float = 0.0

    def finding(self, message: str) -> None:
        """Tell one finding."""
        self.findings += 1
        click.echo(message, err=True)

    def step(self, message: str) -> None:
        """Tell what is done when all documents are read."""
        click.echo(f"[{time.monotonic() - self.start:5.1f} s] {message}", err=True)

    def progress(self, documents: int, read: int) -> None:
        """Tell how far a run is and how long it will go on, at most every other second."""
        now = time.monotonic()
        if now - self._last < _EVERY or (now - self.start < _EVERY and not sys.stderr.isatty()):
            return
        self._last = now
        seconds, share = now - self.start, read / self.total if self.total else 1.0
        left = f", about {seconds / share - seconds:.0f} s left" if share else ""
        click.echo(f"[{seconds:5.1f} s] {documents} documents, {share:.0%} of the volumes{left}", err=True)

    def finished(self, run: Import, volumes: Sequence[Path], target: Path | None) -> None:
        """Tell what was imported."""
        counts, seconds = run.counts, time.monotonic() - self.start
        read = f"{counts['documents']} documents of {len(volumes)} volumes"
        quads = f"{counts['quads']} quads stated and {counts['inferred']} inferred"
        made = f"{counts['written']} new ones" if run.with_records else quads
        click.echo(f"{target}: {read}, {made}, in {seconds:.1f} s")
        found = f"{counts['resolved']} lead to a document; answers: {counts['replies']}"
        click.echo(f"references: {counts['references']}, of which {found}")
        if not run.with_records:
            click.echo(f"shapes: {counts['violation']} violations, {counts['warning']} warnings")
        if self.findings:
            click.echo(f"{self.findings} findings; {counts['broken']} documents were left out", err=True)
