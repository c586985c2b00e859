"""Parts of the graph that a release has files of, and their statements in each RDF syntax.

The parts are the whole graph, its asserted and inferred statements, each layer, and the shapes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from kg.namespaces import BASE, PREFIXES, Namespaces, is_inferred, layer_name
from kg.publishing.dumps.notice import Notice
from kg.reading.ontology import GENID, ONTOLOGY_GRAPH, without_blank_nodes
from kg.resources import SHAPE_FOLDERS, folder, listed
from kg.store import nquads
from kg.store.layers import LICENCE, META, OURS
from kg.store.reading_order import OrderedGraph
from kg.terms import value

SHAPES = f"{BASE}shape"
_DCTERMS, _SUBSET = PREFIXES["dcterms"], f"{PREFIXES['void']}subset"
_TITLE = ox.NamedNode(f"{_DCTERMS}title")
# A name of a graph that is a safe path: without dots, no segment leads up or looks like a file.
_PATH = re.compile(r"[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*")
_NOT_IN_PATH = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST = 200
# So many graphs have files of their own; if there are more, only the graphs that all our data have.
MOST = 64
ALONE = ("links", "meta", "ontology", "queries", "shared")

_DECLARATION = b"?>\n"  # end of the XML declaration; no comment may be before it
# The beginning of JSON-LD whose context, or the first of several, is an address.
_REMOTE_CONTEXT = re.compile(rb'\s*\{\s*"@context":\s*(?:\[\s*)?"')
_HASH_COMMENTS = ("ttl", "nt", "trig")


@dataclass(frozen=True, slots=True)
class Part:
    """One part: the `path` of its files without ending, and the IRI of its `graph` if it is a named one."""

    path: str
    group: str
    title: str
    graph: str
    quads: Callable[[], list[ox.Quad]]


def of(store: ox.Store, most: int = MOST) -> Iterator[Part]:
    """Yield the parts of the graph in `store`; their quads are read and sorted when `Part.quads` is called.

    If there are more than `most` named graphs, those of single telegrams are not parts.
    """
    graphs = _graphs(store)
    asserted = [graph for graph in graphs if not is_inferred(graph)]
    inferred = [graph for graph in graphs if is_inferred(graph)]
    omitted = frozenset(omitted_graphs(store, most))
    yield Part("cablegraph", "whole", "The whole graph", "", lambda: nquads.ordered(store))
    if inferred:
        yield Part("asserted", "asserted", "What is asserted", "", lambda: described_quads(store, asserted))
        yield Part("inferred", "inferred", "What is inferred", "", lambda: described_quads(store, inferred))
    yield from (_layer(store, graph) for graph in graphs if graph not in omitted)
    yield Part("shapes", "shapes", "The shapes, in SHACL", SHAPES, shapes)


def omitted_graphs(store: ox.Store, most: int = MOST) -> list[str]:
    """Return the graphs that are not parts: none, or if there are more than `most`, those of telegrams."""
    graphs = _graphs(store)
    return [graph for graph in graphs if layer_name(graph) not in ALONE] if len(graphs) > most else []


def _graphs(store: ox.Store) -> list[str]:
    return sorted(value(graph) for graph in store.named_graphs())


def described_quads(store: ox.Store, graphs: list[str]) -> list[ox.Quad]:
    """Return the quads of `graphs`, sorted, with the description of them and of the data set.

    The description includes licence and citation, so that each file has them as statements.
    """
    own = [q for graph in graphs for q in store.quads_for_pattern(None, None, None, ox.NamedNode(graph))]
    meta = _meta(store)
    metas = {meta, *(ox.NamedNode(f"{_base(graph)}graph/meta") for graph in graphs)}
    for one in sorted(metas, key=str):
        about = store.quads_for_pattern(None, None, None, one)
        own += (quad for quad in about if _concerns(quad, graphs, _dataset(one.value)))
    return nquads.ordered(dict.fromkeys(own))


def _meta(store: ox.Store) -> ox.NamedNode:
    """Return the graph that describes the others, in the base of the collection, the first of several."""
    found = [graph for graph in _graphs(store) if layer_name(graph) == "meta"]
    first = (graph for graph in found if not _is_within_another(store, graph))
    return ox.NamedNode(next(first, META))


def _is_within_another(store: ox.Store, meta: str) -> bool:
    dataset = ox.NamedNode(_dataset(meta))
    return any(store.quads_for_pattern(None, ox.NamedNode(_SUBSET), dataset, None))


def _base(graph: str) -> str:
    """Return the base IRI of the collection that the graph is of."""
    return graph.removesuffix(f"graph/{layer_name(graph)}")


def _dataset(meta: str) -> str:
    return f"{_base(meta)}dataset"


def shapes() -> list[ox.Quad]:
    """Return the shapes of all folders as quads without blank nodes, with title, licence and citation."""
    root = folder("shapes")
    files = [file for name in SHAPE_FOLDERS for file in listed(root / name, ".ttl")]
    written = [
        quad.triple
        for file in files
        for quad in ox.parse(file.read_bytes(), ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    ]
    home = ox.NamedNode(SHAPES)
    head: dict[str, ox.NamedNode | ox.Literal] = {
        "title": ox.Literal("The shapes of cablegraph", language="en"),
        "license": ox.NamedNode(LICENCE),
        "bibliographicCitation": ox.Literal(f"The shapes. In: {OURS.citation}", language="en"),
    }
    notice = [ox.Triple(home, ox.NamedNode(_DCTERMS + key), target) for key, target in head.items()]
    triples = without_blank_nodes([*written, *notice], f"{GENID}shapes/")
    return nquads.ordered(ox.Quad(t.subject, t.predicate, t.object, home) for t in triples)


def _layer(store: ox.Store, graph: str) -> Part:
    meta = _meta(store)
    titles = [value(q.object) for q in store.quads_for_pattern(ox.NamedNode(graph), _TITLE, None, None)]
    title = min(titles, default=f"The graph <{graph}>")
    if graph == ONTOLOGY_GRAPH.value:
        return Part("ontology", "ontology", title, graph, lambda: described_quads(store, [graph]))
    path = f"layers/{file_name(graph, _base(meta.value))}"
    return Part(path, "layers", title, graph, lambda: described_quads(store, [graph]))


def file_name(graph: str, base: str = BASE) -> str:
    """Return a path for the files of `graph`: its name below `graph/`, or a hash if that is no safe path.

    Before the name of a graph that is not in the collection with this `base` stands that of its own base.
    """
    name = layer_name(graph)
    if name != graph and _base(graph) != base:
        name = f"{_NOT_IN_PATH.sub('-', _base(graph).partition('://')[2]).strip('-')}/{name}"
    plain = name != graph and len(name) <= _LONGEST and _PATH.fullmatch(name)
    return name if plain else f"other/{hashlib.sha256(graph.encode()).hexdigest()[:32]}"


def _concerns(quad: ox.Quad, graphs: list[str], dataset: str) -> bool:
    subject = value(quad.subject)
    if subject in (dataset, f"{dataset}#publisher"):
        return quad.predicate.value != _SUBSET or value(quad.object) in graphs
    return subject in graphs


class Content:
    """Statements of a part, read and sorted once for all syntaxes, at the first use."""

    def __init__(self, quads: Callable[[], list[ox.Quad]]) -> None:
        """Keep `quads`, a function that returns the quads of the part sorted by `nquads.ordered`."""
        self._read_quads = quads
        self._graph: OrderedGraph | None = None

    @cached_property
    def quads(self) -> list[ox.Quad]:
        """Return the statements with their graphs."""
        return self._read_quads()

    @cached_property
    def triples(self) -> list[ox.Triple]:
        """Return the union of the graphs, each triple once."""
        return nquads.union(self.quads)

    def count(self, ending: str) -> int:
        """Return the number of statements of the part in the syntax of `ending`."""
        return len(self.quads) if keeps_graphs(ending) else len(self.triples)

    def serialize(self, ending: str, head: Notice) -> bytes:
        """Return the part in the syntax of `ending`, with `head` where the syntax has comments."""
        body = self._body(ending, head.about.names)
        if ending in _HASH_COMMENTS:
            return head.hash_comment() + body
        if ending == "rdf":
            start, end, rest = body.partition(_DECLARATION)
            return start + end + head.xml_comment() + rest
        return body

    def _body(self, ending: str, names: Namespaces) -> bytes:
        if not nquads.in_order(ending):
            return nquads.serialize_sorted(
                self.quads if keeps_graphs(ending) else self.triples, ending, names
            )
        if self._graph is None or self._graph.names != names:
            self._graph = OrderedGraph(self.triples, names)
        return nquads.serialize_ordered(self._graph, ending)


def read(content: bytes, ending: str) -> list[ox.Quad]:
    """Return the quads of a file with this ending; raises SyntaxError if it is not valid."""
    return list(ox.parse(content, nquads.SYNTAXES[ending][0]))


def parsable_ending(path: str, content: bytes) -> str:
    """Return the ending of the RDF syntax of `path`, but an empty text for JSON-LD with a remote context.

    Such a context (JSON-LD 1.1 section 3.1) would have to be fetched, and nothing is fetched here.
    """
    ending = nquads.ending_of(path)
    return "" if ending.endswith("jsonld") and _REMOTE_CONTEXT.match(content) else ending


def keeps_graphs(ending: str) -> bool:
    """Return whether the syntax of `ending` keeps named graphs."""
    return nquads.SYNTAXES[ending][1]
