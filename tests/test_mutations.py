"""Take each kind of required statement out of the real records, or spoil it: validation notices every one.

What is required is read from the shapes themselves, so a new requirement is tried without a change here. Where
no record of the collection has it, it is tried on the good cases of the shapes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from tempfile import TemporaryFile
from zlib import crc32

import pyoxigraph as ox
import pytest
from rdflib import RDF, RDFS, SH, XSD, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg import build, namespaces
from kg.checking import shacl
from kg.checking.compiled.compiled_validation import Validator
from kg.checking.compiled.part_validation import PartValidation
from kg.errors import Finding
from kg.inference.columns.inferring import Graphs
from kg.inference.columns.statement_columns import Columns, statement
from kg.inference.parts.borders import Homes
from kg.inference.parts.inferring_parts import DrawnParts
from kg.inference.parts.part_looks import PartLooks
from kg.inference.parts.stored_parts import StoredParts
from kg.namespaces import CG
from kg.reading import record_files, triples
from kg.reading.ontology import Ontology, load
from kg.reading.record_set import Records
from kg.resources import folder
from kg.terms import value as text_of

from .test_shapes import STATED, records_with

SHAPES = shacl.load(folder("shapes"))["stated"]
NAMESPACE = namespaces.BASE + "shape#"
TYPE = ox.NamedNode(str(RDF.type))
FOREIGN = ox.NamedNode("https://example.org/nothing")
TEXT = ox.Literal("some text")
PLACE = ox.Triple(ox.NamedNode(f"{namespaces.ID}place/nowhere"), TYPE, ox.NamedNode(str(CG.Place)))
LONG = " ".join(["word"] * 400)


@dataclass(frozen=True)
class Required:
    """A shape that asks for statements: its name, the properties that it counts, and how many it wants.

    Where it wants a text, `language` is its language.
    """

    name: str
    paths: tuple[str, ...]
    least: int
    language: str = ""

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
            name = str(shape).removeprefix(NAMESPACE)
            yield Required(name, paths, int(str(least)) if least else 1, language_of(shape))


def language_of(shape: Node) -> str:
    """Return the language of the text that the shape wants; an empty text if it wants none."""
    wanted = SHAPES.value(shape, SH.qualifiedValueShape)
    head = SHAPES.value(wanted, SH.languageIn) if wanted is not None else None
    return str(Collection(SHAPES, head)[0]) if head is not None else ""


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
    """What records state, by subject and by object, and the records themselves."""

    records: Records
    schema: Ontology
    about: dict[str, list[ox.Triple]] = field(default_factory=lambda: defaultdict(list))
    pointing: dict[str, list[ox.Triple]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for quad in triples.from_records(self.records, self.schema):
            self.about[text_of(quad.subject)].append(quad.triple)
            if isinstance(quad.object, ox.NamedNode):
                self.pointing[quad.object.value].append(quad.triple)

    def values(self, subject: str, paths: tuple[str, ...]) -> list[ox.Triple]:
        return [t for t in self.about.get(subject, []) if t.predicate.value in paths]

    def wanted(self, subject: str, wanted: Required) -> list[ox.Triple]:
        """Return what is stated of `subject` that the requirement counts."""
        return [
            t
            for t in self.values(subject, wanted.paths)
            if not wanted.language or getattr(t.object, "language", None) == wanted.language
        ]

    def neighbourhood(self, subject: str) -> list[ox.Triple]:
        """Return what is stated of `subject`, what points to it, and what types its neighbours have."""
        own = [*self.about[subject], *self.pointing[subject]]
        near = {t.object.value for t in own if isinstance(t.object, ox.NamedNode)}
        return [*own, *(t for name in sorted(near - {subject}) for t in self.values(name, (TYPE.value,)))]

    def find(self, said: list[ox.Triple], shapes: Graph) -> set[Finding]:
        """Return what pySHACL finds; compiled shapes find the same, in all data and part by part."""
        data = shacl.data_graph(said, self.schema)
        found = shacl.validate(data, shapes, self.records, self.schema)
        compiled = Validator(shapes, self.schema)
        assert compiled.findings(Columns(map(statement, said)), self.records) == found
        without_lines = compiled.findings(Columns(map(statement, said)), Records())
        assert by_parts(said, shapes, self.schema) == set(without_lines)
        return set(found)


def by_parts(said: list[ox.Triple], shapes: Graph, schema: Ontology) -> set[Finding]:
    """Return what is found when the statements are shared out over documents that lie on disk."""
    homes = Homes.of(schema.names)
    names = [*sorted({homes.home(str(triple.subject)) for triple in said} - {""}), "other-1", "other-2"]
    documents: dict[str, list[str]] = defaultdict(list)
    for triple in said:  # any document may tell of what lies in another, or in none
        name = names[crc32(str(triple).encode()) % len(names)]
        documents[name].append(f"{triple} <{namespaces.GRAPH}telegram/{name}> .\n")
    graphs = Graphs(schema.names, Columns(map(statement, schema.triples)))
    validation = PartValidation(shapes, schema)
    with TemporaryFile() as file:
        stored = StoredParts(schema.names, file, group=1)
        for lines in documents.values():
            for quad in stored.read("".join(lines).encode()):
                graphs.add(*quad)
        made = DrawnParts.of(graphs, stored, validation.inverse, {*validation.chains.values()})
        for number in range(len(stored.parts)):
            for name, columns in stored.stated(number).items():
                made.stated.take(name, columns)
                stored.keep_drawn(name, ())
        for look in PartLooks(made, validation.inverse).each():
            if not look.with_drawn:
                validation.look(look)
    validation.look_along(made.stated.chains)
    return validation.found


@pytest.fixture(scope="module")
def schema(sources: build.Collection) -> Ontology:
    return load(sources.ontology)


@pytest.fixture(scope="module")
def collection(sources: build.Collection, schema: Ontology) -> Stated:
    return Stated(record_files.read(sources.records, schema.keys), schema)


@pytest.fixture(scope="module")
def made_up(schema: Ontology, tmp_path_factory: pytest.TempPathFactory) -> Stated:
    """The base records with all good cases of the shapes."""
    folder = records_with("good", STATED, tmp_path_factory.mktemp("good") / "records")
    return Stated(record_files.read(folder, schema.keys), schema)


def classes(shape: Node, stated: Stated) -> set[str]:
    """Return the classes that `shape` targets, and their sub-classes."""
    found = {str(target) for target in SHAPES.objects(shape, SH.targetClass)}
    tree = [t for t in stated.schema.triples if t.predicate.value == str(RDFS.subClassOf)]
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


def focus(wanted: Required, collection: Stated, made_up: Stated) -> tuple[Stated, str]:
    """Return the first thing that the shape looks at and that states no more than the shape wants.

    It is one of the collection, if there is one. With it stand the records that it belongs to.
    """
    for stated in (collection, made_up):
        found = next(_targets(wanted, stated), None)
        if found:
            return stated, found
    raise AssertionError(f"no record has what {wanted.name} asks for")


def _targets(wanted: Required, stated: Stated) -> Iterator[str]:
    kinds = classes(wanted.shape, stated)
    for subject in sorted(stated.about):
        enough = len(stated.wanted(subject, wanted)) == wanted.least
        if enough and is_target(subject, wanted.shape, stated, kinds):
            yield subject


def test_the_requirements_of_the_shapes_are_found() -> None:
    names = {wanted.name for wanted in REQUIRED}

    assert {"curatedBy-required", "inCatalogue-required", "justification-required"} <= names  # of a link
    assert {"topics-required", "doneTo-required", "ascribedTo-required", "proposedFor-required"} <= names
    assert {"heldBy-required", "label-required", "alternative-two", "Stance", "rests-on-words"} <= names


@EACH
def test_a_required_statement_is_missed_when_it_is_taken_out(
    wanted: Required, collection: Stated, made_up: Stated
) -> None:
    stated, subject = focus(wanted, collection, made_up)
    whole = stated.neighbourhood(subject)
    taken = stated.wanted(subject, wanted)[0]

    rest = [t for t in whole if t != taken]
    new = stated.find(rest, wanted.shapes) - stated.find(whole, wanted.shapes)

    place = stated.records.things[subject]
    assert wanted.message in {finding.message for finding in new if finding.file == place.file}
    assert all(finding.line > 0 for finding in new)


def spoilt(value: object, path: str, of_class: bool) -> Iterator[ox.NamedNode | ox.Literal]:
    """Yield values that cannot stand where `value` stands."""
    if isinstance(value, ox.NamedNode):
        yield TEXT
        if path != f"{namespaces.CG}value":  # a Fact may state the address of a page elsewhere
            yield FOREIGN
        if of_class:
            yield ox.NamedNode(text_of(PLACE.subject))
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
def test_a_required_statement_is_noticed_when_it_is_spoilt(
    wanted: Required, collection: Stated, made_up: Stated
) -> None:
    stated, subject = focus(wanted, collection, made_up)
    good = stated.wanted(subject, wanted)[0]
    path = good.predicate.value
    whole = [*stated.neighbourhood(subject), PLACE]
    rest = [t for t in whole if t != good]
    before = stated.find(whole, wanted.shapes)

    for bad in spoilt(good.object, path, wants_class(subject, path, stated)):
        new = stated.find([*rest, ox.Triple(good.subject, good.predicate, bad)], wanted.shapes) - before
        files = {finding.file for finding in new}
        assert stated.records.things[subject].file in files, f"{bad} passed as {path}"
