"""The service describes itself (SPARQL 1.1 Service Description), and tells its health."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, Quad, QuerySolutions, RdfFormat, Store, parse

from kg.asking.questions import saved_queries
from kg.namespaces import PREFIXES
from kg.resources import folder
from kg.store.layers import LICENCE
from kg.store.statistics import NOT_COUNTED, Statistics
from server import create_app
from server.data.describing import service_description
from server.data.describing.service_description import ServiceFacts
from server.engine.evaluation.sorted_graphs import write_triples
from server.site.other_services import Services
from server.web.formats import GRAPHS, RESULTS
from server.web.sparql_protocol import QUERY_LIMIT
from server.web.vocabulary import KNOWN

from ..linked import BASE, LIMITS, load, service, sizes
from ..pools import open_pool
from ..talking import problem

# SPARQL 1.1 Service Description section 2: a GET without a query.

SYNTAXES = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/n-quads": RdfFormat.N_QUADS,
    "application/trig": RdfFormat.TRIG,
}


@pytest.mark.parametrize("accept", [*SYNTAXES, None])
def test_the_service_describes_itself(client: FlaskClient, accept: str | None) -> None:
    response = client.get("/sparql", headers={"Accept": accept} if accept else {})
    syntax = SYNTAXES[accept or "text/turtle"]
    found = {
        (quad.predicate.value.partition("#")[2], quad.object.value)
        for quad in parse(response.data, syntax)
        if quad.subject.value == "http://localhost/sparql" and hasattr(quad.object, "value")
    }
    sd = "http://www.w3.org/ns/sparql-service-description#"

    assert response.mimetype == (accept or "text/turtle")
    assert {
        ("type", f"{sd}Service"),
        ("endpoint", "http://localhost/sparql"),
        ("feature", f"{sd}UnionDefaultGraph"),
        ("supportedLanguage", f"{sd}SPARQL11Query"),
        ("resultFormat", "http://www.w3.org/ns/formats/SPARQL_Results_JSON"),
        ("resultFormat", "http://www.w3.org/ns/formats/Turtle"),
        ("label", "test graph"),
    } <= found
    assert not any("BasicFederatedQuery" in value or "DereferencesURIs" in value for _, value in found)


def test_the_description_can_be_had_by_name_and_not_in_other_formats(client: FlaskClient) -> None:
    assert client.get("/sparql?format=nt").mimetype == "application/n-triples"
    problem(client.get("/sparql", headers={"Accept": "text/csv"}), 406, "not-acceptable")
    problem(client.get("/sparql?format=csv"), 406, "not-acceptable")


W3C_FORMATS = {
    "SPARQL_Results_JSON": "application/sparql-results+json",
    "SPARQL_Results_XML": "application/sparql-results+xml",
    "SPARQL_Results_CSV": "text/csv",
    "SPARQL_Results_TSV": "text/tab-separated-values",
    "Turtle": "text/turtle",
    "N-Triples": "application/n-triples",
    "RDF_XML": "application/rdf+xml",
    "JSON-LD": "application/ld+json",
    "N-Quads": "application/n-quads",
    "TriG": "application/trig",
}
SD = """
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX ext: <http://ldf.fi/void-ext#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
PREFIX dcterms: <http://purl.org/dc/terms/>
"""


@pytest.fixture(scope="module")
def linked() -> Iterator[FlaskClient]:
    with service() as client:
        yield client


@pytest.fixture(scope="module")
def described(linked: FlaskClient) -> Store:
    store = Store()
    store.load(linked.get("/sparql").data, RdfFormat.TURTLE)
    return store


@pytest.fixture(scope="module")
def followed(linked: FlaskClient, described: Store) -> Store:
    """The service description with what it links to."""
    store = Store()
    store.extend(described)
    for (at,) in rows(described, "SELECT ?at { ?service a sd:Service ; rdfs:seeAlso ?at }"):
        store.load(linked.get(at.removeprefix("http://localhost")).data, RdfFormat.TURTLE)
    return store


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    found = store.query(SD + query)
    assert isinstance(found, QuerySolutions)
    return sorted(tuple(term.value if term else "" for term in row) for row in found)


# Section 3: what is said is true.


def test_the_formats_are_those_that_are_written(linked: FlaskClient, described: Store) -> None:
    """The names are those of https://www.w3.org/ns/formats/."""
    found = {row[0] for row in rows(described, "SELECT ?f { ?service sd:resultFormat ?f }")}

    assert found == {f"http://www.w3.org/ns/formats/{name}" for name in W3C_FORMATS}
    for media_type in W3C_FORMATS.values():
        query = "ASK%7B%7D" if media_type in RESULTS else "DESCRIBE%3Ca:a%3E"
        answer = linked.get(f"/sparql?query={query}", headers={"Accept": media_type})
        assert (answer.status_code, answer.mimetype) == (200, media_type)


def test_the_graphs_are_named_and_counted(linked: FlaskClient, described: Store) -> None:
    found = rows(
        described,
        """SELECT ?name ?n { ?service a sd:Service ; sd:defaultDataset/sd:namedGraph ?named .
        ?named a sd:NamedGraph ; sd:name ?name ; sd:graph/void:triples ?n }""",
    )

    assert dict(found) == {graph: str(size) for graph, size in sizes().items()}
    for graph, size in found:
        query = quote(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
        assert linked.get(f"/sparql?format=csv&query={query}").text.split() == ["n", size]


def test_the_default_graph_is_told_to_be_the_union_as_it_is(linked: FlaskClient, described: Store) -> None:
    (size,) = rows(described, "SELECT ?n { ?service sd:defaultDataset/sd:defaultGraph/void:triples ?n }")
    query = quote("SELECT (COUNT(*) AS ?n) { SELECT DISTINCT * { ?s ?p ?o } }")
    answer = linked.get(f"/sparql?format=csv&query={query}")

    assert int(size[0]) > max(sizes().values())
    assert answer.text.split() == ["n", *size]
    assert rows(described, "SELECT ?service { ?service sd:feature sd:UnionDefaultGraph }")


def test_no_entailment_is_claimed_beyond_what_is_written_out(described: Store) -> None:
    simple = "http://www.w3.org/ns/entailment/Simple"
    regimes = rows(described, "SELECT ?regime { ?x sd:defaultEntailmentRegime|sd:entailmentRegime ?regime }")
    inferred = rows(
        described,
        "SELECT ?g ?from { ?g a sd:Graph ; <http://www.w3.org/ns/prov#wasDerivedFrom> ?from }",
    )

    assert {regime for (regime,) in regimes} == {simple}
    assert inferred == [(f"{BASE}graph/inferred/telegram/t", f"{BASE}graph/telegram/t")]


def test_limits_version_and_licence_are_told(described: Store) -> None:
    limits = dict(
        rows(
            described,
            "SELECT ?what ?most { ?s schema:additionalProperty [ schema:name ?what ; schema:maxValue ?most ] }",
        )
    )

    assert limits == {
        "query time": f"{LIMITS.timeout:g}",
        "query memory": str(LIMITS.memory),
        "query length": str(QUERY_LIMIT),
        "answer size": str(LIMITS.result),
        "queries at once": str(LIMITS.workers),
    }
    assert rows(
        described, "SELECT ?v ?l { ?s a sd:Service ; dcterms:hasVersion ?v ; dcterms:license ?l }"
    ) == [("v1", LICENCE)]


def test_federation_is_claimed_where_the_operator_allows_it(described: Store) -> None:
    allowed = "https://query.wikidata.org/sparql"
    with open_pool(load, LIMITS) as pool:
        app = create_app(pool, data_version="v1", services=Services(pool, (allowed,)))
        store = Store()
        store.load(app.test_client().get("/sparql").data, RdfFormat.TURTLE)
    ask = (
        "SELECT ?c { ?s sd:feature sd:BasicFederatedQuery ; rdfs:comment ?c FILTER CONTAINS(?c, 'SERVICE') }"
    )

    assert rows(described, ask) == []
    assert rows(store, ask) == [(f"SERVICE may call <{allowed}> and nothing else.",)]


# What editors and federated engines ask a service description for.


def test_prefixes_are_found(described: Store) -> None:
    found = rows(described, "SELECT DISTINCT ?prefix ?space { [] sh:prefix ?prefix ; sh:namespace ?space }")

    assert dict(found) == PREFIXES


def test_examples_are_found(followed: Store) -> None:
    found = rows(
        followed,
        "SELECT DISTINCT ?example ?comment ?text { ?example a sh:SPARQLExecutable ; rdfs:comment ?comment ; "
        "sh:select|sh:ask|sh:construct ?text }",
    )

    assert [comment for _, comment, _ in found] == [
        query.question for query in saved_queries.load(folder("queries")).values()
    ]


def test_classes_and_what_joins_them_are_found(followed: Store) -> None:
    found = rows(
        followed,
        """SELECT DISTINCT ?subject ?property ?object ?datatype ?triples {
          { OPTIONAL { ?graph sd:graph ?named . ?named void:classPartition ?part }
            ?part void:class ?subject ; void:propertyPartition ?use .
            ?use void:property ?property .
            OPTIONAL { ?use void:triples ?triples }
            OPTIONAL { { ?use void:classPartition [ void:class ?object ] }
                       UNION { ?use ext:datatypePartition [ ext:datatype ?datatype ] } }
          } UNION {
            ?links void:subjectsTarget [ void:class ?subject ] ; void:linkPredicate ?property ;
                   void:objectsTarget [ void:class ?object ] } }""",
    )
    cg = f"{BASE}ontology#"

    assert (f"{cg}TimeExtent", f"{cg}evidence", f"{cg}Anchor", "", "1") in found
    assert (f"{cg}Person", f"{cg}born", "", PREFIXES["xsd"] + "integer", "1") in found


def test_the_address_of_the_service_is_that_of_the_request(linked: FlaskClient) -> None:
    for base, path in (("http://ex.org/kg", "/sparql"), ("https://ex.org", "/sparql/")):
        body = linked.get(path, base_url=base, headers={"Accept": "application/n-triples"}).data
        services = {
            quad.subject.value
            for quad in parse(body, RdfFormat.N_TRIPLES)
            if quad.object == NamedNode("http://www.w3.org/ns/sparql-service-description#Service")
        }
        assert services == {f"{base}/sparql"}


def test_health_follows_the_data_process(client: FlaskClient) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.text) == (200, "ok\n")


# Size: VoID and the example queries are linked, not repeated.


def test_void_and_examples_are_linked(linked: FlaskClient, described: Store) -> None:
    links = rows(described, "SELECT ?at { ?service a sd:Service ; rdfs:seeAlso ?at }")
    of_data = rows(described, "SELECT ?at { ?data a sd:Dataset ; rdfs:seeAlso ?at }")

    assert [at for (at,) in links] == [
        "http://localhost/.well-known/sparql-examples",
        "http://localhost/.well-known/void",
    ]
    assert of_data == [("http://localhost/.well-known/void",)]
    for (at,) in links:
        assert linked.get(at.removeprefix("http://localhost")).mimetype == "text/turtle"
    assert rows(described, "SELECT ?x { ?x void:property|void:class|sh:select ?y }") == []


@pytest.mark.parametrize(
    ("count", "length"), [(1, 60), (12, 75), (10, 90), (3, 300), (12, 500), (50_000, 100)]
)
@pytest.mark.parametrize("media_type", GRAPHS)
def test_the_description_has_less_than_50_kb_at_any_size(media_type: str, count: int, length: int) -> None:
    names = (f"{BASE}graph/inferred/{n}-".ljust(length, "x") for n in range(count))
    few = count <= service_description.MOST_GRAPHS
    always = () if few else (f"{BASE}graph/{name}" for name in sorted(service_description.ALONE))
    graphs = dict.fromkeys(((graph,) for graph in (*names, *always)), 10**9)
    made_up = Statistics({**NOT_COUNTED.counts, "graphs": graphs, "triples": {(): 10**12}})
    facts = ServiceFacts(
        "https://telegrams.example.org/cablegraph/sparql", "telegrams", "f" * 64, LIMITS,
        tuple(f"https://service-{n}.example.org/sparql" for n in range(1000)),
        "https://telegrams.example.org/cablegraph/.well-known/void",
    )  # fmt: skip
    output = BytesIO()
    write_triples(service_description.triples(facts, made_up), output, media_type, KNOWN)

    assert len(output.getvalue()) < 50_000


@pytest.mark.parametrize(
    ("number", "others"),
    [
        (998, "Of 1,000 named graphs, 2 are listed here; the VoID description has all."),
        (999, f"Of 1,001 named graphs, 2 are listed here; the graph <{BASE}graph/meta> describes all."),
    ],
)
def test_with_many_graphs_those_that_all_data_have_are_listed_and_that_is_said(
    number: int, others: str, described: Store
) -> None:
    own = [f"{BASE}graph/{name}" for name in ("meta", "shared")]
    telegrams = [f"{BASE}graph/telegram/{n}" for n in range(number)]
    graphs = dict.fromkeys(((graph,) for graph in (*own, *telegrams)), 1)
    made_up = Statistics({**NOT_COUNTED.counts, "graphs": graphs})
    store = Store()
    store.extend(
        Quad(*triple)
        for triple in service_description.triples(ServiceFacts("http://e/", "n", "v", LIMITS), made_up)
    )
    comments = rows(store, "SELECT ?c { ?data a sd:Dataset ; rdfs:comment ?c }")

    assert rows(store, "SELECT ?g { ?named sd:name ?g }") == [(graph,) for graph in own]
    assert comments == [(others,)]
    assert rows(described, "SELECT ?c { ?data a sd:Dataset ; rdfs:comment ?c }") == []


def test_annotations_in_rdf_1_2_are_announced_where_there_are_any(described: Store) -> None:
    reifies = "http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies"
    made_up = Statistics({**NOT_COUNTED.counts, "properties": {(reifies,): 1}})
    facts = ServiceFacts("http://e/", "n", "v", LIMITS)
    said = {str(triple.object) for triple in service_description.triples(facts, made_up)}

    assert any("RDF 1.2" in text for text in said)
    assert rows(described, 'SELECT ?c { ?s rdfs:comment ?c FILTER CONTAINS(?c, "RDF 1.2") }') == []
