"""Records become quads: each file is one JSON-LD document in the graph of its layer."""

from __future__ import annotations

import json
from collections.abc import Iterable
from difflib import get_close_matches

import pyoxigraph as ox

from kg.errors import DataError, Finding
from kg.namespaces import GRAPH
from kg.reading import Document, Records
from kg.schema import Schema

SHARED = f"{GRAPH}shared"
LINKS = f"{GRAPH}links"


def graph_of(file: str) -> str:
    """Return the IRI of the graph that a record file belongs to.

    A telegram's folder is a graph of its own, `link.yaml` or the folder `link` is `links`, all else `shared`.
    """
    head, _, rest = file.partition("/")
    if head == "telegram" and "/" in rest:
        return f"{GRAPH}telegram/{rest.partition('/')[0]}"
    return LINKS if head.removesuffix(".yaml") == "link" else SHARED


def from_records(records: Records, schema: Schema) -> list[ox.Quad]:
    """Return the quads of all records, without duplicates, in the order of files.

    Raises DataError where a reference names something that neither records nor ontology hold.
    """
    quads = [quad for document in records.documents for quad in _document(document, schema)]
    dangling = _dangling(quads, records, schema)
    if dangling:
        raise DataError(dangling)
    return list(dict.fromkeys(quads))


def _document(document: Document, schema: Schema) -> Iterable[ox.Quad]:
    context = [schema.context, {"@base": document.base}]
    text = json.dumps({"@context": context, "@graph": document.objects}, ensure_ascii=False)
    graph = ox.NamedNode(graph_of(document.file))
    try:
        parsed = list(ox.parse(text.encode(), ox.RdfFormat.JSON_LD))
    except SyntaxError as error:  # an IRI with a space in it, for example
        raise DataError([Finding(document.file, 0, f"a value cannot be read: {error.msg}")]) from error
    return (ox.Quad(q.subject, q.predicate, q.object, graph) for q in parsed)


def _dangling(quads: list[ox.Quad], records: Records, schema: Schema) -> list[Finding]:
    known = schema.subjects | {quad.subject.value for quad in quads}
    findings = []
    for quad in quads:
        target = quad.object
        if isinstance(target, ox.NamedNode) and _ours(target.value) and target.value not in known:
            key = schema.key_of.get(quad.predicate.value, "")
            place = records.place(quad.subject.value, key, target.value)
            findings.append(
                Finding(place.file if place else "", place.line if place else 0, _message(key, target.value, known))
            )
    return findings


def _ours(iri: str) -> bool:
    return iri.startswith(str(GRAPH).removesuffix("graph/"))


def _message(key: str, target: str, known: Iterable[str]) -> str:
    folder = target.rpartition("/")[0]
    siblings = {iri.rpartition("/")[2].rpartition("#")[2]: iri for iri in known if iri.startswith(folder)}
    name = target.rpartition("/")[2].rpartition("#")[2]
    near = get_close_matches(name, siblings, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "write a record for it or correct the name"
    return f"{key} names {name!r}, which does not exist; {hint}"
