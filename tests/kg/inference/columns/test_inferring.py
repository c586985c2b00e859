"""Closure over columns against the reference: owlrl and the store's rules, on real and on random graphs."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import build
from kg.inference import closure, rules
from kg.inference.columns import inferring
from kg.inference.columns.graph_closing import Closing
from kg.inference.columns.inferring import Drawn
from kg.inference.reasoner import Reasoner
from kg.inference.rules import Rule
from kg.namespaces import CG, GRAPH, ID, RDF, XSD, is_inferred, layer_name
from kg.reading.ontology import ONTOLOGY_GRAPH, Ontology
from kg.reading.ontology import load as load_ontology

GRAPHS = tuple(f"{GRAPH}{name}" for name in ("shared", "links", "telegram/a", "telegram/b"))
SHARED = [
    f"{ID}{name}"
    for name in ("actor/p", "actor/q", "event/e", "issue/i", "issue/j", "document/d", "series/s")
]
OWN = [
    f"{ID}telegram/{name}{part}"
    for name in "ab"
    for part in ("", "/s", "/t", "/anchor", "/passage", "/text", "/date")
]
VALUES = {
    "certainty": [f"{ID}certainty/{name}" for name in ("certain", "probable", "found", "possible")],
    "voice": [f"{ID}voice/{name}" for name in ("writer", "header", "curator", "reference-note", "editor")],
    "precision": [f"{ID}precision/{name}" for name in ("day", "hour", "minute")],
    "mode": [f"{ID}mode/{name}" for name in ("spoke", "absent", "silent")],
    "holding": [f"{ID}holding/{name}" for name in ("held", "existence-denied")],
    "property": [f"{CG}{name}" for name in ("eventStatus", "when", "sender", "memberOf")],
}
TOLD = f"the path <{CG}value>+ is not compiled"
LINKS = (
    *(
        "evidence",
        "inPassage",
        "passageOf",
        "renders",
        "heldBy",
        "about",
        "value",
        "embeds",
        "when",
        "favours",
    ),
    *("opposes", "partlyOpposes", "onIssue", "voicedAt", "broader", "attestedIn", "spokenBy", "participant"),
    *("atEvent", "repliesTo", "laterThan", "mentions", "searchedIn", "numberOf", "inSeries", "seriesFrom"),
    *(
        "contradicts",
        "officeHolder",
        "ofOffice",
        "tookPartIn",
        "absentFrom",
        "spokeAt",
        "silentAt",
        "basedOn",
    ),
)
KINDS = (
    "Fact",
    "Belief",
    "Participation",
    "Reference",
    "TimeExtent",
    "Person",
    "Group",
    "Document",
    "Event",
    "Omission",
)


@pytest.fixture(scope="module")
def ontology(sources: build.Collection) -> Ontology:
    return load_ontology(sources.ontology)


@pytest.fixture(scope="module")
def own_rules(sources: build.Collection) -> list[Rule]:
    return rules.load(sources.queries / "rules")


@pytest.fixture(scope="module")
def closing(ontology: Ontology, own_rules: list[Rule]) -> Closing:
    return inferring.closing(Reasoner(ontology), own_rules)


def lines(quads: Iterable[ox.Quad]) -> list[str]:
    return sorted(f"{q.subject} {q.predicate} {q.object} {q.graph_name} .\n" for q in quads)


def test_axioms_and_rules_of_the_project_are_covered(closing: Closing) -> None:
    assert [len(closing.stages[stage]) for stage in rules.STAGES[:3]] == [10, 6, 2]


def test_owlrl_and_the_store_draw_from_the_real_graph_what_its_build_drew(
    graph: build.Build, own_rules: list[Rule]
) -> None:
    other = {"meta", "queries", "ontology"}
    names = {q.graph_name.value for q in graph.quads if isinstance(q.graph_name, ox.NamedNode)}
    stated = {name for name in names if not is_inferred(name) and layer_name(name) not in other}

    data = (q for q in graph.quads if str(q.graph_name)[1:-1] in stated)
    expected, excluded = reference(data, graph.schema, own_rules)

    assert lines(q for q in graph.quads if is_inferred(str(q.graph_name)[1:-1])) == expected
    assert excluded == set()


def compiled(quads: Iterable[ox.Quad], ontology: Ontology, closing: Closing) -> Drawn:
    graphs = inferring.Graphs.of(quads, ontology)
    drawn = Drawn.of(graphs)
    inferring.infer(drawn, graphs, closing)
    return drawn


def literals() -> st.SearchStrategy[tuple[str, ox.Literal]]:
    instants = [f"1962-10-{day}T0{day % 10}:00:00-05:00" for day in (22, 23, 24)]
    dates = st.sampled_from([ox.Literal(text, datatype=ox.NamedNode(XSD.dateTime)) for text in instants])
    numbers = st.integers(1, 4).map(lambda n: ox.Literal(str(n), datatype=ox.NamedNode(XSD.integer)))
    return st.one_of(
        st.tuples(st.sampled_from(["earliest", "latest"]), dates),
        st.tuples(st.sampled_from(["numberFrom", "numberTo"]), numbers),
    )


def nodes(names: Iterable[str]) -> st.SearchStrategy[ox.NamedNode]:
    return st.sampled_from([ox.NamedNode(name) for name in names])


def statements() -> st.SearchStrategy[list[ox.Quad]]:
    """Return random graphs: links among things, words of lists, types, instants and numbers."""
    links = st.tuples(st.sampled_from(LINKS), nodes([*SHARED, *OWN]))
    words = st.one_of(*(st.tuples(st.just(key), nodes(names)) for key, names in VALUES.items()))
    types = st.tuples(st.just(""), nodes(f"{CG}{kind}" for kind in KINDS))
    said = st.one_of(links, links, words, types, literals())
    return st.lists(st.builds(quad, nodes([*SHARED, *OWN, *OWN]), said, st.sampled_from(GRAPHS)), max_size=90)


def quad(subject: ox.NamedNode, said: tuple[str, ox.NamedNode | ox.Literal], graph: str) -> ox.Quad:
    return ox.Quad(
        subject, ox.NamedNode(f"{CG}{said[0]}" if said[0] else RDF.type), said[1], ox.NamedNode(graph)
    )


def reference(
    quads: Iterable[ox.Quad], ontology: Ontology, own_rules: list[Rule]
) -> tuple[list[str], set[frozenset[str]]]:
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object, ONTOLOGY_GRAPH) for t in ontology.triples)
    store.extend(quads)
    inferred = closure.infer(store, Reasoner(ontology), own_rules, lambda _: None)
    clashes = inferred.contradictions
    return lines(inferred.quads), {frozenset({str(c.one.triple), str(c.other.triple)}) for c in clashes}


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(quads=statements())
def test_random_graphs_get_the_same_quads_and_contradictions(
    quads: list[ox.Quad], ontology: Ontology, own_rules: list[Rule], closing: Closing
) -> None:
    quads = list(dict.fromkeys(quads))
    expected, excluded = reference(quads, ontology, own_rules)

    drawn = compiled(quads, ontology, closing)

    assert sorted(inferring.lines(drawn.graphs)) == expected
    assert pairs(drawn) == excluded


def pairs(drawn: Drawn) -> set[frozenset[str]]:
    return {frozenset(" ".join(triple) for triple in pair) for pair in drawn.clashes}


@pytest.mark.parametrize("covered", [True, False])
def test_what_is_not_covered_is_left_to_owlrl_and_told(
    covered: bool, ontology: Ontology, own_rules: list[Rule]
) -> None:
    text = f"CONSTRUCT {{ ?s <{CG}about> ?o }} WHERE {{ ?s <{CG}value>{'' if covered else '+'} ?o }}"
    more = Rule("more", "before", "More", "For a test.", text)
    said: list[str] = []
    names = [ox.NamedNode(f"{ID}event/{name}") for name in "abc"]
    value, graph = ox.NamedNode(f"{CG}value"), ox.NamedNode(f"{GRAPH}telegram/a")
    graphs = inferring.Graphs.of([ox.Quad(names[0], value, names[1], graph)], ontology)
    drawn = Drawn.of(graphs)

    inferring.infer_into(drawn, graphs, Reasoner(ontology), [*own_rules, more], said.append)

    assert f"<{names[0].value}> <{CG}about> <{names[1].value}>" in {
        " ".join(triple) for triple in drawn.graphs[f"<{GRAPH}inferred/telegram/a>"]
    }
    assert said == ([] if covered else [f"owlrl and the store draw what follows, which takes long: {TOLD}"])
