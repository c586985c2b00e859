"""Triples written in one order, so that the same triples are the same bytes in every process.

The order is that of their lines in N-Triples, by code points, which is what `LC_ALL=C sort` gives.
Triples with one subject then stand together, and Turtle is shorter for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import IO

import pyoxigraph
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple

from kg.namespaces import PREFIXES
from kg.store import nquads, rdf_xml
from server.web.formats import GRAPHS
from server.web.http_errors import NotAcceptableError

_NO_PREFIXES = frozenset({RdfFormat.N_TRIPLES, RdfFormat.N_QUADS})
# Syntaxes in which an IRI in full cannot be taken for one with a prefix, whatever the prefix is called.
_ANY_PREFIX = frozenset({RdfFormat.TURTLE, RdfFormat.TRIG})
# Datatypes that no syntax writes.
_UNWRITTEN = frozenset({PREFIXES["xsd"] + "string", PREFIXES["rdf"] + "langString"})
_NO_OTHERS: Mapping[str, str] = MappingProxyType({})


def write_triples(
    triples: Iterable[Triple],
    output: IO[bytes],
    media_type: str,
    known: Mapping[str, str] = MappingProxyType(PREFIXES),
    own: Mapping[str, str] = _NO_OTHERS,
) -> bool:
    """Write `triples` to `output`, each once, sorted, and return whether the bytes would be the same again.

    They are not if a node is blank, since its label changes with each answer. Those of the `known`
    prefixes that are used are declared; in Turtle and TriG the query's `own` prefixes take
    precedence. Raises NotAcceptableError if the format cannot hold the triples, such as RDF/XML a
    predicate that is no name of an XML element (RDF 1.1 XML Syntax section 5.1.2).
    """
    format_ = GRAPHS[media_type]
    distinct = sorted(set(triples), key=str)
    offered = merge_prefixes(own, known) if format_ in _ANY_PREFIX else known
    prefixes = {} if format_ in _NO_PREFIXES else _used_prefixes(distinct, offered)
    if format_ == RdfFormat.RDF_XML:
        if problem := rdf_xml.problem(distinct, prefixes):
            raise NotAcceptableError(f"{problem}; ask for Turtle.", "graph")
        rdf_xml.write(distinct, output, prefixes)
    else:
        _write_plainly(distinct, output, format_, prefixes)
    return not any(map(_has_blank_node, distinct))


def _write_plainly(
    triples: list[Triple], output: IO[bytes], format_: RdfFormat, prefixes: Mapping[str, str]
) -> None:
    if format_ not in _ANY_PREFIX:
        prefixes = nquads.usable_prefixes(triples, prefixes)
    try:
        pyoxigraph.serialize(triples, output, format_, prefixes=dict(prefixes))
    except OSError as error:  # JSON-LD has no triples of triples
        raise NotAcceptableError(f"{error}; ask for Turtle.", "graph") from None


def merge_prefixes(own: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """Return the `own` prefixes, and those of `known` that share neither a name nor an IRI with them."""
    taken = set(own.values())
    others = {name: space for name, space in known.items() if name not in own and space not in taken}
    return {**own, **others}


def _used_prefixes(triples: Iterable[Triple], offered: Mapping[str, str]) -> dict[str, str]:
    iris = {
        term.value
        for triple in triples
        for term in (*triple, getattr(triple.object, "datatype", None))
        if isinstance(term, NamedNode) and term.value not in _UNWRITTEN
    }
    spaces = {iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in iris}
    return {prefix: space for prefix, space in offered.items() if space in spaces}


def _has_blank_node(triple: Triple) -> bool:
    """Return whether `triple`, or a triple that is its object (RDF 1.2), has a blank node."""
    if isinstance(triple.object, Triple):
        return _has_blank_node(triple.object) or isinstance(triple.subject, BlankNode)
    return isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode)
