"""Every drawn triple of the real graph, walked down to the statements and quotes that it rests on.

A drawn triple says no more than its statements: at least one of them is asserted, certain or probable and has
quoted words; none is a reading, an ascribed claim or a proposed text; the voice is one that may tell such a
thing; and what the actor did is drawn only where the same speaker says that the event took place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyoxigraph as ox
import pytest

from kg import build, terms
from kg.inference import rules
from kg.inference.proofs import ProofStep, Prover
from kg.namespaces import CG, GRAPH, ID, RDF

CERTAINTY, VOICE = f"{CG}certainty", f"{CG}voice"
SURE = {f"{ID}certainty/certain", f"{ID}certainty/probable"}
UNASSERTED = {f"{CG}{name}" for name in ("Reading", "AscribedClaim", "ProposedText")}
ADDED = {f"{CG}{name}" for name in ("Ambiguity", "Omission", "Furniture")}
TOOK_PLACE = {f"{ID}status/occurred", f"{ID}status/ongoing"}
# What is drawn about a record, whatever it asserts: where it stands, who speaks there, who curated it.
OF_THE_RECORD = {"attestedIn", "reportedBy", "voice", "curation", "about", "firstDay", "lastDay"}
# Voices in which somebody tells what happened; the others tell of documents, names, offices and dates.
TELLING = {"writer", "reference-note"}
VOICES: Mapping[str, set[str]] = {
    **dict.fromkeys(("tookPartIn", "spokeAt", "silentAt", "absentFrom", "disagreedWith"), TELLING),
    "refersTo": {"header", "writer"},
}
DOINGS = ("tookPartIn", "silentAt", "absentFrom")
Values = Mapping[tuple[str, str], set[str]]


@pytest.fixture(scope="module")
def values(graph: build.Build) -> Values:
    """Return the objects of each subject and property."""
    found: dict[tuple[str, str], set[str]] = {}
    for quad in graph.quads:
        found.setdefault((terms.value(quad.subject), quad.predicate.value), set()).add(
            terms.value(quad.object)
        )
    return found


@pytest.fixture(scope="module")
def proofs(graph: build.Build, store: ox.Store, sources: build.Collection) -> list[ProofStep]:
    """Return the proof of each drawn triple that is not the class of a thing."""
    prover = Prover(store, rules.load(sources.queries / "rules"))
    drawn = {q.triple for q in graph.quads if f"{GRAPH}inferred/" in q.graph_name.value}
    found = [prover.prove(t) for t in sorted(drawn, key=str) if t.predicate.value != RDF.type]
    return [step for step in found if step]


def name(step: ProofStep) -> str:
    return step.triple.predicate.value.removeprefix(CG)


def statements(step: ProofStep, values: Values) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the statements at the end of a proof, each with its quoted words."""
    for leaf in step.leaves():
        subject = terms.value(leaf.triple.subject)
        if f"{CG}Statement" in values[subject, RDF.type]:
            yield subject, leaf.quotes


def told(text: str) -> str:
    return terms.short(ox.NamedNode(text))


def shown(step: ProofStep) -> str:
    return " ".join(terms.short(term) for term in step.triple)


@pytest.mark.slow
def test_each_rests_on_an_asserted_statement_with_its_words(proofs: list[ProofStep], values: Values) -> None:
    def holds(subject: str, quotes: tuple[str, ...]) -> bool:
        kinds = values[subject, RDF.type]
        return bool(quotes) and values[subject, CERTAINTY] <= SURE and not kinds & (UNASSERTED | ADDED)

    assert len(proofs) > 1000
    without = [
        shown(step)
        for step in proofs
        if name(step) not in OF_THE_RECORD and not any(holds(*s) for s in statements(step, values))
    ]
    assert without == []


@pytest.mark.slow
def test_none_rests_on_what_is_read_ascribed_or_proposed(proofs: list[ProofStep], values: Values) -> None:
    resting = [
        f"{shown(step)} <- {told(subject)}"
        for step in proofs
        if name(step) not in OF_THE_RECORD
        for subject, _ in statements(step, values)
        if values[subject, RDF.type] & (UNASSERTED | ADDED) or not values[subject, CERTAINTY] <= SURE
    ]
    assert resting == []


@pytest.mark.slow
def test_none_is_attested_or_voiced_that_the_curator_adds(proofs: list[ProofStep], values: Values) -> None:
    added = [
        shown(step)
        for step in proofs
        if name(step) in {"attestedIn", "reportedBy", "voice"}
        and values[terms.value(step.triple.subject), RDF.type] & (ADDED | {f"{CG}Reading"})
    ]
    assert added == []


@pytest.mark.slow
def test_the_voice_is_one_that_may_tell_it(proofs: list[ProofStep], values: Values) -> None:
    wrong = []
    for step in proofs:
        voices = {
            voice.removeprefix(f"{ID}voice/")
            for subject, _ in statements(step, values)
            for voice in values.get((subject, VOICE), ())
        }
        if name(step) in VOICES and not voices <= VOICES[name(step)]:
            wrong.append(f"{shown(step)}: {sorted(voices)}")
    assert wrong == []


@pytest.mark.slow
def test_what_somebody_did_took_place_by_the_word_of_the_same_speaker(
    proofs: list[ProofStep], values: Values
) -> None:
    doings = [step for step in proofs if name(step) in DOINGS and step.rule == "participation-in-an-event"]
    assert doings
    for step in doings:
        ends = [subject for subject, _ in statements(step, values)]
        status = [s for s in ends if f"{CG}eventStatus" in values.get((s, f"{CG}property"), ())]
        parts = [s for s in ends if f"{CG}Participation" in values[s, RDF.type]]
        assert status, shown(step)
        assert {v for s in status for v in values[s, f"{CG}value"]} <= TOOK_PLACE, shown(step)
        holders = {frozenset(values[s, f"{CG}heldBy"]) for s in (*status, *parts)}
        assert len(holders) == 1, shown(step)
