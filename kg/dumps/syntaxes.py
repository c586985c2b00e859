"""Write the quads of a part in one syntax, with licence and citation at its head where it has comments.

Canonical N-Quads have no comments (RDF Dataset Canonicalization section 5), JSON has none at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property

import pyoxigraph as ox

from kg import dump
from kg.dumps import notice

_DECLARATION = b"?>\n"  # how the XML declaration ends, before which no comment may stand
# The beginning of JSON-LD whose context, or the first of several, is an address.
_LEANING = re.compile(rb'\s*\{\s*"@context":\s*(?:\[\s*)?"')
_HASHED = ("ttl", "nt", "trig")


class Content:
    """The statements of a part, taken and sorted once for all syntaxes, when they are first asked for."""

    def __init__(self, quads: Callable[[], list[ox.Quad]]) -> None:
        """Take `quads`, a function that returns the part as `dump.ordered` sorts it."""
        self._take = quads

    @cached_property
    def quads(self) -> list[ox.Quad]:
        """The statements with their graphs."""
        return self._take()

    @cached_property
    def triples(self) -> list[ox.Triple]:
        """Their union, each once."""
        return dump.union(self.quads)

    def count(self, ending: str) -> int:
        """Return how many statements the part has in the syntax of `ending`."""
        return len(self.quads) if keeps_graphs(ending) else len(self.triples)

    def written(self, ending: str, title: str, version: str) -> bytes:
        """Return the part in the syntax of `ending`; data of `version` called `title`."""
        body = dump.written(self.quads if keeps_graphs(ending) else self.triples, ending)
        if ending in _HASHED:
            return notice.hashed(title, version) + body
        if ending == "rdf":
            head, end, rest = body.partition(_DECLARATION)
            return head + end + notice.marked_up(title, version) + rest
        return body


def read(content: bytes, ending: str) -> list[ox.Quad]:
    """Return the quads of a file with that ending; raises SyntaxError when they cannot be read."""
    return list(ox.parse(content, dump.SYNTAXES[ending][0]))


def ending_of(path: str) -> str:
    """Return the ending of `path` if it is one of an RDF syntax, else nothing."""
    ending = path.rpartition(".")[2]
    return ending if ending in dump.SYNTAXES else ""


def ending_alone(path: str, content: bytes) -> str:
    """Return what `ending_of` does, but nothing for JSON-LD whose context stands elsewhere.

    Such a context (JSON-LD 1.1 section 3.1) would have to be fetched, and nothing is fetched here.
    """
    ending = ending_of(path)
    return "" if ending == "jsonld" and _LEANING.match(content) else ending


def keeps_graphs(ending: str) -> bool:
    """Tell whether the syntax of `ending` keeps named graphs."""
    return dump.SYNTAXES[ending][1]
