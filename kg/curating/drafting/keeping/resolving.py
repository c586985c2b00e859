"""References resolved among drafts and held documents: which one a number means, by day and parties.

A number names the first of a range. "Your" is of the series of the recipient, "our" of that of the sender.
Where more than one document may be meant, the reference stays open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.finding.citations import CitedDocument
from kg.curating.drafting.finding.name_forms import family
from kg.curating.drafting.keeping.held_texts import KnownDocument

_OF_SENDER = ("our", "my", "mi", "nuestro", "наш")
_OF_RECIPIENT = ("your", "yours", "su", "ваш")
_SERIES = ("telegram", "special", "despatch", "instruction", "note", "airgram")
_DEPARTMENT = frozenset({"secretary of state", "acting secretary of state", "department of state"})
_POSTS = frozenset({"embassy", "legation"})
_KINDS = {"embtel": "embassy", "deptel": "department", "legtel": "legation"}


@dataclass(frozen=True)
class _Citable:
    """A document that may be meant: its name, days, first numbers, and who wrote it to whom."""

    name: str
    dates: frozenset[str]
    numbers: frozenset[str]
    sender: frozenset[str]
    recipient: frozenset[str]

    @classmethod
    def of(cls, draft: Draft) -> _Citable:
        date = draft.single.get("date")
        numbers = {n.numbers[0] for n in draft.numbers if n.series in _SERIES and n.numbers}
        sides = (frozenset(_side(draft, side)) for side in ("sender", "recipient"))
        return cls(draft.id, frozenset({date.value} if date else ()), frozenset(numbers), *sides)

    @classmethod
    def held(cls, one: KnownDocument) -> _Citable:
        return cls(one.name, one.dates, one.firsts, *map(_offices, (one.sender, one.recipient)))


Index = Mapping[str, Sequence[_Citable]]


def resolve(drafts: Sequence[Draft], held: Iterable[KnownDocument] = ()) -> None:
    """Set the target of each reference that one of the drafts, or a document that is `held`, answers.

    A target is the identifier of a draft, or the name of a held document. Those of which a draft is one more
    text answer nothing.
    """
    twins = {name for draft in drafts for name in draft.same_as}
    index = _by_number(
        [*map(_Citable.of, drafts), *(_Citable.held(one) for one in held if one.name not in twins)]
    )
    known = {draft.id for draft in drafts}
    for draft in drafts:
        draft.references = [_resolved(one, draft, index, known) for one in draft.references]


def _by_number(documents: Iterable[_Citable]) -> Index:
    index: dict[str, list[_Citable]] = defaultdict(list)
    for document in documents:
        for number in document.numbers:
            index[number].append(document)
    return index


def _resolved(one: CitedDocument, draft: Draft, index: Index, known: set[str]) -> CitedDocument:
    """Return a reference with its target, if there is just one; a target that is not there is taken away."""
    if one.target:
        return one if one.target in known else replace(one, target="")
    if not one.numbers:
        return one
    fitting = [
        other
        for other in index.get(one.numbers[0], ())
        if other.name != draft.id and _fits(one, draft, other)
    ]
    return replace(one, target=fitting[0].name) if len(fitting) == 1 else one


def _fits(one: CitedDocument, draft: Draft, other: _Citable) -> bool:
    """Return whether another document may be meant: its day if the reference has one, and its parties."""
    citing = draft.single.get("date")
    if one.date:
        if one.date not in other.dates:
            return False
    elif citing is None or not any(date <= citing.value for date in other.dates):
        return False
    direction = _direction(one, draft)
    if direction is None:
        return bool(one.date) and bool(_parties(draft) & (other.sender | other.recipient))
    senders = _side(draft, "sender") if direction else _side(draft, "recipient")
    return bool(senders & other.sender)


def _direction(one: CitedDocument, draft: Draft) -> bool | None:
    """Return whether the sender of the draft wrote what is cited; None if the words do not tell."""
    owner = one.owner.lower()
    if owner.startswith(_OF_SENDER):
        return True
    if owner.startswith(_OF_RECIPIENT):
        return False
    named = _KINDS.get(one.kind.rstrip("s"), owner.partition("'")[0].removeprefix("the "))
    if not named:
        return None
    for side in ("sender", "recipient"):
        parties = " ".join(f"{p.name} {p.role}" for p in getattr(draft, side)).lower()
        if side == "recipient" and named in _POSTS and _is_department(parties):
            return True  # a post writes to the Department of its own telegrams
        if named in parties or (named == "department" and "secretary of state" in parties):
            return side == "sender"
    return None


def _is_department(parties: str) -> bool:
    return any(name in parties for name in _DEPARTMENT)


def _side(draft: Draft, side: str) -> set[str]:
    """Return the parties of one side by office or family name, so that letters of one post go together."""
    found = set()
    for party in getattr(draft, side):
        found |= {party.role.lower()} if party.role else set()
        found |= {family(party.name).lower(), party.name.lower()} if party.name else set()
    return set(_offices(found))


def _offices(names: Iterable[str]) -> frozenset[str]:
    """Return the names of parties, with all names of the Department of State if one is among them."""
    found = frozenset(names) - {""}
    return found | _DEPARTMENT if found & _DEPARTMENT else found


def _parties(draft: Draft) -> set[str]:
    return _side(draft, "sender") | _side(draft, "recipient")
