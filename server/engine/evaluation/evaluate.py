"""Evaluation of one query on a store, and serialisation of its result, within a size limit."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import IO, cast

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
)

from kg.asking.hints.hint import Hint
from kg.errors import CablegraphError
from kg.store import keywords, known_prefixes
from server.engine.evaluation import (
    answer_hints,
    bounded_output,
    federation,
    query_text,
    sorted_graphs,
    syntax_errors,
)
from server.engine.evaluation.bounded_output import BoundedBuffer, PartBuffer
from server.engine.evaluation.query_request import QueryAnswer, QueryRequest
from server.web.formats import BOOLEANS, RESULTS, Kind
from server.web.http_errors import (
    NotAcceptableError,
    RequestError,
    ServiceCallsError,
    ServiceRefusedError,
    UpdateRefusedError,
)

Results = QuerySolutions | QueryBoolean | QueryTriples


def evaluate(store: Store, request: QueryRequest, result_limit: int) -> QueryAnswer:
    """Return the answer to `request` from `store`, at most `result_limit` bytes long.

    Raises QuerySyntaxError, ServiceRefusedError, ServiceCallsError if other services must be called
    first, UpdateRefusedError, SizeLimitError, NotAcceptableError if the request accepts no format
    of the result's kind, and RequestError for a graph name that is not an absolute IRI.
    """
    try:
        return _evaluated(store, request, result_limit)
    except CablegraphError as error:
        # Results of the engine may be dropped by their own thread alone. The frames of a traceback would keep
        # them until the cyclic garbage collector runs, which any thread may start.
        traceback.clear_frames(error.__traceback__)
        raise


def _evaluated(store: Store, request: QueryRequest, result_limit: int) -> QueryAnswer:
    dataset = _dataset(request)
    if request.services and keywords.SERVICE.search(request.query):  # the text of a call must be complete
        completed = _complete(request)
        if completed != request.query:
            return _completed(store, request, completed, result_limit)
    try:
        results = _checked_results(store, request, dataset)
    except SyntaxError as error:
        completed = _complete(request)
        if completed == request.query:
            raise _refusal(request, str(error)) from None
        return _completed(store, request, completed, result_limit)
    if request.part is not None and isinstance(results, QuerySolutions):
        return _part(results, request, result_limit)
    return _whole(store, request, dataset, results, result_limit)


def _whole(
    store: Store,
    request: QueryRequest,
    dataset: tuple[list[NamedNode], list[NamedNode]] | None,
    results: Results,
    result_limit: int,
) -> QueryAnswer:
    kind = kind_of(results)
    media_type = _media_type(request, kind)
    output = BoundedBuffer(result_limit)
    written = _WRITERS[kind](results, cast("IO[bytes]", output), media_type, request)
    body = bytes(output.collected)
    if kind == "solutions":
        body = bounded_output.finished(body, media_type)
    hints: tuple[Hint, ...] = ()
    if request.hints:
        table = (body, media_type) if kind == "solutions" else None
        hints = answer_hints.of(store, request, dataset, table, empty=written.empty)
    return QueryAnswer(body, kind, media_type, volatile=not written.repeatable, hints=hints)


def _part(results: QuerySolutions, request: QueryRequest, result_limit: int) -> QueryAnswer:
    """Return the answer with a part of the rows of `results`, and the number of all.

    The engine writes them in TSV, from which they are read again, so that it evaluates the query once.
    """
    media_type = _media_type(request, "solutions")
    output = PartBuffer(result_limit, *(request.part or (0, None)))
    results.serialize(cast("IO[bytes]", output), QueryResultsFormat.TSV)
    body = bounded_output.table(bytes(output.collected), media_type, result_limit, QueryResultsFormat.TSV)
    return QueryAnswer(body, "solutions", media_type, total=output.total)


def _media_type(request: QueryRequest, kind: Kind) -> str:
    media_type = request.types.get(kind)
    if media_type is None:
        raise NotAcceptableError(f"None of the formats that you accept can hold a {kind} result.", kind)
    return media_type


def _complete(request: QueryRequest) -> str:
    return known_prefixes.complete(request.query, request.base, request.names.prefixes)


def _completed(store: Store, request: QueryRequest, completed: str, result_limit: int) -> QueryAnswer:
    """Return the answer to `completed`, the query of `request` with declarations of known prefixes."""
    try:
        answer = evaluate(store, replace(request, query=completed), result_limit)
    except ServiceCallsError as error:
        shift = len(completed) - len(request.query)
        calls = [
            (start - shift, end - shift, address, silent, text)
            for start, end, address, silent, text in error.calls
        ]
        raise ServiceCallsError(str(error), calls) from None
    if not request.hints:
        return answer
    return replace(answer, hints=answer_hints.after_completing(request.query, completed, answer.hints))


def _checked_results(
    store: Store, request: QueryRequest, dataset: tuple[list[NamedNode], list[NamedNode]] | None
) -> Results:
    if request.services:
        federation.raise_for_calls(request.query, request.services, request.base)
    else:
        query_text.refuse_service(request.query, lambda text: keywords.parse(text, request.base))
    return _results(store, request, dataset)


def _dataset(request: QueryRequest) -> tuple[list[NamedNode], list[NamedNode]] | None:
    """Return the default and named graphs that the request names, or None if it names neither.

    If it names one kind, the other is empty: the protocol's dataset replaces the query's
    (SPARQL 1.1 Protocol section 2.1.4), and FROM alone leaves no named graph (SPARQL 1.1 section 13.2).
    """
    if request.default_graphs is None and request.named_graphs is None:
        return None
    try:
        return (
            [NamedNode(iri) for iri in request.default_graphs or ()],
            [NamedNode(iri) for iri in request.named_graphs or ()],
        )
    except ValueError as error:
        raise RequestError(f"A graph must be named by an absolute IRI: {error}") from None


def _results(
    store: Store, request: QueryRequest, dataset: tuple[list[NamedNode], list[NamedNode]] | None
) -> Results:
    def run(query: str) -> Results:
        if dataset is not None:
            return store.query(
                query, base_iri=request.base, default_graph=list(dataset[0]), named_graphs=list(dataset[1])
            )
        # With its union option the engine would ignore FROM.
        union = not keywords.has_keyword("from", query, lambda text: keywords.parse(text, request.base))
        return store.query(query, base_iri=request.base, use_default_graph_as_union=union)

    results = run(request.query)
    if isinstance(results, QuerySolutions):
        ordered = query_text.with_columns_in_order(
            request.query, [variable.value for variable in results.variables]
        )
        return results if ordered == request.query else run(ordered)
    return results


def _refusal(request: QueryRequest, message: str) -> CablegraphError:
    query = request.query
    unescaped = query_text.unescape_letters(query)
    operation = query_text.update_operation(unescaped)
    if operation:
        return UpdateRefusedError(
            f"{operation} would change the graph, which is read-only here. "
            "Ask with SELECT, ASK, CONSTRUCT or DESCRIBE."
        )
    try:
        query_text.refuse_service(unescaped)
    except ServiceRefusedError as error:
        return error
    except SyntaxError:
        pass
    try:  # a known prefix that is not declared is not the mistake
        keywords.parse(keywords.as_graph(query), request.base, request.names.prefixes)
    except SyntaxError as error:
        message = str(error)
    return syntax_errors.explain(query, message)


def kind_of(results: Results) -> Kind:
    """Return of which kind `results` are."""
    if isinstance(results, QueryTriples):
        return "graph"
    return "boolean" if isinstance(results, QueryBoolean) else "solutions"


@dataclass(frozen=True, slots=True)
class _Written:
    """What a writer found: whether the same query on the same data gives the same bytes, and no result."""

    repeatable: bool
    empty: bool


def _write_solutions(results: Results, output: IO[bytes], media_type: str, _: QueryRequest) -> _Written:
    format_ = RESULTS[media_type]
    cast("QuerySolutions", results).serialize(output, format_)
    return _Written(
        repeatable=True, empty=answer_hints.has_no_rows(cast("BoundedBuffer", output).collected, format_)
    )


def _write_boolean(results: Results, output: IO[bytes], media_type: str, _: QueryRequest) -> _Written:
    cast("QueryBoolean", results).serialize(output, BOOLEANS[media_type])
    return _Written(repeatable=True, empty=not results)


def _write_graph(results: Results, output: IO[bytes], media_type: str, request: QueryRequest) -> _Written:
    triples = list(cast("Iterator[Triple]", results))
    own = keywords.prefixes(request.query)
    repeatable = sorted_graphs.write_triples(triples, output, media_type, request.names.prefixes, own)
    return _Written(repeatable, empty=not triples)


_WRITERS: dict[Kind, Callable[[Results, IO[bytes], str, QueryRequest], _Written]] = {
    "solutions": _write_solutions,
    "boolean": _write_boolean,
    "graph": _write_graph,
}
