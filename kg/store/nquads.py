"""Serialization of the graph in RDF syntaxes, with the same bytes every time; the data version.

There are no blank nodes, so sorted N-Quads are canonical, and their SHA-256 is the data version.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import pyoxigraph as ox

from kg.errors import DataError, Finding
from kg.namespaces import SHIPPED, Namespaces
from kg.reading.collection.folders import RewrittenFile
from kg.reading.ontology import parse_context
from kg.resources import folder, write_atomically
from kg.store import compact_json_ld, rdf_xml, turtle
from kg.store.reading_order import OrderedGraph

# File ending -> (syntax, whether it keeps named graphs)
SYNTAXES: dict[str, tuple[ox.RdfFormat, bool]] = {
    "ttl": (ox.RdfFormat.TURTLE, False),
    "nt": (ox.RdfFormat.N_TRIPLES, False),
    "nq": (ox.RdfFormat.N_QUADS, True),
    "trig": (ox.RdfFormat.TRIG, True),
    "jsonld": (ox.RdfFormat.JSON_LD, False),
    "quads.jsonld": (ox.RdfFormat.JSON_LD, True),
    "rdf": (ox.RdfFormat.RDF_XML, False),
}
_WITHOUT_PREFIXES = ("nt", "nq")


def ending_of(path: str) -> str:
    """Return the ending of `path`, the longest that fits, if it is that of a syntax, or an empty text."""
    return max((ending for ending in SYNTAXES if path.endswith(f".{ending}")), key=len, default="")


def ordered(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return the quads without duplicates, sorted by graph, then subject, predicate and object."""
    graphs: dict[str, list[ox.Quad]] = {}
    for quad in set(quads):
        graphs.setdefault(str(quad.graph_name), []).append(quad)
    return [quad for name in sorted(graphs) for quad in sorted(graphs[name], key=str)]


def version(nquads: bytes) -> str:
    """Return the data version: the SHA-256 of the sorted N-Quads in hexadecimal."""
    return hashlib.sha256(nquads).hexdigest()


def of_lines(lines: Iterable[str]) -> bytes:
    """Return lines sorted and without duplicates, as `serialize` writes their quads."""
    content = io.BytesIO()
    content.writelines(line.encode() for line in sorted(set(lines)))
    return content.getvalue()


def serialize(quads: Iterable[ox.Quad], ending: str, names: Namespaces = SHIPPED) -> bytes:
    """Return the quads in the syntax of `ending`; their union if it has no named graphs.

    N-Triples and N-Quads are sorted by line, Turtle and JSON-LD without graphs are in the order of reading,
    the other syntaxes are grouped by subject. `names` has the namespaces of the collection.
    """
    if ending == "nq":  # whose lines are sorted once they are written
        return serialize_sorted(list(set(quads)), ending, names)
    return serialize_sorted(ordered(quads) if SYNTAXES[ending][1] else union(quads), ending, names)


def union(quads: Iterable[ox.Quad]) -> list[ox.Triple]:
    """Return the triples of the quads without duplicates, sorted by subject, predicate and object."""
    return sorted({quad.triple for quad in quads}, key=str)


def serialize_sorted(
    statements: Sequence[ox.Quad] | Sequence[ox.Triple],
    ending: str,
    names: Namespaces = SHIPPED,
) -> bytes:
    """Return `statements`, as `ordered` or (for a syntax without graphs) `union` sorts them, in a syntax.

    `names` has the namespaces of the collection, whose prefixes are declared.

    Raises DataError if the syntax cannot hold them.
    """
    if ending in _WRITERS:
        triples = [one for one in statements if isinstance(one, ox.Triple)]
        return serialize_ordered(OrderedGraph(triples, names), ending)
    prefixes = None if ending in _WITHOUT_PREFIXES else usable_prefixes(statements, names.prefixes)
    with _data_errors(ending):
        written = ox.serialize(statements, format=SYNTAXES[ending][0], prefixes=prefixes) or b""
    return b"".join(sorted(written.splitlines(keepends=True))) if ending in _WITHOUT_PREFIXES else written


def serialize_ordered(graph: OrderedGraph, ending: str) -> bytes:
    """Return `graph` in a syntax for which `in_order` is true; raises DataError if it cannot hold it."""
    result = io.BytesIO()
    with _data_errors(ending):
        _WRITERS[ending](graph, result)
    return result.getvalue()


def in_order(ending: str) -> bool:
    """Return whether the syntax of `ending` is written from a graph in the order of reading."""
    return ending in _WRITERS


@contextmanager
def _data_errors(ending: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:  # JSON-LD has no triples of triples
        raise DataError([Finding(f".{ending}", 0, str(error))]) from None


def _write_json_ld(graph: OrderedGraph, output: io.BytesIO) -> None:
    file = RewrittenFile(folder("ontology") / "context.jsonld", graph.names.rebased)
    compact_json_ld.write(graph, output, parse_context(file))


def _write_rdf_xml(graph: OrderedGraph, output: io.BytesIO) -> None:
    prefixes = graph.names.prefixes
    problem = rdf_xml.problem(graph.triples, prefixes)
    if problem:
        raise DataError([Finding(".rdf", 0, f"{problem}; use another syntax")])
    rdf_xml.write(graph.triples, output, prefixes)


_WRITERS: Mapping[str, Callable[[OrderedGraph, io.BytesIO], None]] = MappingProxyType(
    {"ttl": turtle.write, "jsonld": _write_json_ld, "rdf": _write_rdf_xml}
)


def usable_prefixes(
    statements: Iterable[ox.Quad] | Iterable[ox.Triple], prefixes: Mapping[str, str]
) -> dict[str, str]:
    """Return those of `prefixes` that are no scheme of an IRI in `statements`.

    JSON-LD would read the IRI `schema:Person`, written in full, as a name with the prefix `schema`.
    """
    terms = {term for one in statements for term in one}
    schemes = {iri.partition(":")[0] for term in terms for iri in _iris(term)}
    return {name: space for name, space in prefixes.items() if name not in schemes}


def _iris(part: object) -> Iterator[str]:
    if isinstance(part, ox.NamedNode):
        yield part.value
    elif isinstance(part, ox.Literal):
        yield part.datatype.value
    elif isinstance(part, ox.Triple):
        for term in part:
            yield from _iris(term)


def write(quads: Sequence[ox.Quad], folder: Path, names: Namespaces = SHIPPED) -> list[Path]:
    """Write all syntaxes into `folder` and return the files; each is written completely or not at all.

    Raises DataError, and writes nothing, if one of the syntaxes cannot hold the quads.
    """
    contents = {f"cablegraph.{ending}": serialize(quads, ending, names) for ending in SYNTAXES}
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in contents.items():
        write_atomically(folder / file, content)
    return [folder / file for file in contents]
