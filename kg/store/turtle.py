"""Turtle for people: sections in the order of reading, one block a subject, many values one a line.

https://www.w3.org/TR/turtle/. Terms are written by the library, which knows how to escape them; the order
and the lines are ours, since its own writer puts all values of a property on one line.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

import pyoxigraph as ox

from kg.namespaces import RDF
from kg.store.reading_order import OrderedGraph, Term

_WIDTH = 110  # columns; values that do not fit stand one a line
_ASIDE = ox.NamedNode("urn:x:a"), ox.NamedNode("urn:x:b")

Written = dict[Term, str]


def write(graph: OrderedGraph, output: io.BytesIO) -> None:
    """Write `graph` to `output`, with those of the prefixes of its collection that it uses."""
    used = used_prefixes(graph.terms, graph.names.prefixes)
    written = _written(graph.terms, used)
    text = "".join(f"@prefix {name}: <{space}> .\n" for name, space in used.items())
    output.write(text.encode())
    for section in graph.sections:
        output.write(f"\n\n# {section.title}\n".encode())
        for block in section.blocks:
            output.write(f"\n{_block(block, written)}".encode())


def used_prefixes(terms: Iterable[object], prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return those of `prefixes` that begin an IRI in `terms`, in their order."""
    iris = {iri for term in terms for iri in _iris(term)}
    longest_first = sorted(prefixes, key=lambda name: -len(prefixes[name]))
    used = {next((n for n in longest_first if iri.startswith(prefixes[n])), "") for iri in iris}
    return {name: space for name, space in prefixes.items() if name in used}


def _iris(part: object) -> Iterator[str]:
    if isinstance(part, ox.NamedNode):
        yield part.value
    elif isinstance(part, ox.Literal):
        yield part.datatype.value
    elif isinstance(part, ox.Triple):
        for term in part:
            yield from _iris(term)


def _written(terms: Sequence[Term], prefixes: Mapping[str, str]) -> Written:
    """Return each term as the library writes it: one triple a line, of which all but the term is known."""
    samples = [ox.Triple(_ASIDE[n % 2], _ASIDE[0], term) for n, term in enumerate(terms)]
    text = ox.serialize(samples, format=ox.RdfFormat.TURTLE, prefixes=dict(prefixes)) or b""
    lines = text.decode().split("\n")[len(prefixes) : len(prefixes) + len(terms)]
    start, end = len(f"{_ASIDE[0]} {_ASIDE[0]} "), len(" .")
    return {term: line[start:-end] for term, line in zip(terms, lines, strict=True)}


def _block(triples: Sequence[ox.Triple], written: Written) -> str:
    by_predicate = groupby(triples, key=lambda triple: triple.predicate)
    lines = [
        _property("a" if predicate.value == RDF.type else written[predicate], same, written)
        for predicate, same in by_predicate
    ]
    subject, properties = written[triples[0].subject], " ;\n    ".join(lines)
    return f"{subject}\n    {properties} .\n"


def _property(name: str, triples: Iterable[ox.Triple], written: Written) -> str:
    """Return a property with its values: on its line if they fit there, otherwise one a line."""
    values = [written[triple.object] for triple in triples]
    line = f"{name} {', '.join(values)}"
    if len(values) == 1 or len(line) < _WIDTH:
        return line
    return "\n        ".join((name, ",\n        ".join(values)))
