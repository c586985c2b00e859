"""Conversion of records to quads, each file as a JSON-LD document in the named graph of its layer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import partial

import pyoxigraph as ox

from kg.errors import DataError, Finding, did_you_mean, near, there_are
from kg.namespaces import THINGS, Namespaces
from kg.reading.ontology import RDF_TYPE, Ontology
from kg.reading.record_set import RecordFile, Records, SourceLine
from kg.terms import value

SHARED, LINKS = "shared", "links"  # names of graphs
# The most values of a list that a message shows when none is similar to what was written.
_SHOWN = 12


def graph_of(file: str) -> str:
    """Return the name of the graph that a record file belongs to.

    Each folder of a telegram is a graph of its own. `link.sssom.tsv` and the folder `link` are the graph
    `links`, all other files the graph `shared`.
    """
    head, _, rest = file.partition("/")
    if head == "telegram" and "/" in rest:
        return f"telegram/{rest.partition('/')[0]}"
    return LINKS if head.partition(".")[0] == "link" else SHARED


def from_records(records: Records, schema: Ontology) -> list[ox.Quad]:
    """Return the quads of all records, without duplicates, in the order of files.

    Raises DataError with the findings of reading, and with each reference to something that is neither
    in the records nor in the ontology. A record that may be in an unread file counts as existing.
    """
    quads, findings = of_files(records, schema)
    findings += _dangling(quads, records, schema)
    if findings:
        raise DataError(dict.fromkeys(findings))
    return list(dict.fromkeys(quads))


def of_files(records: Records, schema: Ontology) -> tuple[list[ox.Quad], list[Finding]]:
    """Return the quads of each file by itself, and the findings of reading."""
    quads: list[ox.Quad] = []
    findings = list(records.findings)
    for document in records.documents:
        try:
            quads += _document(document, schema)
        except SyntaxError as error:
            findings.append(Finding(document.shown, 0, f"a value cannot be read: {error.msg}"))
    return quads, findings


def named(quads: Iterable[ox.Quad], schema: Ontology) -> tuple[set[str], set[str]]:
    """Return the things that must have a record or be terms of the ontology, and the classes."""
    things, classes = set[str](), set[str]()
    for quad in quads:
        things.add(value(quad.subject))
        if quad.predicate.value == RDF_TYPE:
            classes.add(value(quad.object))
        elif isinstance(quad.object, ox.NamedNode) and not _is_foreign(quad.object.value, schema):
            things.add(quad.object.value)
    return things, classes


def _document(document: RecordFile, schema: Ontology) -> list[ox.Quad]:
    context = [schema.context, {"@base": document.base}]
    text = json.dumps({"@context": context, "@graph": document.objects}, ensure_ascii=False)
    graph = ox.NamedNode(f"{schema.names.graph}{graph_of(document.file)}")
    parsed = ox.parse(text.encode(), ox.RdfFormat.JSON_LD)
    return [ox.Quad(q.subject, q.predicate, q.object, graph) for q in parsed]


def _dangling(quads: Sequence[ox.Quad], records: Records, schema: Ontology) -> list[Finding]:
    known = sorted({*records.things, *schema.subjects})
    home = str(schema.names.id)
    no_base = f"{home}/"  # of shared files: no IRI begins so, since their records are named in full
    bases = {document.shown: document.base for document in records.documents if document.base != home}
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
            message = _message(name, target, bases.get(at.file, no_base), known, schema)
            findings.setdefault((at.file, at.line, target), Finding(at.file, at.line, message))
    return list(findings.values())


def _exists(quad: ox.Quad, records: Records, schema: Ontology) -> bool:
    target = value(quad.object)
    if quad.predicate.value == RDF_TYPE:
        return target in schema.classes
    return _is_foreign(target, schema) or target in schema.subjects or records.may_hold(target)


def _is_foreign(target: str, schema: Ontology) -> bool:
    # Addresses elsewhere cannot be looked up here; shapes decide whether a record may have them.
    # A thing of the collection that came with cablegraph is elsewhere, too, for one with another base.
    elsewhere = not schema.names.is_ours(target) or schema.names.rebased(target) != target
    return target.startswith(("http://", "https://")) and elsewhere


def _message(key: str, target: str, base: str, known: Sequence[str], schema: Ontology) -> str:
    is_word = key in schema.keys and schema.keys[key].takes == "word"
    if not schema.names.is_ours(target):
        likely = (f"{prefix}:" for prefix in near(target.partition(":")[0], schema.prefixes))
        hint = did_you_mean(likely) or there_are(schema.prefixes)
        return f"{key} names {target!r}, whose prefix does not exist; {hint}"
    candidates = sorted(schema.classes) if key == "type" else known
    name = partial(_short, base=base, names=schema.names, is_word=is_word)
    hint = did_you_mean(map(name, _near(target, candidates, base, schema.names)))
    if not hint and is_word:
        values = [_name(iri) for iri in candidates if _folder(iri) == _folder(target)]
        hint = there_are(values) if len(values) <= _SHOWN else "kg/records/README.md lists the words"
    hint = hint or "write a record for it or correct the name"
    return f"{key} names {name(target)!r}, which does not exist; {hint}"


def _near(target: str, known: Sequence[str], base: str, names: Namespaces) -> list[str]:
    """Return at most three IRIs that `target` may mean: first of the same name, then of similar names."""
    name, shared = _name(target), {f"{names.id}{kind}/" for kind in THINGS}
    siblings = {_name(iri): iri for iri in known if _folder(iri) == _folder(target)}
    close = [siblings[other] for other in near(name, siblings)]
    same = [iri for iri in known if _name(iri) == name and (iri.startswith(base) or _folder(iri) in shared)]
    return list(dict.fromkeys((*same, *close)))[:3]


def _short(iri: str, base: str, names: Namespaces, is_word: bool) -> str:
    """Return an IRI in the form that a record in a file with this base IRI uses."""
    if is_word:
        return _name(iri)
    if base.startswith(f"{names.id}telegram/") and iri.startswith(base):
        return iri.removeprefix(base)
    kind, _, rest = iri.removeprefix(str(names.id)).partition("/")
    return f"{kind}:{rest}" if kind in THINGS else iri.removeprefix(str(names.id))


def _name(iri: str) -> str:
    return iri[len(_folder(iri)) :]


def _folder(iri: str) -> str:
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
