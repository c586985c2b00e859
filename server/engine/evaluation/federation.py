"""SERVICE calls of a query (SPARQL 1.1 Federated Query): found, and replaced by their solutions.

The engine cannot hand its calls to another process, and a worker cannot open a socket. By definition
(section 4) a call is a join with the solutions of its pattern at the other service. So
`SERVICE <a> { P }` may be replaced by those solutions as VALUES. The engine's parser decides where a
call begins and ends, as in `keywords`. A word is a call if the query does not parse with that one
word misspelt. The call ends at the first brace up to which its group parses. At last the query must
parse with an empty group in place of each call. This module opens no connection; the worst result of
a mistake here is an odd query to an allowed address.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from typing import Any

from pyoxigraph import Literal, NamedNode

from kg.store import keywords
from server.engine.evaluation import query_text
from server.web.http_errors import RequestError, ServiceCallsError, ServiceFailedError, ServiceRefusedError

_MOST_WORDS = 30  # each costs a parse
_MOST_BRACES = 300
_HEAD = re.compile(
    rf"service{keywords.SPACE}*+(?P<silent>silent{keywords.SPACE}*+)?(?:<(?P<address>[^<>\s]*+)>)?"
    rf"{keywords.SPACE}*+(?P<open>\{{)?",
    re.IGNORECASE,
)
_EMPTY = "{}"


_VARIABLE = re.compile(r"[?$](\w+)")
_MALFORMED = "answered with something that is not SPARQL results in JSON"


@dataclass(frozen=True, slots=True)
class Call:
    """One call: the solutions of `query` at `address` replace the text from `start` to `end`."""

    start: int
    end: int
    address: str
    silent: bool
    query: str


def raise_for_calls(query: str, allowed: Sequence[str], base: str | None) -> None:
    """Raise an error unless `query` calls no service.

    ServiceCallsError has the calls to make, all of them to addresses in `allowed`.
    ServiceRefusedError: another address, a variable, or a call within a call. RequestError: too
    many calls. SyntaxError: the text has the word SERVICE but is not a query.
    """
    parse = partial(keywords.parse, base=base)
    if not keywords.has_keyword("service", query, parse):
        return
    calls = list(_calls(query, parse))
    query_text.refuse_service(replace_calls(query, calls, [_EMPTY] * len(calls)), parse)
    parse(replace_calls(query, calls, [_EMPTY] * len(calls)))
    for call in calls:
        if call.address not in allowed:
            raise ServiceRefusedError(
                f"<{call.address}> is not among the services that may be called: "
                f"{', '.join(f'<{address}>' for address in allowed)}."
            )
    raise ServiceCallsError("Other services must be called first.", [astuple(call) for call in calls])


def replace_calls(query: str, calls: Sequence[Call], texts: Sequence[str]) -> str:
    """Return `query` with each of its `calls`, in their order in it, replaced by one of `texts`."""
    for call, text in reversed(list(zip(calls, texts, strict=True))):
        query = query[: call.start] + text + query[call.end :]
    return query


def _calls(query: str, parse: keywords.Parse) -> Iterator[Call]:
    places = [match.start() for match in keywords.SERVICE.finditer(query)]
    if len(places) > _MOST_WORDS:
        raise RequestError(
            f"The query has the word SERVICE more than {_MOST_WORDS} times; call fewer services in one query."
        )
    end = 0
    for place in places:
        if place >= end and _is_call(query, place, parse):
            call = _call(query, place)
            end = call.end
            yield call


def _is_call(query: str, place: int, parse: keywords.Parse) -> bool:
    """Return whether the query no longer parses with only the word at `place` misspelt.

    Other calls become GRAPH, which has the same grammar, so that the engine makes no call.
    """
    word = len("service")
    marked = query[:place] + keywords.MASKS["service"] + query[place + word :]
    try:
        parse(keywords.as_graph(marked))
    except SyntaxError:
        return True
    return False


def _call(query: str, place: int) -> Call:
    head = _HEAD.match(query, place)
    if not head or head["address"] is None or head["open"] is None:
        raise ServiceRefusedError(
            "Name a service by its full address in angle brackets, not by a variable or a prefixed name."
        )
    prologue = keywords.prologue(query)
    for end in _possible_ends(query, head.start("open")):
        text = f"{prologue} SELECT * {query[head.start('open') : end]}"
        if _is_complete(text):
            return Call(place, end, head["address"], bool(head["silent"]), text)
    raise ServiceRefusedError(
        "The pattern for a service must be complete in itself, with absolute IRIs and without "
        "a call to a third service."
    )


def _possible_ends(query: str, start: int) -> Iterator[int]:
    end = start
    for _ in range(_MOST_BRACES):
        end = query.find("}", end) + 1
        if not end:
            return
        yield end


def _is_complete(text: str) -> bool:
    """Return whether `text` is a query without calls and without relative IRIs, which differ elsewhere."""
    try:
        query_text.refuse_service(text)
        keywords.parse(text)
    except (SyntaxError, ServiceRefusedError):
        return False
    return True


def as_values(results: bytes, query: str) -> str:
    """Return a group with the solutions in `results` (SPARQL 1.1 Query Results JSON) for `query`.

    Variables that the query does not have are left out. A blank node becomes an IRI that occurs
    nowhere else (RDF 1.1 section 3.5), since VALUES cannot hold one. Raises ServiceFailedError if
    the text is anything else; the message is the predicate of a sentence about the service.
    """
    try:
        parsed = json.loads(results)
        variables = set(parsed["head"]["vars"])
        names = [name for name in dict.fromkeys(_VARIABLE.findall(query)) if name in variables]
        scope = uuid.uuid4()
        rows = [_row(binding, names, scope) for binding in parsed["results"]["bindings"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ServiceFailedError(_MALFORMED) from None
    return f"{{ VALUES ({' '.join(f'?{name}' for name in names)}) {{ {' '.join(rows)} }} }}"


def _row(binding: dict[str, Any], names: list[str], scope: uuid.UUID) -> str:
    return f"({' '.join(_term(binding.get(name), scope) for name in names)})"


def _term(value: dict[str, Any] | None, scope: uuid.UUID) -> str:
    if value is None:
        return "UNDEF"
    kind, text = value["type"], value["value"]
    if kind == "uri":
        return str(NamedNode(text))
    if kind == "bnode":
        return f"<{uuid.uuid5(scope, text).urn}>"
    if kind not in ("literal", "typed-literal"):
        raise ValueError(kind)
    if "xml:lang" in value:
        return str(Literal(text, language=value["xml:lang"]))
    datatype = value.get("datatype")
    return str(Literal(text, datatype=NamedNode(datatype) if datatype else None))
