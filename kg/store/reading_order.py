"""The order in which people read a graph: telegrams with their passages and statements, then other things.

A statement stands where its first quoted words stand in the text, below the passage that has them; a node
that another one names, such as `…#evidence/1`, follows that one. What has no words comes after the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from kg.namespaces import BASE, CG, DCTERMS, ID, LISTS, OA, PREFIXES, RDF, SHIPPED, Namespaces
from kg.reading.ontology import GENID
from kg.terms import value

_NUMBERS = re.compile(r"([0-9]+)")
_TELEGRAM = f"{ID}telegram/"
_PEOPLE, _GROUPS = "People", "Groups and bodies"
_OF_CLASS = {CG.Person: _PEOPLE, CG.Group: _GROUPS, CG.Body: _GROUPS, CG.State: _GROUPS}
# Title of each section, and how the IRIs of its subjects begin; the longest beginning counts.
_SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Telegrams, each with its passages and statements in reading order", (_TELEGRAM,)),
    (_PEOPLE, ()),
    (_GROUPS, ()),
    ("Actors", (f"{ID}actor/",)),  # where the graph does not say what they are
    ("Offices", (f"{ID}office/",)),
    ("Events", (f"{ID}event/",)),
    ("Other documents", (f"{ID}document/",)),
    ("Places", (f"{ID}place/",)),
    ("Issues", (f"{ID}issue/",)),
    ("Topics", (f"{ID}topic/",)),
    ("Series of numbers", (f"{ID}series/",)),
    ("Links to other catalogues", (f"{ID}link/",)),
    ("Values of lists", tuple(f"{ID}{name}" for name in LISTS)),
    ("Other things", ("",)),
    ("Saved questions", (f"{BASE}queries/",)),
    ("The data set and its graphs", (f"{BASE}dataset", f"{BASE}graph/")),
    ("Terms of the ontology", (f"{BASE}ontology", PREFIXES["schema"], DCTERMS, OA, PREFIXES["prov"])),
    ("Shapes", (f"{BASE}shape",)),
    ("What drawn triples are drawn from", (f"{GENID}drawn/",)),
    ("Axioms and cells of lists, whose names are made by program", (GENID,)),
)  # fmt: skip
_TITLES = tuple(title for title, _ in _SECTIONS)
_RANKS = sorted(
    ((start, rank) for rank, (_, starts) in enumerate(_SECTIONS) for start in starts),
    key=lambda item: -len(item[0]),
)

# What a reader wants to know first of a thing, and what last; other properties stand between by their names.
_FIRST = (
    *(RDF.type, f"{PREFIXES['rdfs']}label", f"{PREFIXES['skos']}prefLabel", f"{DCTERMS}title"),
    *(CG.content, OA.exact, OA.start, OA.end, CG.asWritten, CG.heldBy, CG.property, CG.value),
)
_LAST = (CG.note, CG.evidence, CG.basedOn, CG.curation)
_PROPERTIES = {name: n - len(_FIRST) for n, name in enumerate(_FIRST)} | {
    name: n + 1 for n, name in enumerate(_LAST)
}
# What tells the place of a thing.
_PLACING = {RDF.type, CG.passageOf, CG.evidence, CG.inPassage, CG.searchedIn, OA.start, OA.end}

Key = tuple[object, ...]
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its title, and the triples of each of its subjects, sorted."""

    title: str
    blocks: tuple[tuple[ox.Triple, ...], ...]


@dataclass(frozen=True)
class OrderedGraph:
    """Triples without duplicates, put into the order of reading once for all syntaxes that want it.

    `names` has the namespaces of the collection.
    """

    triples: Sequence[ox.Triple]
    names: Namespaces = SHIPPED

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Return the sections in their order, without those that have nothing."""
        return tuple(_sections(self.triples, self.names))

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """Return each subject, predicate and object once."""
        return tuple(dict.fromkeys(term for triple in self.triples for term in triple))


def _sections(triples: Iterable[ox.Triple], names: Namespaces) -> Iterator[Section]:
    """Yield the sections of a graph.

    Within this module all IRIs are those that our own collection would have, so that a thing stands in the
    same place in each.
    """
    by_subject: dict[str, list[ox.Triple]] = {}
    for triple in triples:
        by_subject.setdefault(names.in_ours(value(triple.subject)), []).append(triple)
    places = _Places(by_subject, names)
    ranked: dict[int, list[str]] = {}
    for subject in by_subject:
        ranked.setdefault(places.rank(subject), []).append(subject)
    for rank, subjects in sorted(ranked.items()):
        subjects.sort(key=places.key)
        blocks = (tuple(_sorted(by_subject[subject])) for subject in subjects)
        yield Section(_TITLES[rank], tuple(blocks))


def _sorted(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Yield the triples of one subject by property, and those of one property by their values."""
    by_property: dict[str, list[ox.Triple]] = {}
    for triple in triples:
        by_property.setdefault(triple.predicate.value, []).append(triple)
    for name in sorted(by_property, key=lambda name: (_PROPERTIES.get(name, 0), name)):
        same = by_property[name]
        yield from same if len(same) == 1 else sorted(same, key=_value_key)


def _value_key(triple: ox.Triple) -> Key:
    """Return what the values of one property are sorted by: language, then text."""
    term = triple.object
    language = (term.language if isinstance(term, ox.Literal) else "") or ""
    return (language, natural(value(term)), str(term))


def natural(text: str) -> Key:
    """Return the key by which `body-9` sorts before `body-10`."""
    parts: list[str | int] = [*_NUMBERS.split(text)]
    parts[1::2] = map(int, parts[1::2])
    return tuple(parts)


class _Places:
    """Places of subjects in the order of reading, from what is said of them in one graph."""

    def __init__(self, by_subject: Mapping[str, Sequence[ox.Triple]], names: Namespaces) -> None:
        """Keep the triples by the IRI of their subject."""
        self._by_subject, self._names = by_subject, names
        self._said: dict[str, dict[str, list[str]]] = {}  # of subjects that were looked at

    def rank(self, subject: str) -> int:
        """Return the number of the section of `subject`."""
        rank = next(rank for start, rank in _RANKS if subject.startswith(start))
        if subject.startswith(f"{ID}actor/"):
            classes = (name for name in self._all(subject, RDF.type) if name in _OF_CLASS)
            return next((_TITLES.index(_OF_CLASS[name]) for name in classes), rank)
        return rank

    def key(self, subject: str) -> Key:
        """Return what `subject` is sorted by within its section."""
        owner, _, part = subject.partition("#") if subject.startswith(ID) else (subject, "", "")
        if not owner.startswith(_TELEGRAM):
            return (natural(owner), natural(part))
        telegram = owner.removeprefix(_TELEGRAM).partition("/")[0]
        held = telegram in self._held
        return (
            not held,
            natural(telegram),
            *self._in_telegram(owner, telegram),
            natural(owner),
            natural(part),
        )

    def _in_telegram(self, owner: str, telegram: str) -> Key:
        """Return the place of `owner` in its telegram: it, its texts, what has words in them, the rest."""
        if owner == _TELEGRAM + telegram:
            return (0, (), 0, 0, 0)
        if owner.startswith(f"{_TELEGRAM}{telegram}/rendering/"):
            return (1, (), 0, 0, 0)
        return self._in_text(owner) or (3, (), 0, 0, 0)

    def _in_text(self, owner: str) -> Key:
        """Return the place of a passage, of a statement with words, or of one about a passage; or nothing."""
        if text := self._all(owner, CG.passageOf):
            return (2, natural(text[0]), self._number(owner, OA.start), 0, -self._number(owner, OA.end))
        anchors = sorted(self._all(owner, CG.evidence), key=natural)
        for anchor in anchors:
            for passage in self._all(anchor, CG.inPassage):
                text = self._all(passage, CG.passageOf)
                start, end = self._number(anchor, OA.start), self._number(anchor, OA.end)
                return (2, natural("".join(text)), start, 1, -end)
        for passage in self._all(owner, CG.searchedIn):
            if text := self._all(passage, CG.passageOf):
                return (2, natural(text[0]), self._number(passage, OA.end), -1, 0)
        return ()

    @cached_property
    def _held(self) -> frozenset[str]:
        """Return the names of the telegrams of which there are passages or statements."""
        paths = (s.removeprefix(_TELEGRAM).split("/") for s in self._by_subject if s.startswith(_TELEGRAM))
        return frozenset(path[0] for path in paths if len(path) > 1)

    def _all(self, subject: str, predicate: str) -> list[str]:
        """Return the values of a property, sorted."""
        if subject not in self._said:
            said = self._said[subject] = {}
            for triple in self._by_subject.get(subject, ()):
                if triple.predicate.value in _PLACING:
                    said.setdefault(triple.predicate.value, []).append(
                        self._names.in_ours(value(triple.object))
                    )
        return sorted(self._said[subject].get(predicate, ()))

    def _number(self, subject: str, predicate: str) -> int:
        return next((int(text) for text in self._all(subject, predicate) if text.isdecimal()), 0)
