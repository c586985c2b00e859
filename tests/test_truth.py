"""The graph says what its sources say and no more: faults that an audit against both texts found, each by its kind.

Each case is a pattern that must, or must not, match the real graph; the comment above a group names the kind.
"""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg import terms

T1, T2 = (
    f"https://w3id.org/cablegraph/id/telegram/{name}"
    for name in ("1962-10-23-havana-1643", "1962-11-02-havana-1717")
)
PREFIXES = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in terms.PREFIXES.items())
STATUS = "?f cg:property cg:eventStatus ; cg:about {event} ; cg:value <https://w3id.org/cablegraph/id/status/{status}>"


PROBABLE = "<https://w3id.org/cablegraph/id/certainty/probable>"


def first(path: str) -> str:
    return f"<{T1}/{path}>"


def second(path: str) -> str:
    return f"<{T2}/{path}>"


def status(event: str, value: str, holder: str = "") -> str:
    return STATUS.format(event=event, status=value) + (f" ; cg:heldBy {holder}" if holder else "")


# What no query may find.
NOT_SO = {
    # Holding is told apart from reading, ascribing and proposing.
    "a reading has no holder": "?s a cg:Reading ; cg:heldBy ?x",
    "an ascribed claim has no holder": "?s a cg:AscribedClaim ; cg:heldBy ?x",
    "a proposed text has no holder": "?s a cg:ProposedText ; cg:heldBy ?x",
    "nothing asserted is less than probable": (
        "?s cg:heldBy ?x ; cg:certainty ?c . FILTER (STRENDS(STR(?c), 'possible') || STRENDS(STR(?c), 'doubtful'))"
    ),
    "no reading, claim or proposal has a stance": (
        "?s cg:favours|cg:opposes|cg:partlyOpposes|cg:uncommittedOn ?i . "
        "FILTER EXISTS { ?s a ?k . FILTER (?k IN (cg:Reading, cg:AscribedClaim, cg:ProposedText)) }"
    ),
    "no reading is a participation, fact, tenure or name": "?s a cg:Reading ; cg:participant|cg:value|cg:officeHolder|cg:names ?x",
    "Castro does not hold an unconditional first strike": (
        "VALUES ?s { " + " ".join(second(p) for p in (
            "body-19/alekseev-asks#embeds", "body-20/khrushchev-phrase#embeds",
            "body-21/castro-thinks-moscow-concluded#embeds/embeds")) + " } ?s cg:heldBy ?x"
    ),
    "no sentence of the unwritten reply is held": "?s a cg:ProposedText . { ?s cg:heldBy ?x } UNION { ?s cg:embeds+/cg:heldBy ?x }",
    "advice on the speech is not given by those at the session": (
        f"{second('body-13/no-analysis')} cg:heldBy actor:ori-session-participants"
    ),
    "which texts Castro praises is the curator's reading": (
        "VALUES ?s { " + " ".join(first(f"body-1/docs-are-{x}") for x in ("tass", "telegrams", "all")) + " } ?s cg:heldBy ?x"
    ),
    # Drawn triples say no more than what they are drawn from.
    "Grechko's office is a reading": "actor:andrei-grechko cg:heldOffice office:representative-of-warsaw-pact-nations",
    "the leadership as such did not speak": "actor:cuban-leadership cg:spokeAt|cg:tookPartIn event:conversation-of-23-october",
    "nobody took part in the whole crisis": "?x cg:tookPartIn event:cuban-missile-crisis",
    "who sends is not the author for that": (
        "?d cg:author ?x . FILTER NOT EXISTS { ?f cg:property cg:author ; cg:about ?d ; cg:value ?x }"
    ),
    "what only a note mentions is not what the telegram refers to": (
        "telegram:1962-10-23-havana-1643 cg:refersTo ?d . ?r cg:mentions ?d . FILTER NOT EXISTS { ?s cg:mentions ?d ; cg:voice ?v "
        "FILTER (STRENDS(STR(?v), 'writer') || STRENDS(STR(?v), 'header')) } "
        "FILTER NOT EXISTS { telegram:1962-10-23-havana-1643 cg:repliesTo ?d }"
    ),
    "nothing refers to a document whose existence is denied": (
        "?d cg:refersTo ?other . ?other cg:holding <https://w3id.org/cablegraph/id/holding/existence-denied>"
    ),
    "nobody knows what a document mentions that is not held": (
        "?d cg:refersTo ?other ; cg:holding <https://w3id.org/cablegraph/id/holding/not-held>"
    ),
    "that Castro spoke while he compared the texts is not told": "actor:fidel-castro cg:spokeAt event:check-of-the-translation",
    "what the page's summary calls statements is no delivery of the body": (
        "event:transfer-of-the-tass-texts cg:delivers document:documents-sent-to-castro"
    ),
    "the actions of body 3 are not dated by the threats of body 1": "event:actions-of-american-imperialism cg:when ?date",
    "what the curator adds is attested in no document": (
        "?s cg:attestedIn|cg:reportedBy ?x . FILTER EXISTS { ?s a ?k . FILTER (?k IN (cg:Omission, cg:Ambiguity, cg:Furniture, cg:Reading)) }"
    ),
    "nobody reports his own view": "?s cg:heldBy ?x ; cg:reportedBy ?x",
    # Who holds it.
    "who came to give blood is left open": (
        "?s cg:heldBy actor:chinese ; cg:about event:blood-donation"
    ),
    "what is told of Castro's old opinion is not his belief": (
        f"VALUES ?s {{ {second('body-29/castro-keeps-old-opinion')} {second('body-28/castro-mistaken-positions')} }} ?s cg:heldBy actor:fidel-castro"
    ),
    "advice on what to bring out is no wording": (
        "?s a cg:ProposedText ; cg:content ?c . FILTER (CONTAINS(?c, 'bring out'))"
    ),
    "a content names what it speaks of": (
        "?s a cg:Assertion ; cg:content ?c . FILTER (REGEX(?c, '^(They|That|This|These|Such|The same|The step) '))"
    ),
    "what we did is not done by an embassy that the telegram does not name": (
        "?s cg:doneBy|cg:heldBy|cg:readHolder|cg:participant actor:soviet-embassy-havana"
    ),
    "no alternative of an open question is certain": (
        "?s a cg:Ambiguity ; cg:alternative/cg:certainty certainty:certain"
    ),
    "where the text says what we should do, the content does not leave out who": (
        "?s a cg:Recommendation ; cg:content ?c ; cg:evidence/oa:exact ?q . FILTER (REGEX(?q, '(^| )we (should|would) ') "
        "&& REGEX(?c, ' be [a-z]+(ed|en)( |[.])'))"
    ),
    "who keeps something back does it, and who tells it holds it": (
        "?s a cg:Withholding . FILTER NOT EXISTS { ?s cg:doneBy ?x ; cg:evidence/cg:inPassage/cg:spokenBy ?teller ; cg:heldBy ?teller }"
    ),
    "who would change is not who would tell it": "?r cg:unassertedKind cg:PositionChange ; cg:readHolder ?x ; cg:doneBy ?x",
    # How sure, where an ambiguity has a rival reading.
    "an ambiguity about who tells leads to the status and the parts of the event": (
        "?a a cg:Ambiguity ; cg:alternative ?one , ?two . ?one cg:heldBy ?h ; cg:about|cg:cause|cg:effect ?e ; "
        "cg:evidence/oa:exact ?words . ?two cg:readHolder ?r . ?e a cg:Event . FILTER (?h != ?r) "
        "?s cg:heldBy ?h ; cg:evidence/oa:exact ?words . { ?s cg:atEvent ?e } UNION { ?s cg:property cg:eventStatus ; cg:about ?e } "
        "FILTER NOT EXISTS { ?a cg:about|cg:alternative ?s } "
        "FILTER NOT EXISTS { ?s cg:value <https://w3id.org/cablegraph/id/status/hypothetical> }"
    ),
    "a status is no surer than the reading that its event rests on": (
        "?a a cg:Ambiguity ; cg:about ?e ; cg:alternative ?one . ?one a cg:Assertion ; cg:evidence/oa:exact ?words ; "
        f"cg:certainty {PROBABLE} . ?s cg:property cg:eventStatus ; cg:about ?e ; cg:evidence/oa:exact ?words ; cg:certainty ?sure . "
        f"FILTER (?sure != {PROBABLE} && NOT EXISTS {{ ?s a cg:Reading }})"
    ),
    # Who says that it happened.
    "every participation has somebody who tells it": "?p a cg:Participation . FILTER NOT EXISTS { ?p cg:heldBy ?x }",
    "the persuasion is not told as fact": (
        "event:us-persuasion-of-latin-american-governments cg:eventStatus <https://w3id.org/cablegraph/id/status/occurred>"
    ),
    "the expected speech is not planned by anybody": (
        "event:castros-expected-speech cg:eventStatus <https://w3id.org/cablegraph/id/status/planned>"
    ),
    "nobody tells the persuasion as fact": status("event:us-persuasion-of-latin-american-governments", "occurred"),
    "a status is told with its holder": "?f cg:property cg:eventStatus ; cg:value ?v . FILTER NOT EXISTS { ?f cg:heldBy ?x }",
    # Dates.
    "what is reckoned has no written form": "?t a cg:TimeExtent ; cg:asWritten ?w ; cg:voice <https://w3id.org/cablegraph/id/voice/curator>",
    "Kennedy's letter has no date of another paper": "document:kennedys-letter-to-khrushchev cg:when/cg:asWritten ?w",
    "nothing has two best dates": "?x cg:bestDate ?a , ?b . FILTER (?a != ?b)",
    "what has a date has a best one": "?x cg:when ?d . ?x a ?k . FILTER (?k IN (cg:Event, cg:Document)) FILTER NOT EXISTS { ?x cg:bestDate ?b }",
    # Names.
    "a minister's office is no name of the minister": "?n cg:names actor:rodion-malinovsky ; cg:asWritten ?w . FILTER (CONTAINS(?w, 'Minister'))",
    "every label of a thing that the texts name says where it comes from": (
        "?a a ?k . FILTER (?k IN (cg:Actor, cg:Document, cg:Event, cg:Office, cg:Place)) FILTER NOT EXISTS { ?a cg:labelSource ?s }"
    ),
    "the dispatch of 811 is nobody's by its label": "document:castros-dispatch rdfs:label ?l . FILTER (CONTAINS(?l, 'Castro'))",
    # What can be asked.
    "every assertion has a subject heading": "?s a cg:Assertion . FILTER NOT EXISTS { ?s dcterms:subject ?t }",
    "every statement has its curation": "?s a cg:Statement . FILTER NOT EXISTS { ?s cg:curation ?c } FILTER NOT EXISTS { ?o cg:embeds ?s }",
    "no gap lacks a property that a passage states": (
        "?o a cg:Omission ; cg:property ?p ; cg:about ?x . ?f a cg:Fact ; cg:property ?p ; cg:about ?x . "
        "FILTER NOT EXISTS { ?f cg:voice <https://w3id.org/cablegraph/id/voice/curator> }"
    ),
    "a reading says who would hold it, or what would be so": (
        "?r a cg:Reading . FILTER NOT EXISTS { ?r cg:readHolder|cg:unassertedValue ?x } FILTER NOT EXISTS { ?r cg:unassertedKind cg:PositionChange ; cg:doneBy ?y }"
    ),
    "every heading has three languages": "?t a cg:Topic . FILTER NOT EXISTS { ?t rdfs:label ?r , ?s . FILTER (lang(?r) = 'ru' && lang(?s) = 'es') }",
}  # fmt: skip

# What a careful reader finds.
SO = {
    "friendship is wording proposed for Castro": f"{second('body-13/friendship-indestructible')} a cg:ProposedText",
    "the advice knows that its giver is not named": (
        f"?o cg:about|cg:alternative {second('body-13/no-analysis')} . ?o a ?k . FILTER (?k IN (cg:Omission, cg:Ambiguity))"
    ),
    "Khrushchev ascribes a first strike to Castro": f"{second('body-20/khrushchev-phrase#embeds')} cg:ascribedTo actor:fidel-castro",
    "that the persuasion goes on is Castro's supposition": status(
        "event:us-persuasion-of-latin-american-governments", "supposed", "actor:fidel-castro"
    ),
    "Dorticós and Aragonés were there on 23 October": (
        "actor:osvaldo-dorticos cg:tookPartIn event:conversation-of-23-october . "
        "actor:emilio-aragones cg:tookPartIn event:conversation-of-23-october"
    ),
    "approval of October and silence of November are joined": (
        f"?c cg:unassertedKind cg:PositionChange ; cg:doneBy actor:fidel-castro ; cg:about ?a , ?b . "
        f"FILTER (STRSTARTS(STR(?a), '{T1}') && STRSTARTS(STR(?b), '{T2}'))"
    ),
    "that Castro changes is told by Alekseev, not held by Castro": (
        "?c a cg:PositionChange ; cg:doneBy actor:fidel-castro ; cg:heldBy actor:aleksandr-alekseev"
    ),
    "no strength for a surprise attack stands against inevitable": (
        f"?a cg:contradicts ?b . FILTER (STRSTARTS(STR(?a), '{T1}/body-1/') && STRSTARTS(STR(?b), '{T2}/body-19/'))"
    ),
    "China's government, press and embassy count with China": (
        "actor:chinese-government cg:countedWith actor:peoples-republic-of-china . "
        "actor:chinese-press cg:countedWith actor:peoples-republic-of-china . "
        "actor:chinese-embassy-havana cg:countedWith actor:peoples-republic-of-china"
    ),
    "imperialists count with the United States": "actor:imperialists cg:countedWith actor:united-states",
    "telegram 811 was presented": "event:presentation-of-the-moscow-telegrams cg:delivers telegram:1962-10-23-moscow-811",
    "Castro's office is a gap": (
        "?o a cg:Omission ; cg:about actor:fidel-castro ; cg:expected <https://w3id.org/cablegraph/id/expectation/office>"
    ),
}  # fmt: skip


def found(store: ox.Store, pattern: str) -> list[str]:
    rows = store.query(f"{PREFIXES} SELECT * WHERE {{ {pattern} }} LIMIT 5", use_default_graph_as_union=True)
    assert isinstance(rows, ox.QuerySolutions)
    return [" ".join(terms.short(term) for term in row if term) for row in rows]


@pytest.mark.parametrize("case", NOT_SO)
def test_what_no_source_says_is_not_found(case: str, store: ox.Store) -> None:
    assert found(store, NOT_SO[case]) == []


@pytest.mark.parametrize("case", SO)
def test_what_a_careful_reader_finds_is_found(case: str, store: ox.Store) -> None:
    assert found(store, SO[case])
