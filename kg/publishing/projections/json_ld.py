"""Triples as JSON-LD in the form that programs expect who know JSON and not RDF.

JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/); Web Annotation Data Model, sections 3 to 5
(https://www.w3.org/TR/annotation-model/), whose context is named and never fetched.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import pyoxigraph as ox

from kg.namespaces import BASE, OA, PREFIXES
from kg.store.layers import LICENCE

SCHEMA = "https://schema.org/"
ANNOTATION_CONTEXT = "http://www.w3.org/ns/anno.jsonld"

_TYPE = PREFIXES["rdf"] + "type"
_XSD = PREFIXES["xsd"]
_DC = "http://purl.org/dc/elements/1.1/"
# Property -> its key in the context of Web Annotation.
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
_WORDS = frozenset({"type", "motivation"})  # keys whose values are words of the context

_Said = dict[str, dict[str, list[ox.NamedNode | ox.Literal]]]


def of_schema(triples: Iterable[ox.Triple], version: str) -> bytes:
    """Return triples in the vocabulary of schema.org as JSON-LD, one node object for each thing.

    `version` is written to the node of the data set.
    """
    said = _by_subject(triples)
    nodes = [{"@id": subject, **_node(said[subject])} for subject in said]
    for node in nodes:
        if node["@id"] == f"{BASE}dataset":
            node["version"] = version
    return _written({"@context": {"@vocab": SCHEMA}, "@graph": nodes})


def of_annotations(triples: Iterable[ox.Triple], name: str, version: str) -> bytes:
    """Return Web Annotations as one AnnotationPage of a collection `name`, each with its parts inside."""
    said = _by_subject(triples)
    annotations = [iri for iri, found in said.items() if _is_annotation(found)]
    page = {
        "@context": ANNOTATION_CONTEXT,
        "id": f"{BASE}dataset#annotations/1",
        "type": "AnnotationPage",
        "partOf": {
            "id": f"{BASE}dataset#annotations",
            "type": "AnnotationCollection",
            "label": f"{name}, data version {version}",
            "total": len(annotations),
            "rights": LICENCE,
        },
        "startIndex": 0,
        "items": [_nested(iri, said) for iri in annotations],
    }
    return _written(page)


def _by_subject(triples: Iterable[ox.Triple]) -> _Said:
    said: _Said = {}
    for triple in sorted(triples, key=str):
        subject, target = triple.subject, triple.object
        assert isinstance(subject, ox.NamedNode)  # noqa: S101 - projections have no blank nodes
        assert isinstance(target, ox.NamedNode | ox.Literal)  # noqa: S101
        said.setdefault(subject.value, {}).setdefault(triple.predicate.value, []).append(target)
    return said


def _is_annotation(found: Mapping[str, list[ox.NamedNode | ox.Literal]]) -> bool:
    return any(kind.value == f"{OA}Annotation" for kind in found.get(_TYPE, ()))


def _node(found: Mapping[str, list[ox.NamedNode | ox.Literal]]) -> dict[str, Any]:
    return {
        "@type" if predicate == _TYPE else predicate.removeprefix(SCHEMA): _one_or_many(
            [t.value.removeprefix(SCHEMA) if predicate == _TYPE else _value(t) for t in targets]
        )
        for predicate, targets in found.items()
    }


def _value(term: ox.NamedNode | ox.Literal) -> str | dict[str, str]:
    if isinstance(term, ox.NamedNode):
        return {"@id": term.value}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == f"{_XSD}string":
        return term.value
    return {"@value": term.value, "@type": term.datatype.value}


def _nested(iri: str, said: _Said) -> dict[str, Any]:
    """Return the node of `iri` with all that it leads to inside it; annotations are trees."""
    node: dict[str, Any] = {"id": iri}
    for predicate, targets in said[iri].items():
        key = _KEYS[predicate]
        node[key] = _one_or_many([_part(key, target, said) for target in targets])
    return node


def _part(key: str, target: ox.NamedNode | ox.Literal, said: _Said) -> Any:
    if isinstance(target, ox.Literal):
        return int(target.value) if target.datatype.value == f"{_XSD}integer" else target.value
    if key in _WORDS:
        return target.value.removeprefix(OA)
    return _nested(target.value, said) if target.value in said else target.value


def _one_or_many(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _written(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
