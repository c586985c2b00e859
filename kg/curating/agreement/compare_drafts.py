"""The comparison of two drafts of one text: its measures, and the disagreements for somebody to decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kg.checking import quotes
from kg.checking.texts import split_sentences
from kg.curating.agreement import measures, side
from kg.curating.agreement.measures import Pair, Unit
from kg.curating.agreement.side import Quoted
from kg.curating.drafts.curation_folders import CurationFolders
from kg.curating.drafts.draft_reading import DraftReading
from kg.errors import CablegraphError
from kg.namespaces import CG, OA
from kg.store.sparql import rows
from kg.terms import value

_COMPARED = ("kind", "heldBy", "basis", "certainty")
_PASSAGES = f"""SELECT ?rendering ?start ?end WHERE {{
  ?passage <{CG.passageOf}> ?rendering ; <{OA.start}> ?start ; <{OA.end}> ?end
}} ORDER BY ?rendering ?start ?end"""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One point on which two drafts differ: where, in what, and what each says; empty if it says nothing."""

    passage: str
    about: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """The measures of two drafts by name, None where there is nothing to measure, and the disagreements."""

    first: str
    second: str
    unit: str
    measures: dict[str, float | int | None] = field(default_factory=dict)
    disagreements: tuple[Disagreement, ...] = ()


def compare(folders: CurationFolders, first: str, second: str) -> Agreement:
    """Return how far two drafts agree on the texts that both quote.

    One of them may be `records`. Raises CablegraphError if they have no text in common, and DataError if one
    cannot be read with the records.
    """
    reading, a = side.read(folders, first)
    _, b = side.read(folders, second)
    common = _renderings(a) & _renderings(b)
    if not common:
        raise CablegraphError(f"{first} and {second} quote no text in common; compare drafts of one text")
    a, b = ([q for q in own if any(rendering in common for rendering, _, _ in q.spans)] for own in (a, b))
    name, units = _units(folders, reading, common)
    pairs = measures.same_words(*([q for q in own if q.asserts] for own in (a, b)))
    found = [*_of_pairs(pairs), *_unpaired(a, b, pairs), *_of_kinds(units, a, b)]
    return Agreement(first, second, name, _measured(units, a, b, pairs), tuple(found))


def _renderings(statements: Sequence[Quoted]) -> set[str]:
    """Return the texts of the telegrams that have these statements; some may quote another one, too."""
    return {
        rendering
        for quoted in statements
        for rendering, _, _ in quoted.spans
        if f"/{'/'.join(quoted.record.split('/')[:2])}/" in rendering
    }


def _units(folders: CurationFolders, reading: DraftReading, common: set[str]) -> tuple[str, list[Unit]]:
    """Return the sentences of the texts if all are there, else the passages, after their name."""
    hashes, texts = quotes.renderings(reading.store), reading.texts(folders.texts)
    if all(hashes[rendering] in texts for rendering in common):
        return "sentences", [
            Unit((rendering, sentence.start, sentence.end))
            for rendering in sorted(common)
            for sentence in split_sentences(texts[hashes[rendering]])
        ]
    places = [
        (value(r["rendering"]), int(r["start"].value), int(r["end"].value))
        for r in rows(reading.store, _PASSAGES)
    ]
    return "passages", [Unit(place) for place in places if place[0] in common]


def _measured(
    units: Sequence[Unit], a: Sequence[Quoted], b: Sequence[Quoted], pairs: Sequence[Pair]
) -> dict[str, float | int | None]:
    """Return the measures that kg/records/README.md reports, by name."""
    counts: dict[str, float | int | None] = {
        "units": len(units),
        "records of A": len(a),
        "records of B": len(b),
    }
    for group, asserts in (("assertions", True), ("other statements", False)):
        first, second, cases = _choices(units, *([q for q in own if q.asserts is asserts] for own in (a, b)))
        counts[f"kappa of kinds, {group}"] = measures.kappa(first, second, cases)
    counts["observed agreement of all kinds"] = measures.observed(*_choices(units, a, b))
    counts["assertions of A"] = sum(q.asserts for q in a)
    counts["assertions of B"] = sum(q.asserts for q in b)
    counts["assertions on the same words"] = len(pairs)
    counts["of those, mean overlap of quotes"] = measures.mean([pair.overlap for pair in pairs])
    for key, name in zip(_COMPARED, ("kind", "holder", "basis", "certainty"), strict=True):
        counts[f"of those, same {name}"] = measures.share(pairs, key)
    stances = [{stance for q in own for stance in q.stances} for own in (a, b)]
    return counts | {
        "stances of A": len(stances[0]),
        "stances of B": len(stances[1]),
        "stances of both": len(stances[0] & stances[1]),
    }


def _choices(
    units: Sequence[Unit], a: Sequence[Quoted], b: Sequence[Quoted]
) -> tuple[set[tuple[Unit, str]], set[tuple[Unit, str]], int]:
    """Return the pairs of unit and kind that each gives, and how many there are of kinds that either uses."""
    kinds = {quoted.kind for quoted in (*a, *b)}
    return measures.kinds_in(units, a), measures.kinds_in(units, b), len(units) * len(kinds)


def _of_pairs(pairs: Sequence[Pair]) -> Iterator[Disagreement]:
    """Yield each key in which two assertions on the same words differ."""
    for pair in pairs:
        for key in (*_COMPARED, *side.STANCES):
            one, other = (", ".join(measures.of(quoted, key)) for quoted in (pair.first, pair.second))
            if one != other:
                names = f"{pair.first.record}, {pair.second.record}"
                yield Disagreement(pair.first.passages[0], f"{key} of {names}", one, other)


def _unpaired(a: Sequence[Quoted], b: Sequence[Quoted], pairs: Sequence[Pair]) -> Iterator[Disagreement]:
    """Yield each assertion of one draft that the other has not on the same words."""
    for place, own in enumerate((a, b)):
        paired = {(pair.first, pair.second)[place].record for pair in pairs}
        for quoted in own:
            if quoted.asserts and quoted.record not in paired:
                said = [f"{quoted.kind} {quoted.record}", ""]
                yield Disagreement(
                    quoted.passages[0], "assertion of one alone", *(said[::-1] if place else said)
                )


def _of_kinds(units: Sequence[Unit], a: Sequence[Quoted], b: Sequence[Quoted]) -> Iterator[Disagreement]:
    """Yield each kind that is no assertion and that one draft alone has in a unit."""
    for unit in units:
        one, other = ([q for q in own if not q.asserts and unit.touches(q)] for own in (a, b))
        for kind in sorted({q.kind for q in one} ^ {q.kind for q in other}):
            records = [", ".join(q.record for q in own if q.kind == kind) for own in (one, other)]
            passage = next(q.passages[0] for q in (*one, *other) if q.kind == kind)
            yield Disagreement(passage, f"{kind} of one alone", *records)
