"""The saved queries as example queries in RDF, in the form that editors of SPARQL read.

SHACL (https://www.w3.org/TR/shacl/ section 5.2) for the text and the prefixes,
schema.org for the endpoint and the keywords: the practice of the public bioinformatics endpoints.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from pyoxigraph import Literal, NamedNode, Triple

from kg.namespaces import BASE, PREFIXES
from kg.saved import SavedQuery
from server.vocabulary import Pair, about, name, text

EXAMPLES = BASE + ".well-known/sparql-examples"
PREFIX_SET = NamedNode(EXAMPLES + "#prefixes")

# The form of a query -> the property of its text and its class.
_FORMS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "SELECT": ("sh:select", "sh:SPARQLSelectExecutable"),
        "ASK": ("sh:ask", "sh:SPARQLAskExecutable"),
        "CONSTRUCT": ("sh:construct", "sh:SPARQLConstructExecutable"),
        "DESCRIBE": ("spex:describe", "spex:SPARQLDescribeExecutable"),
    }
)
_FORM = re.compile(rf"^\s*({'|'.join(_FORMS)})\b", re.IGNORECASE | re.MULTILINE)


def triples(queries: Iterable[SavedQuery], endpoint: str) -> Iterator[Triple]:
    """Return each of `queries` as an example for the service at `endpoint`, and the prefixes they use."""
    yield from prefixes(PREFIX_SET)
    for query in queries:
        yield from _example(query, endpoint)


def prefixes(owner: NamedNode) -> Iterator[Triple]:
    """Return the declarations of all prefixes (SHACL section 5.2.1) as those of `owner`."""
    for prefix, space in PREFIXES.items():
        node = NamedNode(f"{EXAMPLES}#prefix-{prefix}")
        yield from about(owner, [("sh:declare", node)])
        yield from about(
            node,
            [
                ("rdf:type", name("sh:PrefixDeclaration")),
                ("sh:prefix", Literal(prefix)),
                ("sh:namespace", Literal(space, datatype=name("xsd:anyURI"))),
            ],
        )


def _example(query: SavedQuery, endpoint: str) -> Iterator[Triple]:
    content = "\n".join(line for line in query.text.splitlines() if not line.startswith("#+"))
    match = _FORM.search(content)
    property_, class_ = _FORMS[match.group(1).upper() if match else "SELECT"]
    pairs: list[Pair] = [
        ("rdf:type", name("sh:SPARQLExecutable")),
        ("rdf:type", name(class_)),
        ("rdfs:label", text(query.title)),
        ("rdfs:comment", text(query.question)),
        (property_, Literal(content)),
        ("sh:prefixes", PREFIX_SET),
        ("schema:target", NamedNode(endpoint)),
        *(("schema:keywords", Literal(tag)) for tag in query.tags),
    ]
    return about(NamedNode(f"{EXAMPLES}#{query.name}"), pairs)
