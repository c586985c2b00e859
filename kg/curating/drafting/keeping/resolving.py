"""References resolved among drafts: which document a number means, by series, day and who wrote to whom.

A number names the first of a range. "Your" is of the series of the recipient, "our" of that of the sender.
Where more than one document may be meant, the reference stays open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.finding.citations import CitedDocument
from kg.curating.drafting.finding.name_forms import family

_OF_SENDER = ("our", "my", "mi", "nuestro", "наш")
_OF_RECIPIENT = ("your", "yours", "su", "ваш")
_SERIES = ("telegram", "special", "despatch", "instruction", "note", "airgram")
_KINDS = {"embtel": "embassy", "deptel": "department", "legtel": "legation"}
Index = Mapping[str, Sequence[Draft]]


def resolve(drafts: Sequence[Draft]) -> None:
    """Set the target of each reference that one of the drafts answers."""
    index = _by_number(drafts)
    known = {draft.id for draft in drafts}
    for draft in drafts:
        draft.references = [_resolved(one, draft, index, known) for one in draft.references]


def _by_number(drafts: Sequence[Draft]) -> Index:
    index: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        for numbers in draft.numbers:
            if numbers.series in _SERIES and numbers.numbers:
                for number in numbers.numbers[:1]:
                    index[number].append(draft)
    return index


def _resolved(one: CitedDocument, draft: Draft, index: Index, known: set[str]) -> CitedDocument:
    """Return a reference with its target, if there is just one; a target that is not there is taken away."""
    if one.target:
        return one if one.target in known else replace(one, target="")
    if not one.numbers:
        return one
    fitting = [
        other for other in index.get(one.numbers[0], ()) if other is not draft and _fits(one, draft, other)
    ]
    return replace(one, target=fitting[0].id) if len(fitting) == 1 else one


def _fits(one: CitedDocument, draft: Draft, other: Draft) -> bool:
    """Return whether another document may be meant: its day if the reference has one, and its parties."""
    date, cited = other.single.get("date"), draft.single.get("date")
    if one.date:
        if date is None or date.value != one.date:
            return False
    elif date is None or cited is None or date.value > cited.value:
        return False
    direction = _direction(one, draft)
    if direction is None:
        return bool(one.date) and bool(_parties(draft) & _parties(other))
    senders = _side(draft, "sender") if direction else _side(draft, "recipient")
    return bool(senders & _side(other, "sender"))


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
        if named in parties or (named == "department" and "secretary of state" in parties):
            return side == "sender"
    return None


def _side(draft: Draft, side: str) -> set[str]:
    """Return the parties of one side by office or family name, so that letters of one post go together."""
    found = set()
    for party in getattr(draft, side):
        found |= {party.role.lower()} if party.role else set()
        found |= {family(party.name).lower(), party.name.lower()} if party.name else set()
    if found & {"secretary of state", "acting secretary of state", "department of state"}:
        found |= {"secretary of state", "acting secretary of state", "department of state"}
    return found - {""}


def _parties(draft: Draft) -> set[str]:
    return _side(draft, "sender") | _side(draft, "recipient")
