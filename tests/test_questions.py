"""Facts that a historian reads in the two telegrams, asked of the graph in short queries.

The expected values were read in the texts and typed here.
"""

from __future__ import annotations

import pyoxigraph as ox
import pytest

PREFIXES = """
PREFIX actor: <https://w3id.org/cablegraph/id/actor/> PREFIX cg: <https://w3id.org/cablegraph/ontology#>
PREFIX document: <https://w3id.org/cablegraph/id/document/> PREFIX event: <https://w3id.org/cablegraph/id/event/>
PREFIX id: <https://w3id.org/cablegraph/id/> PREFIX issue: <https://w3id.org/cablegraph/id/issue/>
PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX place: <https://w3id.org/cablegraph/id/place/>
PREFIX telegram: <https://w3id.org/cablegraph/id/telegram/> PREFIX voice: <https://w3id.org/cablegraph/id/voice/>
PREFIX office: <https://w3id.org/cablegraph/id/office/> PREFIX mode: <https://w3id.org/cablegraph/id/mode/>
PREFIX series: <https://w3id.org/cablegraph/id/series/> PREFIX holding: <https://w3id.org/cablegraph/id/holding/>
PREFIX basis: <https://w3id.org/cablegraph/id/basis/> PREFIX status: <https://w3id.org/cablegraph/id/status/>
"""
T1, T2 = "telegram:1962-10-23-havana-1643", "telegram:1962-11-02-havana-1717"

# question -> (pattern for ?x, the values of ?x without their folder)
QUESTIONS: dict[str, tuple[str, set[str]]] = {
    "who was silent at the session": (
        "?x cg:silentAt event:ori-session", {"che-guevara", "emilio-aragones"}),
    "who was absent from the session": ("?x cg:absentFrom event:ori-session", {"raul-castro"}),
    "who defended the decision there": (
        "?p cg:favours issue:soviet-decisions-on-the-crisis ; cg:voicedAt event:ori-session ; cg:heldBy ?x",
        {"joaquin-ordoqui", "carlos-rafael-rodriguez"}),
    "who criticised it in part": (
        "?p cg:partlyOpposes issue:soviet-decisions-on-the-crisis ; cg:heldBy ?x",
        {"raul-curbelo", "ramiro-valdes"}),
    "who was dissatisfied with the methods": (
        "?p cg:opposes issue:soviet-methods-of-resolving-the-crisis ; cg:heldBy ?x", {"osvaldo-dorticos"}),
    "who took no definite position on the decision": (
        "?p cg:uncommittedOn issue:soviet-decisions-on-the-crisis ; cg:heldBy ?x", {"fidel-castro"}),
    "who telephoned on 27 October": (
        "?p cg:atEvent event:telephone-call-of-27-october ; cg:mode mode:telephoned ; cg:participant ?x",
        {"osvaldo-dorticos"}),
    "where the night visit was, as the writer tells it": (
        "?f cg:about event:night-visit-of-27-october ; cg:property cg:atPlace ; cg:value ?x ; cg:voice voice:writer",
        {"alekseevs-apartment"}),
    "where the archive puts it": (
        "?f cg:about event:night-visit-of-27-october ; cg:property cg:atPlace ; cg:value ?x ; cg:voice voice:archive",
        {"soviet-embassy"}),
    "who dictated the letter": (
        "?p cg:atEvent event:dictation-of-the-letter ; cg:mode mode:dictated ; cg:participant ?x",
        {"fidel-castro"}),
    "what telegram 1717 supplements": (f"{T2} cg:supplements ?x", {"1962-11-01-havana-1710"}),
    "what telegram 1710 transmitted": (
        "telegram:1962-11-01-havana-1710 cg:transmits ?x",
        {"castros-reply-to-khrushchev", "translation-of-castros-reply"}),
    "what Castro's reply answers": (
        "document:castros-reply-to-khrushchev cg:repliesTo ?x", {"khrushchevs-letter-of-30-october"}),
    "whom the archive names as addressee of 1717": (
        f"?f cg:about {T2} ; cg:property cg:addressee ; cg:value ?x ; cg:voice voice:archive",
        {"central-committee-cpsu"}),
    "whom the archive names as addressee of 1643": (
        f"?f cg:about {T1} ; cg:property cg:addressee ; cg:value ?x ; cg:voice voice:archive", set()),
    "in whose voice the addressee of 1643 is given": (
        f"?f cg:about {T1} ; cg:property cg:addressee ; cg:voice ?x", {"curator"}),
    "what is said to be missing where 1643 names no addressee": (
        f"?o a cg:Omission ; cg:about {T1} ; cg:expected ?x FILTER (?x = <https://w3id.org/cablegraph/id/expectation/addressee>)",
        {"addressee"}),
    "who sent the two telegrams": (
        f"VALUES ?t {{ {T1} {T2} }} ?t cg:sender ?x", {"aleksandr-alekseev"}),
    "who translated the second": (f"?r cg:renders {T2} ; cg:translatedBy ?x", {"svetlana-savranskaya"}),
    "how many parts the second has": (
        f"?n cg:numberOf {T2} ; cg:inSeries series:havana-special ; cg:numberFrom ?a ; cg:numberTo ?b "
        "BIND (?b - ?a + 1 AS ?x)", {"6"}),
    "the six registry entries of the second": (
        f"?n cg:numberOf {T2} ; cg:inSeries series:entry-from-havana ; cg:numberFrom ?x",
        {"50389", "50390", "50396", "50397", "50424", "50474"}),
    "the entry number of 1701": (
        "?n cg:numberOf telegram:1962-10-31-havana-1701 ; cg:inSeries series:entry-from-havana ; cg:numberFrom ?x",
        {"49971"}),
    "who took part in the conversation of 23 October": (
        "?x cg:tookPartIn event:conversation-of-23-october . ?x a cg:Person",
        {"aleksandr-alekseev", "fidel-castro", "osvaldo-dorticos", "emilio-aragones"}),
    "what became of the discipline conference": (
        "event:discipline-conference cg:eventStatus ?x", {"postponed"}),
    "what Castro was not told": (
        "?w a cg:Withholding ; cg:doneBy actor:aleksandr-alekseev ; cg:doneTo ?x", {"fidel-castro"}),
    "what chance Castro gave to no attack, in percent": (
        '?p cg:heldBy actor:fidel-castro ; cg:unit "percent" ; cg:quantityFrom ?x', {"5"}),
    "how many years of work Alekseev expects at most": (
        '?p cg:heldBy actor:aleksandr-alekseev ; cg:unit "years" ; cg:quantityTo ?x', {"2"}),
    "who tells of a change in Castro": (
        "?c a cg:PositionChange ; cg:doneBy actor:fidel-castro ; cg:heldBy ?x", {"aleksandr-alekseev"}),
    "what two telegrams show of Castro and no source tells": (
        "?r a cg:Reading ; cg:unassertedKind cg:PositionChange ; cg:doneBy actor:fidel-castro ; cg:about ?x . "
        f"FILTER (STRSTARTS(STR(?x), STR({T1})))", {"approves-tactics", "us-lacks-strength", "trusts-future-measures"}),
    "whom an editor's bracket calls President of Cuba": (
        "?t cg:ofOffice office:president-of-cuba ; cg:officeHolder ?x ; cg:voice voice:editor",
        {"osvaldo-dorticos"}),
    "how the telegram writes Haydée Santamaría": (
        "?n cg:names actor:haydee-santamaria ; cg:voice voice:writer ; cg:asWritten ?x", {"A. Santamaria"}),
    "how Castro speaks of the break of ties": (
        "?f cg:about event:break-of-diplomatic-ties ; cg:property cg:eventStatus ; cg:heldBy actor:fidel-castro ; cg:value ?x",
        {"supposed"}),
    "what the ambassador himself says of it": ("event:break-of-diplomatic-ties cg:eventStatus ?x", set()),
    "who handed over the Moscow telegrams on 23 October": (
        "?p cg:atEvent event:presentation-of-the-moscow-telegrams ; cg:mode mode:delivered ; cg:participant ?x",
        {"aleksandr-alekseev"}),
    "documents whose existence is denied": (
        "?x cg:holding holding:existence-denied",
        {"worrisome-telegrams-of-alekseev", "worrisome-telegrams-of-castro"}),
    "the text altered on its way": ("?a a cg:Alteration ; cg:about ?x", {"khrushchevs-letter-of-30-october"}),
    "who informs Alekseev about the session": (
        "?p cg:voicedAt event:ori-session ; cg:basis ?x ; cg:heldBy actor:guillermo-garcia-frias",
        {"information-received"}),
}  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_graph_answers_as_a_careful_reader_does(question: str, store: ox.Store) -> None:
    pattern, expected = QUESTIONS[question]
    rows = store.query(
        f"{PREFIXES} SELECT DISTINCT ?x WHERE {{ {pattern} }}", use_default_graph_as_union=True
    )
    assert isinstance(rows, ox.QuerySolutions)

    found = {row["x"].value.rpartition("/")[2] for row in rows}

    assert found == expected
