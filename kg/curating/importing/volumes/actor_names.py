"""Who is named: actors of a volume and their keys, and the parts of a name as it is written.

Nobody is merged by likeness: a person of a list is one by the id, a whole name is one person within a volume,
the holder of an office is one within it by office and family name, a family name alone within a document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.curating.drafting.finding.name_forms import family
from kg.curating.drafting.finding.same_person import agree
from kg.curating.drafting.heads.parties import Party
from kg.curating.drafting.keeping.passages import MOST_WORDS, Record
from kg.curating.drafting.source.tei_volume import Tag, TeiDocument
from kg.curating.importing.volumes.record_frame import key_of

_LONGEST = 200  # characters of a label
_LONGEST_PART = 60  # characters of a part of a name
_INITIALS = re.compile(r"(?:[^\W\d_]{1,2}\.\s?)+")
_RANK = re.compile(
    r"^(?:(?:Mr|Mrs|Miss|Dr|Sir|Lord|Count|Baron|Prince|General|Colonel|Admiral)\.?\s+)+(?=\S)"
)
_PARTICLES = re.compile(
    r"(?:[A-Z]\w+\s(?:e|y)\s|\b(?:(?:d[aeou]s?|del|della|di|von|van|der|den|la|le|l'|ten|ter|zu)\s)+"
    r"|\b(?:(?:D[aeu]s?|Del|Della|Di|Von|Van|La|Le|St\.)\s)+)?$"
)
_WHOLE = re.compile(r"\s")  # a name of several words
# What several people of one family name may be at once.
_RANKS = frozenset(["general", "colonel", "admiral", "marshal", "member", "delegate", "correspondent"])


@dataclass
class Actors:
    """The actors of one document: the things that it names, by kind and key."""

    document: TeiDocument
    name: str  # of the document
    bodies: frozenset[str] = frozenset()  # names of organisations in it
    things: dict[str, dict[str, Record]] = field(default_factory=dict)
    parties: list[tuple[str, str]] = field(default_factory=list)  # name and actor of each person of the head

    def thing(self, kind: str, type_: str, key: str, label: str, note: str = "") -> str:
        """Return the reference of a thing, and keep its record."""
        record: Record = {"type": type_, "label": {"en": shortened(label)}, "labelSource": "source-text"}
        if note:
            record["note"] = note
        self.things.setdefault(kind, {}).setdefault(key, record)
        return f"{kind}:{key}"

    def place(self, name: str) -> str:
        """Return the place of a name."""
        return self.thing("place", "Place", key_of(name), name)

    def organisation(self, name: str) -> str:
        """Return the body of a name."""
        plain = re.sub(r"^[Tt]he\s+", "", name)
        return self.thing("actor", "Body", key_of(plain), plain)

    def listed(self, tag: Tag, written: str) -> str:
        """Return the person of a list that an element means; an empty text if it means none."""
        volume, mark, id_ = tag.attributes.get("corresp", "").partition("#")
        if not mark or not id_:
            return ""
        here = volume in ("", self.document.volume.identifier)
        own = self.document.volume.people.get(id_) if here else None
        volume = volume or self.document.volume.identifier
        label, said = own or (written, "")
        words = " ".join(said.split()[:MOST_WORDS])
        note = f"The list of persons of {volume} says: {words}{' …' if words != said else ''}" if said else ""
        return self.thing("actor", "Person", key_of(f"{volume} {id_}"), label, note)

    def party(self, party: Party, within: tuple[int, int] | None) -> str:
        """Return the actor who sends or gets the document."""
        name, role = party.name.strip(), re.sub(r"^[Tt]he\s+", "", party.role.strip())
        if not name:
            return self.thing("actor", "Group", key_of(role), f"{role[:1].upper()}{role[1:]}")
        if not role and name in self.bodies:
            return self.organisation(name)
        for tag in self._marked(party, within):
            words = " ".join(self.document.source.text[tag.start : tag.end].split())
            if family(words).casefold().strip(".") in name.casefold() and (found := self.listed(tag, words)):
                self.parties.append((name, found))
                return found
        if not role and not _WHOLE.search(name):
            found = self.person(name)
        else:
            volume = self.document.volume.identifier
            label = f"{name}, {role}" if role else name
            # The head names the holder of an office by the family name, a signature with the given name, too.
            known = family(name) if role and role.casefold() not in _RANKS else name
            found = self.thing("actor", "Person", key_of(f"{volume} {known} {role}"), label)
        self.parties.append((name, found))
        return found

    def _marked(self, party: Party, within: tuple[int, int] | None) -> list[Tag]:
        """Return the persons that the edition marks at the words of a party, in signature and head."""
        marked = self.document.tagged("persName")
        own = [tag for tag in marked if tag.start < party.end and party.start < tag.end]
        return own + (self.document.tagged("persName", within) if within else [])

    def person(self, name: str) -> str:
        """Return the person of a name in the text: one of the head if the names agree, else another."""
        for known, actor in self.parties:
            if agree(known, name):
                return actor
        within = self.document.volume.identifier if _WHOLE.search(name) else self.name
        return self.thing("actor", "Person", key_of(f"{within} {name}"), name)

    def is_person(self, actor: str) -> bool:
        """Return whether an actor is a person, and no organisation or group."""
        return self.things["actor"][actor.partition(":")[2]]["type"] == "Person"

    def tagged(self) -> Iterator[tuple[Tag, str, str]]:
        """Yield each element that means a person of a list, with the words and the person."""
        for tag in self.document.tagged("persName"):
            words = " ".join(self.document.source.text[tag.start : tag.end].split())
            actor = self.listed(tag, words.strip(" ,.()"))
            if actor:
                yield tag, words, actor


def name_parts(name: str, words: str) -> Record:
    """Return the parts of a name that stand in the words: given name or initials, and family name."""
    plain = _RANK.sub("", name.partition("(")[0]).strip(" ,")
    last = _family(plain) if plain else ""
    first = plain[: plain.rfind(last)].strip() if last in plain and "," not in plain else ""
    if not re.search(r"[^\W\d_a-zß-ÿ]", last) or len(last) > _LONGEST_PART:
        return {}  # no name, such as `him`
    parts: Record = {"familyName": last} if last in words else {}
    if not first or first not in words:
        return parts
    if _INITIALS.fullmatch(first):
        initials = list(dict.fromkeys(re.findall(r"\w+\.", first)))
        parts["initial"] = initials[0] if len(initials) == 1 else initials
    elif len(first.split()) == 1:
        parts["givenName"] = first
    return parts


def _family(name: str) -> str:
    """Return the family name with the particles that belong to it, as in `Lima e Silva` and `Des Portes`."""
    last = family(name)
    if not name.endswith(last):
        return last
    return _PARTICLES.search(name[: -len(last)]).group() + last  # type: ignore[union-attr]


def shortened(text: str) -> str:
    """Return a text that is no longer than a label may be."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rsplit(' ', 1)[0]}…"
