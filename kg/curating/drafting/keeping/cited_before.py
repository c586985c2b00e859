"""Documents that a collection knows by reference alone, and the drafts that turn out to be these.

`cablegraph draft` names such a document by what the reference says: day, kind, number and where it is cited.
A draft with this day and number, and a sender that the words of the reference allow, is this document: it
takes its name, so that references to it lead to the draft. Where the day is not told, or a person wrote the
record, it is only offered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.finding.name_forms import family
from kg.curating.drafting.keeping.held_texts import KnownDocument

_NAMED = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d|undated)-(?P<kind>[a-z-]+?)-(?P<number>\d[\w-]*?)-cited-in-(?P<citing>.+)"
)
_LABEL = "document cited as "
_OWN, _THEIRS = ("my", "our", "mi", "nuestro", "мой", "наш"), ("your", "ur", "su", "ваш")
_ANY_KIND = ("number", "no", "document", "tel", "reference")
_IN_RECORDS = re.compile(r"(?<![\w-])(?P<number>\d{1,6})(?![\w-])")


@dataclass(frozen=True)
class CitedBefore:
    """A document known by reference: its name, day, kind and number, and who may have sent it.

    `date` is empty where none is told, `sender` where the words do not tell. `by_program` says that
    `cablegraph draft` wrote its record.
    """

    name: str
    date: str
    kind: str
    number: str
    sender: frozenset[str]
    by_program: bool


def cited_documents(records: Traversable, held: Iterable[KnownDocument]) -> list[CitedBefore]:
    """Return the documents of a folder of records that are known by reference alone."""
    parties = {one.name.partition(":")[2]: one for one in held}
    found = []
    for kind in ("document", "telegram"):
        file = records / f"{kind}.yaml"
        loaded = yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader) if file.is_file() else {}
        for key, record in (loaded or {}).items():
            if isinstance(record, dict) and record.get("holding") == "not-held":
                found += _cited(f"{kind}:{key}", record, parties)
    return found


def _cited(name: str, record: dict[str, Any], parties: dict[str, KnownDocument]) -> list[CitedBefore]:
    label = str((record.get("label") or {}).get("en", ""))
    match = _NAMED.fullmatch(name.partition(":")[2])
    if not match or not label.startswith(_LABEL) or not name.startswith("document:"):
        numbers = _IN_RECORDS.findall(label)
        return [CitedBefore(name, "", "", numbers[0], frozenset(), by_program=False)] if numbers else []
    date = "" if match["date"] == "undated" else match["date"]
    sender = _sender(label.removeprefix(_LABEL).lower(), parties.get(match["citing"]))
    return [CitedBefore(name, date, match["kind"], match["number"], sender, by_program=True)]


def _sender(words: str, citing: KnownDocument | None) -> frozenset[str]:
    """Return who wrote what is cited, by `my` and `your`; nobody where the words do not tell."""
    if citing is None:
        return frozenset()
    return (
        citing.sender
        if words.startswith(_OWN)
        else citing.recipient
        if words.startswith(_THEIRS)
        else frozenset()
    )


def joined(drafts: Sequence[Draft], cited: Sequence[CitedBefore]) -> dict[int, str]:
    """Return the name of the document that each of `drafts` is, by its place in the list, where it is sure.

    What may be meant is told in the remarks of the draft.
    """
    found: dict[int, str] = {}
    for n, draft in enumerate(drafts):
        likely = [one for one in cited if _may_be(draft, one)]
        sure = [one for one in likely if one.by_program and one.date]
        own = next((one.name for one in sure if one.name not in found.values()), "")
        if own:
            found[n] = own
            draft.remarks.append(f"known by reference before, as {own}, whose name it keeps")
        if others := [one.name for one in likely if one.name != own]:
            names = " or ".join(others)
            draft.remarks.append(
                f"perhaps {names}, known by reference alone; if so, write that in their place"
            )
    return found


def _may_be(draft: Draft, one: CitedBefore) -> bool:
    date = draft.single["date"].value if "date" in draft.single else ""
    if not any(
        one.number in list_.numbers[:1] and _kinds_agree(list_.series, one.kind) for list_ in draft.numbers
    ):
        return False
    senders = {form for party in draft.sender for form in _forms(party.name, party.role)}
    named = not one.sender or not senders or bool(senders & one.sender)
    return named and (not one.date or one.date == date)


def _kinds_agree(series: str, kind: str) -> bool:
    return not kind or kind in _ANY_KIND or series[:3] in kind or kind[:3] in series or series == "special"


def _forms(name: str, role: str) -> set[str]:
    return {form.lower() for form in (name, family(name) if name else "", role) if form}
