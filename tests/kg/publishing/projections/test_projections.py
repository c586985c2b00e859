"""The graph in the vocabularies of others: questions of a reader, asked in their words.

The expected values were read in the two telegrams and typed here.
"""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import DC, DCTERMS, RDF, RDFS, SDO, SKOS, URIRef

from kg import build
from kg.asking.questions import saved_queries
from kg.asking.questions.query_triples import iris_named
from kg.namespaces import BASE, CG, ID
from kg.publishing.projections import projection_files
from kg.resources import folder
from kg.store import unasserted
from kg.store.keywords import prefixes
from kg.store.sparql import rows

QUERIES = saved_queries.load(folder("queries"))
NAMES = [name for name in QUERIES if name.startswith("projection-")]
README = Path(str(folder("queries") / "PROJECTIONS.md")).read_text(encoding="utf-8")
PREFIXES = "".join(
    f"PREFIX {prefix}: <{space}>\n"
    for prefix, space in {
        **{prefix: space for name in NAMES for prefix, space in prefixes(QUERIES[name].text).items()},
        **{kind: f"{ID}{kind}/" for kind in ("actor", "document", "event", "office", "telegram", "place")},
        "wd": "http://www.wikidata.org/entity/",
    }.items()
)
T1, T2 = "telegram:1962-10-23-havana-1643", "telegram:1962-11-02-havana-1717"
MADE = f"<{ID}telegram/1962-11-02-havana-1717#making>"
INEVITABLE = f"<{ID}telegram/1962-11-02-havana-1717/body-19/castro-attack-inevitable#belief>"
GARCIA = f"<{ID}telegram/1962-11-02-havana-1717/body-7/garcia-criticises#belief>"
CRITICISMS = '?b a crminf:I2_Belief ; rdfs:label ?label FILTER CONTAINS(?label, "voices criticism of the Soviet decisions")'

# projection -> question -> (pattern for ?x, the values of ?x without their folder)
QUESTIONS: dict[str, dict[str, tuple[str, set[str]]]] = {
    "projection-ric-o": {
        "who sent the telegram of 2 November": (f"{T2} rico:hasSender ?x", {"aleksandr-alekseev"}),
        "to whom its title says that it went": (
            f"{T2} rico:hasAddressee ?x . ?x a rico:CorporateBody", {"central-committee-cpsu"}),
        "when it was written, in its own words": (
            f"{T2} rico:hasCreationDate/rico:expressedDate ?x", {"2 November 1962"}),
        "which dates it is given": (
            f"{T2} rico:isAssociatedWithDate/rico:expressedDate ?x", {"2 November 1962", "November 2, 1962"}),
        "of when 1701 and 1710 are": (
            "VALUES ?t { telegram:1962-10-31-havana-1701 telegram:1962-11-01-havana-1710 } "
            "?t rico:isAssociatedWithDate/rico:expressedDate ?x", {"31 October 1962", "1 November 1962"}),
        "which day the telegram of 23 October bears": (
            f"{T1} rico:hasCreationDate/rico:normalizedDateValue ?x",
            {"1962-10-23T00:00:00-05:00/1962-10-23T23:59:59-05:00"}),
        "what Castro's reply answers": (
            "document:castros-reply-to-khrushchev rico:isReplyTo ?x", {"khrushchevs-letter-of-30-october"}),
        "which records are held": ("?s a rico:RecordSet ; rico:includesOrIncluded ?x",
            {"1962-10-23-havana-1643", "1962-11-02-havana-1717"}),
        "who translated the second": (
            f"?i rico:isOrWasInstantiationOf {T2} ; rico:hasCreator ?x", {"svetlana-savranskaya"}),
        "under which special numbers the second ran": (
            f"{T2} rico:hasOrHadIdentifier ?i . ?i rico:textualValue ?x ; rico:hasIdentifierType/rdfs:label ?l "
            "FILTER STRSTARTS(?l, 'special')", {"# 1717-1722"}),
        "who was President of Cuba": (
            "?x rico:occupiesOrOccupied office:president-of-cuba", {"osvaldo-dorticos"}),
        "where the ambassador was called on 27 October": (
            "event:telephone-call-of-27-october rico:hasOrHadLocation ?x", {"alekseevs-apartment"}),
        "what is a draft of Castro's letter": (
            "?x rico:isDraftOf document:castros-letter-of-27-october", {"castros-drafts-of-27-october"}),
        "documents that exist in words only": (
            "VALUES ?x { document:proposed-reply-to-castro document:worrisome-telegrams-of-alekseev } ?x ?p ?o", set()),
        "whether the strikes that were feared happened": (
            "VALUES ?x { event:first-nuclear-strike event:us-attack-on-cuba } ?x ?p ?o", set()),
        "whether the conference that was put off took place": ("event:discipline-conference ?p ?x", set()),
    },
    "projection-cidoc-crm": {
        "who made the telegram of 2 November": (
            f"{MADE} crm:P94_has_created {T2} ; crm:P14_carried_out_by ?x", {"aleksandr-alekseev"}),
        "between which instants": (
            f"{MADE} crm:P4_has_time-span/(crm:P82a_begin_of_the_begin|crm:P82b_end_of_the_end) ?x",
            {"1962-11-02T00:00:00-05:00", "1962-11-02T23:59:59-05:00"}),
        "who sent Castro's letter": (
            "?s crm:P16_used_specific_object document:castros-letter-of-27-october ; crm:P14_carried_out_by ?x",
            {"fidel-castro"}),
        "who got it": (
            "?s crm:P16_used_specific_object document:castros-letter-of-27-october ; crm:P11_had_participant ?x",
            {"nikita-khrushchev"}),
        "from which hour the telephone call was": (
            "event:telephone-call-of-27-october crm:P4_has_time-span/crm:P82a_begin_of_the_begin ?x",
            {"1962-10-27T02:00:00-05:00"}),
        "which persons were at the session": (
            "?x a crm:E21_Person ; crm:P11i_participated_in event:ori-session",
            {"guillermo-garcia-frias", "haydee-santamaria", "raul-curbelo", "ramiro-valdes", "osvaldo-dorticos",
             "joaquin-ordoqui", "carlos-rafael-rodriguez", "che-guevara", "emilio-aragones", "fidel-castro"}),
        "of what the web texts are translations": (
            "?r crm:P73i_is_translation_of ?x", {"1962-10-23-havana-1643", "1962-11-02-havana-1717"}),
        "which letter influenced the making of Castro's reply": (
            "?m crm:P94_has_created document:castros-reply-to-khrushchev ; crm:P15_was_influenced_by ?x",
            {"khrushchevs-letter-of-30-october"}),
    },
    "projection-crminf": {
        "who holds that the attack cannot be avoided": (
            f"?a crminf:J2_concluded_that {INEVITABLE} ; crm:P14_carried_out_by ?x", {"fidel-castro"}),
        "how firmly": (f"{INEVITABLE} crminf:J5_holds_to_be ?x", {"convinced"}),
        "who tells of it": (
            f"?p crm:P129_is_about {INEVITABLE} . ?b crminf:J4_that ?p . ?r crminf:J2_concluded_that ?b ; "
            "crm:P14_carried_out_by ?x", {"aleksandr-alekseev"}),
        "in which words": (
            f"?q crm:P67_refers_to {INEVITABLE} ; crm:P190_has_symbolic_content ?x",
            {"F. Castro was convinced that the attack was inevitable"}),
        "in which text": (
            f"?q crm:P67_refers_to {INEVITABLE} ; crm:P165i_is_incorporated_in ?x", {"savranskaya-2002"}),
        "which telegram documents the report": (
            f"?p crm:P129_is_about {INEVITABLE} . ?b crminf:J4_that ?p . ?r crminf:J2_concluded_that ?b . "
            "?x crm:P70_documents ?r", {"1962-11-02-havana-1717"}),
        "who criticised the decisions, wholly or in part": (
            f"{CRITICISMS} ?a crminf:J2_concluded_that ?b ; crm:P2_has_type ?t ; crm:P14_carried_out_by ?x",
            {"guillermo-garcia-frias", "haydee-santamaria", "raul-curbelo", "ramiro-valdes"}),
        "how the reporter knows of García's": (
            f"?p crm:P129_is_about {GARCIA} . ?b crminf:J4_that ?p . ?r crminf:J2_concluded_that ?b ; "
            "crm:P32_used_general_technique ?x", {"information-received"}),
        "at which event it was voiced": (
            f"?a crminf:J2_concluded_that {GARCIA} ; crm:P15_was_influenced_by ?x", {"ori-session"}),
        "whose importance grounds the advice to fight for Castro": (
            f"<{ID}telegram/1962-11-02-havana-1717/body-41/importance-grounds-advice#adoption> "
            "a crminf:I5_Inference_Making ; crminf:J1_used_as_premise/crminf:J4_that/crm:P129_is_about ?x",
            {"fidel-castro"}),
        "whether what Castro ascribes to Moscow passes as a belief of Moscow": (
            "?x crm:P14_carried_out_by actor:moscow-recipients", set()),
        "whether what Khrushchev ascribes to Castro passes as a belief of Castro": (
            "?a crm:P14_carried_out_by ?x FILTER CONTAINS(STR(?a), 'khrushchev-phrase')", set()),
        "who holds what is said in Castro's own words": (
            f"?x crm:P14_carried_out_by actor:fidel-castro ; crminf:J2_concluded_that <{ID}telegram/"
            "1962-10-23-havana-1643/body-1/us-lacks-strength#belief>",
            {"us-lacks-strength#adoption"}),
        "whether wishes and feelings pass as beliefs": (
            "?x a crminf:I6_Belief_Value FILTER (STRENDS(STR(?x), 'wishes') || STRENDS(STR(?x), 'feels'))", set()),
    },
    "projection-schema-org": {
        "who sent and who got Castro's letter": (
            "document:castros-letter-of-27-october schema:sender|schema:recipient ?x",
            {"fidel-castro", "nikita-khrushchev"}),
        "of which day the telegrams are": (
            f"VALUES ?m {{ {T1} {T2} }} ?m a schema:Message ; schema:dateCreated ?x", {"1962-10-23", "1962-11-02"}),
        "of which days 1701 and 1710 are": (
            "VALUES ?m { telegram:1962-10-31-havana-1701 telegram:1962-11-01-havana-1710 } ?m schema:dateCreated ?x",
            {"1962-10-31", "1962-11-01"}),
        "who is Fidel Castro in Wikidata and VIAF": (
            "actor:fidel-castro a schema:Person ; schema:sameAs ?x", {"Q11256", "102325430"}),
        "what was put off": ("?x schema:eventStatus schema:EventPostponed", {"discipline-conference"}),
        "who translated the second telegram": (
            f"?t schema:translationOfWork {T2} ; schema:translator ?x", {"svetlana-savranskaya"}),
        "where the page of the second is": (
            f"?t schema:translationOfWork {T2} ; schema:url ?x", {"115064"}),
        "in which hour Dorticós called": (
            "event:telephone-call-of-27-october schema:startDate ?x", {"1962-10-27T02:00:00-05:00"}),
        "when the night visit began, of which only the end is told": (
            "event:night-visit-of-27-october schema:startDate ?x", set()),
        "what Dorticós was": ("actor:osvaldo-dorticos schema:jobTitle ?x", {"President of Cuba"}),
    },
    "projection-web-annotation": {
        "which words say that Guevara kept silent": (
            f"?a oa:hasBody <{ID}telegram/1962-11-02-havana-1717/body-9/guevara-silent> ; "
            "oa:hasTarget/oa:hasSelector/oa:exact ?x",
            {"Guevara", "did not speak", "at the last session of the ORI"}),
        "in which text they stand": (
            f"?a oa:hasBody <{ID}telegram/1962-11-02-havana-1717/body-9/guevara-silent> ; "
            "oa:hasTarget/oa:hasSource ?x", {"savranskaya-2002"}),
        "how the second telegram writes Haydée Santamaría": (
            "?a oa:hasBody actor:haydee-santamaria ; oa:hasTarget [ oa:hasSource ?s ; oa:hasSelector/oa:exact ?x ] "
            "FILTER (CONTAINS(?x, 'A.'))", {"A. Santamaria"}),
        "what the words on the attack mean": (
            '?a oa:hasTarget/oa:hasSelector/oa:exact "F. Castro was convinced that the attack was inevitable" ; '
            "oa:hasBody/rdf:value ?x",
            {"An attack is inevitable.", "The chance that the attack does not come is only five in a hundred."}),
        "what else an annotation is for": ("?a oa:motivatedBy ?x", {"oa#describing", "oa#commenting"}),
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def projected(store: ox.Store) -> dict[str, ox.Store]:
    """Return each projection as a store of its own."""
    found = {}
    for name in NAMES:
        found[name] = ox.Store()
        found[name].extend(
            ox.Quad(t.subject, t.predicate, t.object) for t in projection_files.triples(store, QUERIES[name])
        )
    return found


def test_every_projection_is_questioned() -> None:
    assert sorted(QUESTIONS) == NAMES
    assert all(QUESTIONS.values())


@pytest.mark.parametrize(("name", "question"), [(name, q) for name in QUESTIONS for q in QUESTIONS[name]])
def test_a_projection_answers_as_a_careful_reader_does(
    name: str, question: str, projected: dict[str, ox.Store]
) -> None:
    pattern, expected = QUESTIONS[name][question]
    found = rows(projected[name], f"{PREFIXES} SELECT DISTINCT ?x WHERE {{ {pattern} }}")

    assert {row["x"].value.rpartition("/")[2] if "://" in row["x"].value else row["x"].value for row in found} == {
        value.rpartition("/")[2] if "://" in value else value for value in expected
    }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_projection_has_no_blank_node_and_names_only_what_it_types(
    name: str, projected: dict[str, ox.Store]
) -> None:
    triples = [q.triple for q in projected[name]]
    typed = {t.subject for t in triples if t.predicate.value == str(RDF.type)}
    loose = {t.object for t in triples if isinstance(t.object, ox.NamedNode)} - typed
    ours = {node.value for node in loose if node.value.startswith(ID)}

    assert triples
    assert not [
        t for t in triples if isinstance(t.subject, ox.BlankNode) or isinstance(t.object, ox.BlankNode)
    ]
    if name in ("projection-ric-o", "projection-cidoc-crm"):
        assert ours == set()
    if name == "projection-schema-org":
        assert {iri.removeprefix(ID).partition("/")[0] for iri in ours} == {"series"}


def test_what_beliefs_are_about_is_described_in_the_same_file(projected: dict[str, ox.Store]) -> None:
    both = [q.triple for name in ("projection-cidoc-crm", "projection-crminf") for q in projected[name]]
    typed = {t.subject for t in both if t.predicate.value == str(RDF.type)}
    loose = {t.object.value for t in both if isinstance(t.object, ox.NamedNode)} - {t.value for t in typed}  # type: ignore[union-attr]

    assert {iri for iri in loose if iri.startswith(BASE)} == set()


COUNTS = {
    "a belief has one set of propositions": "?x a crminf:I2_Belief ; crminf:J4_that ?y",
    "a belief is concluded by one argumentation": "?x a crminf:I2_Belief . ?y crminf:J2_concluded_that ?x",
    "an argumentation has an actor": "?x a crminf:I1_Argumentation ; crm:P14_carried_out_by ?y",
    "propositions have a text": "?x a crminf:I4_Proposition_Set ; rdfs:label ?y",
    "a quote stands in one text": "?x a crm:E33_Linguistic_Object ; crm:P165i_is_incorporated_in ?y",
}


@pytest.mark.parametrize("rule", COUNTS)
def test_each_part_of_an_argument_is_complete(rule: str, projected: dict[str, ox.Store]) -> None:
    pattern = COUNTS[rule]
    kind = re.findall(r"a (\w+:\w+)", pattern)[0]
    pairs = rows(projected["projection-crminf"], f"{PREFIXES} SELECT ?x ?y {{ {pattern} }}")
    every = rows(projected["projection-crminf"], f"{PREFIXES} SELECT ?x {{ ?x a {kind} }}")
    found = [row["x"].value for row in pairs]

    assert len(found) > 300
    assert sorted(found) == sorted(row["x"].value for row in every)


def test_strengths_premises_and_topics_lead_to_what_is_there(projected: dict[str, ox.Store]) -> None:
    store = projected["projection-crminf"]
    premises = rows(store, f"{PREFIXES} SELECT ?y {{ ?x crminf:J1_used_as_premise ?y }}")
    beliefs = {row["x"].value for row in rows(store, f"{PREFIXES} SELECT ?x {{ ?x a crminf:I2_Belief }}")}
    named = [row["y"].value for row in premises]

    assert len(named) >= 10
    assert set(named) <= beliefs
    assert not [iri for iri in beliefs if iri.count("#") != 1]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.slow
def test_another_engine_draws_the_same(name: str, graph: build.Build) -> None:
    # One telegram, for rdflib takes half a minute for both.
    layers = [
        q for q in graph.quads if "1962-11-02" not in str(q.graph_name) and "queries" not in str(q.graph_name)
    ]
    store = ox.Store()
    store.extend(layers)
    data = ox.serialize({q.triple for q in layers}, format=ox.RdfFormat.N_TRIPLES)
    other = rdflib.Graph().parse(data=data, format="nt").query(QUERIES[name].text)
    drawn = ox.serialize(projection_files.triples(store, QUERIES[name]), format=ox.RdfFormat.N_TRIPLES)

    assert len(other) > 500
    assert set(other) == set(rdflib.Graph().parse(data=drawn, format="nt"))


def unasserted_quotes(store: ox.Store) -> int:
    """Return the number of quotes from which the curator reads what no passage asserts."""
    kinds = " ".join(f"<{iri}>" for iri in unasserted.CLASSES)
    query = f"SELECT ?a {{ VALUES ?kind {{ {kinds} }} ?s a ?kind ; <{CG}evidence>|<{CG}basedOn> ?a }}"
    return len(list(rows(store, query)))


def test_what_no_passage_asserts_is_in_no_projection(projected: dict[str, ox.Store], store: ox.Store) -> None:
    open_ = unasserted.read(lambda query: rows(store, query))
    named = {
        node.value.partition("#")[0] if name == "projection-crminf" else node.value
        for name, one in projected.items()
        for quad in one
        for node in (quad.subject, quad.object)
        if isinstance(node, ox.NamedNode)
    }
    whole = {iri for iri in open_ if "#" not in iri}

    assert len(whole) > 50
    assert named & whole == set()


def test_each_quote_is_the_text_at_its_place_and_short(
    projected: dict[str, ox.Store], texts: Path, graph: build.Build
) -> None:
    own = [file.read_text(encoding="utf-8") for file in sorted(texts.glob("*.txt"))]
    found = rows(
        projected["projection-web-annotation"],
        f"{PREFIXES} SELECT ?exact ?start ?end ?text {{ ?target oa:hasSource ?text ; oa:hasSelector [ oa:exact ?exact ] , "
        "[ oa:start ?start ; oa:end ?end ] }",
    )
    quotes = [
        (row["text"].value, row["exact"].value, int(row["start"].value), int(row["end"].value))
        for row in found
    ]
    lengths = {row["r"].value: int(row["n"].value) for row in rows(
        build.store_of(graph), "SELECT ?r ?n { ?r <https://w3id.org/cablegraph/ontology#textLength> ?n }")}  # fmt: skip
    of = {name: text for name, length in lengths.items() for text in own if len(text) == length}

    assert len(quotes) == graph.anchors.anchors - unasserted_quotes(build.store_of(graph))
    assert {text for text, *_ in quotes} == set(of)
    assert [quote for quote in quotes if of[quote[0]][quote[2] : quote[3]] != quote[1]] == []
    assert max(len(exact.split()) for _, exact, *_ in quotes) <= 10


ROW = re.compile(r"^\| `(\w+)` \| (.+) \| .+ \|$", re.MULTILINE)
VOCABULARIES = {"dc": DC, "dcterms": DCTERMS, "rdf": RDF, "rdfs": RDFS, "schema": SDO, "skos": SKOS}


def foreign() -> set[str]:
    """Return the terms that the projections use and that are not ours, written with their prefix."""
    found = set()
    for name in NAMES:
        for prefix, space in prefixes(QUERIES[name].text).items():
            if "cablegraph" not in space and prefix != "xsd":
                used = (iri for iri in iris_named(QUERIES[name].text) if iri.startswith(space))
                found |= {f"{prefix}:{iri.removeprefix(space)}" for iri in used}
    return found


def test_the_table_names_each_foreign_term_that_is_used_and_no_other() -> None:
    listed = [
        f"{prefix}:{term}"
        for prefix, terms in ROW.findall(README)
        for term in re.findall(r"`(\w[\w-]*)`", terms)
    ]

    assert len(listed) == len(set(listed)) >= 140
    assert set(listed) == foreign()


def test_what_a_projection_draws_is_in_the_table_too(projected: dict[str, ox.Store]) -> None:
    spaces = {space: prefix for name in NAMES for prefix, space in prefixes(QUERIES[name].text).items()}
    drawn = set()
    for store in projected.values():
        for quad in store:
            kinds = [quad.object.value] if quad.predicate.value == str(RDF.type) else []  # type: ignore[union-attr]
            drawn |= {*kinds, quad.predicate.value} - {str(RDF.type)}
    short = {
        f"{spaces[iri[:cut]]}:{iri[cut:]}"
        for iri in drawn
        for cut in [max(iri.rfind("/"), iri.rfind("#")) + 1]
    }

    assert len(short) > 130
    assert short <= foreign()


@pytest.mark.parametrize("prefix", VOCABULARIES)
def test_a_term_that_rdflib_can_check_exists(prefix: str) -> None:
    known = VOCABULARIES[prefix]
    used = [term.partition(":")[2] for term in foreign() if term.startswith(f"{prefix}:")]

    assert used
    assert [term for term in used if URIRef(str(known) + term) not in known] == []


def test_a_query_of_another_form_is_no_projection(store: ox.Store) -> None:
    with pytest.raises(TypeError, match="who-is-who"):
        projection_files.triples(store, QUERIES["who-is-who"])
