"""Further telegrams for the benchmark: made up, seeded, in the terms of the ontology, as N-Quads.

Each has its graph of what is stated and its graph of what the rules of the project would infer of
it. They are shorter than the real ones, about 330 statements each, and take their actors, issues and
events from the same growing world, so that questions across documents find something.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pyoxigraph import Literal, NamedNode, Quad

BASE = "https://w3id.org/cablegraph/"
CG = f"{BASE}ontology#"
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_OA = "http://www.w3.org/ns/oa#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_CAPITALS = ("Havana", "Washington", "Prague", "Beijing", "Ankara", "Rome", "London", "Belgrade")
_NOUNS = ("blockade", "guarantee", "inspection", "withdrawal", "airfield", "harvest", "credit", "visit")
_VERBS = ("welcomes", "doubts", "postpones", "defends", "rejects", "explains", "demands", "regrets")
_STANCES = ("favours", "opposes", "opposes", "uncommittedOn")
_MODES = ("spoke", "spoke", "spoke", "silent", "absent", "uncommitted")
_KINDS = ("Assessment", "EventReport", "Belief", "Fact", "Prediction")

Value = str | int | Literal


@dataclass(frozen=True, slots=True)
class World:
    """Who and what the telegrams tell of; grows with their number."""

    actors: list[str]
    issues: list[str]
    events: list[str]


def quads(count: int, seed: int = 1962) -> Iterator[Quad]:
    """Return the statements of `count` telegrams; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - chance, no secret
    world = World(
        [f"{BASE}id/actor/envoy-{n}" for n in range(20 + count // 10)],
        [f"{BASE}id/issue/question-{n}" for n in range(8 + count // 50)],
        [f"{BASE}id/event/talk-{n}" for n in range(10 + count // 4)],
    )
    yield from _shared(world)
    for number in range(count):
        yield from _Telegram(number, world, chance).quads()


def _shared(world: World) -> Iterator[Quad]:
    for kind, names in (("Person", world.actors), ("Issue", world.issues), ("Event", world.events)):
        for name in names:
            yield _quad(name, _RDF_TYPE, CG + kind, "further")
            words = name.rpartition("/")[2].replace("-", " ").capitalize()
            yield _quad(name, _LABEL, Literal(words, language="en"), "further")
            yield _quad(name, _LABEL, Literal(f"«{words}»", language="ru"), "further")
            if kind == "Person":
                yield _quad(name, _RDF_TYPE, f"{CG}Actor", "inferred/further")


class _Telegram:
    def __init__(self, number: int, world: World, chance: random.Random) -> None:
        self.chance, self.world, self.number = chance, world, number
        self.day = date(1962, 9, 1) + timedelta(days=number // 8)
        self.key = f"telegram/{self.day}-{_CAPITALS[number % 8].lower()}-{3000 + number}"
        self.iri = f"{BASE}id/{self.key}"
        # Few speak often, many seldom.
        self.actors = chance.choices(world.actors, [1 / (rank + 2) for rank in range(len(world.actors))], k=6)
        self.author = self.actors[0]
        self.passages = chance.randint(5, 9)

    def quads(self) -> Iterator[Quad]:
        """Return what is stated in the telegram and what follows from it."""
        yield from self._document()
        event, issue = self.chance.choice(self.world.events), self.chance.choice(self.world.issues)
        for place, actor in enumerate(dict.fromkeys(self.actors)):
            yield from self._participation(place, actor, event)
            if place % 2 == 0:
                yield from self._position(place, actor, event, issue)
        for place in range(self.chance.randint(3, 6)):
            yield from self._assertion(place, self.chance.choice(self.world.events))
        yield from self._references()

    def _document(self) -> Iterator[Quad]:
        label = f"Telegram No. {3000 + self.number} from {_CAPITALS[self.number % 8]}, {self.day}"
        yield from self._stated(self.iri, {_RDF_TYPE: f"{CG}Telegram", _LABEL: _english(label)})
        yield self._said(self.iri, f"{CG}holding", f"{BASE}id/holding/held")
        for kind in ("Document", "Communication"):
            yield self._inferred(self.iri, _RDF_TYPE, CG + kind)
        for role in ("author", "sender"):
            yield self._inferred(self.iri, CG + role, self.author)
        for place in range(self.passages):
            yield from self._stated(
                self._passage(place),
                {
                    _RDF_TYPE: f"{CG}Passage",
                    f"{CG}passageOf": f"{self.iri}/rendering/first",
                    f"{CG}voice": f"{BASE}id/voice/writer",
                    f"{CG}spokenBy": self.author,
                    f"{CG}ordinal": place + 1,
                    f"{_OA}start": place * 500,
                    f"{_OA}end": place * 500 + 480,
                },
            )

    def _participation(self, place: int, actor: str, event: str) -> Iterator[Quad]:
        about = {f"{CG}participant": actor, f"{CG}atEvent": event}
        mode = {f"{CG}mode": f"{BASE}id/mode/{self.chance.choice(_MODES)}"}
        yield from self._statement(f"part-{place}", "Participation", about | mode)

    def _position(self, place: int, actor: str, event: str, issue: str) -> Iterator[Quad]:
        stance = self.chance.choice(_STANCES)
        about = {f"{CG}heldBy": actor, f"{CG}voicedAt": event, CG + stance: issue}
        iri = f"{self.iri}/body-1/position-{place}"
        yield from self._statement(f"position-{place}", "Position", about | self._content())
        yield self._inferred(iri, f"{CG}onIssue", issue)
        yield self._inferred(iri, _RDF_TYPE, f"{CG}Assertion")

    def _assertion(self, place: int, event: str) -> Iterator[Quad]:
        kind = self.chance.choice(_KINDS)
        about = {f"{CG}heldBy": self.chance.choice(self.actors), f"{CG}about": event}
        yield from self._statement(f"claim-{place}", kind, about | self._content())
        yield self._inferred(f"{self.iri}/body-1/claim-{place}", _RDF_TYPE, f"{CG}Assertion")
        yield self._inferred(self.iri, f"{CG}reportsOn", event)

    def _references(self) -> Iterator[Quad]:
        """Refer to earlier telegrams; one in twenty begins a thread."""
        for back in (8, 16) if self.number % 20 else ():
            if back <= self.number:
                number = self.number - back
                day = date(1962, 9, 1) + timedelta(days=number // 8)
                other = f"{BASE}id/telegram/{day}-{_CAPITALS[number % 8].lower()}-{3000 + number}"
                yield from self._statement(f"ref-{back}", "Reference", {f"{CG}mentions": other})
                yield self._inferred(self.iri, f"{CG}refersTo", other)
                if back == 8:
                    yield self._inferred(self.iri, f"{CG}repliesTo", other)
                yield self._inferred(self.iri, f"{CG}laterThan", other)

    def _statement(self, name: str, kind: str, about: dict[str, Value]) -> Iterator[Quad]:
        iri = f"{self.iri}/body-1/{name}"
        evidence = f"{iri}#evidence/1"
        yield from self._stated(
            iri,
            {
                _RDF_TYPE: CG + kind,
                f"{CG}certainty": f"{BASE}id/certainty/{self.chance.choice(('certain', 'probable'))}",
                f"{CG}basis": f"{BASE}id/basis/not-stated",
                f"{CG}evidence": evidence,
                **about,
            },
        )
        start = self.chance.randrange(4000)
        quote = " ".join(self.chance.choices((*_NOUNS, *_VERBS), k=self.chance.randint(3, 9)))
        yield from self._stated(
            evidence,
            {
                f"{CG}inPassage": self._passage(self.chance.randrange(self.passages)),
                f"{_OA}exact": _english(quote),
                f"{_OA}start": start,
                f"{_OA}end": start + len(quote),
            },
        )
        yield self._inferred(evidence, _RDF_TYPE, f"{CG}Anchor")
        yield self._inferred(iri, _RDF_TYPE, f"{CG}Statement")
        yield self._inferred(iri, f"{CG}voice", f"{BASE}id/voice/writer")
        yield self._inferred(iri, f"{CG}reportedBy", self.author)
        yield self._inferred(iri, f"{CG}curation", f"{self.iri}/curation/first")

    def _content(self) -> dict[str, Value]:
        noun, verb = self.chance.choice(_NOUNS), self.chance.choice(_VERBS)
        return {f"{CG}content": _english(f"Envoy {self.chance.randrange(99)} {verb} the {noun}.")}

    def _passage(self, place: int) -> str:
        return f"{self.iri}/passage/body-{place + 1}"

    def _stated(self, subject: str, values: dict[str, Value]) -> Iterator[Quad]:
        for predicate, value in values.items():
            yield self._said(subject, predicate, value)

    def _said(self, subject: str, predicate: str, value: Value) -> Quad:
        return _quad(subject, predicate, value, self.key)

    def _inferred(self, subject: str, predicate: str, value: Value) -> Quad:
        return _quad(subject, predicate, value, f"inferred/{self.key}")


def _english(text: str) -> Literal:
    return Literal(text, language="en")


def _quad(subject: str, predicate: str, value: Value, graph: str) -> Quad:
    if isinstance(value, int):
        value = Literal(str(value), datatype=NamedNode(f"{_XSD}integer"))
    node = NamedNode(value) if isinstance(value, str) else value
    return Quad(NamedNode(subject), NamedNode(predicate), node, NamedNode(f"{BASE}graph/{graph}"))


def lines(content: Iterable[Quad]) -> Iterator[bytes]:
    """Return `content` as lines of N-Quads, in its order, each once."""
    return (f"{quad} .\n".encode() for quad in dict.fromkeys(content))
