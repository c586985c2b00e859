"""A document of another world, at each depth: an invented telegram of an American embassy, from text to answers.

`collections/embassy/README.md` tells what is in it. The shallower variants leave files out; in the last a
program found all that it may find. Expected rows were written from the text, before any answer was seen.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import build
from kg.asking.questions import grounds, saved_queries
from kg.asking.questions.parameters import fill
from kg.checking.quotes import CheckReport
from kg.errors import DataError
from kg.namespaces import CG, ID
from kg.reading.collection.collection import Collection
from kg.resources import folder
from kg.store import sparql, unasserted
from kg.terms import value

EMBASSY = Path(__file__).parent / "collections" / "embassy"
NAME = "1957-03-14-port-merrow-217"
TELEGRAM = f"{ID}telegram/{NAME}"
SAVED = saved_queries.load(folder("queries"))
Rows = list[dict[str, str]]
# The files that a variant leaves out.
LEFT_OUT = {"statements": (), "mentions": ("body",), "catalogue": ("body", "names"), "found": ("body",)}
PROGRAM = """
program:
  type: Curation
  curatedBy: a program
  curatedOn: '2026-11-27'
  curates: rendering/copy
  certainty: found
"""


def variant(name: str, target: Path) -> Collection:
    """Return the sources of one variant, written below `target`."""
    shipped = Collection.shipped()
    ontology, records = target / "ontology", target / "records"
    shutil.copytree(Path(str(shipped.ontology)), ontology)
    shutil.copytree(EMBASSY / "ontology", ontology, dirs_exist_ok=True)
    shutil.copytree(EMBASSY / "records", records)
    own = records / "telegram" / NAME
    for file in LEFT_OUT[name]:
        (own / f"{file}.yaml").unlink()
    index = own / "index.yaml"
    depth = "mentions" if name == "found" else name
    index.write_text(index.read_text("utf-8").replace("depth: statements", f"depth: {depth}"), "utf-8")
    if name == "found":
        (own / "curation.yaml").write_text(PROGRAM, "utf-8")
        for file in (own / "head.yaml", own / "names.yaml"):
            file.write_text(
                without_tenures(file.read_text("utf-8")).replace(": certain\n", ": found\n"), "utf-8"
            )
    return replace(shipped, ontology=ontology, records=records)


def without_tenures(text: str) -> str:
    """Return the records without those that no program may find."""
    return re.sub(r"^[\w-]+:\n  type: Tenure\n(?:  .*\n)+", "", text, flags=re.MULTILINE)


@pytest.fixture(scope="module", params=list(LEFT_OUT))
def one(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ox.Store]:
    """The name of each variant with its graph, which is built and checked against the text."""
    name: str = request.param
    report = CheckReport()
    built = build.build(variant(name, tmp_path_factory.mktemp(name)), EMBASSY / "texts", report=report)
    depth = "mentions" if name == "found" else name
    assert report.verified == report.anchors > 15
    assert report.depths == {depth: 1}
    assert report.sentences == report.covered == (22 if name == "statements" else 0)
    assert [f for f in built.findings if "no record speaks of" not in f.message
            and "no statement mentions" not in f.message] == []  # fmt: skip
    return name, build.store_of(built)


def asked(store: ox.Store, name: str, **given: str) -> Rows:
    """Return the rows of a saved question, without the columns of quotes and statements."""
    terms = {
        key: ox.NamedNode(text) if text.startswith("http") else ox.Literal(text)
        for key, text in given.items()
    }
    rows = sparql.rows(store, fill(SAVED[name].text, terms))
    names = [c.name for c in SAVED[name].columns]
    return [{n: value(row[n]) if row[n] else "" for n in names} for row in rows]


def cells(rows: Rows, *names: str) -> list[tuple[str, ...]]:
    return [tuple(row[name].removeprefix(ID) for name in names) for row in rows]


def test_the_variants_can_be_asked_how_far_they_go(one: tuple[str, ox.Store]) -> None:
    name, store = one
    told = {  # depth, date, names and offices, references, claims, unconfirmed
        "catalogue": ("catalogue entry", "1957-03-14", "2", "1", "", "0"),
        "mentions": ("mentions", "1957-03-14", "6", "1", "", "0"),
        "statements": ("statements", "1957-03-14", "6", "1", "5", "0"),
        # 20 records of the head and two names.
        "found": ("mentions", "1957-03-14", "4", "1", "", "22"),
    }

    rows = asked(store, "documents-by-depth")

    assert cells(rows, "depth", "firstDay", "names", "references", "claims", "found") == [told[name]]


def test_a_day_that_nobody_confirmed_is_told_and_marked(one: tuple[str, ox.Store]) -> None:
    """The telegram was sent and received on 14 March 1957, as its head says."""
    name, store = one
    mark = "found by a program" if name == "found" else ""
    sure = mark or "certain"
    day = "1957-03-14"
    receipt = "event/receipt-of-217"

    held = cells(asked(store, "telegrams-held"), "firstDay", "lastDay", "dated")
    depths = cells(asked(store, "documents-by-depth"), "firstDay", "lastDay", "dated")
    told = cells(asked(store, "happened-and-told"), "thing", "firstDay", "dated", "toldFirst", "toldDated")
    letters = cells(
        asked(store, "letters-in-order", document=TELEGRAM), "firstDay", "asWritten", "voice", "certainty"
    )
    dates = cells(
        asked(store, "dates-of-documents"),
        "document",
        "firstDay",
        "asWritten",
        "voice",
        "certainty",
        "others",
    )
    events = cells(
        asked(store, "events-in-order", event=f"{ID}{receipt}"), "firstDay", "asWritten", "certainty"
    )

    assert held == depths == [(day, day, mark)]
    assert (f"telegram/{NAME}", day, mark, day, mark) in told
    assert (receipt, day, mark, day, mark) in told
    assert letters == [(day, "March 14, 2 p.m.", "head and foot", sure)]
    assert (f"telegram/{NAME}", day, "March 14, 2 p.m.", "head and foot", sure, "") in dates
    assert events == [(day, "March 14, 1957, 11:42 a.m.", sure)]


def test_a_confirmed_day_comes_before_one_that_a_program_found(one: tuple[str, ox.Store]) -> None:
    """The head is confirmed in one variant and found in another; each gets a further date that a program found."""
    name, store = one
    more = ox.Store()
    more.extend(store)
    head, other = f"{TELEGRAM}/head/date", f"{TELEGRAM}/head/zz"
    more.update(
        f"PREFIX cg: <{CG}> INSERT {{ GRAPH <urn:more> {{ <{other}> ?p ?o }} }} WHERE {{ GRAPH ?g {{ <{head}> ?p ?o }} "
        f"FILTER (?p NOT IN (cg:certainty, cg:asWritten)) }} ; INSERT DATA {{ GRAPH <urn:more> {{ <{other}> "
        f'cg:asWritten "3/15" ; cg:certainty <{ID}certainty/found> }} }}'
    )

    (held,) = cells(asked(more, "telegrams-held"), "firstDay", "dated")
    dates = cells(asked(more, "dates-of-documents", document=TELEGRAM), "asWritten", "others")

    assert held == ("1957-03-14", "found by a program" if name == "found" else "")
    assert dates == [("March 14, 2 p.m.", "3/15 (head and foot, found by a program)")]


def test_the_head_is_there_at_each_depth(one: tuple[str, ox.Store]) -> None:
    name, store = one
    sure = "found by a program" if name == "found" else "certain"
    reading = sure if name == "found" else "asserted"

    numbers = cells(
        asked(store, "telegram-numbers", telegram=TELEGRAM), "from", "to", "asWritten", "certainty"
    )
    marks = cells(
        asked(store, "markings", telegram=TELEGRAM, reading=reading),
        "kind",
        "asWritten",
        "voice",
        "certainty",
    )
    dates = sparql.rows(
        store, f"SELECT ?e ?l {{ ?d <{CG.about}> <{TELEGRAM}> ; <{CG.earliest}> ?e ; <{CG.latest}> ?l }}"
    )

    assert sorted(numbers) == [
        ("217", "217", "NO: 217", sure),
        ("34", "34", "LISBON 34", sure),
        ("5518", "5518", "Control: 5518", sure),
    ]
    assert marks == [
        ("classification", "CONFIDENTIAL", "head and foot", sure),
        ("form of document", "INCOMING TELEGRAM", "head and foot", sure),
        ("handling", "LIMIT DISTRIBUTION", "head and foot", sure),
        ("priority", "PRIORITY", "head and foot", sure),
    ]
    assert [(row["e"].value, row["l"].value) for row in dates] == [
        ("1957-03-14T14:00:00-01:00", "1957-03-14T14:59:59-01:00")
    ]


def test_people_of_the_head_are_told_in_their_parts(one: tuple[str, ox.Store]) -> None:
    name, store = one
    sure = "found by a program" if name == "found" else "certain"

    rows = asked(store, "description-of-a-telegram", telegram=TELEGRAM)

    people = ("sender", "author", "addressee", "copied to", "drafted by", "cleared by")
    assert sorted(
        cells([r for r in rows if r["point"] in people], "point", "value", "voice", "certainty")
    ) == [
        ("addressee", "the Secretary of State to whom telegram 217 goes, not named", "head and foot", sure),
        ("author", "Halloran (invented)", "head and foot", sure),
        ("cleared by", "R. Vane (invented)", "drafting office", sure),
        ("copied to", "embassy in Lisbon, as the invented telegram has it", "head and foot", sure),
        ("drafted by", "J. M. Cotter (invented)", "drafting office", sure),
        ("sender", "embassy in Port Merrow (invented)", "head and foot", sure),
    ]


def test_who_wrote_to_whom_and_when_it_came_is_known_at_each_depth(one: tuple[str, ox.Store]) -> None:
    name, store = one
    found = name == "found"

    written = asked(store, "who-wrote-to-whom")
    came = asked(store, "sent-and-received")
    early = {
        kind: len(asked(store, "sent-and-received", early=kind)) for kind in ("by the clocks", "in fact")
    }

    assert cells(written, "year", "writerName", "readerName", "documents", "found", "firstDay") == [
        (
            *("1957", "embassy in Port Merrow (invented)"),
            *("the Secretary of State to whom telegram 217 goes, not named", "1", str(int(found))),
            "1957-03-14",
        )
    ]
    # 2 p.m. at -01:00 and 11.42 a.m. at -05:00: 15.00 and 16.42 UTC, though the second clock shows less.
    assert cells(came, "sent", "received", "hours", "byTheClocks", "certainty") == [
        (
            *("March 14, 2 p.m.", "March 14, 1957, 11:42 a.m.", "1.7", "-2.3"),
            "found by a program" if found else "certain",
        )
    ]
    assert early == {"by the clocks": 1, "in fact": 0}
    assert asked(store, "answers-in-days") == asked(store, "threads") == []  # "Reference: Deptel 163" alone


def test_nothing_is_drawn_from_what_a_program_found(one: tuple[str, ox.Store]) -> None:
    name, store = one
    drawn = "sender addressee author refersTo bestDate heldOffice laterThan"
    paths = "|".join(f"<{CG}{term}>" for term in drawn.split())
    found = [row["o"].value for row in sparql.rows(store, f"SELECT ?o {{ ?s {paths} ?o }}")]

    assert bool(found) is (name != "found")
    assert (f"{ID}telegram/1957-03-department-163" in found) is (name != "found")


def test_a_reference_that_a_program_found_is_no_asserted_one(one: tuple[str, ox.Store]) -> None:
    name, store = one
    deptel = f"{ID}telegram/1957-03-department-163"

    (place,) = asked(store, "where-a-document-is-mentioned", document=deptel)
    (unheld,) = asked(store, "documents-not-held")
    outcomes = {row["kind"]: row["outcome"] for row in asked(store, "gaps-by-document", telegram=TELEGRAM)
                if row["thing"].startswith("Telegram 217")}  # fmt: skip

    assert place["reading"] == ("found by a program" if name == "found" else "asserted")
    assert (unheld["mentions"], unheld["possible"]) == (("0", "1") if name == "found" else ("1", "0"))
    assert outcomes["sender"] == ("only found by a program" if name == "found" else "given")
    # No document here bears the number of a copy, so nobody misses one.
    assert "copy number" not in outcomes


def test_names_are_there_from_the_depth_of_mentions(one: tuple[str, ox.Store]) -> None:
    name, store = one
    sure = "found by a program" if name == "found" else "certain"
    head = [
        ("Department of State", "DEPARTMENT OF STATE", "", sure),
        ("Halloran (invented)", "HALLORAN", "HALLORAN", sure),
    ]
    body = [
        ("Lene Brask (invented)", "Lene Brask", "Brask", sure),
        ("Orsett Tavrin (invented)", "Orsett Tavrin", "Tavrin", sure),
    ]

    rows = cells(asked(store, "names-as-written"), "name", "written", "familyName", "certainty")

    assert rows == [*head, *(body if name != "catalogue" else [])]


def test_only_a_text_that_was_read_tells_silence_and_gaps(one: tuple[str, ox.Store]) -> None:
    name, store = one
    silent = [("Lene Brask (invented)", "was silent", "call on Tavrin", "1957-03-14", "Halloran (invented)")]
    gaps = [("place", "Where Tavrin received Halloran is not said.", "statements")]

    assert cells(asked(store, "silent-or-absent"), "name", "mode", "event", "firstDay", "teller") == (
        silent if name == "statements" else []
    )
    unsaid = asked(store, "what-a-telegram-leaves-unsaid", telegram=TELEGRAM)
    assert cells(unsaid, "expected", "gap", "depth") == (gaps if name == "statements" else [])
    (held,) = asked(store, "telegrams-held")
    assert (held["depth"] == "statements") is (held["claims"] == "5") is (name == "statements")


def test_claims_have_holder_reporter_basis_and_hedge(one: tuple[str, ox.Store]) -> None:
    name, store = one
    positions = asked(store, "positions-on-an-issue", issue=f"{ID}issue/renewal-of-the-harbor-agreement")
    hearsay = asked(store, "hearsay")

    if name != "statements":
        assert positions == hearsay == []
        return
    assert [row for row in positions if "Tavrin" in " ".join(row.values())]
    assert "against" in " ".join(positions[0].values()) or "opposes" in " ".join(positions[0].values())
    # That Tavrin fears the opposition is the ambassador's inference, which nobody told him.
    assert [row["statement"].rpartition("/")[2] for row in hearsay] == ["cabinet-meets"]
    (fear,) = asked(store, "claims-about-an-actor", about=f"{ID}actor/opposition")
    assert (fear["holder"], fear["hedge"], fear["basis"]) == (
        "Orsett Tavrin (invented)",
        "apparently",
        "inference",
    )


def test_what_a_program_found_is_marked_in_grounds_and_standing(one: tuple[str, ox.Store]) -> None:
    name, store = one
    ask = partial(sparql.rows, store)
    statement = f"{TELEGRAM}/head/sender"
    told = grounds.count(ask, [statement, f"{TELEGRAM}/head/number"])
    (row,) = [
        r for r in asked(store, "found-by-a-program", sure="found by a program") if r["kind"] == "marking"
    ] or [{}]

    if name != "found":
        assert str(told.standing[0].name) == "asserted"
        assert unasserted.read(ask, [statement]) == row == {}
        return
    assert (told.certainty[0].name, told.standing[0].name) == ("found by a program", "found by a program")
    assert unasserted.read(ask, [statement])[statement].sentence == "Found by a program, confirmed by nobody"
    assert (row["statements"], row["curator"]) == ("4", "a program")
    assert row["words"] == "INCOMING TELEGRAM … CONFIDENTIAL … PRIORITY … LIMIT DISTRIBUTION"


def test_each_saved_question_can_be_asked_of_it(one: tuple[str, ox.Store]) -> None:
    """Their defaults name things of the two cables, which give no rows here, and no error."""
    for query in SAVED.values():
        if not query.federated and not re.search(r"^CONSTRUCT\b", query.text, re.MULTILINE):
            sparql.ask(one[1], query.text)


def test_what_a_program_looked_for_in_vain_is_a_gap_that_nobody_confirmed(tmp_path: Path) -> None:
    sources = variant("found", tmp_path)
    head = tmp_path / "records" / "telegram" / NAME / "head.yaml"
    text = head.read_text("utf-8")
    without = re.sub(r"^sender:\n(?:  .*\n)+", "", text, flags=re.MULTILINE)
    gap = (
        f"no-sender:\n  type: Omission\n  content: No sender was found.\n  about: telegram:{NAME}\n"
        "  expected: sender\n  searchedIn: rendering/copy\n  certainty: found\n"
    )
    head.write_text(without, "utf-8")
    with pytest.raises(DataError) as caught:
        build.build(sources)
    head.write_text(without + gap, "utf-8")

    store = build.store_of(build.build(sources))

    assert ["needs a Fact with property: sender" in f.message for f in caught.value.findings].count(True) == 1
    (row,) = asked(store, "what-a-telegram-leaves-unsaid", telegram=TELEGRAM)
    assert (row["certainty"], row["depth"]) == ("found by a program", "mentions")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("T14:00:00-01:00", "T14:00:00-02:00", "the zone had another offset then: Etc/GMT+1 -01:00"),
        ("voice: drafting-office", "voice: drafting-room", "names 'drafting-room'"),
        ("T10:30:59Z", "T10:39:59Z", "precision minute takes bounds at most a minute apart"),
    ],
)
def test_what_the_collection_adds_is_held_like_the_rest(
    old: str, new: str, message: str, tmp_path: Path
) -> None:
    sources = variant("statements", tmp_path)
    for file in (tmp_path / "records").rglob("*.yaml"):
        file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")

    with pytest.raises(DataError) as caught:
        build.build(sources)

    assert any(message in finding.message for finding in caught.value.findings)
