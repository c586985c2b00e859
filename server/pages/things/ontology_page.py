"""The HTML page of the ontology: for each term an anchor, its definition and what it relates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from flask import render_template
from pyoxigraph import NamedNode, Triple

from kg.namespaces import BASE, CG, PREFIXES, SHIPPED, Namespaces
from kg.terms import short
from server.pages.things.thing_page import ThingSection, sections
from server.pages.things.things import TYPE, Statement, Thing
from server.site.cells import TermCells
from server.site.pool_queries import value
from server.site.result_pages import CHOICES

ONTOLOGY = f"{BASE}ontology"
_OTHER = "Other terms"
_RETIRED = "Retired terms"
# Type of a term -> its heading; the first that applies.
_HEADINGS: Mapping[str, str] = MappingProxyType(
    {
        f"{PREFIXES['owl']}Class": "Classes",
        f"{PREFIXES['owl']}ObjectProperty": "Properties between things",
        f"{PREFIXES['owl']}DatatypeProperty": "Properties with a text or a number",
        f"{PREFIXES['owl']}AnnotationProperty": "Annotations",
        f"{PREFIXES['owl']}DeprecatedClass": _RETIRED,
        f"{PREFIXES['owl']}DeprecatedProperty": _RETIRED,
    }
)
_DEFINITION = f"{PREFIXES['skos']}definition"
_RELATIONS: Mapping[str, str] = MappingProxyType(
    {
        f"{PREFIXES['rdfs']}subClassOf": "kind of",
        f"{PREFIXES['rdfs']}subPropertyOf": "implies",
        f"{PREFIXES['owl']}inverseOf": "inverse of",
        f"{PREFIXES['dcterms']}isReplacedBy": "replaced by",
        f"{PREFIXES['rdfs']}domain": "of",
        f"{PREFIXES['rdfs']}range": "to",
    }
)
_REPLACED = f"{PREFIXES['dcterms']}isReplacedBy"
_DEPRECATED = f"{PREFIXES['owl']}deprecated"
_SCHEME = f"{PREFIXES['skos']}ConceptScheme"


def render(triples: Iterable[Triple], root: str, names: Namespaces = SHIPPED) -> str:
    """Return the page for the `triples` of the ontology; local addresses begin with `root`."""
    ordered = sorted(triples, key=str)
    labels: dict[str, list[Triple]] = {}
    types: dict[str, list[str]] = {}
    for triple in ordered:
        labels.setdefault(value(triple.subject), []).append(triple)
        if triple.predicate.value == TYPE:
            types.setdefault(value(triple.subject), []).append(value(triple.object))
    cells = TermCells(labels, root, _retired(labels), names)
    statements = [Statement(t, inferred=False) for t in ordered if _is_own_term(value(t.subject))]
    parts = sections(statements, cells)
    return render_template(
        "ontology.html",
        head=next((section for section in parts if section.title.full == ONTOLOGY), None),
        groups=_groups([section for section in parts if section.anchor], types),
        definition=_DEFINITION,
        relations=_RELATIONS,
        schemes=[cells.cell(NamedNode(iri)) for iri, kinds in types.items() if _SCHEME in kinds],
        formats=CHOICES["graph"],
    )


def example(thing: Thing) -> str:
    """Return a query that shows the use of the term `thing`: members of a class, pairs of a property."""
    kinds = {value(each.triple.object) for each in thing.statements if each.triple.predicate.value == TYPE}
    name = f"cg:{thing.iri.removeprefix(str(CG))}"
    pattern = f"?thing a {name}" if f"{PREFIXES['owl']}Class" in kinds else f"?thing {name} ?value"
    return f"PREFIX cg: <{CG}>\nSELECT * WHERE {{ {pattern} }} LIMIT 10\n"


def _retired(triples: Mapping[str, Sequence[Triple]]) -> dict[str, str]:
    """Return for each retired term a remark with its successors, from the triples about each term, by IRI."""
    remarks = {}
    for iri, own in triples.items():
        if any(t.predicate.value == _DEPRECATED and value(t.object) in ("true", "1") for t in own):
            successors = [short(t.object) for t in own if t.predicate.value == _REPLACED]
            remarks[iri] = f"Retired; use {', '.join(successors)}" if successors else "Retired"
    return remarks


def _is_own_term(iri: str) -> bool:
    return iri == ONTOLOGY or iri.startswith(str(CG))


def _groups(sections: list[ThingSection], types: Mapping[str, list[str]]) -> dict[str, list[ThingSection]]:
    kinds = (heading for heading in _HEADINGS.values() if heading != _RETIRED)
    groups: dict[str, list[ThingSection]] = {heading: [] for heading in (*kinds, _OTHER, _RETIRED)}
    for section in sections:
        own = types.get(section.title.full, ())
        heading = next((text for kind, text in _HEADINGS.items() if kind in own), _OTHER)
        groups[heading].append(section)
    return {heading: terms for heading, terms in groups.items() if terms}
