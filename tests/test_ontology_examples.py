"""The examples of the ontology against the graph: each is there, and its words are those of the data.

`ontology_examples.csv` names for each class an instance, and for each property a triple, that the text of
`skos:example` speaks of. A triple without an object stands for all values that its subject has. Names, numbers
and quoted words of an example must stand in the data, and half of its other words; word endings may differ.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.build import Build
from kg.namespaces import CG, ID, PREFIXES
from kg.terms import expand, folded, value

from . import regenerate

HERE = Path(__file__).parent
RDF, RDFS, SKOS, OA, OWL = (PREFIXES[p] for p in ("rdf", "rdfs", "skos", "oa", "owl"))
ROWS = list(csv.DictReader((HERE / "ontology_examples.csv").read_text(encoding="utf-8").splitlines()))
# What a thing is called, of the things beside an example.
CALLED = {
    f"{RDFS}label",
    f"{SKOS}prefLabel",
    f"{SKOS}altLabel",
    f"{OA}exact",
    f"{CG}asWritten",
    f"{CG}content",
}
FUNCTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        """a an the and or but nor not no of to in on at by for from with within as if than that this which who whom
        whose what it its he his him she they their is are was were be been has have had do does did will would may
        might can could should there here both one two other another after before""",
    )
)


class Data:
    """The texts of the graph around each of its things."""

    def __init__(self, graph: Build) -> None:
        self.triples = {q.triple for q in graph.quads}

    @cached_property
    def links(self) -> dict[str, list[tuple[str, ox.Term]]]:
        """Return property and object of each triple by its subject, and the outer claim of an embedded one."""
        found: dict[str, list[tuple[str, ox.Term]]] = defaultdict(list)
        for t in self.triples:
            found[value(t.subject)].append((t.predicate.value, t.object))
            if t.predicate.value == f"{CG}embeds":
                found[value(t.object)].append((t.predicate.value, t.subject))
        return found

    def values(self, subject: str, property_: str) -> list[ox.Term]:
        return [o for p, o in self.links[subject] if p == property_]

    def own(self, term: ox.Term, properties: set[str] | None = None) -> Iterator[str]:
        """Yield the texts of one term: its own if it is a literal, else its name and what it says of itself."""
        if isinstance(term, ox.Literal):
            yield term.value
            return
        iri = value(term)
        if not iri.startswith(ID):
            yield iri
        for p, o in self.links[iri]:
            if isinstance(o, ox.Literal) and o.language in (None, "en") and p in (properties or {p}):
                yield o.value

    def around(self, term: ox.Term) -> Iterator[str]:
        """Yield the texts of a term and the names of the things beside it."""
        yield from self.own(term)
        for _, o in self.links.get(value(term), ()):
            if isinstance(o, ox.NamedNode):
                yield from self.own(o, CALLED)


@pytest.fixture(scope="module")
def data(graph: Build) -> Data:
    return Data(graph)


@pytest.fixture(scope="module")
def ontology() -> regenerate.Turtle:
    return regenerate.ontology()


@pytest.fixture(scope="module")
def kinds(ontology: regenerate.Turtle) -> dict[str, str]:
    """The kind of each class and property."""
    return {
        t: kind
        for kind in ("Class", "ObjectProperty", "DatatypeProperty")
        for t in ontology.typed(OWL + kind)
    }


def words(text: str) -> list[str]:
    """Return the words of a text, those of names without their possessive."""
    return re.findall(r"\w+", re.sub(r"['’]s\b", "", text))


def among(texts: Iterable[str]) -> set[str]:
    """Return the words of some texts, folded."""
    return {folded(word) for text in texts for word in words(text)}


def stands(word: str, texts: set[str]) -> bool:
    """Return whether a word, or one that begins alike, is among the words of the data."""
    folded_word = folded(word)
    stem = folded_word if folded_word.isdigit() else folded_word[: max(4, len(folded_word) - 2)]
    return folded_word in texts or (not stem.isdigit() and any(t.startswith(stem) for t in texts))


def missing(example: str, said: list[str]) -> list[str]:
    """Return what an example says that the texts `said` do not."""
    text = " ".join(said)
    found = among(said)
    quoted = re.findall(r'"([^"]+)"', example)
    lacking = [f'"{quote}"' for quote in quoted if folded(quote) not in folded(text)]
    ours = [w for w in words(re.sub(r'"[^"]+"', "", example)) if folded(w) not in FUNCTION_WORDS]
    names = [w for w in ours if w[0].isupper() or any(c.isdigit() for c in w)]
    others = [w for w in ours if w not in names]
    lacking += [w for w in names if not stands(w, found)]
    absent = [w for w in others if not stands(w, found)]
    return lacking + (absent if 2 * len(absent) > len(others) else [])


def test_each_class_and_property_has_one_example_in_the_data(kinds: dict[str, str]) -> None:
    assert sorted(expand(row["term"]) for row in ROWS) == sorted(kinds)


def spoken_of(row: dict[str, str], kind: str, data: Data) -> list[ox.Term]:
    """Return what the example in a row leads to: the instance of a class, the objects of a property."""
    term, subject = expand(row["term"]), expand(row["subject"])
    if kind == "Class":
        return [ox.NamedNode(subject)] if term in map(value, data.values(subject, f"{RDF}type")) else []
    wanted = expand(row["object"]) if row["object"] and kind == "ObjectProperty" else row["object"]
    return [o for o in data.values(subject, term) if not wanted or value(o) == wanted]


@pytest.mark.parametrize("row", ROWS, ids=[row["term"] for row in ROWS])
def test_an_example_is_in_the_data_and_says_what_they_say(
    row: dict[str, str], ontology: regenerate.Turtle, kinds: dict[str, str], data: Data
) -> None:
    term = expand(row["term"])
    (example,) = ontology.of(term, "skos:example")
    found = spoken_of(row, kinds[term], data)
    told = [text for thing in found for text in data.around(thing)]
    beside = data.around(ox.NamedNode(expand(row["subject"])))

    assert found
    assert missing(example, [*ontology.of(term, "rdfs:label"), *beside, *told]) == []
    assert [w for w in words(example) if folded(w) not in FUNCTION_WORDS and stands(w, among(told))]


def test_a_word_that_the_data_do_not_have_is_found() -> None:
    said = ["Guevara did not speak", "last session of the ORI leadership"]

    assert missing('Guevara "did not speak" at the session of the ORI.', said) == []
    assert missing('Ordoqui "spoke" at 3 there.', said) == ['"spoke"', "Ordoqui", "3"]
    assert missing("A long and entirely different sentence.", said) == [
        "long",
        "entirely",
        "different",
        "sentence",
    ]
