"""Comparison of the records of one sentence: words that limit it, which some of them mind and others do not.

A hedge, a condition, a negation, a degree or a modal may have got lost in one record while its neighbour
has it. Whether it reaches as far as the record, only a reader can tell, so that each case is a warning. The
words, of English texts, are the table `qualifiers.yaml`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import pyoxigraph as ox
import yaml

from kg.checking.texts import Sentence, split_sentences
from kg.errors import Finding
from kg.namespaces import CG, OA, RDF
from kg.reading.record_set import Records
from kg.store.sparql import rows


@dataclass(frozen=True, slots=True)
class Qualifier:
    """One entry of the table; the comment in `qualifiers.yaml` explains its fields."""

    kind: str
    text: re.Pattern[str]
    reach: str
    carried: re.Pattern[str]
    settled: re.Pattern[str]
    values: frozenset[str]


@dataclass(slots=True)
class Told:
    """A statement that somebody holds, tells or proposes: its quotes by text, its words and its values."""

    iri: str
    quotes: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    words: list[str] = field(default_factory=list)
    values: set[str] = field(default_factory=set)
    has_content: bool = False


# Where what a word reaches ends, by the table's word for it; a quote is the word alone.
_ENDS = {
    "part": re.compile(r"[;:]|\bbut\b"),
    "clause": re.compile(r"[,;:()\[\]\"“”]|\b(?:and|but|while|although|because|which|who|whom)\b"),
}
# A participation or a status has no content in which a word of another kind could stand.
_OF_ALL = frozenset({"hedge", "condition"})
_OF = f"?statement <{CG.heldBy}>|<{CG.proposedBy}> ?who ."
_QUOTES = f"""
SELECT DISTINCT ?statement ?hash ?start ?end WHERE {{
  {_OF} ?statement <{CG.evidence}> ?anchor .
  ?anchor <{CG.inPassage}> ?passage ; <{OA.start}> ?start ; <{OA.end}> ?end .
  ?passage <{CG.passageOf}>/<{CG.textHash}> ?hash . FILTER (isNumeric(?start) && isNumeric(?end))
}} ORDER BY ?statement ?start"""
_WORDS = f"""
SELECT DISTINCT ?statement ?key ?words WHERE {{
  VALUES ?key {{ <{CG.hedge}> <{CG.condition}> <{CG.content}> <{CG.note}> }} {_OF} ?statement ?key ?words
}} ORDER BY ?statement ?key ?words"""
_VALUES = f"""
SELECT DISTINCT ?statement ?value WHERE {{
  {_OF} {{ ?statement <{CG.modality}>|<{CG.mode}>|<{CG.value}>|<{RDF.type}> ?value }}
  UNION {{ VALUES ?value {{ <{CG.partlyOpposes}> <{CG.uncommittedOn}> }} ?statement ?value ?issue }}
  FILTER (isIRI(?value))
}} ORDER BY ?statement ?value"""


@cache
def table() -> tuple[Qualifier, ...]:
    """Return the entries of the table in its order."""
    read = yaml.safe_load((files("kg.checking") / "qualifiers.yaml").read_bytes())
    return tuple(
        Qualifier(
            kind,
            re.compile(rf"\b(?:{entry['text']})\b", re.IGNORECASE),
            entry["reach"],
            re.compile(entry["carried"], re.IGNORECASE),
            re.compile(read["settled"], re.IGNORECASE),
            frozenset(entry.get("value", ())),
        )
        for kind, entries in read["kinds"].items()
        for entry in entries.values()
    )


def findings(store: ox.Store, texts: Mapping[str, str], records: Records) -> Iterator[Finding]:
    """Yield a warning for each statement without a word that limits its sentence, which another one minds.

    `texts` maps SHA-256 to text; statements about other texts are left out.
    """
    told = _told(store)
    for digest, text in texts.items():
        for sentence in split_sentences(text):
            near = [one for one in told if _overlaps(one, digest, sentence.start, sentence.end)]
            for qualifier in table():
                yield from _of_qualifier(qualifier, sentence, digest, near, records)


def _told(store: ox.Store) -> list[Told]:
    """Return the statements with a holder or proposer and a quote, sorted by IRI."""
    told: dict[str, Told] = {}
    for row in rows(store, _QUOTES):
        one = told.setdefault(row["statement"].value, Told(row["statement"].value))
        one.quotes[row["hash"].value].append((int(row["start"].value), int(row["end"].value)))
    for row in rows(store, _WORDS):
        if (iri := row["statement"].value) in told:
            told[iri].words.append(row["words"].value)
            told[iri].has_content |= row["key"].value == CG.content
    for row in rows(store, _VALUES):
        if (iri := row["statement"].value) in told:
            told[iri].values.add(re.split(r"[/#]", row["value"].value)[-1])
    return list(told.values())


def _of_qualifier(
    qualifier: Qualifier, sentence: Sentence, digest: str, near: Iterable[Told], records: Records
) -> Iterator[Finding]:
    """Yield a finding for each of the statements `near` that lacks the qualifier where it stands."""
    among = [one for one in near if one.has_content or qualifier.kind in _OF_ALL]
    for match in qualifier.text.finditer(sentence.text):
        low, high = _reach(qualifier, sentence, match)
        reached = [one for one in among if _overlaps(one, digest, low, high)]
        minding = [one for one in reached if _minds(one, qualifier)]
        for one in reached if minding else ():
            if one not in minding and not _has(one, qualifier.settled):
                yield _finding(one, match.group(), minding[0], records)


def _reach(qualifier: Qualifier, sentence: Sentence, match: re.Match[str]) -> tuple[int, int]:
    """Return the bounds in the text of what the word reaches: alone between commas, the clauses beside it."""
    if qualifier.reach == "sentence":
        return sentence.start, sentence.end
    low, high = match.span()
    if end := _ENDS.get(qualifier.reach):
        ends = [found.span() for found in end.finditer(sentence.text)]
        before = [0, *(stop for _, stop in ends if stop <= low)]
        after = [*(start for start, _ in ends if start >= high), len(sentence.text)]
        alone = sentence.text[before[-1] : after[0]].strip() == match.group()
        low, high = (before[-2:][0], after[:2][-1]) if alone else (before[-1], after[0])
    return sentence.start + low, sentence.start + high


def _overlaps(one: Told, digest: str, low: int, high: int) -> bool:
    return any(start < high and end > low for start, end in one.quotes.get(digest, ()))


def _minds(one: Told, qualifier: Qualifier) -> bool:
    return bool(qualifier.values & one.values) or _has(one, qualifier.carried)


def _has(one: Told, pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(words) for words in one.words)


def _finding(one: Told, word: str, other: Told, records: Records) -> Finding:
    place = records.place(one.iri, "content")
    message = (
        f"the sentence has {word!r}, which {other.iri.rpartition('/')[2]} minds and this record does not; "
        "write it in hedge, condition or content, or note that it does not reach so far"
    )
    return Finding(place.file if place else one.iri, place.line if place else 0, message, "warning")
