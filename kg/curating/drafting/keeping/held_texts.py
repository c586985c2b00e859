"""Documents that a collection holds, as far as a draft needs them: hash of the text, date, numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from itertools import combinations
from typing import Any

import yaml

from kg.curating.drafting.composing.draft import Draft
from kg.resources import listed

Change = tuple[str, Callable[[str], str]]
# What copies of one text differ by: what a draft has that the held text lacks, and the change that undoes it.
_CHANGES: tuple[Change, ...] = (
    ("a byte order mark", lambda text: text.removeprefix("\ufeff")),
    ("CRLF in place of LF", lambda text: text.replace("\r\n", "\n")),
    ("LF in place of CRLF", lambda text: text if "\r\n" in text else text.replace("\n", "\r\n")),
    ("a line end at its end", lambda text: text.rstrip("\r\n")),
    ("no line end at its end", lambda text: text if text.endswith("\n") else text + "\n"),
)


@dataclass(frozen=True)
class KnownDocument:
    """One held document: its name, the hashes of its texts, its days, and its numbers."""

    name: str
    hashes: frozenset[str]
    dates: frozenset[str]
    numbers: frozenset[str]


def known_documents(records: Traversable) -> list[KnownDocument]:
    """Return the documents of a folder of records that have folders of their own."""
    found = []
    for kind in ("telegram", "document"):
        folder = records / kind
        if folder.is_dir():
            found += [
                _held(kind, one) for one in sorted(folder.iterdir(), key=lambda f: f.name) if one.is_dir()
            ]
    return found


def _held(kind: str, folder: Traversable) -> KnownDocument:
    name = f"{kind}:{folder.name}"
    records = [
        record
        for file in listed(folder, ".yaml")
        if file.name in ("rendering.yaml", "header.yaml")
        for record in _records(file)
    ]
    about = [r for r in records if name in (r.get("about"), r.get("numberOf"))]
    numbers = [
        n for r in about if r.get("type") == "DocumentNumber" for n in (str(r.get("from")), str(r.get("to")))
    ]
    dates = [str(r.get("earliest"))[:10] for r in about if r.get("type") == "TimeExtent"]
    hashes = [str(r["textHash"]) for r in records if "textHash" in r]
    return KnownDocument(name, frozenset(hashes), frozenset(dates), frozenset(numbers))


def _records(file: Traversable) -> Iterator[dict[str, Any]]:
    loaded = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}
    yield from (record for record in loaded.values() if isinstance(record, dict))


def same_telegrams(draft: Draft, held: Iterable[KnownDocument]) -> tuple[list[str], list[str]]:
    """Return the held documents that a draft is one more text of, and what is said of each.

    The same text is known by its hash, in another form too; another translation by a number and the day.
    """
    forms: dict[str, str] = {}
    for digest, words in _hashes(draft.source.text):
        forms.setdefault(digest, words)
    date = draft.single.get("date")
    numbers = {
        n for one in draft.numbers if one.series not in ("edition_document", "file") for n in one.numbers
    }
    names, told = [], []
    for document in held:
        same = next((digest for digest in forms if digest in document.hashes), None)
        if same is not None:
            differs = f"but for {forms[same]}" if forms[same] else "and nothing differs"
            told.append(f"the same text as one of {document.name}, {differs}")
        elif date and date.value in document.dates and numbers & document.numbers:
            told.append(
                f"another text of {document.name}: the same day and number {min(numbers & document.numbers)}"
            )
        else:
            continue
        names.append(document.name)
    return names, told


def _hashes(text: str) -> Iterator[tuple[str, str]]:
    """Yield the hash of a text in each form, with what its own form has instead; fewest changes first."""
    for count in range(len(_CHANGES)):
        for changes in combinations(_CHANGES, count):
            changed, words = text, list[str]()
            for word, change in changes:
                before, changed = changed, change(changed)
                words += [word] if changed != before else []
            if len(words) == count:
                yield hashlib.sha256(changed.encode()).hexdigest(), " and ".join(words)
