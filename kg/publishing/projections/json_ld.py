"""JSON-LD of schema.org and Web Annotation triples, in the form that JSON programs expect.

JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/); Web Annotation Data Model, sections 3 to 5
(https://www.w3.org/TR/annotation-model/), whose context is referenced and never fetched.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import pyoxigraph as ox

from kg.namespaces import OA, PREFIXES
from kg.reading.collection.description import Description
from kg.store.layers import OURS

SCHEMA = "https://schema.org/"
ANNOTATION_CONTEXT = "http://www.w3.org/ns/anno.jsonld"

_TYPE = PREFIXES["rdf"] + "type"
_XSD = PREFIXES["xsd"]
_DC = "http://purl.org/dc/elements/1.1/"
# Property → its key in the context of Web Annotation.
_KEYS: Mapping[str, str] = MappingProxyType(
    {
        _TYPE: "type",
        f"{OA}motivatedBy": "motivation",
        f"{OA}hasBody": "body",
        f"{OA}hasTarget": "target",
        f"{OA}hasSource": "source",
        f"{OA}hasSelector": "selector",
        f"{OA}exact": "exact",
        f"{OA}start": "start",
        f"{OA}end": "end",
        f"{PREFIXES['rdf']}value": "value",
        f"{_DC}language": "language",
        f"{_DC}format": "format",
        f"{PREFIXES['dcterms']}rights": "rights",
    }
)
_TERM_KEYS = frozenset({"type", "motivation"})  # keys whose values are terms of the context

_Statements = dict[str, dict[str, list[ox.NamedNode | ox.Literal]]]


def of_schema(triples: Iterable[ox.Triple], version: str, about: Description = OURS) -> bytes:
    """Return schema.org triples as JSON-LD, with one node object for each thing.

    The node of the data set of the collection `about` gets the data version `version`.
    """
    statements = _by_subject(triples)
    nodes = [{"@id": subject, **_node(statements[subject])} for subject in statements]
    for node in nodes:
        if node["@id"] == about.names.dataset:
            node["version"] = version
    return _json_bytes({"@context": {"@vocab": SCHEMA}, "@graph": nodes})


def of_annotations(triples: Iterable[ox.Triple], about: Description, version: str) -> bytes:
    """Return Web Annotations as one AnnotationPage of the collection `about`, with their parts nested."""
    statements = _by_subject(triples)
    annotations = [iri for iri, properties in statements.items() if _is_annotation(properties)]
    page = {
        "@context": ANNOTATION_CONTEXT,
        "id": f"{about.names.dataset}#annotations/1",
        "type": "AnnotationPage",
        "partOf": {
            "id": f"{about.names.dataset}#annotations",
            "type": "AnnotationCollection",
            "label": f"{about.title}, data version {version}",
            "total": len(annotations),
            "rights": about.licence,
        },
        "startIndex": 0,
        "items": [_nested(iri, statements) for iri in annotations],
    }
    return _json_bytes(page)


def _by_subject(triples: Iterable[ox.Triple]) -> _Statements:
    statements: _Statements = {}
    for triple in sorted(triples, key=str):
        subject, target = triple.subject, triple.object
        assert isinstance(subject, ox.NamedNode)  # noqa: S101 - projections have no blank nodes
        assert isinstance(target, ox.NamedNode | ox.Literal)  # noqa: S101
        statements.setdefault(subject.value, {}).setdefault(triple.predicate.value, []).append(target)
    return statements


def _is_annotation(properties: Mapping[str, list[ox.NamedNode | ox.Literal]]) -> bool:
    return any(kind.value == f"{OA}Annotation" for kind in properties.get(_TYPE, ()))


def _node(properties: Mapping[str, list[ox.NamedNode | ox.Literal]]) -> dict[str, Any]:
    return {
        "@type" if predicate == _TYPE else predicate.removeprefix(SCHEMA): _one_or_many(
            [t.value.removeprefix(SCHEMA) if predicate == _TYPE else _value(t) for t in targets]
        )
        for predicate, targets in properties.items()
    }


def _value(term: ox.NamedNode | ox.Literal) -> str | dict[str, str]:
    if isinstance(term, ox.NamedNode):
        return {"@id": term.value}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == f"{_XSD}string":
        return term.value
    return {"@value": term.value, "@type": term.datatype.value}


def _nested(iri: str, statements: _Statements) -> dict[str, Any]:
    """Return the node of `iri` with the nodes that it refers to nested; annotations are trees."""
    node: dict[str, Any] = {"id": iri}
    for predicate, targets in statements[iri].items():
        key = _KEYS[predicate]
        node[key] = _one_or_many([_part(key, target, statements) for target in targets])
    return node


def _part(key: str, target: ox.NamedNode | ox.Literal, statements: _Statements) -> Any:
    if isinstance(target, ox.Literal):
        return int(target.value) if target.datatype.value == f"{_XSD}integer" else target.value
    if key in _TERM_KEYS:
        return target.value.removeprefix(OA)
    return _nested(target.value, statements) if target.value in statements else target.value


def _one_or_many(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _json_bytes(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
