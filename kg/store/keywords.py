"""What a query uses of which its engine does not tell: keywords, and the declarations of its prologue.

pyoxigraph gives no syntax tree. A tokenizer beside its grammar would be wrong somewhere: to a
longest-match tokenizer `?a<'x>'` begins with the IRI `<'x>`, to the engine it compares ?a with a
text, and whatever follows can be hidden that way. So the engine itself is asked, on an empty
store: if the query still parses with every `service` in it spelt wrong, then none was a keyword.
The answer follows the engine's grammar exactly, through strings, comments, IRIs and names.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pyoxigraph

Parse = Callable[[str], None]  # raises SyntaxError

# Same length and no keyword, so that positions in error messages stay right.
MASKS = {"service": "zjqvice", "from": "fjqm"}

# A word by itself, not a part of a name, a variable or an IRI.
SERVICE = re.compile(r"(?<![\w:?$@./-])service(?![\w:-])", re.IGNORECASE)
_SILENT = re.compile(r"(?<![\w:?$@./-])silent(?![\w:-])", re.IGNORECASE)

SPACE = r"(?:\s|#[^\n\r]*(?:[\n\r]|\Z))"  # with comments
_IRI = r'<[^<>"{}|^`\\\x00-\x20]*+>'
_DECLARATION = (
    rf"(?:BASE{SPACE}*+{_IRI}"
    rf"|PREFIX{SPACE}*+[^\s:<>]*+:{SPACE}*+{_IRI}"
    rf"|VERSION{SPACE}*+(?:\"[^\"\n]*+\"|'[^'\n]*+'))"
)
# SPARQL 1.1 section 19.8 (Prologue); to be compiled without regard to case.
PROLOGUE = rf"(?:{SPACE}|{_DECLARATION})*+"
_DECLARATIONS = re.compile(PROLOGUE, re.IGNORECASE)
# A comment is matched, too, so that nothing in it is taken for a declaration. IRIs in full, names in ASCII.
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
    """Return the prefixes that `query` declares before its first keyword, without what needs a base."""
    declared = (match.groups() for match in _PREFIX.finditer(prologue(query)))
    return {name: space for name, space in declared if name is not None}


def parse(query: str, base: str | None = None, prefixes: dict[str, str] | None = None) -> None:
    """Raise SyntaxError when `query` is not SPARQL; looks at no data.

    `base` resolves relative IRIs; `prefixes` are taken as declared.
    """
    pyoxigraph.Store().query(query, base_iri=base, prefixes=prefixes)


def has_keyword(word: str, query: str, parse: Parse = parse) -> bool:
    """Return whether `query` uses `word` ("service" or "from") as a keyword, or is no SPARQL at all."""
    without = masked(word, query)
    return without != query and not parses(without, parse)


def as_graph(query: str) -> str:
    """Return `query` with calls of services made to GRAPH, which has their grammar and calls nobody."""
    return _SILENT.sub("", SERVICE.sub("graph", query))


def masked(word: str, query: str) -> str:
    """Return `query` with every `word` in it, keyword or not, spelt wrong."""
    return re.sub(word, MASKS[word], query, flags=re.IGNORECASE)


def parses(query: str, parse: Parse = parse) -> bool:
    """Return whether `parse` takes `query`."""
    try:
        parse(query)
    except SyntaxError:
        return False
    return True
