"""The graph in each single case that the audit of 26 November 2026 named, by the paragraphs of its report.

`test_truth.py` holds the kinds of faults; here are the cases in which they were met, each with the records as the
texts have it. A case whose record is gone is held by its kind.
"""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest

from kg.resources import folder

from .test_structure import ROOT
from .test_truth import first, found, second, status

CASTRO, ALEKSEEV = "actor:fidel-castro", "actor:aleksandr-alekseev"
READING = "a cg:Reading"


def of_list(name: str) -> str:
    return f"<https://w3id.org/cablegraph/id/{name}>"


CERTAIN, PROBABLE = (of_list(f"certainty/{name}") for name in ("certain", "probable"))

# What the passage says, and the graph has.
SO = {
    # 1. A plain question gets what the source asserts.
    "that consultation is the habit is wording for the answer": (
        f"{second('body-39/habit-in-text')} a cg:ProposedText ; cg:hedge 'maybe' . {second('body-39/normally-consults')} {READING}"
    ),
    "Alekseev's question offers Castro the strike": f"{second('body-19/alekseev-asks#embeds')} cg:ascribedTo {CASTRO}",
    "what Moscow concluded is Castro's thought": (
        f"{second('body-21/castro-thinks-moscow-concluded')} cg:heldBy {CASTRO} ; cg:embeds ?claim . "
        f"?claim cg:ascribedTo actor:moscow-recipients ; cg:embeds/cg:ascribedTo {CASTRO}"
    ),
    # 2. Drawn triples say no more than their statements.
    "that Castro reconsiders has only begun": status("event:castros-reconsideration", "begun", ALEKSEEV),
    "the page's two members are not the leadership": (
        f"{first('archive/summary-two')} cg:participant actor:two-members-of-the-cuban-leadership"
    ),
    "the speech is not known to have been held": (
        f"document:castros-expected-speech cg:holding {of_list('holding/proposed-only')}"
    ),
    "Alekseev says himself that he wrote 1701": (
        f"{second('body-19/1701-author')} cg:value {ALEKSEEV} . telegram:1962-10-31-havana-1701 cg:author {ALEKSEEV}"
    ),
    # 3. Who says that it happened.
    "Cuba would be the target, by Castro, of what is not expected": (
        f"{first('body-1/cuba-would-be-target')} cg:mode {of_list('mode/targeted')} ; cg:heldBy {CASTRO} ; cg:atEvent ?e . "
        f"?f cg:about ?e ; cg:property cg:eventStatus ; cg:heldBy {CASTRO} ; cg:value {of_list('status/hypothetical')}"
    ),
    "Castro would receive an answer that is proposed": (
        f"{second('body-33/castro-to-receive')} cg:mode {of_list('mode/received')} . "
        + status("event:reply-to-castros-letter", "proposed", ALEKSEEV)
    ),
    "what mobilisation is for is Castro's word, probably": (
        f"{first('body-1/mobilisation-purpose')} cg:heldBy {CASTRO} ; cg:certainty {PROBABLE}"
    ),
    "the call-up is Castro's word, probably": (
        f"{first('body-1/militia-mobilised')} cg:heldBy {CASTRO} ; cg:certainty {PROBABLE}"
    ),
    "that Kuznetsov asks is the curator's reading": f"{first('note/asked-to-present')} {READING} ; cg:voice {of_list('voice/curator')}",
    "not to interfere is theirs, with no hedge of its own": (
        f"{second('body-12/not-to-interfere')} cg:heldBy actor:ori-session-participants ; cg:certainty {PROBABLE} ."
        f" FILTER NOT EXISTS {{ {second('body-12/not-to-interfere')} cg:hedge ?hedge }}"
    ),
    "it is the commanders who come forward to Raúl Castro, probably": (
        f"{first('body-7/commanders-answer-to-r-castro')} cg:heldBy {ALEKSEEV} ; cg:doneBy actor:soviet-commanders-in-cuba ; cg:certainty {PROBABLE}"
    ),
    "that Raúl Castro speaks there is the curator's reading": (
        f"{first('body-7/r-castro-appears-at-conference')} {READING} ; cg:voice {of_list('voice/curator')} ; cg:certainty {of_list('certainty/doubtful')}"
    ),
    "that Castro was not convinced is the curator's reading": (
        f"{second('body-14/castro-not-convinced')} {READING} ; cg:voice {of_list('voice/curator')}"
    ),
    "a strike after an invasion is the curator's reading": (
        f"{second('body-21/castro-calls-for-strike-after-invasion')} {READING} ; cg:voice {of_list('voice/curator')}"
    ),
    "the word Telegram is the page's": f"{second('header/form')} cg:voice {of_list('voice/archive')}",
    "the number of the page is read off its address": f"{second('archive/page-number')} cg:voice {of_list('voice/curator')}",
    "a stray mark is noticed by the curator": f"{second('body-23/stray-quotation-mark')} cg:voice {of_list('voice/curator')}",
    "a bracket's words are those of its author": (
        f"VALUES ?b {{ {second('bracket/b18-soviet')} {second('bracket/b20-his-mistakes')} }} "
        f"?b a cg:Assessment ; cg:heldBy actor:author-of-the-brackets ; cg:voice {of_list('voice/editor')}"
    ),
    # 4. As much as the words say.
    "nothing else was written up to Khrushchev's letter": (
        f"{second('body-27/castro-wrote-nothing-else')} cg:content ?c . FILTER (CONTAINS(?c, 'Up to the letter'))"
    ),
    "that there was no consultation is only perhaps admitted": (
        f"{second('body-39/no-consultations-held')} {READING} ; cg:hedge 'maybe'"
    ),
    "the revolution's strength is named only in what Castro would have to believe": (
        f"{second('body-14/revolution-stronger')} {READING} ; cg:voice {of_list('voice/curator')} ; cg:note ?n . "
        "FILTER (CONTAINS(?n, 'would have to be convinced'))"
    ),
    "these methods are two": f"{second('body-6/confusion-strengthened')} cg:cause ?a , ?b . FILTER (STR(?a) < STR(?b))",
    "that the Chinese are only loud is read": f"{second('body-37/chinese-only-loud')} {READING}",
    "copyright is that of the United States": (
        f"{first('archive/holders-keep-copyright')} cg:content ?c . FILTER (CONTAINS(?c, 'US and international'))"
    ),
    "what complicates is what the Chinese do": (
        f"VALUES ?s {{ {first('body-10/complicate-internally')} {first('body-10/complicate-internationally')} }} "
        "?s cg:cause event:actions-of-the-chinese-comrades"
    ),
    "who would attack is a gap": f"{second('body-19/attacker')} a cg:Omission ; cg:about {second('body-19/castro-attack-inevitable')}",
    "Castro is against the phrase": f"{second('body-20/castro-disappointed')} cg:opposes issue:phrase-on-the-first-strike",
    "the correction has its cause": f"{second('body-24/correction-for-the-cause')} cg:cause issue:interest-of-our-cause",
    "the no is one certain denial": f"{second('body-19/castro-declines-directness')} a cg:Denial ; cg:certainty {CERTAIN}",
    "the single word Special is one certain mark": (
        f"{second('header/special')} a cg:Marking ; cg:certainty {CERTAIN} ; cg:markingKind {of_list('marking-kind/undetermined')}"
    ),
    "the classification is quoted whole": f"{first('archive/classification')} cg:evidence/oa:exact ?q . FILTER (STR(?q) = 'Top Secret')",
    "the priority is quoted whole": f"{first('header/priority')} cg:evidence/oa:exact ?q . FILTER (STR(?q) = 'Top Priority')",
    "the author of the letter is quoted": (
        f"{second('body-19/letter-author')} cg:evidence/oa:exact ?q . FILTER (CONTAINS(?q, 'dictating'))"
    ),
    # 5. Dates.
    "the night visit begins on the 27th": 'event:night-visit-of-27-october cg:bestDate/cg:firstDay "1962-10-27"^^xsd:date',
    # 6. Names.
    "Raúl for R., and the Comrade's forename, are the catalogue's, by a probable link": " ".join(
        f"?{name} a cg:Link ; cg:about actor:{actor} ; cg:certainty {PROBABLE} . "
        f"actor:{actor} cg:labelSource {of_list('label-source/catalogue')} ."
        for name, actor in (("c", "raul-castro"), ("k", "vasily-kuznetsov"))
    ),
    "initial and forename are of two voices": (
        f"?n cg:names actor:haydee-santamaria ; cg:initial 'A.' ; cg:voice {of_list('voice/writer')} . "
        f"?m cg:names actor:haydee-santamaria ; schema:givenName 'Haydée' ; cg:voice {of_list('voice/editor')} ; cg:expands ?n"
    ),
    "events and places are written somehow": "?n cg:names event:ori-session ; cg:asWritten ?w . ?o cg:names place:moscow ; cg:asWritten ?v",
    # 7. What cannot be asked.
    "that it is not said when the first telegram was released": (
        f"{first('archive/no-release')} a cg:Omission ; cg:property schema:releasedEvent"
    ),
    "the note on 811 stands against nothing else was written": (
        f"{first('note/dispatch-author-castro')} cg:contradicts {second('body-27/castro-wrote-nothing-else')}"
    ),
    "Kennedy's letter was presented, as the curator infers": "event:presentation-of-the-moscow-telegrams cg:delivers document:kennedys-letter-to-khrushchev",
}  # fmt: skip

# What the graph had, and no passage says.
NOT_SO = {
    "an ambiguity knows its statements": "?a a cg:Ambiguity . FILTER NOT EXISTS { ?a cg:about ?x }",
    "retired properties are not drawn": (
        "?x cg:madeKnownTo|cg:soleReporter|cg:informedOf|cg:changedStanceOn|cg:supersedes ?y"
    ),
    "nothing is drawn of a document that is not known to exist": (
        "?d cg:holding ?h ; cg:author|cg:sender|cg:addressee|cg:repliesTo|cg:when ?x . "
        f"FILTER (?h IN ({of_list('holding/proposed-only')}, {of_list('holding/existence-denied')}))"
    ),
    "no participation takes away who would act": f"?p cg:mode {of_list('mode/planned')}",
    "national leadership is not the ORI": (
        "?t a cg:Tenure ; cg:ofOffice/cg:officeIn ?body . FILTER (?body IN (actor:ori, actor:ori-leadership))"
    ),
    "nobody is named as the attacker": (
        f"VALUES ?s {{ {second('body-19/castro-attack-inevitable')} {second('body-19/castro-five-percent')} }} "
        "?s cg:about|cg:doneBy ?x . FILTER (?x IN (event:us-attack-on-cuba, actor:united-states, actor:us-government, actor:imperialists))"
    ),
    "the conflict does not complicate": "?s cg:cause event:sino-indian-conflict",
    "what has no date says so": (
        "?x a ?k . FILTER (?k IN (cg:Event, cg:Document)) FILTER NOT EXISTS { ?x cg:bestDate ?b } "
        f"FILTER NOT EXISTS {{ ?o a cg:Omission ; cg:about ?x ; cg:expected {of_list('expectation/date')} }}"
    ),
    "no label has parts of a name from nowhere": (
        "?a a cg:Person ; rdfs:label ?l . FILTER (REGEX(?l, 'Vasil[a-z]*vich|Rodríguez Rodríguez|Rodriguez Rodriguez'))"
    ),
    "those in Moscow are not called recipients where they send": (
        "actor:moscow-recipients rdfs:label ?l . FILTER (CONTAINS(LCASE(?l), 'recipient'))"
    ),
    "the description of each held telegram has each item, or the gap": (
        "?t cg:holding <https://w3id.org/cablegraph/id/holding/held> . ?r cg:renders ?t ; a cg:Rendering . "
        "VALUES ?p { schema:holdingArchive schema:releasedEvent dcterms:language schema:provider schema:funder "
        "cg:preparedFor cg:publishedBy cg:translatedBy cg:page } "
        "FILTER NOT EXISTS { ?f cg:property ?p ; cg:about ?x . FILTER (?x IN (?t, ?r)) }"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SO)
def test_what_the_passage_says_is_there(case: str, store: ox.Store) -> None:
    assert found(store, SO[case])


@pytest.mark.parametrize("case", NOT_SO)
def test_what_no_passage_says_is_gone(case: str, store: ox.Store) -> None:
    assert found(store, NOT_SO[case]) == []


def test_what_holds_a_kind_of_fault_exists() -> None:
    readme = (folder("records") / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## Kinds of faults")[2].partition("\n## ")[0]
    names = set(re.findall(r"`([^`]+)`", "".join(re.findall(r"[^|]*\|$", section, re.MULTILINE))))
    python = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "kg").rglob("*.py")]
    shapes = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "shapes").rglob("*.ttl"))
    known = {
        *(file.name for file in python),
        *(file.stem for file in (ROOT / "queries" / "rules").rglob("*.rq")),
        *re.findall(r"^shape:(\S+) a sh:", shapes, re.MULTILINE),
        *re.findall(r"^def (test_\w+)", "".join(f.read_text(encoding="utf-8") for f in python), re.MULTILINE),
    }

    assert len(names) > 30
    assert names - known == set()
