"""Each syntax holds every value that a graph may have, as other libraries read it, or is refused."""

from __future__ import annotations

import io
import warnings

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import to_isomorphic

from kg.errors import DataError
from kg.store import nquads, rdf_xml

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
NS = "http://ex.org/ns#"
A, P = ox.NamedNode("http://ex.org/a"), ox.NamedNode(f"{NS}p")
TYPE = ox.NamedNode(f"{RDF}type")
GRAPH = ox.NamedNode("http://ex.org/g")
# What XML can hold, and what a reader of XML or of a syntax with prefixes could take for something else.
HELD = {
    "markup": ox.Triple(A, P, ox.Literal("<&>\"'&#1;]]>")),
    "line ends": ox.Triple(A, P, ox.Literal("a\rb\r\nc\nd\t \x85\u2028")),
    "a name with a hyphen at its end": ox.Triple(A, ox.NamedNode(f"{NS}ab-"), A),
    "a name after digits": ox.Triple(A, ox.NamedNode(f"{NS}12p"), A),
    "a name after a percent sign": ox.Triple(A, ox.NamedNode(f"{NS}a%20b"), A),
    "an ampersand in a predicate": ox.Triple(A, ox.NamedNode("http://ex.org/?a=1&b"), A),
    "a member of a container": ox.Triple(A, ox.NamedNode(f"{RDF}_1"), A),
    "a class": ox.Triple(A, TYPE, ox.NamedNode(f"{NS}Class")),
    "a class of the syntax": ox.Triple(A, TYPE, ox.NamedNode(f"{RDF}Description")),
    "a text as the type": ox.Triple(A, TYPE, ox.Literal("T")),
    "an IRI whose scheme is a prefix": ox.Triple(ox.NamedNode("schema:Person"), P, ox.NamedNode("actor:x")),
    "a datatype whose scheme is a prefix": ox.Triple(A, P, ox.Literal("x", datatype=ox.NamedNode("skos:x"))),
    "a blank node": ox.Triple(ox.BlankNode("a.b"), P, ox.BlankNode("c-1")),
}
# What RDF/XML cannot hold, and the word that the reason has.
REFUSED = {
    "U+0001": ox.Triple(A, P, ox.Literal("a\x01")),
    "U+0000": ox.Triple(A, P, ox.Literal("\0")),
    "U+FFFE": ox.Triple(A, P, ox.Literal("\ufffe", language="en")),
    "<http://ex.org/2024>": ox.Triple(A, ox.NamedNode("http://ex.org/2024"), A),
    "<http://ex.org/>": ox.Triple(A, ox.NamedNode("http://ex.org/"), A),
    "<http://ex.org/x²>": ox.Triple(A, ox.NamedNode("http://ex.org/x²"), A),
    "<http://ex.org/p(q)>": ox.Triple(A, ox.NamedNode("http://ex.org/p(q)"), A),
    f"<{RDF}li>": ox.Triple(A, ox.NamedNode(f"{RDF}li"), A),
    f"<{RDF}about>": ox.Triple(A, ox.NamedNode(f"{RDF}about"), A),
    "<http://www.w3.org/2000/xmlns/a>": ox.Triple(A, ox.NamedNode("http://www.w3.org/2000/xmlns/a"), A),
    "class <http://ex.org/1962>": ox.Triple(A, TYPE, ox.NamedNode("http://ex.org/1962")),
    "_:0a": ox.Triple(A, P, ox.BlankNode("0a")),
    "<http://ex.org/7>": ox.Triple(A, P, ox.Triple(A, ox.NamedNode("http://ex.org/7"), A)),
}
READERS = {
    "ttl": "turtle",
    "nt": "nt",
    "nq": "nquads",
    "trig": "trig",
    "jsonld": "json-ld",
    "quads.jsonld": "json-ld",
    "rdf": "xml",
}


def model(triple: ox.Triple) -> rdflib.Graph:
    """Return the triple as rdflib's own reader of N-Triples has it."""
    return rdflib.Graph().parse(data=f"{triple} .\n", format="nt")


@pytest.mark.parametrize("ending", nquads.SYNTAXES)
@pytest.mark.parametrize("name", HELD)
def test_another_library_reads_the_same_from_each_syntax(name: str, ending: str) -> None:
    triple = HELD[name]
    quad = ox.Quad(triple.subject, triple.predicate, triple.object, GRAPH)
    read = rdflib.Dataset(default_union=True)
    with warnings.catch_warnings(action="ignore"):
        read.parse(data=nquads.serialize([quad], ending), format=READERS[ending])

    triples = rdflib.Graph()
    for one in read.triples((None, None, None)):
        triples.add(one)
    assert to_isomorphic(triples) == to_isomorphic(model(triple))


@pytest.mark.parametrize("reason", REFUSED)
def test_what_rdf_xml_cannot_hold_is_refused_with_the_reason(reason: str) -> None:
    with pytest.raises(DataError) as caught:
        nquads.serialize_sorted([REFUSED[reason]], "rdf")

    assert reason in str(caught.value)


@pytest.mark.parametrize("prefixes", [{}, {"ns": NS, "all": f"{NS}p"}])
@pytest.mark.parametrize("reason", ["U+0001", "<http://ex.org/2024>", "<http://ex.org/x²>"])
def test_what_is_refused_would_be_no_xml(reason: str, prefixes: dict[str, str]) -> None:
    """If this fails, the engine has changed, and less may be refused."""
    output = io.BytesIO()
    rdf_xml.write([REFUSED[reason]], output, prefixes)

    assert rdf_xml.xml_error(output.getvalue())


def test_a_prefix_that_is_a_whole_predicate_is_seen() -> None:
    triple = ox.Triple(A, ox.NamedNode(NS), A)

    assert "predicate" in rdf_xml.problem([triple], {"ns": NS})


def test_what_json_ld_cannot_hold_is_refused_and_the_other_syntaxes_hold_it() -> None:
    triple = ox.Triple(A, P, ox.Triple(A, P, A))

    for ending in ("jsonld", "quads.jsonld"):
        with pytest.raises(DataError, match="JSON-LD"):
            nquads.serialize([ox.Quad(A, P, triple.object, GRAPH)], ending)
    assert {
        quad.triple
        for ending in ("ttl", "nt", "rdf")
        for quad in ox.parse(nquads.serialize_sorted([triple], ending), nquads.SYNTAXES[ending][0])
    } == {triple}
