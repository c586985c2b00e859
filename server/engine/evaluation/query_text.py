"""Analysis of query text beyond the engine: updates, SERVICE, column order, volatility."""

from __future__ import annotations

import re

from kg.store.keywords import PROLOGUE, SPACE, Parse, as_graph, masked, parse, parses
from server.web.http_errors import ServiceRefusedError

_UPDATE = re.compile(
    rf"{PROLOGUE}(INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)(?![\w:])", re.IGNORECASE
)
_SELECT_ALL = re.compile(rf"{PROLOGUE}SELECT{SPACE}*+(?:(?:DISTINCT|REDUCED){SPACE}*+)?(\*)", re.IGNORECASE)
_ESCAPED_LETTER = re.compile(r"\\u00([46][1-9A-Fa-f]|[57][0-9Aa])|\\U000000([46][1-9A-Fa-f]|[57][0-9Aa])")
_VARIABLE = re.compile(r"[?$](\w+)")
_FREE = re.compile(r"^[ \t]*VALUES \?\w+ \{ UNDEF \}[ \t]*$", re.MULTILINE)  # a parameter that has no value
_VOLATILE = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\s*\(", re.IGNORECASE)


def refuse_service(query: str, parse: Parse = parse) -> None:
    """Raise ServiceRefusedError if `query` calls a service (SPARQL 1.1 Federated Query section 2).

    Raises SyntaxError if the text has the word SERVICE but is not a query. After a return without an
    error no word in the text can be that keyword, whatever the engine does with it.
    """
    without = masked("service", query)
    if without == query:
        return
    try:
        parse(without)
    except SyntaxError:
        # GRAPH has the grammar of SERVICE, so what parses with it was a call, not a syntax error.
        if parses(as_graph(query), parse):
            raise ServiceRefusedError(
                "This service calls no other service. Query the other endpoint yourself and join the two "
                "answers, or query the other endpoint and call this one with SERVICE."
            ) from None
        raise


def update_operation(query: str) -> str | None:
    """Return the operation in capitals if `query` begins like an update (SPARQL 1.1 Update), else None."""
    match = _UPDATE.match(query)
    return match.group(1).upper() if match else None


def unescape_letters(query: str) -> str:
    r"""Return `query` with escaped letters, such as `\u0053`, unescaped (SPARQL 1.1 section 19.2)."""
    if "\\" not in query:
        return query
    return _ESCAPED_LETTER.sub(lambda match: chr(int(match.group(1) or match.group(2), 16)), query)


def with_columns_in_order(query: str, variables: list[str]) -> str:
    """Return `query` with variables for a leading `SELECT *`, in order of appearance; else unchanged.

    `variables` are the names in scope, which the engine gives in alphabetical order.
    """
    match = _SELECT_ALL.match(query) if "*" in query else None
    if not match or not variables:
        return query
    seen = {name: place for place, name in reversed(list(enumerate(_VARIABLE.findall(query))))}
    names = sorted(variables, key=lambda name: seen.get(name, len(seen)))
    return query[: match.start(1)] + " " + " ".join(f"?{n}" for n in names) + " " + query[match.end(1) :]


def without_free_values(query: str) -> str:
    """Return `query` without the lines `VALUES ?name { UNDEF }`, which say nothing; those in texts stay.

    Virtuoso 7 loses the values of such a variable, or fails.
    """
    kept = query
    for line in reversed(list(_FREE.finditer(query))):
        start, end = line.span()
        if not parses(f"{query[:start]}}}{query[end:]}"):  # in a text or comment a brace would do no harm
            kept = kept[:start] + kept[end:]
    return kept if kept == query or parses(kept) else query


def volatile(query: str) -> bool:
    """Return whether the answer may differ each time, as with NOW() or RAND(); True in case of doubt."""
    return "(" in query and bool(_VOLATILE.search(unescape_letters(query)))
