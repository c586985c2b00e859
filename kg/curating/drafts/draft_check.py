"""The check of a draft: records and draft read together, by shapes, inference and the words of the texts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg.checking import quotes
from kg.checking.quotes import CheckReport
from kg.curating.drafts import draft_reading
from kg.curating.drafts.curation_folders import CurationFolders
from kg.curating.drafts.draft_reading import DraftReading, kinds_below
from kg.errors import DataError, Finding
from kg.reading.ontology import RDF_TYPE, local_name
from kg.reading.record_set import Records
from kg.terms import value


@dataclass(frozen=True, slots=True)
class DraftReport:
    """Findings in a draft, or in the records because of it; how many statements and quotes it has.

    `verified` is the number of quotes that stand in the text where they say.
    """

    findings: tuple[Finding, ...]
    statements: int = 0
    anchors: int = 0
    verified: int = 0

    @property
    def violations(self) -> list[Finding]:
        """Return the findings that keep the draft from being accepted."""
        return [finding for finding in self.findings if finding.severity == "violation"]


def check(folders: CurationFolders, name: str, staged: Path | None = None) -> DraftReport:
    """Return what is found in the draft `name` beside the records.

    Warnings in the records, and sentences that nobody has read yet, are not the draft's. `staged` is a folder
    to read in place of the draft's.
    """
    try:
        reading = draft_reading.read(folders, name, staged)
    except DataError as error:
        return DraftReport(tuple(error.findings))
    texts = reading.texts(folders.texts)
    report = CheckReport()
    quotes.check(reading.store, texts, reading.records, report)
    findings = [f for f in report.findings if f.file.startswith(reading.prefix)]
    findings += [*_without_curation(reading), *_built(folders, reading)]
    hashes = quotes.renderings(reading.store)
    anchors = [anchor for anchor in quotes.anchors_of(reading.store) if anchor.iri in reading.proposed]
    found = (texts.get(hashes[a.rendering], "")[a.start : a.end] == a.quote for a in anchors)
    return DraftReport(tuple(sorted(set(findings))), len(statements(reading)), len(anchors), sum(found))


def statements(reading: DraftReading) -> list[str]:
    """Return the IRIs of the statements of the draft, sorted; nested ones included."""
    kinds = kinds_below(reading.schema, "Statement")
    typed = (quad for quad in reading.quads if quad.predicate.value == RDF_TYPE)
    found = {value(quad.subject) for quad in typed if local_name(value(quad.object)) in kinds}
    return sorted(found & reading.proposed)


def _built(folders: CurationFolders, reading: DraftReading) -> list[Finding]:
    """Return what a build of records and draft finds in the draft, and its new violations elsewhere."""
    found = _findings(folders, reading.records)
    others = {f for f in found if not f.file.startswith(reading.prefix) and f.severity == "violation"}
    if others:  # the records may have had them before
        others -= set(_findings(folders))
    return [finding for finding in found if finding.file.startswith(reading.prefix) or finding in others]


def _findings(folders: CurationFolders, records: Records | None = None) -> list[Finding]:
    """Return what the build finds, without the comparison of quotes, in `records` or the records alone."""
    try:
        from kg.build import build  # noqa: PLC0415 - its libraries take longer to load than a service to start

        return build(folders.sources, records=records).findings
    except DataError as error:
        return list(error.findings)


def _without_curation(reading: DraftReading) -> list[Finding]:
    """Return a finding for each statement of the draft that does not say in which reading it was written."""
    named = {
        value(q.subject) for q in reading.quads if q.predicate.value == reading.schema.keys["writtenIn"].iri
    }
    message = "writtenIn is missing: name the Curation of who proposes this, as in curation/ann-2026-11-27"
    places = (reading.records.things[iri] for iri in statements(reading) if iri not in named)
    return [Finding(place.file, place.line, message) for place in places]
