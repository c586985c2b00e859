"""What a query asks for that its engine does not tell: what it would change, call, or give anew each time."""

from __future__ import annotations

import re
from functools import partial

from kg.store.keywords import PROLOGUE, SPACE, Parse, as_graph, masked, parse, parses
from server.web.http_errors import ServiceRefusedError

_UPDATE = re.compile(
    rf"{PROLOGUE}(INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)(?![\w:])", re.IGNORECASE
)
_SELECT_ALL = re.compile(rf"{PROLOGUE}SELECT{SPACE}*+(?:(?:DISTINCT|REDUCED){SPACE}*+)?(\*)", re.IGNORECASE)
_ESCAPED_LETTER = re.compile(r"\\u00([46][1-9A-Fa-f]|[57][0-9Aa])|\\U000000([46][1-9A-Fa-f]|[57][0-9Aa])")
_VARIABLE = re.compile(r"[?$](\w+)")
_PREFIX_USED = re.compile(r"(?<![\w:?$@./<-])([A-Za-z][\w-]*|):(?=[\w:%\\]|\s)")
_MOST_PREFIXES = 50  # each costs a parse
_VOLATILE = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\s*\(", re.IGNORECASE)


def undeclared_prefix(query: str) -> str | None:
    """Return the first prefix whose declaration would be enough, with others, to make `query` parse."""
    names: list[str] = list(dict.fromkeys(_PREFIX_USED.findall(query)))
    every = dict.fromkeys(names, "urn:x:")
    if len(names) > _MOST_PREFIXES or not parses(query, partial(parse, prefixes=every)):
        return None
    without = ({other: every[other] for other in names if other != name} for name in names)
    needed = (not parses(query, partial(parse, prefixes=others)) for others in without)
    return next((name for name, is_needed in zip(names, needed, strict=True) if is_needed), None)


def refuse_service(query: str, parse: Parse = parse) -> None:
    """Raise ServiceRefusedError when `query` calls a service (SPARQL 1.1 Federated Query section 2).

    Raises SyntaxError when the text has the word but is no query. After a quiet return no word in
    the text can be that keyword, whatever the engine does with it.
    """
    without = masked("service", query)
    if without == query:
        return
    try:
        parse(without)
    except SyntaxError:
        # GRAPH has the grammar of SERVICE, so what parses with it was a call and no slip.
        if parses(as_graph(query), parse):
            raise ServiceRefusedError(
                "This graph calls no other service: ask the other endpoint yourself and join the two "
                "answers, or ask from there with SERVICE and the address of this one."
            ) from None
        raise


def update_operation(query: str) -> str | None:
    """Return the operation in capitals when `query` begins like an update (SPARQL 1.1 Update), else None."""
    match = _UPDATE.match(query)
    return match.group(1).upper() if match else None


def with_letters(query: str) -> str:
    r"""Return `query` with `\u0053` and the like as the letters they stand for (SPARQL 1.1 section 19.2)."""
    return _ESCAPED_LETTER.sub(lambda match: chr(int(match.group(1) or match.group(2), 16)), query)


def in_order(query: str, variables: list[str]) -> str:
    """Return `query` with a leading `SELECT *` spelt out in order of appearance, else unchanged.

    `variables` are the names that the engine finds in scope, which come in alphabetical order.
    """
    match = _SELECT_ALL.match(query)
    if not match or not variables:
        return query
    seen = {name: place for place, name in reversed(list(enumerate(_VARIABLE.findall(query))))}
    names = sorted(variables, key=lambda name: seen.get(name, len(seen)))
    return query[: match.start(1)] + " " + " ".join(f"?{n}" for n in names) + " " + query[match.end(1) :]


def volatile(query: str) -> bool:
    """Return whether the answer may differ each time, as with NOW() or RAND(); errs towards True."""
    return bool(_VOLATILE.search(with_letters(query)))
