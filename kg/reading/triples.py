"""Conversion of records to quads, each file as a JSON-LD document in the named graph of its layer."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pyoxigraph as ox

from kg.errors import DataError, Finding, did_you_mean, near, there_are
from kg.namespaces import BASE, GRAPH, ID, THINGS
from kg.reading.ontology import RDF_TYPE, Ontology
from kg.reading.record_set import RecordFile, Records, SourceLine
from kg.terms import value

SHARED = f"{GRAPH}shared"
LINKS = f"{GRAPH}links"
# The most values of a list that a message shows when none is similar to what was written.
_SHOWN = 12
_NO_BASE = f"{ID}/"  # of shared files: no IRI begins so, since their records are named in full
_SHARED_FOLDERS = frozenset(f"{ID}{kind}/" for kind in THINGS)


def graph_of(file: str) -> str:
    """Return the IRI of the graph that a record file belongs to.

    Each folder of a telegram is a graph of its own. `link.sssom.tsv` and the folder `link` are the graph
    `links`, all other files the graph `shared`.
    """
    head, _, rest = file.partition("/")
    if head == "telegram" and "/" in rest:
        return f"{GRAPH}telegram/{rest.partition('/')[0]}"
    return LINKS if head.partition(".")[0] == "link" else SHARED


def from_records(records: Records, schema: Ontology) -> list[ox.Quad]:
    """Return the quads of all records, without duplicates, in the order of files.

    Raises DataError with the findings of reading, and with each reference to something that is neither
    in the records nor in the ontology. A record that may be in an unread file counts as existing.
    """
    quads: list[ox.Quad] = []
    findings = list(records.findings)
    for document in records.documents:
        try:
            quads += _document(document, schema)
        except SyntaxError as error:
            findings.append(Finding(document.shown, 0, f"a value cannot be read: {error.msg}"))
    findings += _dangling(quads, records, schema)
    if findings:
        raise DataError(dict.fromkeys(findings))
    return list(dict.fromkeys(quads))


def _document(document: RecordFile, schema: Ontology) -> list[ox.Quad]:
    context = [schema.context, {"@base": document.base}]
    text = json.dumps({"@context": context, "@graph": document.objects}, ensure_ascii=False)
    graph = ox.NamedNode(graph_of(document.file))
    parsed = ox.parse(text.encode(), ox.RdfFormat.JSON_LD)
    return [ox.Quad(q.subject, q.predicate, q.object, graph) for q in parsed]


def _dangling(quads: Sequence[ox.Quad], records: Records, schema: Ontology) -> list[Finding]:
    known = sorted({*records.things, *schema.subjects})
    bases = {document.shown: document.base for document in records.documents if document.base != ID}
    findings: dict[tuple[str, int, str], Finding] = {}
    for quad in quads:
        subject, key = value(quad.subject), schema.key_of.get(quad.predicate.value, "")
        missing = []
        # A nested record with `id` adds to a thing, which must have a record of its own.
        if not (records.may_hold(subject) or subject in schema.subjects):
            missing.append(("id", subject, records.place(subject, "id")))
        if isinstance(quad.object, ox.NamedNode) and not _exists(quad, records, schema):
            target = quad.object.value
            missing.append((key, target, records.place(subject, key, target)))
        for name, target, place in missing:
            at = place or SourceLine("", 0)
            message = _message(name, target, bases.get(at.file, _NO_BASE), known, schema)
            findings.setdefault((at.file, at.line, target), Finding(at.file, at.line, message))
    return list(findings.values())


def _exists(quad: ox.Quad, records: Records, schema: Ontology) -> bool:
    target = value(quad.object)
    if quad.predicate.value == RDF_TYPE:
        return target in schema.classes
    # Addresses elsewhere cannot be looked up here; shapes decide whether a record may have them.
    foreign = target.startswith(("http://", "https://")) and not target.startswith(BASE)
    return foreign or target in schema.subjects or records.may_hold(target)


def _message(key: str, target: str, base: str, known: Sequence[str], schema: Ontology) -> str:
    is_word = key in schema.keys and schema.keys[key].takes == "word"
    if not target.startswith(BASE):
        likely = (f"{prefix}:" for prefix in near(target.partition(":")[0], schema.prefixes))
        hint = did_you_mean(likely) or there_are(schema.prefixes)
        return f"{key} names {target!r}, whose prefix does not exist; {hint}"
    candidates = sorted(schema.classes) if key == "type" else known
    hint = did_you_mean(_short(iri, base, is_word) for iri in _near(target, candidates, base))
    if not hint and is_word:
        values = [_name(iri) for iri in candidates if _folder(iri) == _folder(target)]
        hint = there_are(values) if len(values) <= _SHOWN else "kg/records/README.md lists the words"
    hint = hint or "write a record for it or correct the name"
    return f"{key} names {_short(target, base, is_word)!r}, which does not exist; {hint}"


def _near(target: str, known: Sequence[str], base: str) -> list[str]:
    """Return at most three IRIs that `target` may mean: first of the same name, then of similar names."""
    name = _name(target)
    siblings = {_name(iri): iri for iri in known if _folder(iri) == _folder(target)}
    close = [siblings[other] for other in near(name, siblings)]
    same = [
        iri
        for iri in known
        if _name(iri) == name and (iri.startswith(base) or _folder(iri) in _SHARED_FOLDERS)
    ]
    return list(dict.fromkeys((*same, *close)))[:3]


def _short(iri: str, base: str, is_word: bool) -> str:
    """Return an IRI in the form that a record in a file with this base IRI uses."""
    if is_word:
        return _name(iri)
    if base.startswith(f"{ID}telegram/") and iri.startswith(base):
        return iri.removeprefix(base)
    kind, _, rest = iri.removeprefix(str(ID)).partition("/")
    return f"{kind}:{rest}" if kind in THINGS else iri.removeprefix(str(ID))


def _name(iri: str) -> str:
    return iri[len(_folder(iri)) :]


def _folder(iri: str) -> str:
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
