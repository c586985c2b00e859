"""Check every quotation against the text that it is taken from, and count covered sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.checking.texts import split_sentences
from kg.errors import Finding
from kg.namespaces import CG, OA
from kg.reading.record_set import Records
from kg.store.sparql import rows


@dataclass(frozen=True, slots=True)
class Anchor:
    """One quotation: its IRI, the rendering and passage it stands in, its place in code points."""

    iri: str
    rendering: str
    passage: tuple[int, int]
    quote: str
    start: int
    end: int


@dataclass
class CheckReport:
    """What was checked: counts of anchors and sentences, and what is wrong."""

    anchors: int = 0
    verified: int = 0
    sentences: int = 0
    covered: int = 0
    findings: list[Finding] = field(default_factory=list)


_ANCHORS = f"""
SELECT DISTINCT ?anchor ?rendering ?from ?to ?quote ?start ?end WHERE {{
  [] <{CG.evidence}>|<{CG.basedOn}> ?anchor .
  ?anchor <{CG.inPassage}> ?passage ; <{OA.exact}> ?quote ; <{OA.start}> ?start ; <{OA.end}> ?end .
  ?passage <{CG.passageOf}> ?rendering ; <{OA.start}> ?from ; <{OA.end}> ?to .
}} ORDER BY ?anchor"""
_RENDERINGS = f"SELECT ?rendering ?hash WHERE {{ ?rendering <{CG.textHash}> ?hash }} ORDER BY ?rendering"


def of(store: ox.Store) -> list[Anchor]:
    """Return all anchors of `store` that are complete, by IRI."""
    return [
        Anchor(
            row["anchor"].value,
            row["rendering"].value,
            (int(row["from"].value), int(row["to"].value)),
            row["quote"].value,
            int(row["start"].value),
            int(row["end"].value),
        )
        for row in rows(store, _ANCHORS)
    ]


def renderings(store: ox.Store) -> dict[str, str]:
    """Return the SHA-256 of each rendering's text."""
    return {row["rendering"].value: row["hash"].value for row in rows(store, _RENDERINGS)}


def check(store: ox.Store, texts: Mapping[str, str], records: Records, report: CheckReport) -> None:
    """Compare each anchor with `texts` (SHA-256 to text), each sentence with the anchors; fill `report`.

    Anchors of a rendering whose text is not there count, but not as verified, and a warning says so.
    """
    anchors = of(store)
    report.anchors = len(anchors)
    for rendering, digest in renderings(store).items():
        own = [anchor for anchor in anchors if anchor.rendering == rendering]
        if digest in texts:
            wrong = list(_wrong(own, texts[digest], records))
            report.verified += len(own) - len(wrong)
            report.findings += [*wrong, *_uncovered(own, texts[digest], rendering, records, report)]
        else:
            report.findings += _misfits(own, records)
            message = f"{len(own)} anchors were not re-verified: no text with this hash was given"
            report.findings.append(_finding(rendering, "textHash", message, records, "warning"))


def _wrong(anchors: Iterable[Anchor], text: str, records: Records) -> Iterator[Finding]:
    for anchor in anchors:
        low, high = anchor.passage
        if text[anchor.start : anchor.end] != anchor.quote:
            yield _finding(anchor.iri, "start", _elsewhere(anchor, text), records)
        elif not low <= anchor.start < anchor.end <= high:
            message = f"the quote stands outside its passage ({low} to {high}); correct `in`"
            yield _finding(anchor.iri, "in", message, records)


def _misfits(anchors: Iterable[Anchor], records: Records) -> Iterator[Finding]:
    """Yield the anchors whose place is not as long as their quote, which needs no text to see."""
    for anchor in anchors:
        apart, length = anchor.end - anchor.start, len(anchor.quote)
        if apart != length:
            message = f"start and end are {apart} apart, the quote has {length} code points"
            yield _finding(anchor.iri, "end", message, records)


def _elsewhere(anchor: Anchor, text: str) -> str:
    low, high = anchor.passage
    place = text.find(anchor.quote, low, high)
    if place < 0:
        return f"the passage does not hold the quote {anchor.quote!r}; copy it letter by letter"
    return f"the quote stands elsewhere; write start: {place} and end: {place + len(anchor.quote)}"


def _uncovered(
    anchors: Iterable[Anchor], text: str, rendering: str, records: Records, report: CheckReport
) -> Iterator[Finding]:
    spans = [(anchor.start, anchor.end) for anchor in anchors]
    for sentence in split_sentences(text):
        report.sentences += 1
        if any(start < sentence.end and end > sentence.start for start, end in spans):
            report.covered += 1
        else:
            message = (
                f"no anchor in the sentence at {sentence.start}-{sentence.end}; write a record or Furniture"
            )
            yield _finding(rendering, "textHash", message, records)


def _finding(iri: str, key: str, message: str, records: Records, severity: str = "violation") -> Finding:
    place = records.place(iri, key)
    return Finding(place.file if place else iri, place.line if place else 0, message, severity)
