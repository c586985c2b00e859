"""Verification of quotes against the texts that they are taken from, and coverage of sentences."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.checking import coverage
from kg.checking.texts import split_sentences
from kg.errors import Finding
from kg.namespaces import CG, OA
from kg.reading.record_set import Records
from kg.store.sparql import rows


@dataclass(frozen=True, slots=True)
class Anchor:
    """One quote: its IRI, its rendering, the bounds of its passage, and its bounds in code points."""

    iri: str
    rendering: str
    passage: tuple[int, int]
    quote: str
    start: int
    end: int


@dataclass
class CheckReport:
    """The result of a check: counts of anchors, sentences and documents, and findings.

    Sentences are those of texts that are held with statements; `depths` counts documents by depth.
    """

    anchors: int = 0
    verified: int = 0
    sentences: int = 0
    covered: int = 0
    depths: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def add(self, other: CheckReport) -> None:
        """Add the counts and findings of another collection."""
        self.anchors += other.anchors
        self.verified += other.verified
        self.sentences += other.sentences
        self.covered += other.covered
        for depth, number in other.depths.items():
            self.depths[depth] = self.depths.get(depth, 0) + number
        self.findings += other.findings


# Characters that a word processor or an editor of YAML puts in place of each other.
_DASHES = "\\-\u00ad\u2010-\u2015\u2212"
_MARKS = "\"'\u2018-\u201f\u00ab\u00bb`\u00b4"
_ANCHORS = f"""
SELECT DISTINCT ?anchor ?rendering ?from ?to ?quote ?start ?end WHERE {{
  [] <{CG.evidence}>|<{CG.basedOn}> ?anchor .
  ?anchor <{CG.inPassage}> ?passage ; <{OA.exact}> ?quote ; <{OA.start}> ?start ; <{OA.end}> ?end .
  ?passage <{CG.passageOf}> ?rendering ; <{OA.start}> ?from ; <{OA.end}> ?to .
  FILTER (isNumeric(?start) && isNumeric(?end) && isNumeric(?from) && isNumeric(?to))
}} ORDER BY ?anchor"""
_WRITTEN = f"""
SELECT ?statement ?key ?written (GROUP_CONCAT(?quote; separator=" ") AS ?quotes) WHERE {{
  VALUES (?property ?key) {{ (<{CG.asWritten}> "asWritten") (<{CG.hedge}> "hedge") }}
  ?statement ?property ?written ; <{CG.evidence}>|<{CG.basedOn}> ?anchor .
  ?anchor <{OA.exact}> ?quote .
}} GROUP BY ?statement ?key ?written ORDER BY ?statement ?key ?written"""


def anchors_of(store: ox.Store) -> list[Anchor]:
    """Return all complete anchors of `store`, sorted by IRI; a shape reports a bound that is no number."""
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
    """Return the SHA-256 of the text of each rendering, by the rendering's IRI."""
    return {rendering: text.digest for rendering, text in coverage.texts(store).items()}


def check(
    store: ox.Store,
    texts: Mapping[str, str],
    records: Records,
    report: CheckReport,
    others: Sequence[str] = (),
) -> None:
    """Compare each anchor with its text and each text with what its depth promises, and fill `report`.

    `texts` maps SHA-256 to text. Anchors of a rendering whose text is not there are counted, but not as
    verified; a warning says so, with the lines `others` about the files that are no text.
    """
    anchors = anchors_of(store)
    report.anchors = len(anchors)
    report.depths = coverage.depths(store)
    report.findings += _unquoted(store, records)
    by_rendering = defaultdict[str, list[Anchor]](list)
    for anchor in anchors:
        by_rendering[anchor.rendering].append(anchor)
    for rendering, kept in coverage.texts(store).items():
        in_rendering = by_rendering[rendering]
        if kept.digest in texts:
            mismatches = list(_mismatches(in_rendering, texts[kept.digest], records))
            report.verified += len(in_rendering) - len(mismatches)
            report.findings += [
                *mismatches,
                *_uncovered(in_rendering, kept, texts[kept.digest], rendering, records, report),
            ]
        else:
            report.findings += _wrong_lengths(in_rendering, records)
            message = f"{len(in_rendering)} anchors were not re-verified: no text with this hash was given"
            message = "\n".join([message, *others])
            report.findings.append(_finding(rendering, "textHash", message, records, "warning"))


def _mismatches(anchors: Iterable[Anchor], text: str, records: Records) -> Iterator[Finding]:
    for anchor in anchors:
        low, high = anchor.passage
        if text[anchor.start : anchor.end] != anchor.quote:
            yield _finding(anchor.iri, "start", _mismatch_message(anchor, text), records)
        elif not low <= anchor.start < anchor.end <= high:
            message = f"the quote is outside its passage ({low} to {high}); correct `in`"
            yield _finding(anchor.iri, "in", message, records)


def _unquoted(store: ox.Store, records: Records) -> Iterator[Finding]:
    """Yield a finding for each statement whose `asWritten` or `hedge` has a word that no quote has."""
    for row in rows(store, _WRITTEN):
        missing = [word for word in _words(row["written"].value) if word not in _words(row["quotes"].value)]
        if missing:
            key = row["key"].value
            message = f"the quotes lack {' '.join(missing)!r} of {key}; quote the words that carry it"
            yield _finding(row["statement"].value, key, message, records)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _wrong_lengths(anchors: Iterable[Anchor], records: Records) -> Iterator[Finding]:
    """Yield a finding for each anchor whose bounds do not fit the length of its quote; needs no text."""
    for anchor in anchors:
        distance, length = anchor.end - anchor.start, len(anchor.quote)
        if distance != length:
            message = f"start and end are {distance} apart, but the quote has {length} code points"
            yield _finding(anchor.iri, "end", message, records)


def _mismatch_message(anchor: Anchor, text: str) -> str:
    low, high = anchor.passage
    place = text.find(anchor.quote, low, high)
    if place < 0:
        reason = why_missing(anchor.quote, text, low, high)
        return f"the passage does not contain the quote {anchor.quote!r}; {reason}"
    return f"the quote is elsewhere; write start: {place} and end: {place + len(anchor.quote)}"


def why_missing(quote: str, text: str, low: int, high: int) -> str:
    """Return what to do about a quote that `text` does not have between `low` and `high`."""
    if quote in text:
        return "it stands elsewhere in the text; correct `in`"
    alike = re.compile(r"\s+".join(map(_alike, quote.split())), re.IGNORECASE).search(text, low, high)
    if quote.strip() and alike:
        return f"the text writes {alike.group()!r}; copy it character by character"
    return "copy it character by character"


def _alike(word: str) -> str:
    """Return a pattern for `word` with any hyphens, dashes, apostrophes and quotation marks."""
    escaped = re.escape(re.sub(f"[{_DASHES}]", "-", re.sub(f"[{_MARKS}]", "'", word)))
    return escaped.replace(r"\-", f"[{_DASHES}]").replace("'", f"[{_MARKS}]")


def _uncovered(
    anchors: Iterable[Anchor],
    kept: coverage.Text,
    text: str,
    rendering: str,
    records: Records,
    report: CheckReport,
) -> Iterator[Finding]:
    spans = [(anchor.start, anchor.end) for anchor in anchors]
    if kept.depth == coverage.STATEMENTS:
        sentences = split_sentences(text)
        report.sentences += len(sentences)
        report.covered += len(sentences) - len(coverage.without(sentences, spans))
    for message, severity in coverage.lacks(kept, text, spans):
        yield _finding(rendering, "textHash", message, records, severity)


def _finding(iri: str, key: str, message: str, records: Records, severity: str = "violation") -> Finding:
    place = records.place(iri, key)
    return Finding(place.file if place else iri, place.line if place else 0, message, severity)
