"""Take each kind of required statement out of the real graph, or spoil it: validation notices every one.

What is required is read from the shapes themselves, so a new requirement is tried without a change here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import pyoxigraph as ox
import pytest
from rdflib import RDF, RDFS, SH, XSD, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg import build, namespaces
from kg.checking import shacl
from kg.errors import Finding
from kg.reading import triples
from kg.resources import folder
from kg.terms import value as text_of

SHAPES = shacl.load(folder("shapes"))["stated"]
NAMESPACE = namespaces.BASE + "shape#"
TYPE = ox.NamedNode(str(RDF.type))
FOREIGN = ox.NamedNode("https://example.org/nothing")
TEXT = ox.Literal("some text")
PLACE = ox.NamedNode(f"{namespaces.ID}place/havana")
LONG = " ".join(["word"] * 400)


@dataclass(frozen=True)
class Required:
    """A shape that asks for statements: its name, the properties that it counts, and how many it wants."""

    name: str
    paths: tuple[str, ...]
    least: int

    @property
    def shape(self) -> URIRef:
        return URIRef(NAMESPACE + self.name)

    @cached_property
    def shapes(self) -> Graph:
        """Return this shape and those that say what its properties may hold."""
        near = {s for path in self.paths for s in SHAPES.subjects(SH.path, URIRef(path))}
        result = Graph()
        for shape in {self.shape, *(s for s in near if isinstance(s, URIRef))}:
            SHAPES.cbd(shape, target_graph=result)
        return result

    @property
    def message(self) -> str:
        return str(SHAPES.value(self.shape, SH.message))


def required() -> Iterator[Required]:
    for shape in sorted(s for s in set(SHAPES.subjects(SH.message)) if isinstance(s, URIRef)):
        paths = tuple(sorted({path for part in parts(shape) for path in counted(part)}))
        least = SHAPES.value(shape, SH.minCount)
        if paths:
            yield Required(str(shape).removeprefix(NAMESPACE), paths, int(str(least)) if least else 1)


def parts(shape: Node) -> list[Node]:
    """Return the shape, or the members of its sh:or and sh:xone."""
    heads = [head for key in (SH["or"], SH.xone) for head in SHAPES.objects(shape, key)]
    return [member for head in heads for member in Collection(SHAPES, head)] or [shape]


def counted(part: Node) -> Iterator[str]:
    """Yield the properties of which `part` wants one or more values."""
    if SHAPES.value(part, SH.minCount) is None and SHAPES.value(part, SH.qualifiedMinCount) is None:
        return
    path = SHAPES.value(part, SH.path)
    choice = SHAPES.value(path, SH.alternativePath) if path is not None else None
    members = Collection(SHAPES, choice) if choice is not None else [path]
    yield from (str(member) for member in members if isinstance(member, URIRef))


REQUIRED = list(required())
EACH = pytest.mark.parametrize("wanted", REQUIRED, ids=[r.name for r in REQUIRED])


@dataclass
class Stated:
    """What the records state, by subject and by object, with the build that it comes from."""

    built: build.Build
    about: dict[str, list[ox.Triple]] = field(default_factory=lambda: defaultdict(list))
    pointing: dict[str, list[ox.Triple]] = field(default_factory=lambda: defaultdict(list))

    def values(self, subject: str, paths: tuple[str, ...]) -> list[ox.Triple]:
        return [t for t in self.about.get(subject, []) if t.predicate.value in paths]

    def neighbourhood(self, subject: str) -> list[ox.Triple]:
        """Return what is stated of `subject`, what points to it, and what types its neighbours have."""
        own = [*self.about[subject], *self.pointing[subject]]
        near = {t.object.value for t in own if isinstance(t.object, ox.NamedNode)}
        return [*own, *(t for name in sorted(near - {subject}) for t in self.values(name, (TYPE.value,)))]

    def find(self, said: list[ox.Triple], shapes: Graph) -> set[Finding]:
        data = shacl.data_graph(said, self.built.schema)
        return set(shacl.validate(data, shapes, self.built.records, self.built.schema))


@pytest.fixture(scope="module")
def stated(graph: build.Build) -> Stated:
    result = Stated(graph)
    for quad in triples.from_records(graph.records, graph.schema):
        result.about[text_of(quad.subject)].append(quad.triple)
        if isinstance(quad.object, ox.NamedNode):
            result.pointing[quad.object.value].append(quad.triple)
    return result


def classes(shape: Node, stated: Stated) -> set[str]:
    """Return the classes that `shape` targets, and their sub-classes."""
    found = {str(target) for target in SHAPES.objects(shape, SH.targetClass)}
    tree = [t for t in stated.built.schema.triples if t.predicate.value == str(RDFS.subClassOf)]
    while more := {text_of(t.subject) for t in tree if text_of(t.object) in found} - found:
        found |= more
    return found


def is_target(subject: str, shape: Node, stated: Stated, kinds: set[str]) -> bool:
    said = {t.predicate.value for t in stated.about[subject]}
    told = {t.predicate.value for t in stated.pointing[subject]}
    types = {text_of(t.object) for t in stated.values(subject, (TYPE.value,))}
    return bool(
        types & kinds
        or said & {str(p) for p in SHAPES.objects(shape, SH.targetSubjectsOf)}
        or told & {str(p) for p in SHAPES.objects(shape, SH.targetObjectsOf)}
    )


def focus(wanted: Required, stated: Stated) -> str:
    """Return the first thing that the shape looks at and that states no more than the shape wants."""
    kinds = classes(wanted.shape, stated)
    subjects = (
        subject
        for subject in sorted(stated.about)
        if len(stated.values(subject, wanted.paths)) == wanted.least
        and is_target(subject, wanted.shape, stated, kinds)
    )
    found = next(subjects, None)
    assert found, f"no record of the collection has what {wanted.name} asks for"
    return found


def test_the_requirements_of_the_shapes_are_found() -> None:
    names = {wanted.name for wanted in REQUIRED}

    assert {"checkedBy-required", "inCatalogue-required", "justification-required"} <= names  # of a link
    assert {"heldBy-required", "label-required", "alternative-two", "Stance", "rests-on-words"} <= names


@EACH
def test_a_required_statement_is_missed_when_it_is_taken_out(wanted: Required, stated: Stated) -> None:
    subject = focus(wanted, stated)
    whole = stated.neighbourhood(subject)
    taken = stated.values(subject, wanted.paths)[0]

    rest = [t for t in whole if t != taken]
    new = stated.find(rest, wanted.shapes) - stated.find(whole, wanted.shapes)

    place = stated.built.records.things[subject]
    assert wanted.message in {finding.message for finding in new if finding.file == place.file}
    assert all(finding.line > 0 for finding in new)


def spoilt(value: object, path: str, of_class: bool) -> Iterator[ox.NamedNode | ox.Literal]:
    """Yield values that cannot stand where `value` stands."""
    if isinstance(value, ox.NamedNode):
        yield TEXT
        if path != f"{namespaces.CG}value":  # a Fact may state the address of a page elsewhere
            yield FOREIGN
        if of_class:
            yield PLACE
    elif isinstance(value, ox.Literal):
        yield FOREIGN
        yield ox.Literal("true", datatype=ox.NamedNode(str(XSD.boolean)))
        text = value.language or value.datatype.value == str(XSD.string)
        yield (
            ox.Literal(LONG, language=value.language) if text else ox.Literal("many", datatype=value.datatype)
        )


def wants_class(subject: str, path: str, stated: Stated) -> bool:
    """Return whether a shape that looks at `subject` asks for a class of the values of `path`."""
    return any(
        SHAPES.value(shape, SH["class"]) and is_target(subject, shape, stated, classes(shape, stated))
        for shape in SHAPES.subjects(SH.path, URIRef(path))
    )


@EACH
def test_a_required_statement_is_noticed_when_it_is_spoilt(wanted: Required, stated: Stated) -> None:
    subject = focus(wanted, stated)
    good = stated.values(subject, wanted.paths)[0]
    path = good.predicate.value
    whole = [*stated.neighbourhood(subject), *stated.values(PLACE.value, (TYPE.value,))]
    rest = [t for t in whole if t != good]
    before = stated.find(whole, wanted.shapes)

    for bad in spoilt(good.object, path, wants_class(subject, path, stated)):
        new = stated.find([*rest, ox.Triple(good.subject, good.predicate, bad)], wanted.shapes) - before
        files = {finding.file for finding in new}
        assert stated.built.records.things[subject].file in files, f"{bad} passed as {path}"
