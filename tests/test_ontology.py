"""The ontology in itself and against everything that uses it: declared once, used, labelled, well-formed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.build import Build
from kg.namespaces import PREFIXES
from kg.store import sparql
from kg.terms import value

ROOT = Path(__file__).parents[1]
CG, ID, OWL, RDF, RDFS, SKOS = (PREFIXES[p] for p in ("cg", "id", "owl", "rdf", "rdfs", "skos"))
HOME = "https://w3id.org/cablegraph/ontology"
SH = "http://www.w3.org/ns/shacl#"
Triples = list[ox.Triple]

# Foreign terms that the alignment may name; each was looked up in the vocabulary's own file.
FOREIGN = {
    "http://purl.org/dc/terms/": {"references"},
    "http://purl.org/ontology/bibo/": {"translator"},
    "http://purl.org/spar/cito/": {"cites", "repliesTo"},
    "http://schema.org/": {"Claim", "Message", "recipient", "sender"},
    "http://semanticweb.cs.vu.nl/2009/11/sem/": {
        *("Event", "Place", "accordingTo", "hasEarliestBeginTimeStamp", "hasLatestEndTimeStamp", "hasPlace"),
        "subEventOf",
    },
    "http://www.w3.org/2004/02/skos/core#": {"Concept", "broader"},
    "http://www.w3.org/ns/oa#": {"SpecificResource"},
    "http://www.w3.org/ns/org#": {"Membership", "Post", "holds"},
    "http://www.w3.org/ns/prov#": {
        *(
            "Activity",
            "Agent",
            "Entity",
            "Organization",
            "Person",
            "hadPrimarySource",
            "wasAttributedTo",
        ),
    },
    "https://www.ica.org/standards/RiC/ontology#": {
        *("Agent", "CorporateBody", "Event", "Group", "Identifier", "Instantiation", "Person", "Record"),
        *("followsInTime", "hasAddressee", "hasSender", "isReplyTo"),
    },
}
# What owlrl gets wrong or what would bring other people's claims into the graph.
REFUSED = {
    "hasKey",
    "sameAs",
    "imports",
    "AllDifferent",
    "AllDisjointProperties",
    "hasSelf",
    "FunctionalProperty",
}


def parsed(files: Iterable[Path]) -> Triples:
    return [q.triple for file in sorted(files) for q in ox.parse(file.read_bytes(), ox.RdfFormat.TURTLE)]


@pytest.fixture(scope="module")
def ontology() -> Triples:
    return parsed([ROOT / "ontology" / "telegrams.ttl", ROOT / "ontology" / "concepts.ttl"])


@pytest.fixture(scope="module")
def retired() -> Triples:
    return parsed([ROOT / "ontology" / "retired.ttl"])


@pytest.fixture(scope="module")
def alignment() -> Triples:
    return parsed([ROOT / "ontology" / "alignment.ttl"])


@pytest.fixture(scope="module")
def others() -> Triples:
    return parsed([ROOT / "ontology" / "others.ttl"])


@pytest.fixture(scope="module")
def shapes() -> Triples:
    return parsed((ROOT / "shapes").rglob("*.ttl"))


def objects(triples: Triples, subject: str, predicate: str) -> list[str]:
    return [
        value(t.object) for t in triples if value(t.subject) == subject and t.predicate.value == predicate
    ]


def pairs(triples: Triples, predicate: str) -> list[tuple[str, str]]:
    return [(value(t.subject), value(t.object)) for t in triples if t.predicate.value == predicate]


def typed(triples: Triples, *kinds: str) -> list[str]:
    return [s for s, o in pairs(triples, f"{RDF}type") if o in {OWL + kind for kind in kinds}]


def classes(triples: Triples) -> list[str]:
    return [c for c in typed(triples, "Class") if c.startswith(CG)]


def properties(triples: Triples) -> list[str]:
    return typed(triples, "ObjectProperty", "DatatypeProperty")


def members(triples: Triples, head: str) -> list[str]:
    """Return the members of an RDF list; fails if a node has not exactly one first and one rest."""
    found = []
    while head != f"{RDF}nil":
        (first,), (rest,) = objects(triples, head, f"{RDF}first"), objects(triples, head, f"{RDF}rest")
        found.append(first)
        head = rest
        assert len(found) < 50
    return found


def chains(triples: Triples) -> list[tuple[str, list[str]]]:
    """Return each chain as its conclusion and its links; an anonymous inverse is named by its property."""
    inverse = dict(pairs(triples, f"{OWL}inverseOf"))
    found = pairs(triples, f"{OWL}propertyChainAxiom")
    return [(head, [inverse.get(m, m) for m in members(triples, first)]) for head, first in found]


def drawn() -> set[str]:
    """Return the properties in the conclusions of the CONSTRUCT rules."""
    files = sorted((ROOT / "queries" / "rules").rglob("*.rq"))
    assert len(files) >= 8
    heads = [
        re.search(r"CONSTRUCT\s*\{(.*?)\}", file.read_text(encoding="utf-8"), re.DOTALL) for file in files
    ]
    return {CG + name for head in heads if head for name in re.findall(r"cg:(\w+)", head[1])}


def test_each_term_is_declared_once_and_has_one_kind(ontology: Triples) -> None:
    terms = Counter(classes(ontology) + properties(ontology))

    assert terms
    assert [term for term, times in terms.items() if times > 1] == []


def test_each_term_that_is_used_is_declared(
    ontology: Triples, retired: Triples, shapes: Triples, graph: Build
) -> None:
    declared = {*classes(ontology), *properties(ontology)}
    set_aside = set(retired)
    files = [
        *(ROOT / "queries").rglob("*.rq"),
        *(ROOT / "shapes").rglob("*.ttl"),
        *(ROOT / "kg").glob("*.py"),
    ]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    used = {
        "context": {key.iri for key in graph.schema.keys.values() if key.iri.startswith(CG)},
        "text": {CG + name for name in re.findall(r"(?:\bcg:|\bCG\.)(\w+)", text)},
        "axioms": {v for t in ontology for v in map(value, t) if v.startswith(CG)} - {CG},
        "shapes": {v for t in shapes for v in map(value, t) if v.startswith(CG)} - {CG},
        "graph": {
            v
            for q in graph.quads
            for v in map(value, q.triple)
            if v.startswith(CG) and q.triple not in set_aside
        }
        - {CG},
    }

    assert min(map(len, used.values())) > 40
    assert {name: sorted(found - declared) for name, found in used.items() if found - declared} == {}


def test_each_term_and_list_value_is_named_in_three_languages(ontology: Triples) -> None:
    """Shapes ask for English alone, so that a collection may add values in the languages that it has."""
    named = {name for p in (f"{RDFS}label", f"{SKOS}prefLabel") for name, _ in pairs(ontology, p)}
    lacking = {
        name
        for name in named
        for language in ("en", "ru", "es")
        if not any(
            value(t.subject) == name and isinstance(t.object, ox.Literal) and t.object.language == language
            for t in ontology
        )
    }

    assert len(named) > 250
    assert lacking == set()


# The size of the ontology on 26 November 2026, which later versions do not exceed.
LARGEST = {"classes": 51, "properties": 122}


def test_the_ontology_stays_small(ontology: Triples) -> None:
    assert len(classes(ontology)) <= LARGEST["classes"]
    assert len(properties(ontology)) <= LARGEST["properties"]


def test_a_retired_term_is_marked_and_leads_to_what_replaces_it(ontology: Triples, retired: Triples) -> None:
    terms = typed(retired, "DeprecatedClass", "DeprecatedProperty")
    declared = {*classes(ontology), *properties(ontology)}

    assert len(terms) > 15
    assert not set(terms) & declared
    for term in terms:
        assert objects(retired, term, f"{OWL}deprecated") == ["true"]
        (successor,) = objects(retired, term, f"{PREFIXES['dcterms']}isReplacedBy")
        assert successor in declared or not successor.startswith(CG)
        assert objects(retired, term, f"{RDFS}label")
        assert objects(retired, term, f"{SKOS}changeNote")


def test_each_property_is_written_in_records_or_drawn_by_an_axiom_or_rule(
    ontology: Triples, graph: Build
) -> None:
    stated = parsed((ROOT / "shapes" / "stated").rglob("*.ttl"))
    written = {target for _, target in pairs(stated, f"{SH}path")}
    # What the key `property` of a Fact or a date may name, and what a mode stands for.
    named = {m for _, head in pairs(stated, f"{SH}in") for m in members(stated, head)}
    named |= {target for _, target in pairs(ontology, f"{CG}shortcut")} | {f"{CG}shortcut"}
    inferred = {head for head, _ in chains(ontology)} | drawn()
    inferred |= {target for _, target in pairs(ontology, f"{RDFS}subPropertyOf")}

    assert set(properties(ontology)) <= {key.iri for key in graph.schema.keys.values()}
    assert sorted(set(properties(ontology)) - written - named - inferred) == []


def test_each_class_is_a_type_of_a_record_or_an_inferred_or_abstract_one(
    ontology: Triples, graph: Build
) -> None:
    types = {value(q.object) for q in graph.quads if q.predicate.value == f"{RDF}type"}
    targets = {target for _, target in pairs(parsed((ROOT / "shapes").rglob("*.ttl")), f"{SH}targetClass")}

    assert sorted(set(classes(ontology)) - types - targets) == []


HEADER = {
    "title": f"{PREFIXES['dcterms']}title",
    "description": f"{PREFIXES['dcterms']}description",
    "creator": f"{PREFIXES['dcterms']}creator",
    "licence": f"{PREFIXES['dcterms']}license",
    "created": f"{PREFIXES['dcterms']}created",
    "modified": f"{PREFIXES['dcterms']}modified",
    "citation": f"{PREFIXES['dcterms']}bibliographicCitation",
    "prefix": "http://purl.org/vocab/vann/preferredNamespacePrefix",
    "namespace": "http://purl.org/vocab/vann/preferredNamespaceUri",
    "status": "http://purl.org/ontology/bibo/status",
    "version": f"{OWL}versionInfo",
    "version IRI": f"{OWL}versionIRI",
}


def test_the_header_says_what_the_ontology_is(ontology: Triples) -> None:
    said = {name: objects(ontology, HOME, predicate) for name, predicate in HEADER.items()}

    assert [name for name, found in said.items() if len(found) != 1] == []
    assert (said["prefix"], said["namespace"]) == (["cg"], [CG])
    assert said["version IRI"] == [f"{HOME}/{said['version'][0]}"]
    assert said["version"][0] in said["citation"][0]
    assert said["created"][0] <= said["modified"][0]
    assert said["licence"] == ["https://creativecommons.org/licenses/by/4.0/"]


def labels(triples: Triples, predicate: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for t in triples:
        if t.predicate.value == predicate and isinstance(t.object, ox.Literal):
            language = t.object.language or ""
            own = found.setdefault(value(t.subject), {})
            assert language not in own, f"{t.subject} has two labels in {language}"
            own[language] = t.object.value
    return found


def labelled(triples: Triples) -> dict[str, dict[str, str]]:
    return {**labels(triples, f"{RDFS}label"), **labels(triples, f"{SKOS}prefLabel")}


def test_each_term_and_concept_has_a_label_in_three_languages(ontology: Triples) -> None:
    concepts = [
        s for s, o in pairs(ontology, f"{RDF}type") if o in (f"{SKOS}Concept", f"{SKOS}ConceptScheme")
    ]
    terms = [HOME, *classes(ontology), *properties(ontology), *concepts]
    found = labelled(ontology)

    assert len(concepts) > 100
    assert [term for term in terms if set(found.get(term, {})) != {"en", "ru", "es"}] == []


def test_each_property_of_others_that_records_use_has_a_label_in_three_languages(
    others: Triples, graph: Build
) -> None:
    own = (CG, RDF, RDFS, SKOS, "@")  # SKOS and RDFS themselves are of the tools that show labels
    used = {key.iri for key in graph.schema.keys.values() if not key.iri.startswith(own)}
    found = labels(others, f"{RDFS}label")

    assert f"{PREFIXES['schema']}funder" in used
    assert set(found) == used
    assert [term for term, by_language in found.items() if set(by_language) != {"en", "ru", "es"}] == []
    assert {t.predicate.value for t in others} == {f"{RDFS}label"}


def test_a_property_that_a_fact_or_a_reading_states_has_a_label(store: ox.Store) -> None:
    nameless = (
        f"SELECT DISTINCT ?p {{ ?s <{CG}property> ?p FILTER NOT EXISTS {{ ?p <{RDFS}label> ?label }} }}"
    )

    assert list(sparql.rows(store, nameless)) == []


def test_labels_are_in_the_language_that_they_claim(ontology: Triples) -> None:
    wrong = []
    for term, own in labelled(ontology).items():
        cyrillic = {language for language, text in own.items() if re.search("[а-яё]", text, re.IGNORECASE)}
        wrong += [term] if cyrillic != {"ru"} else []

    assert wrong == []


def test_no_two_classes_or_properties_share_a_label(ontology: Triples) -> None:
    for terms in (classes(ontology), properties(ontology)):
        for language in ("en", "ru", "es"):
            times = Counter(labelled(ontology)[term][language] for term in terms)
            assert [label for label, count in times.items() if count > 1] == []


def test_each_term_has_one_definition_that_is_no_label_an_example_and_its_home(ontology: Triples) -> None:
    found = labelled(ontology)
    for term in (*classes(ontology), *properties(ontology)):
        (definition,) = objects(ontology, term, f"{SKOS}definition")
        assert definition.endswith(".")
        assert definition.lower().rstrip(".") != found[term]["en"].lower()
        assert objects(ontology, term, f"{SKOS}example")
        assert objects(ontology, term, f"{RDFS}isDefinedBy") == [HOME]


def test_no_two_terms_have_the_same_definition(ontology: Triples) -> None:
    times = Counter(text for s, text in pairs(ontology, f"{SKOS}definition"))

    assert [text for text, count in times.items() if count > 1] == []


def test_names_follow_one_convention(ontology: Triples) -> None:
    assert [c for c in classes(ontology) if not re.fullmatch(r"([A-Z][a-z]+)+", c.removeprefix(CG))] == []
    assert [
        p for p in properties(ontology) if not re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", p.removeprefix(CG))
    ] == []


def above(triples: Triples, predicate: str, term: str) -> set[str]:
    """Return `term` and what stands above it in the tree; fails on a cycle."""
    found, level = {term}, {term}
    while level:
        level = {o for s, o in pairs(triples, predicate) if s in level}
        assert term not in level, f"{term} stands above itself"
        found |= level
    return found


def test_the_trees_have_no_cycles(ontology: Triples) -> None:
    for term in classes(ontology):
        above(ontology, f"{RDFS}subClassOf", term)
    for term in properties(ontology):
        above(ontology, f"{RDFS}subPropertyOf", term)


@pytest.mark.parametrize("end", ["domain", "range"])
def test_a_property_has_one_domain_and_range_at_most_within_those_above_it(
    end: str, ontology: Triples
) -> None:
    own = {p: objects(ontology, p, RDFS + end) for p in properties(ontology)}
    known = {*classes(ontology), f"{SKOS}Concept"}
    sub = pairs(ontology, f"{RDFS}subPropertyOf")
    clashes = [
        (low, high)
        for low, high in sub
        for wide in own[high]
        if not own[low] or wide not in above(ontology, f"{RDFS}subClassOf", own[low][0])
    ]

    assert [p for p, found in own.items() if len(found) > 1 or not set(found) <= known] == []
    assert clashes == []


@pytest.mark.parametrize("end", ["domain", "range"])
def test_each_subject_and_object_in_the_real_graph_is_of_the_class_that_its_property_wants(
    end: str, ontology: Triples, graph: Build
) -> None:
    wanted = dict(pairs(ontology, RDFS + end))
    triples = {q.triple for q in graph.quads}
    types = {(value(t.subject), value(t.object)) for t in triples if t.predicate.value == f"{RDF}type"}
    wrong = [
        f"{t.subject} {t.predicate}"
        for t in triples
        if (thing := value(t.subject if end == "domain" else t.object))
        and (kind := wanted.get(t.predicate.value))
        and (thing, kind) not in types
    ]

    assert len(wanted) > 70
    assert wrong == []


def test_each_property_and_class_is_used_in_the_real_graph(ontology: Triples, graph: Build) -> None:
    used = {q.predicate.value for q in graph.quads}
    used |= {value(q.object) for q in graph.quads if q.predicate.value == f"{RDF}type"}

    assert sorted({*classes(ontology), *properties(ontology)} - used) == []


def test_chains_are_lists_of_two_or_more_known_object_properties(ontology: Triples) -> None:
    found = chains(ontology)
    known = set(typed(ontology, "ObjectProperty"))

    assert len(found) >= 4
    assert [
        head for head, links in found if head not in known or len(links) < 2 or not set(links) <= known
    ] == []


def test_all_disjoint_classes_are_a_list_of_classes_none_above_another(ontology: Triples) -> None:
    lists = [members(ontology, head) for _, head in pairs(ontology, f"{OWL}members")]

    assert len(lists) == 2
    for found in lists:
        assert set(found) <= set(classes(ontology))
        assert len(found) == len(set(found)) > 1
        for one in found:
            assert above(ontology, f"{RDFS}subClassOf", one) & set(found) == {one}


def test_each_list_node_belongs_to_a_list_that_is_used(ontology: Triples) -> None:
    heads = [h for p in ("propertyChainAxiom", "members") for _, h in pairs(ontology, OWL + p)]
    length = sum(len(members(ontology, head)) for head in heads)

    assert length == len(pairs(ontology, f"{RDF}first")) == len(pairs(ontology, f"{RDF}rest"))


def test_what_owlrl_gets_wrong_is_not_used(ontology: Triples, alignment: Triples) -> None:
    used = {v.removeprefix(OWL) for t in (*ontology, *alignment) for v in map(value, t) if v.startswith(OWL)}

    assert used & REFUSED == set()
    assert {"propertyDisjointWith", "AllDisjointClasses", "propertyChainAxiom"} <= used


def test_disjoint_properties_are_simple(ontology: Triples) -> None:
    # OWL 2 structural specification, section 11.1: a property is composite when it is transitive, when it
    # follows from a chain, or when one below it is; disjointness is for the others.
    composite = {head for head, _ in chains(ontology)} | set(typed(ontology, "TransitiveProperty"))
    for low in list(composite):
        composite |= above(ontology, f"{RDFS}subPropertyOf", low)
    disjoint = pairs(ontology, f"{OWL}propertyDisjointWith")

    assert disjoint
    assert [pair for pair in disjoint if set(pair) & composite] == []


def test_the_alignment_only_says_what_is_a_kind_of_what(alignment: Triples, ontology: Triples) -> None:
    tree = {f"{RDFS}subClassOf": set(classes(ontology)), f"{RDFS}subPropertyOf": set(properties(ontology))}
    foreign = {namespace + name for namespace, names in FOREIGN.items() for name in names}

    assert len(alignment) > 35
    for t in alignment:
        assert value(t.subject) in tree[t.predicate.value]
    assert {value(t.object) for t in alignment} == foreign


def test_a_class_is_aligned_to_classes_and_a_property_to_properties(alignment: Triples) -> None:
    for t in alignment:
        name = re.split(r"[/#]", value(t.object))[-1]
        assert name[0].isupper() == t.predicate.value.endswith("subClassOf")


def test_the_published_ontology_has_no_blank_node(graph: Build) -> None:
    layer = [q for q in graph.quads if str(q.graph_name).endswith("/graph/ontology>")]

    assert len(layer) > 2000
    assert [
        q for q in layer if isinstance(q.subject, ox.BlankNode) or isinstance(q.object, ox.BlankNode)
    ] == []
    assert len([q for q in layer if "/.well-known/genid/" in str(q.subject)]) > 50
