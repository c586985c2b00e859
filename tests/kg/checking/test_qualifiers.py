"""A word that limits a sentence is minded by all records that it may reach, or a warning says which do not."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import build
from kg.checking import qualifiers, quotes, text_copies
from kg.reading import ontology, record_files, triples

DIGEST = "a" * 64
FRAME = {
    "actor.yaml": "".join(
        f"{name}:\n  type: Person\n  label: {{en: {name}}}\n" for name in ("ann", "bob", "cid")
    ),
    "telegram/x/index.yaml": "type: Telegram\n",
    "telegram/x/rendering.yaml": f"r:\n  type: Rendering\n  renders: telegram:x\n  textHash: {DIGEST}\n",
    "telegram/x/passage.yaml": "body-1:\n  type: Passage\n  passageOf: rendering/r\n  start: 0\n  end: 500\n",
}
HEDGED = "Ann supposes that Bob left and that Cid stays."
CONDITION = "If it rains, Bob would stay, but Cid is gone."
MODAL = "Bob may come and Cid came."


def record(name: str, text: str, quote: str, keys: str) -> str:
    """Return a record with one quote of `text`, and with `keys`, each on a line."""
    start = text.index(quote)
    return (
        f"{name}:\n  heldBy: actor:ann\n"
        + "".join(f"  {key}\n" for key in keys.split("; "))
        + f'  evidence:\n    - {{in: passage/body-1, quote: "{quote}", start: {start}, end: {start + len(quote)}}}\n'
    )


def warned(tmp_path: Path, text: str, *told: str) -> dict[str, str]:
    """Return for each record with a warning, by its name, the word that it does not mind."""
    for name, content in {**FRAME, "telegram/x/body-1.yaml": "".join(told)}.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    terms = ontology.load(build.Collection.shipped().ontology)
    records = record_files.read(tmp_path, terms.keys)
    store = ox.Store()
    store.extend(triples.from_records(records, terms))
    lines = (tmp_path / "telegram/x/body-1.yaml").read_text(encoding="utf-8").splitlines()
    found = list(qualifiers.findings(store, {DIGEST: text}, records))
    assert all(finding.severity == "warning" for finding in found)
    return {
        next(line for line in reversed(lines[: finding.line]) if line[0] != " ").rstrip(
            ":"
        ): finding.message.split("'")[1]
        for finding in found
    }


LEFT = record(
    "left", HEDGED, "Bob left", "type: Belief; content: Bob left.; modality: supposes; hedge: Ann supposes"
)


@pytest.mark.parametrize(
    ("keys", "word"),
    [
        ("type: EventReport; content: Cid stays.", "supposes"),
        ("type: EventReport; content: Cid stays.; hedge: Ann supposes", ""),
        ("type: EventReport; content: As Ann supposes, Cid stays.", ""),
        ("type: EventReport; content: Cid stays.; note: Presupposed.", ""),
        ("type: EventReport; content: Cid stays.; note: The hedge does not reach so far.", ""),
        ("type: Participation; participant: actor:cid; mode: present", "supposes"),
    ],
)
def test_a_hedge_is_wanted_of_each_record_of_the_sentence(tmp_path: Path, keys: str, word: str) -> None:
    assert warned(tmp_path, HEDGED, LEFT, record("stays", HEDGED, "Cid stays", keys)) == (
        {"stays": word} if word else {}
    )


def test_nothing_is_wanted_where_no_record_minds_the_word(tmp_path: Path) -> None:
    """A word that all records leave out may be one that says nothing here."""
    stays = record("stays", HEDGED, "Cid stays", "type: EventReport; content: Cid stays.")

    assert warned(tmp_path, HEDGED, stays) == {}


def test_nothing_is_wanted_of_what_nobody_holds(tmp_path: Path) -> None:
    reading = record("stays", HEDGED, "Cid stays", "type: Reading; content: Cid stays.")

    assert warned(tmp_path, HEDGED, LEFT, reading.replace("  heldBy: actor:ann\n", "")) == {}


def test_a_condition_reaches_up_to_a_but(tmp_path: Path) -> None:
    stay = record(
        "stay", CONDITION, "If it rains", "type: Prediction; content: Bob will stay.; condition: if it rains"
    )
    other = record("other", CONDITION, "Bob would stay", "type: Belief; content: Bob will stay.")
    gone = record("gone", CONDITION, "Cid is gone", "type: EventReport; content: Cid is gone.")

    assert warned(tmp_path, CONDITION, stay, other, gone) == {"other": "If"}


def test_a_modal_concerns_records_that_quote_it_and_have_a_content(tmp_path: Path) -> None:
    may = record("may", MODAL, "Bob may", "type: Prediction; content: Perhaps Bob might come.")
    will = record("will", MODAL, "may come", "type: Prediction; content: Bob will come.")
    part = record("part", MODAL, "Bob may come", "type: Participation; participant: actor:bob; mode: present")
    came = record("came", MODAL, "Cid came", "type: EventReport; content: Cid came.")

    assert warned(tmp_path, MODAL, may, will, part, came) == {"will": "may"}


def test_a_value_carries_what_its_word_says(tmp_path: Path) -> None:
    text = "Nobody came, not even Bob."
    denied = record("denied", text, "not even Bob", "type: Denial; content: Bob came.")
    told = record("told", text, "not even Bob", "type: EventReport; content: Bob came.")

    assert warned(tmp_path, text, denied, told) == {"told": "not"}


def test_a_word_between_commas_reaches_the_clauses_beside_it(tmp_path: Path) -> None:
    text = "In those days, I think, Bob came, and Cid went."
    came = record("came", text, "Bob came", "type: EventReport; content: Bob came.; hedge: I think")
    days = record("days", text, "In those days", "type: EventReport; content: It was in those days.")
    went = record("went", text, "Cid went", "type: EventReport; content: Cid went.")

    assert warned(tmp_path, text, came, days, went) == {"days": "I think"}


def test_a_record_that_repeats_the_word_minds_it() -> None:
    table = qualifiers.table()

    assert {entry.kind for entry in table} == {"hedge", "condition", "time", "modal", "degree", "negation"}
    assert {entry.reach for entry in table} == {"sentence", "part", "clause", "quote"}
    for word in ("apparently", "seems", "I think", "may", "should", "fully", "especially", "not"):
        entry = next(entry for entry in table if entry.text.fullmatch(word))
        assert entry.carried.search(word)


def test_no_record_of_ours_leaves_out_what_its_neighbour_minds(texts: Path) -> None:
    sources = build.Collection.shipped()
    terms = ontology.load(sources.ontology)
    records = record_files.read(sources.records, terms.keys)
    store = ox.Store()
    store.extend(triples.from_records(records, terms))
    copies = text_copies.read(texts, quotes.renderings(store).values())

    assert [
        re.sub(r";.*", "", str(found)) for found in qualifiers.findings(store, copies.texts, records)
    ] == []
