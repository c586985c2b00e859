"""A store elsewhere as a worker sees it: the results that it has given so far, and what to ask it next.

A worker can open no connection. So a query that lacks a result ends with StoreCallError, which says what to
ask; the pool asks, and sends the request again with the result. What a worker reads of the store is read as
data of strangers: in a process without files, within its limits of time and memory.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial

from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    parse_query_results,
)

from kg.namespaces import CG
from kg.store import keywords
from kg.terms import value
from server.engine.evaluation import dataset_clauses, query_text
from server.engine.evaluation.dataset_clauses import DatasetGraphs
from server.engine.evaluation.evaluate import Results, kind_of
from server.web.formats import Kind
from server.web.http_errors import StoreCallError, StoreFailedError

Form = list[tuple[str, str]]
_Term = NamedNode | Literal | None

NO_RESULTS = "The store of this service answered with something that is not the result of a query."
_OF_ASK = "__ASK_RETVAL"  # of Virtuoso, which answers ASK with a table
_TRUE, _FALSE = (b'{"head": {}, "boolean": %s}' % word for word in (b"true", b"false"))
_NOWHERE = "urn:x-cablegraph:no-graph"  # the protocol has no other way to name an empty set of graphs
_FEW, _MANY = 16, 4_000  # quads that a look-up fetches at first, and if those are not enough
_TERMS = 20_000  # statements about the terms of the ontology by one predicate
_OF_TERMS = (
    "SELECT ?s ?p ?o ?g { VALUES ?p { %s } "
    "GRAPH ?g { ?s <http://www.w3.org/2000/01/rdf-schema#isDefinedBy> ?in ; ?p ?o } } LIMIT %d"
)
_PATTERN = "SELECT ?s ?p ?o ?g { %s GRAPH ?g { ?s ?p ?o } } LIMIT %d"
# A name is mostly looked for in all places, one after the other, so that one query asks for all of them.
_ANYWHERE = "SELECT ?s ?p ?o ?g { %s }"


class FetchedStore:
    """Answers from the results `fetched`, by their keys; the methods are those of `pyoxigraph.Store`.

    Each raises StoreCallError for a result that is missing, and StoreFailedError for one that is none.
    """

    def __init__(self, fetched: Sequence[tuple[str, bytes]]) -> None:
        self._fetched = dict(fetched)
        self._terms: dict[NamedNode, dict[object, list[Quad]]] = {}

    def query(
        self,
        query: str,
        *,
        base_iri: str | None = None,
        default_graph: Sequence[NamedNode] | None = None,
        named_graphs: Sequence[NamedNode] | None = None,
        use_default_graph_as_union: bool = True,
    ) -> Results:
        """Return the results of `query`; without graphs the store's default graph is the union of all.

        Raises SyntaxError as the engine does, which reads the text before it is sent.
        """
        del use_default_graph_as_union  # that of the store is one
        on_nothing = Store().query(query, base_iri=base_iri)
        text, graphs = dataset_clauses.split(query, base_iri)
        if default_graph is not None or named_graphs is not None:
            graphs = DatasetGraphs(default_graph or (), named_graphs or ())
        form = [("query", _complete(text, on_nothing, base_iri)), *_dataset(graphs)]
        return self._results(form, kind_of(on_nothing), columns_of(on_nothing))

    def quads_for_pattern(
        self, subject: _Term, predicate: _Term, target: _Term, graph: _Term = None
    ) -> Iterator[Quad]:
        """Yield the quads that fit these terms, at most some thousands; None fits any."""
        if said := self._said(subject, predicate) if target is graph is None else []:
            yield from said
            return
        terms = zip("spog", (subject, predicate, target, graph), strict=True)
        bound = [(name, term) for name, term in terms if term is not None]
        pattern = " ".join(f"VALUES ?{name} {{ {term} }}" for name, term in bound)
        if len(bound) == 1 and isinstance(bound[0][1], NamedNode):
            few = self._anywhere(bound[0][1], bound[0][0])
        else:
            few = list(self._quads(_PATTERN % (pattern, _FEW)))
        yield from few
        if len(few) >= _FEW:
            yield from set(self._quads(_PATTERN % (pattern, _MANY))) - set(few)

    def named_graphs(self) -> Iterator[NamedNode]:
        """Yield the names of the graphs, at most some thousands."""
        text = f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s ?p ?o }} }} LIMIT {_MANY}"
        found = (row["g"] for row in self._rows(text, {"g"}))
        return (graph for graph in found if isinstance(graph, NamedNode))

    def _anywhere(self, node: NamedNode, place: str) -> list[Quad]:
        """Return quads with `node` at `place`: all of them, if they are fewer than `_FEW`."""
        parts = (f"{{ {_PATTERN % (f'VALUES ?{name} {{ {node} }}', _FEW)} }}" for name in "spog")
        rows = self._rows(_ANYWHERE % " UNION ".join(parts), set("spog"))
        return list({Quad(*(row[name] for name in "spog")): None for row in rows if row[place] == node})

    def _said(self, subject: _Term, predicate: _Term) -> list[Quad]:
        """Return what the ontology says of its term `subject` by `predicate`."""
        named = isinstance(subject, NamedNode) and subject.value.startswith(CG)
        return (
            self._of_terms(predicate).get(subject, []) if named and isinstance(predicate, NamedNode) else []
        )

    def _of_terms(self, predicate: NamedNode) -> dict[object, list[Quad]]:
        """Return what the ontology says by `predicate`, by term: many of them are looked up one by one."""
        if predicate not in self._terms:
            found: dict[object, list[Quad]] = defaultdict(list)
            for quad in self._quads(_OF_TERMS % (predicate, _TERMS)):
                found[quad.subject].append(quad)
            self._terms[predicate] = found
        return self._terms[predicate]

    def _quads(self, text: str) -> Iterator[Quad]:
        for row in self._rows(text, set("spog")):
            yield Quad(*(row[name] for name in "spog"))

    def _rows(self, text: str, columns: set[str]) -> QuerySolutions:
        results = self._results([("query", text)], "solutions", columns)
        assert isinstance(results, QuerySolutions)  # noqa: S101 - the kind was checked
        return results

    def _results(self, form: Form, kind: Kind, columns: set[str]) -> Results:
        key = hashlib.sha256(repr(form).encode("utf-8", "surrogatepass")).hexdigest()
        if key not in self._fetched:
            raise StoreCallError("The store must be asked first.", key, form, kind)
        try:
            results = read(self._fetched[key], kind)
        except SyntaxError:
            raise StoreFailedError(NO_RESULTS) from None
        if columns_of(results) != columns:
            raise StoreFailedError(NO_RESULTS)
        return results


def columns_of(results: Results) -> set[str]:
    """Return the names of the variables that `results` have, if they are solutions."""
    return {v.value for v in results.variables} if isinstance(results, QuerySolutions) else set()


def read(body: bytes, kind: Kind) -> Results:
    """Return the results in `body`: in JSON, or for a graph in Turtle, of which N-Triples are a part.

    Raises SyntaxError if they are none, or of another kind.
    """
    if kind == "graph":
        return _triples(body)
    results = parse_query_results(body, QueryResultsFormat.JSON)
    if kind == "boolean" and isinstance(results, QuerySolutions) and columns_of(results) == {_OF_ASK}:
        said = any(value(row[_OF_ASK]) == "1" for row in results)
        results = parse_query_results(_TRUE if said else _FALSE, QueryResultsFormat.JSON)
    if kind_of(results) != kind:
        raise SyntaxError(NO_RESULTS)
    return results


def _triples(body: bytes) -> QueryTriples:
    store = Store()
    store.load(body, RdfFormat.TURTLE)
    triples = store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert isinstance(triples, QueryTriples)  # noqa: S101 - of that query
    return triples


def _complete(query: str, on_nothing: Results, base: str | None) -> str:
    """Return `query` as another service has to read it: with its columns in order, and with its base."""
    ordered = query_text.with_columns_in_order(query, sorted(columns_of(on_nothing)))
    ordered = query_text.without_free_values(ordered)
    if base is None or keywords.parses(ordered, partial(keywords.parse, base=None)):
        return ordered
    return f"BASE {NamedNode(base)} {ordered}"


def _dataset(graphs: DatasetGraphs | None) -> Form:
    """Return the fields for these graphs, and no others (SPARQL 1.1 Protocol section 2.1.4)."""
    if graphs is None:
        return []
    if not graphs.default and not graphs.named:
        return [("default-graph-uri", _NOWHERE)]
    fields = [("default-graph-uri", graph.value) for graph in graphs.default]
    return fields + [("named-graph-uri", graph.value) for graph in graphs.named]
