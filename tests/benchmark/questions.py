"""Questions typical of this graph, in the words that all three servers understand."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_PREFIXES = """\
PREFIX cg: <https://w3id.org/cablegraph/ontology#>
PREFIX id: <https://w3id.org/cablegraph/id/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""

# Whom and what the questions are about. Both real and made up telegrams have answers.
_ABOUT = {
    "$ACTOR": "<https://w3id.org/cablegraph/id/actor/envoy-0>",
    "$ISSUE": "<https://w3id.org/cablegraph/id/issue/question-0>",
    "$TELEGRAM": "<https://w3id.org/cablegraph/id/telegram/1962-09-04-ankara-3028>",
}
REAL = MappingProxyType(
    {
        "$ACTOR": "<https://w3id.org/cablegraph/id/actor/fidel-castro>",
        "$ISSUE": "<https://w3id.org/cablegraph/id/issue/soviet-decisions-on-the-crisis>",
        "$TELEGRAM": "<https://w3id.org/cablegraph/id/telegram/1962-10-23-havana-1643>",
    }
)

# The last two are those that rdflib cannot answer in time on many telegrams.
_TEXTS = {
    "label": "SELECT ?label { $ACTOR rdfs:label ?label }",
    "ask": "ASK { $TELEGRAM cg:repliesTo ?other }",
    "describe": "DESCRIBE $ACTOR",
    "positions, quoted": """SELECT ?name ?content ?quote {
  ?position a cg:Position ; cg:onIssue $ISSUE ; cg:heldBy/rdfs:label ?name ; cg:content ?content ;
    cg:evidence/oa:exact ?quote . FILTER (lang(?name) = "en") } ORDER BY ?name ?content ?quote""",
    "silent or absent": """SELECT ?name ?mode ?event ?quote {
  VALUES ?mode { <https://w3id.org/cablegraph/id/mode/silent> <https://w3id.org/cablegraph/id/mode/absent> }
  ?part cg:mode ?mode ; cg:participant/rdfs:label ?name ; cg:atEvent ?event ; cg:evidence/oa:exact ?quote .
  FILTER (lang(?name) = "en") } ORDER BY ?mode ?name ?quote LIMIT 100""",
    "thread": """SELECT ?document ?title ?earlier { ?document cg:repliesTo ?earlier ; rdfs:label ?title .
  FILTER (lang(?title) = "en") } ORDER BY ?title ?earlier LIMIT 100""",
    "path": "SELECT ?earlier { $TELEGRAM cg:repliesTo+ ?earlier }",
    "kinds, counted": """SELECT ?kind (COUNT(?s) AS ?n) { ?s a cg:Statement , ?kind }
  GROUP BY ?kind ORDER BY DESC(?n) ?kind""",
    "reporters, counted": """SELECT ?who (COUNT(DISTINCT ?s) AS ?n) (COUNT(DISTINCT ?at) AS ?texts) {
  ?s a cg:Position ; cg:heldBy ?who ; cg:evidence/cg:inPassage/cg:passageOf ?at } GROUP BY ?who ORDER BY DESC(?n) ?who""",
    "not exists": """SELECT ?document { ?document a cg:Document .
  FILTER NOT EXISTS { ?document cg:repliesTo ?other } } ORDER BY ?document LIMIT 100""",
    "text": """SELECT ?evidence ?quote { ?evidence oa:exact ?quote . FILTER (regex(?quote, "with|draw", "i")) }
  ORDER BY ?evidence LIMIT 50""",
    "optional": """SELECT ?position ?content ?quote ?at { ?position a cg:Position ; cg:heldBy $ACTOR .
  OPTIONAL { ?position cg:content ?content } OPTIONAL { ?position cg:voicedAt ?at }
  OPTIONAL { ?position cg:evidence/oa:exact ?quote } } ORDER BY ?position LIMIT 100""",
    "join across": """SELECT ?issue (COUNT(*) AS ?n) { ?a a cg:Position ; cg:opposes ?issue ; cg:heldBy ?who .
  ?b a cg:Position ; cg:onIssue ?issue ; cg:heldBy ?other . FILTER (?who != ?other) }
  GROUP BY ?issue ORDER BY DESC(?n) ?issue""",
    "network": """CONSTRUCT { ?a cg:disagreedWith ?b } { ?p a cg:Position ; cg:opposes ?issue ; cg:heldBy ?a .
  ?q a cg:Position ; cg:favours ?issue ; cg:heldBy ?b . FILTER (?a != ?b) }""",
}


def about(things: Mapping[str, str]) -> dict[str, str]:
    """Return the questions by their names, asked about `things`."""
    questions = {}
    for name, text in _TEXTS.items():
        query = _PREFIXES + text
        for word, iri in things.items():
            query = query.replace(word, iri)
        questions[name] = query
    return questions


QUESTIONS = MappingProxyType(about(_ABOUT))
