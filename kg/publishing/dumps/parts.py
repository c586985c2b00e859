"""The parts of the graph that a release has files of, and their statements in each syntax.

Parts are: all, asserted, inferred, each layer, the shapes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from kg.checking.shacl import FOLDERS
from kg.namespaces import BASE, GRAPH, PREFIXES
from kg.publishing.dumps import notice
from kg.reading.ontology import GENID, ONTOLOGY_GRAPH, without_blank_nodes
from kg.resources import folder, listed
from kg.store import nquads
from kg.store.layers import CITATION, DATASET, LICENCE, META
from kg.terms import value

INFERRED = f"{GRAPH}inferred/"
SHAPES = f"{BASE}shape"
_DCTERMS, _SUBSET = PREFIXES["dcterms"], f"{PREFIXES['void']}subset"
_TITLE = ox.NamedNode(f"{_DCTERMS}title")
# A name of a graph that is a path as it stands: no dot, so that no step leads up or looks like a file.
_PATH = re.compile(r"[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*")
_LONGEST = 200
# Graphs that have files of their own; with more, only those that stand alone in every graph of ours.
MOST = 64
ALONE = tuple(f"{GRAPH}{name}" for name in ("links", "meta", "queries", "shared"))

_DECLARATION = b"?>\n"  # how the XML declaration ends, before which no comment may stand
# The beginning of JSON-LD whose context, or the first of several, is an address.
_LEANING = re.compile(rb'\s*\{\s*"@context":\s*(?:\[\s*)?"')
_HASHED = ("ttl", "nt", "trig")


@dataclass(frozen=True, slots=True)
class Part:
    """One part: `path` is that of its files without ending, `graph` the IRI where it is one named graph."""

    path: str
    group: str
    title: str
    graph: str
    quads: Callable[[], list[ox.Quad]]


def of(store: ox.Store, most: int = MOST) -> Iterator[Part]:
    """Return the parts of the graph in `store`; their quads are taken, sorted, when they are asked for.

    Where there are more than `most` named graphs, those of single telegrams are no parts.
    """
    graphs = _graphs(store)
    told = [graph for graph in graphs if not graph.startswith(INFERRED)]
    drawn = [graph for graph in graphs if graph.startswith(INFERRED)]
    left = frozenset(left_out(store, most))
    yield Part("cablegraph", "whole", "The whole graph", "", lambda: nquads.ordered(store))
    if drawn:
        yield Part("asserted", "asserted", "What is asserted", "", lambda: described(store, told))
        yield Part("inferred", "inferred", "What is inferred", "", lambda: described(store, drawn))
    yield from (_layer(store, graph) for graph in graphs if graph not in left)
    yield Part("shapes", "shapes", "The shapes, in SHACL", SHAPES, shapes)


def left_out(store: ox.Store, most: int = MOST) -> list[str]:
    """Return the graphs that are no parts because there are more than `most`: none, or all that are many."""
    graphs = _graphs(store)
    kept = {*ALONE, ONTOLOGY_GRAPH.value}
    return [graph for graph in graphs if graph not in kept] if len(graphs) > most else []


def _graphs(store: ox.Store) -> list[str]:
    return sorted(value(graph) for graph in store.named_graphs())


def described(store: ox.Store, graphs: list[str]) -> list[ox.Quad]:
    """Return the quads of `graphs`, with what the graph about the graphs says of them and of the data set.

    That is where licence and citation stand; so each file has them as statements of the whole graph.
    """
    own = [q for graph in graphs for q in store.quads_for_pattern(None, None, None, ox.NamedNode(graph))]
    about = store.quads_for_pattern(None, None, None, ox.NamedNode(META))
    return nquads.ordered([*own, *(quad for quad in about if _concerns(quad, graphs))])


def shapes() -> list[ox.Quad]:
    """Return the shapes of all folders without blank nodes, with title, licence and citation."""
    root = folder("shapes")
    files = [file for name in FOLDERS for file in listed(root / name, ".ttl")]
    written = [
        quad.triple
        for file in files
        for quad in ox.parse(file.read_bytes(), ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    ]
    home = ox.NamedNode(SHAPES)
    head: dict[str, ox.NamedNode | ox.Literal] = {
        "title": ox.Literal("The shapes of cablegraph", language="en"),
        "license": ox.NamedNode(LICENCE),
        "bibliographicCitation": ox.Literal(f"The shapes. In: {CITATION}", language="en"),
    }
    notice = [ox.Triple(home, ox.NamedNode(_DCTERMS + key), target) for key, target in head.items()]
    triples = without_blank_nodes([*written, *notice], f"{GENID}shapes/")
    return nquads.ordered(ox.Quad(t.subject, t.predicate, t.object, home) for t in triples)


def _layer(store: ox.Store, graph: str) -> Part:
    titles = [
        value(q.object)
        for q in store.quads_for_pattern(ox.NamedNode(graph), _TITLE, None, ox.NamedNode(META))
    ]
    title = min(titles, default=f"The graph <{graph}>")
    if graph == ONTOLOGY_GRAPH.value:
        return Part("ontology", "ontology", title, graph, lambda: described(store, [graph]))
    return Part(f"layers/{file_name(graph)}", "layers", title, graph, lambda: described(store, [graph]))


def file_name(graph: str) -> str:
    """Return a path for the files of `graph`: its own name below `graph/`, or a hash of a strange name."""
    name = graph.removeprefix(GRAPH)
    plain = name != graph and len(name) <= _LONGEST and _PATH.fullmatch(name)
    return name if plain else f"other/{hashlib.sha256(graph.encode()).hexdigest()[:32]}"


def _concerns(quad: ox.Quad, graphs: list[str]) -> bool:
    subject = value(quad.subject)
    if subject == DATASET:
        return quad.predicate.value != _SUBSET or value(quad.object) in graphs
    return subject in graphs


class Content:
    """The statements of a part, taken and sorted once for all syntaxes, when they are first asked for."""

    def __init__(self, quads: Callable[[], list[ox.Quad]]) -> None:
        """Take `quads`, a function that returns the part as `nquads.ordered` sorts it."""
        self._take = quads

    @cached_property
    def quads(self) -> list[ox.Quad]:
        """The statements with their graphs."""
        return self._take()

    @cached_property
    def triples(self) -> list[ox.Triple]:
        """Their union, each once."""
        return nquads.union(self.quads)

    def count(self, ending: str) -> int:
        """Return how many statements the part has in the syntax of `ending`."""
        return len(self.quads) if keeps_graphs(ending) else len(self.triples)

    def written(self, ending: str, title: str, version: str) -> bytes:
        """Return the part in the syntax of `ending`; data of `version` called `title`."""
        body = nquads.serialize_sorted(self.quads if keeps_graphs(ending) else self.triples, ending)
        if ending in _HASHED:
            return notice.hashed(title, version) + body
        if ending == "rdf":
            head, end, rest = body.partition(_DECLARATION)
            return head + end + notice.marked_up(title, version) + rest
        return body


def read(content: bytes, ending: str) -> list[ox.Quad]:
    """Return the quads of a file with that ending; raises SyntaxError when they cannot be read."""
    return list(ox.parse(content, nquads.SYNTAXES[ending][0]))


def ending_of(path: str) -> str:
    """Return the ending of `path` if it is one of an RDF syntax, else nothing."""
    ending = path.rpartition(".")[2]
    return ending if ending in nquads.SYNTAXES else ""


def ending_alone(path: str, content: bytes) -> str:
    """Return what `ending_of` does, but nothing for JSON-LD whose context stands elsewhere.

    Such a context (JSON-LD 1.1 section 3.1) would have to be fetched, and nothing is fetched here.
    """
    ending = ending_of(path)
    return "" if ending == "jsonld" and _LEANING.match(content) else ending


def keeps_graphs(ending: str) -> bool:
    """Return whether the syntax of `ending` keeps named graphs."""
    return nquads.SYNTAXES[ending][1]
