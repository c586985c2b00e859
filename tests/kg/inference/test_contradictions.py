"""Records that cannot both be right stop the build, and each side is named with file and line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import build
from kg.errors import ContradictionError, DataError, Finding
from kg.inference import closure, contradictions, rules
from kg.inference.contradictions import Clash
from kg.inference.proofs import ProofStep, Prover
from kg.inference.reasoner import Reasoner
from kg.namespaces import BASE, CG
from kg.reading import record_files, triples
from kg.reading.ontology import ONTOLOGY_GRAPH
from kg.reading.ontology import load as load_ontology
from kg.reading.record_files import Records

SHARED = {
    "actor.yaml": """\
a:
  type: Person
  label:
    en: Ana
g:
  type: Group
w:
  type: Person
""",
    "event.yaml": """\
session:
  type: Event
  label:
    en: the session
talk:
  type: Event
  subEventOf: event:session
plan:
  type: Event
""",
    "issue.yaml": "i:\n  type: Issue\n",
}
TELEGRAM = "telegram/t/body.yaml"
OTHER = "telegram/u/body.yaml"
# W writes the telegrams, and tells of two events that they took place and of one that it is planned.
PASSAGE = """\
body:
  type: Passage
  voice: writer
  spokenBy: actor:w
"""
STATUS = "".join(
    f"""\
{event}:
  type: Fact
  about: event:{event}
  property: eventStatus
  value: status:{status}
  heldBy: actor:w
  certainty: certain
  evidence: {{in: passage/body}}
"""
    for event, status in (("session", "occurred"), ("talk", "ongoing"), ("plan", "planned"))
)

PARTICIPATION = """\
{key}:
  type: Participation
  participant: actor:a
  atEvent: event:{event}
  mode: {mode}
  heldBy: actor:{holder}
  certainty: {certainty}
  evidence: {{in: passage/body}}
"""
READING = """\
z:
  type: Reading
  readHolder: actor:a
  unassertedKind: Participation
  property: tookPartIn
  unassertedValue: event:session
  certainty: possible
  evidence: {in: passage/body}
"""
MEMBER = """\
m:
  type: Fact
  about: actor:g
  property: memberOf
  value: actor:a
  certainty: certain
"""
POSITION = """\
says:
  type: Position
  heldBy: actor:a
  favours: issue:i
  voicedAt: event:session
  certainty: certain
  evidence: {in: passage/body}
"""


def part(key: str, mode: str, event: str = "session", certainty: str = "certain", holder: str = "w") -> str:
    return PARTICIPATION.format(key=key, mode=mode, event=event, certainty=certainty, holder=holder)


EITHER = "correct one of the two, or write the one that you do not adopt as a Reading"
ANA = "actor/a (Ana) cannot be both"
BOTH = "telegram/t/body/says cannot be both favours and opposes issue/i"
SESSION = "event/session (the session)"

# Case -> record files, findings as file, line and what the message begins or ends with.
CASES: dict[str, tuple[dict[str, str], list[tuple[str, int, str]]]] = {
    "absent and present": (
        {TELEGRAM: part("x", "absent") + part("y", "present")},
        [(TELEGRAM, line, f"{ANA} absentFrom and tookPartIn {SESSION}; {EITHER}") for line in (5, 13)],
    ),
    "absent, and probably present": (
        {TELEGRAM: part("x", "absent") + part("y", "present", certainty="probable")},
        [(TELEGRAM, line, f"{ANA} absentFrom and tookPartIn {SESSION}; {EITHER}") for line in (5, 13)],
    ),
    "absent from what is going on, and present": (
        {TELEGRAM: part("x", "absent", "talk") + part("y", "present", "talk")},
        [(TELEGRAM, line, f"{ANA} absentFrom and tookPartIn event/talk; {EITHER}") for line in (5, 13)],
    ),
    "absent in one telegram and present in another": (
        {TELEGRAM: part("x", "absent"), OTHER: part("x", "hosted")},
        [(file, 5, f"{ANA} absentFrom and tookPartIn {SESSION}; {EITHER}") for file in (TELEGRAM, OTHER)],
    ),
    "silent and spoke": (
        {TELEGRAM: part("x", "silent") + part("y", "spoke")},
        [(TELEGRAM, line, f"{ANA} spokeAt and silentAt {SESSION}; {EITHER}") for line in (5, 13)],
    ),
    "silent, and voiced a position": (
        {TELEGRAM: part("x", "silent") + POSITION},
        [(TELEGRAM, line, f"{ANA} spokeAt and silentAt {SESSION}; {EITHER}") for line in (5, 13)],
    ),
    "favours and opposes": (
        {TELEGRAM: POSITION + "  opposes: issue:i\n"},
        [
            (TELEGRAM, line, f"{BOTH}; a position takes one side")
            for line in (4, 8)
        ],
    ),
    "favours and opposes in part": (
        {TELEGRAM: POSITION + "  partlyOpposes: issue:i\n"},
        [
            (TELEGRAM, line, f"{BOTH}; a position takes one side")
            for line in (4, 8)
        ],
    ),
    "a person with members": (
        {TELEGRAM: MEMBER},
        [
            ("actor.yaml", 2, f"{ANA} Person and Group; correct the type of one record"),
            (TELEGRAM, 5, f"{ANA} Person and Group; correct the type of one record"),
        ],
    ),
}  # fmt: skip

# No contradiction: the doubt is kept, others tell it, it has not happened, or it is about different things.
FINE = {
    "one of the two is a reading": part("x", "absent") + READING,
    "the one is a reading beside the adopted one": part("x", "absent") + READING
    + "q:\n  type: Ambiguity\n  alternative:\n    - body/x\n    - body/z\n",
    "another than the writer tells one of the two": part("x", "absent") + part("y", "present", holder="a"),
    "of an event that is only planned": part("x", "absent", "plan") + part("y", "present", "plan"),
    "silent and listening": part("x", "silent") + part("y", "present"),
    "absent from a part of what he took part in": part("x", "absent", "talk") + part("y", "present"),
    "absent from what he took part in a part of": part("x", "absent") + part("y", "present", "talk"),
}  # fmt: skip


def written(folder: Path, files: dict[str, str]) -> Path:
    passages = {name.replace("body", "passage"): PASSAGE for name in files}
    statuses = {name.replace("body", "status"): STATUS for name in files}
    for name, text in {**SHARED, **passages, **statuses, **files}.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def clashes(folder: Path, sources: build.Collection) -> tuple[list[Clash], ox.Store, Records]:
    ontology = load_ontology(sources.ontology)
    records = record_files.read(folder, ontology.keys)
    store = ox.Store()
    store.extend(triples.from_records(records, ontology))
    store.extend(ox.Quad(t.subject, t.predicate, t.object, ONTOLOGY_GRAPH) for t in ontology.triples)
    own = rules.load(sources.queries / "rules")
    return closure.infer(store, Reasoner(ontology), own, lambda _: None).contradictions, store, records


@pytest.mark.parametrize("case", CASES)
def test_both_sides_of_a_contradiction_are_named(
    case: str, tmp_path: Path, sources: build.Collection
) -> None:
    files, expected = CASES[case]
    with pytest.raises(ContradictionError) as caught:
        contradictions.refuse(*clashes(written(tmp_path, files), sources))
    found = [(f.file, f.line) for f in caught.value.findings]
    assert found == [(file, line) for file, line, _ in expected]
    for finding, (_, _, message) in zip(caught.value.findings, expected, strict=True):
        assert finding.message.startswith(message)


def test_each_side_points_to_the_other(tmp_path: Path, sources: build.Collection) -> None:
    files, _ = CASES["absent in one telegram and present in another"]
    with pytest.raises(ContradictionError) as caught:
        contradictions.refuse(*clashes(written(tmp_path, files), sources))
    assert [f.message.rpartition(" (")[2] for f in caught.value.findings] == [
        f"see {OTHER}:5)",
        f"see {TELEGRAM}:5)",
    ]


@pytest.mark.parametrize("case", FINE)
def test_records_that_can_both_be_right_pass(case: str, tmp_path: Path, sources: build.Collection) -> None:
    found, store, records = clashes(written(tmp_path, {TELEGRAM: FINE[case]}), sources)
    assert found == []
    contradictions.refuse(found, store, records)


@pytest.mark.slow
def test_the_build_stops_at_a_contradiction(
    tmp_path: Path, sources: build.Collection, graph: build.Build
) -> None:
    """The shipped records with one more participation: Guevara, who was silent, spoke."""
    name = "telegram/1962-11-02-havana-1717/body-9.yaml"
    place = graph.records.things[f"{BASE}id/{name.removesuffix('.yaml')}/guevara-silent"]
    for file in graph.records.documents:
        target = tmp_path / file.file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((sources.records / file.file).read_bytes())
    text = (tmp_path / name).read_text(encoding="utf-8")
    start = text.index("guevara-silent:")
    record = text[start:].split("\n")
    size = next(n for n, line in enumerate(record[1:], 1) if line and not line.startswith(" "))
    again = (
        "\n".join(record[:size])
        .replace("guevara-silent:", "guevara-spoke:")
        .replace("mode: silent", "mode: spoke")
    )
    (tmp_path / name).write_text(f"{text.rstrip()}\n{again}\n", encoding="utf-8")
    with pytest.raises(ContradictionError) as caught:
        build.build(replace(sources, records=tmp_path))
    assert {f.file for f in caught.value.findings} == {name}
    first = min(f.line for f in caught.value.findings)
    assert place.line < first < place.line + size
    assert all(
        "cannot be both spokeAt and silentAt event/ori-session" in f.message for f in caught.value.findings
    )


def test_a_clash_that_no_record_shows_is_named_all_the_same() -> None:
    subject, kind = ox.NamedNode("http://example.org/x"), ox.NamedNode(f"{CG}Person")
    step = ProofStep(
        ox.Triple(subject, ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), kind), "unknown"
    )
    with pytest.raises(
        DataError, match=r"^records: http://example.org/x cannot be both Person and Person"
    ) as caught:
        contradictions.refuse([Clash(step, step)], ox.Store(), Records())
    assert isinstance(caught.value.findings[0], Finding)


def test_a_clash_without_a_proof_is_kept() -> None:
    message = "Disjoint classes http://example.org/A and http://example.org/B have a common individual http://e.org/x"
    (clash,) = contradictions.clashes([message], Prover(ox.Store(), []))
    assert [clash.one.rule, clash.other.rule] == ["unknown", "unknown"]
    assert str(clash.other.triple.object) == "<http://example.org/B>"


def test_a_message_of_another_kind_is_no_contradiction_that_we_know() -> None:
    with pytest.raises(ValueError, match="something else"):
        contradictions.clashes(["something else"], Prover(ox.Store(), []))
