"""SERVICE calls (SPARQL 1.1 Federated Query): taken out of a query, and replaced by what others answered.

The engine has no way to hand its calls to somebody else, and a worker cannot open a socket. By
definition (section 4) a call is a join with the solutions of its pattern elsewhere, so that
`SERVICE <a> { P }` may be replaced by those solutions as VALUES. Where a call begins and ends is
asked of the engine, as in `keywords`: it is a call if the text does not parse with that one word
spelt wrong; it ends at the first brace up to which its group parses; and in the end the query must
parse with an empty group in place of each. Nothing here reaches out, and a mistake here could at
worst ask an allowed address something odd.
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
    """One call: the text from `start` to `end` is to be replaced by what `address` answers to `query`."""

    start: int
    end: int
    address: str
    silent: bool
    query: str


def refuse_or_call(query: str, allowed: Sequence[str], base: str | None) -> None:
    """Return when `query` calls no service; else raise what is to be done about it.

    ServiceCallsError has the calls to make, all of them to addresses in `allowed`.
    ServiceRefusedError: another address, a variable, or a call within a call. RequestError: too
    many. SyntaxError: the text has the word but is no query.
    """
    parse = partial(keywords.parse, base=base)
    if not keywords.has_keyword("service", query, parse):
        return
    calls = list(_calls(query, parse))
    query_text.refuse_service(replaced(query, calls, [_EMPTY] * len(calls)), parse)
    parse(replaced(query, calls, [_EMPTY] * len(calls)))
    for call in calls:
        if call.address not in allowed:
            raise ServiceRefusedError(
                f"<{call.address}> is not among the services that may be called: "
                f"{', '.join(f'<{address}>' for address in allowed)}."
            )
    raise ServiceCallsError("Other services are to be asked first.", [astuple(call) for call in calls])


def replaced(query: str, calls: Sequence[Call], texts: Sequence[str]) -> str:
    """Return `query` with each of the `calls`, which are in order, replaced by one of `texts`."""
    for call, text in reversed(list(zip(calls, texts, strict=True))):
        query = query[: call.start] + text + query[call.end :]
    return query


def _calls(query: str, parse: keywords.Parse) -> Iterator[Call]:
    places = [match.start() for match in keywords.SERVICE.finditer(query)]
    if len(places) > _MOST_WORDS:
        raise RequestError(f"The query has the word SERVICE more than {_MOST_WORDS} times.")
    end = 0
    for place in places:
        if place >= end and _is_call(query, place, parse):
            call = _call(query, place)
            end = call.end
            yield call


def _is_call(query: str, place: int, parse: keywords.Parse) -> bool:
    """Return whether the query breaks when only the word at `place` is spelt wrong.

    Other calls are made to GRAPH, which has their grammar, so that the engine calls nobody.
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
            "A service is called by its full address in angle brackets, not by a variable or a short name."
        )
    prologue = keywords.prologue(query)
    for end in _ends(query, head.start("open")):
        text = f"{prologue} SELECT * {query[head.start('open') : end]}"
        if _complete(text):
            return Call(place, end, head["address"], bool(head["silent"]), text)
    raise ServiceRefusedError(
        "What is asked of a service must be a group that stands by itself, with absolute IRIs and without "
        "a call to a third service."
    )


def _ends(query: str, start: int) -> Iterator[int]:
    end = start
    for _ in range(_MOST_BRACES):
        end = query.find("}", end) + 1
        if not end:
            return
        yield end


def _complete(text: str) -> bool:
    """Return whether `text` is a query without a call; a relative IRI would mean another thing there."""
    try:
        query_text.refuse_service(text)
        keywords.parse(text)
    except (SyntaxError, ServiceRefusedError):
        return False
    return True


def as_values(results: bytes, query: str) -> str:
    """Return a group with the solutions in `results` (SPARQL 1.1 Query Results JSON) for `query`.

    Variables that the query does not have are left out. A blank node becomes an IRI that occurs
    nowhere else (RDF 1.1 section 3.5), since VALUES can hold none. Raises ServiceFailedError, with
    the rest of a sentence that begins with the service, when the text is something else.
    """
    try:
        parsed = json.loads(results)
        given = set(parsed["head"]["vars"])
        names = [name for name in dict.fromkeys(_VARIABLE.findall(query)) if name in given]
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
