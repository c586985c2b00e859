"""RDF/XML as the engine writes it, where that is RDF/XML, and the reason where it is not.

Some graphs have no RDF/XML: a predicate whose IRI does not end with an XML name cannot be an element (RDF
1.1 XML Syntax section 5.1.2), and XML lacks some characters (XML 1.0 section 2.2). The engine writes those
all the same, and no reader takes it (https://github.com/oxigraph/oxigraph/issues/1859). A carriage return is
written as it is, and readers of XML make a line feed of it (section 2.11).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, cast
from xml.parsers import expat

import pyoxigraph as ox

from kg.namespaces import PREFIXES
from kg.reading.characters import not_in_xml

_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_NOTHING = ox.NamedNode("urn:x:nothing")
_PLAIN_LABEL = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*", re.ASCII)
_RETURN = (b"\r", b"&#xD;")


def problem(triples: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> str:
    """Return why `triples`, with these prefixes, have no RDF/XML, in a sentence; empty if they have."""
    samples: dict[ox.Triple, str] = {}  # of each name of an element, and what it is the name of
    for triple in _all(triples):
        samples[ox.Triple(_NOTHING, triple.predicate, _NOTHING)] = f"predicate <{triple.predicate.value}>"
        if triple.predicate == _TYPE and isinstance(triple.object, ox.NamedNode):
            samples[ox.Triple(_NOTHING, _TYPE, triple.object)] = f"class <{triple.object.value}>"
        for term in (triple.subject, triple.object):
            if reason := _term_problem(term):
                return reason
    wrong = next((name for sample, name in samples.items() if not _is_written(sample, prefixes)), "")
    return f"RDF/XML cannot write the {wrong}" if wrong else ""


def write(triples: Sequence[ox.Triple], output: IO[bytes], prefixes: Mapping[str, str]) -> None:
    """Write `triples`, which have no `problem`, to `output`."""
    escaping = cast("IO[bytes]", ReturnEscaper(output))
    ox.serialize(triples, escaping, ox.RdfFormat.RDF_XML, prefixes=dict(prefixes))


class ReturnEscaper:
    """A file that XML is written to, with carriage returns as character references."""

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output

    def write(self, piece: bytes) -> int:
        """Write `piece` and return its length. No tag has a carriage return, since no IRI has one."""
        self._output.write(piece.replace(*_RETURN))
        return len(piece)

    def flush(self) -> None:
        """Flush the file behind."""
        self._output.flush()


def xml_error(content: bytes) -> str:
    """Return why `content` is no XML document with namespaces; an empty text if it is one."""
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(content, True)
    except expat.ExpatError as error:
        return str(error)
    return ""


def _all(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Yield `triples` and those that are their objects (RDF 1.2)."""
    for triple in triples:
        inner: object = triple
        while isinstance(inner, ox.Triple):
            yield inner
            inner = inner.object


def _term_problem(term: object) -> str:
    if isinstance(term, ox.Literal):
        character = not_in_xml(term.value)
        return f"XML cannot write the character {character} of a literal" if character else ""
    if not isinstance(term, ox.BlankNode) or _PLAIN_LABEL.fullmatch(term.value):
        return ""
    wrong = xml_error(f"<{term.value}/>".encode())
    return f"RDF/XML cannot write the label of the blank node _:{term.value}" if wrong else ""


def _is_written(sample: ox.Triple, prefixes: Mapping[str, str]) -> bool:
    """Return whether what the engine writes for `sample` is XML with namespaces."""
    output = io.BytesIO()
    try:
        ox.serialize([sample], output, ox.RdfFormat.RDF_XML, prefixes=dict(prefixes))
    except OSError:  # rdf:li and other terms of the syntax itself
        return False
    return not xml_error(output.getvalue())
