"""Detection of the keywords SERVICE and FROM in a SPARQL query, and of the prefixes in its prologue.

pyoxigraph gives no syntax tree. A tokenizer of our own would differ from its grammar somewhere: to a
longest-match tokenizer `?a<'x>'` begins with the IRI `<'x>`, to the engine it compares ?a with a
text, and whatever follows can be hidden that way. So the engine itself parses the query, on an empty
store: if it still parses with every `service` misspelt, then none was a keyword. The result follows the
engine's grammar exactly, through strings, comments, IRIs and names.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pyoxigraph

Parse = Callable[[str], None]  # raises SyntaxError

# Of the same length, so that positions in error messages stay right, and not keywords.
MASKS = {"service": "zjqvice", "from": "fjqm"}

# A whole word, not part of a name, a variable or an IRI.
SERVICE = re.compile(r"(?<![\w:?$@./-])service(?![\w:-])", re.IGNORECASE)
_SILENT = re.compile(r"(?<![\w:?$@./-])silent(?![\w:-])", re.IGNORECASE)

SPACE = r"(?:\s|#[^\n\r]*(?:[\n\r]|\Z))"  # white space or a comment
_IRI = r'<[^<>"{}|^`\\\x00-\x20]*+>'
_DECLARATION = (
    rf"(?:BASE{SPACE}*+{_IRI}"
    rf"|PREFIX{SPACE}*+[^\s:<>]*+:{SPACE}*+{_IRI}"
    rf"|VERSION{SPACE}*+(?:\"[^\"\n]*+\"|'[^'\n]*+'))"
)
# SPARQL 1.1 section 19.8 (Prologue); compile it with re.IGNORECASE.
PROLOGUE = rf"(?:{SPACE}|{_DECLARATION})*+"
_DECLARATIONS = re.compile(PROLOGUE, re.IGNORECASE)
# Comments are matched so that nothing in them is read as a declaration. Only absolute IRIs and ASCII names.
_PREFIX = re.compile(
    rf"#[^\n\r]*+|PREFIX{SPACE}*+([A-Za-z](?:[\w.-]*[\w-])?|):{SPACE}*+"
    rf"<([A-Za-z][A-Za-z0-9+.-]*+:[^<>\"{{}}|^`\\\x00-\x20]*+)>|{_IRI}",
    re.IGNORECASE | re.ASCII,
)


def prologue(query: str) -> str:
    """Return the declarations that `query` begins with."""
    match = _DECLARATIONS.match(query)
    return match.group() if match else ""


def prefixes(query: str) -> dict[str, str]:
    """Return the prefixes that `query` declares in its prologue; without relative IRIs."""
    declared = (match.groups() for match in _PREFIX.finditer(prologue(query)))
    return {name: space for name, space in declared if name is not None}


def parse(query: str, base: str | None = None, prefixes: dict[str, str] | None = None) -> None:
    """Raise SyntaxError if `query` is not a SPARQL query; no data is read.

    `base` resolves relative IRIs; `prefixes` count as declared.
    """
    pyoxigraph.Store().query(query, base_iri=base, prefixes=prefixes)


def has_keyword(word: str, query: str, parse: Parse = parse) -> bool:
    """Return whether `query` has the keyword `word` ("service" or "from"); also if it is not SPARQL."""
    without = masked(word, query)
    return without != query and not parses(without, parse)


def as_graph(query: str) -> str:
    """Return `query` with GRAPH in place of SERVICE, which has the same grammar and makes no request."""
    return _SILENT.sub("", SERVICE.sub("graph", query))


def masked(word: str, query: str) -> str:
    """Return `query` with every `word` in it misspelt, keyword or not."""
    if word not in query.casefold():  # as of most; keywords are ASCII
        return query
    return re.sub(word, MASKS[word], query, flags=re.IGNORECASE)


def parses(query: str, parse: Parse = parse) -> bool:
    """Return whether `parse` accepts `query`."""
    try:
        parse(query)
    except SyntaxError:
        return False
    return True
