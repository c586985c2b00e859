"""Triples that describe the saved queries in SHACL and schema.org, so that queries can be queried.

SHACL has terms for the text, the prefixes and the parameters (https://www.w3.org/TR/shacl/ sections 5.2
and 6.2; https://www.w3.org/TR/shacl-af/ section 5.1 for `sh:optional`), schema.org for the endpoint and
the keywords. This is the practice of public bioinformatics endpoints for example queries. The classes,
properties and things that a query names are read from its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from pyoxigraph import Literal, NamedNode, Quad, Triple
from rdflib import DCTERMS, RDF, RDFS, SDO, SH, SKOS, XSD, URIRef

from kg.asking.questions.columns import TYPES
from kg.asking.questions.parameters import Parameter
from kg.asking.questions.saved_queries import SavedQuery
from kg.namespaces import BASE, GRAPH, SHIPPED, Namespaces
from kg.reading.record_set import Records, SourceLine
from kg.store.keywords import prefixes, prologue
from kg.store.layers import DATASET, LICENCE
from kg.terms import expand

QUERIES = f"{BASE}queries/"
QUERIES_GRAPH = NamedNode(f"{GRAPH}queries")
ENDPOINT = f"{BASE}sparql"
PREFIX_SET = NamedNode(f"{QUERIES}#prefixes")

Pair = tuple[URIRef, NamedNode | Literal]

_SPEX = "https://purl.expasy.org/sparql-examples/ontology#"
# The form of a query -> the property of its text and its class.
_FORMS: Mapping[str, tuple[URIRef, URIRef]] = MappingProxyType(
    {
        "SELECT": (SH.select, SH.SPARQLSelectExecutable),
        "ASK": (SH.ask, SH.SPARQLAskExecutable),
        "CONSTRUCT": (SH.construct, SH.SPARQLConstructExecutable),
        "DESCRIBE": (URIRef(f"{_SPEX}describe"), URIRef(f"{_SPEX}SPARQLDescribeExecutable")),
    }
)
_FORM = re.compile(rf"^\s*({'|'.join(_FORMS)})\b", re.IGNORECASE | re.MULTILINE)
_TOKEN = re.compile(
    r'''
    """(?:[^\\]|\\.)*?""" | \'\'\'(?:[^\\]|\\.)*?\'\'\'         # long strings before short ones
    | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*'
    | \b(?i:SERVICE)\s+(?:(?i:SILENT)\s+)?<(?P<service>[^<>\s]+)>
    | <(?P<iri>[a-zA-Z][^<>"{}|^`\\\x00-\x20]*:[^<>"{}|^`\\\x00-\x20]*)>
    | \#[^\n]*
    | (?<![\w?$@-])(?P<prefix>(?:[^\W\d_][\w.-]*)?):
      (?P<local>(?:\\.|[\w:%-])(?:(?:\\.|[\w.:%-])*(?:\\.|[\w:%-]))?)
    ''',
    re.VERBOSE | re.DOTALL,
)


def triples(queries: Iterable[SavedQuery], names: Namespaces = SHIPPED) -> Iterator[Triple]:
    """Yield the triples that describe each of `queries` for the canonical endpoint, and the prefixes.

    The queries are those of a collection with the namespaces `names`.
    """
    yield from (_rebased(triple, names) for triple in prefix_declarations(PREFIX_SET))
    for query in queries:
        yield from _described(query, names)


@lru_cache(maxsize=512)  # a build validates them and then adds them to the graph
def _described(query: SavedQuery, names: Namespaces) -> tuple[Triple, ...]:
    return tuple(_rebased(triple, names) for triple in _example(query))


def _rebased(triple: Triple, names: Namespaces) -> Triple:
    """Return `triple` in the base of the collection, but for what the text of a query itself names."""

    def own(iri: str) -> NamedNode:
        return NamedNode(names.rebased(iri))

    target = triple.object
    if isinstance(target, NamedNode) and triple.predicate.value != str(DCTERMS.references):
        target = own(target.value)
    elif isinstance(target, Literal) and target.datatype.value == str(XSD.anyURI):
        target = Literal(names.rebased(target.value), datatype=target.datatype)
    return Triple(own(str(triple.subject)[1:-1]), triple.predicate, target)


def targets(queries: Iterable[SavedQuery], endpoint: str, names: Namespaces = SHIPPED) -> Iterator[Triple]:
    """Yield a triple for each of `queries` that gives the address `endpoint` as another target."""
    for query in queries:
        node = NamedNode(names.rebased(_query_name(query).value))
        yield from _about(node, [(SDO.target, NamedNode(endpoint))])


def quads(queries: Iterable[SavedQuery], names: Namespaces = SHIPPED) -> Iterator[Quad]:
    """Yield the triples of `queries` as quads of the graph of queries."""
    graph = NamedNode(names.rebased(QUERIES_GRAPH.value))
    return (Quad(t.subject, t.predicate, t.object, graph) for t in triples(queries, names))


def prefix_declarations(owner: NamedNode, names: Namespaces = SHIPPED) -> Iterator[Triple]:
    """Yield the declarations of all prefixes (SHACL section 5.2.1) for `owner`."""
    for prefix, space in names.prefixes.items():
        node = NamedNode(f"{names.queries}#prefix-{prefix}")
        yield from _about(owner, [(SH.declare, node)])
        yield from _about(
            node,
            [
                (RDF.type, _name(SH.PrefixDeclaration)),
                (SH.prefix, Literal(prefix)),
                (SH.namespace, Literal(space, datatype=_name(XSD.anyURI))),
            ],
        )


def form(text: str) -> str:
    """Return the form of a query: SELECT, ASK, CONSTRUCT or DESCRIBE."""
    match = _FORM.search(text)
    return match.group(1).upper() if match else "SELECT"


def places(queries: Iterable[SavedQuery], names: Namespaces = SHIPPED) -> Records:
    """Return the file of each query and of each of its parameters, for messages that name it."""
    things: dict[str, SourceLine] = {}
    for query in queries:
        place = SourceLine(f"queries/{query.name}.rq", 1)
        nodes = (_query_name(query), *(_parameter_name(query, one) for one in query.parameters))
        things |= {names.rebased(node.value): place for node in nodes}
    return Records(things=things)


def _example(query: SavedQuery) -> Iterator[Triple]:
    content = "\n".join(line for line in query.text.split("\n") if not line.startswith("#+"))
    property_, class_ = _FORMS[form(content)]
    pairs: list[Pair] = [
        (RDF.type, _name(SH.SPARQLExecutable)),
        (RDF.type, _name(class_)),
        (RDFS.label, _text(query.title)),
        (RDFS.comment, _text(query.question)),
        *((SKOS.scopeNote, _text(why)) for why in (query.why,) if why),
        (property_, Literal(content)),
        (SH.prefixes, PREFIX_SET),
        (DCTERMS.license, NamedNode(LICENCE)),
        (DCTERMS.isPartOf, NamedNode(DATASET)),
        (SDO.target, NamedNode(ENDPOINT)),
        *((URIRef(f"{_SPEX}federatesWith"), NamedNode(address)) for address in services_named(content)),
        *((SDO.keywords, Literal(tag)) for tag in query.tags),
        *((DCTERMS.references, NamedNode(iri)) for iri in iris_named(content)),
        *((SH.parameter, _parameter_name(query, parameter)) for parameter in query.parameters),
    ]
    yield from _about(_query_name(query), pairs)
    for order, parameter in enumerate(query.parameters):
        yield from _parameter(query, parameter, order)


def _parameter(query: SavedQuery, parameter: Parameter, order: int) -> Iterator[Triple]:
    """Yield a parameter as SHACL describes it; each is optional, since it has a default or is free."""
    node = _parameter_name(query, parameter)
    pairs: list[Pair] = [
        (RDF.type, _name(SH.Parameter)),
        (SH.path, NamedNode(f"{QUERIES}{query.name}#{parameter.name}")),
        (SH.name, Literal(parameter.name)),
        (SH.description, _text(parameter.about or parameter.hint)),
        (SH.order, Literal(str(order), datatype=_name(XSD.integer))),
        (SH.optional, Literal("true", datatype=_name(XSD.boolean))),
        _value_type(parameter.type),
    ]
    if parameter.default:
        pairs.append((SH.defaultValue, parameter.term(parameter.default)))
    yield from _about(node, pairs)
    yield from _choices(node, parameter)


def _value_type(name: str) -> Pair:
    """Return the SHACL constraint for values of the type `name`."""
    if name == "iri":
        return SH.nodeKind, _name(SH.IRI)
    return SH.datatype, _name(XSD[TYPES[name].xsd])


def _choices(node: NamedNode, parameter: Parameter) -> Iterator[Triple]:
    """Yield the SHACL constraint for the choices of a parameter: a class, or the concepts of a scheme."""
    source, name = parameter.choices or ("", "")
    if source == "class":
        yield from _about(node, [(SH["class"], NamedNode(expand(name)))])
    elif source == "scheme":
        within = NamedNode(f"{node.value}-scheme")
        scheme = NamedNode(expand(name))
        yield from _about(node, [(SH.property, within)])
        yield from _about(
            within,
            [
                (RDF.type, _name(SH.PropertyShape)),
                (SH.path, _name(SKOS.inScheme)),
                (SH.hasValue, scheme),
            ],
        )


def _query_name(query: SavedQuery) -> NamedNode:
    return NamedNode(f"{QUERIES}{query.name}")


def _parameter_name(query: SavedQuery, parameter: Parameter) -> NamedNode:
    return NamedNode(f"{QUERIES}{query.name}#parameter-{parameter.name}")


def _about(subject: NamedNode, pairs: Iterable[Pair]) -> Iterator[Triple]:
    return (Triple(subject, _name(predicate), target) for predicate, target in pairs)


def _name(term: URIRef) -> NamedNode:
    return NamedNode(str(term))


def _text(content: str) -> Literal:
    return Literal(content, language="en")


def iris_named(query: str) -> list[str]:
    """Return the IRIs that the SPARQL `query` names, sorted, each once.

    The keyword `a`, namespaces in the prologue and names whose prefix is not declared are not counted.
    """
    return sorted(set(_iris(query.removeprefix(prologue(query)), prefixes(query))))


def services_named(query: str) -> list[str]:
    """Return the addresses of other services that `query` calls by their full IRI, sorted, each once."""
    return sorted({token["service"] for token in _TOKEN.finditer(query) if token["service"]})


def _iris(query: str, declared: dict[str, str]) -> Iterator[str]:
    for token in _TOKEN.finditer(query):
        if token["iri"]:
            yield token["iri"]
        elif token["local"] and token["prefix"] in declared:
            yield declared[token["prefix"]] + re.sub(r"\\(.)", r"\1", token["local"])
