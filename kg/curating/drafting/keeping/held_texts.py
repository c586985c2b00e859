"""Documents that a collection holds, as far as a draft needs them: hashes, days, numbers, parties."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.finding.name_forms import family
from kg.resources import listed

Names = Mapping[str, Sequence[str]]
Change = tuple[str, Callable[[str], str]]
_OTHER_SERIES = ("series:file", "series:edition-document")  # whose numbers name no telegram
# Files that a person may name as he likes, but for these, in which nothing of a head stands.
_NOT_OF_HEADS = ("passage", "curation", "body", "namings", "references", "bracket", "note")
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
    """One held document: its name, the hashes of its texts, its days, and its numbers.

    `firsts` has the first number of each range, `sender` and `recipient` their names in small letters.
    """

    name: str
    hashes: frozenset[str]
    dates: frozenset[str]
    numbers: frozenset[str]
    firsts: frozenset[str] = frozenset()
    sender: frozenset[str] = frozenset()
    recipient: frozenset[str] = frozenset()


def known_documents(records: Traversable) -> list[KnownDocument]:
    """Return the documents of a folder of records that have folders of their own."""
    found = list[KnownDocument]()
    actors = records / "actor.yaml"
    names = {key: _names(record) for key, record in _records(actors)} if actors.is_file() else {}
    for kind in ("telegram", "document"):
        folder = records / kind
        if folder.is_dir():
            found += [
                _held(kind, one, names)
                for one in sorted(folder.iterdir(), key=lambda f: f.name)
                if one.is_dir()
            ]
    return found


def _held(kind: str, folder: Traversable, names: Names) -> KnownDocument:
    name = f"{kind}:{folder.name}"
    records = [
        record
        for file in listed(folder, ".yaml")
        if not file.name.startswith(_NOT_OF_HEADS)
        for _, record in _records(file)
    ]
    about = [r for r in records if name in (r.get("about"), r.get("numberOf"))]
    numbers = [
        r for r in about if r.get("type") == "DocumentNumber" and r.get("inSeries") not in _OTHER_SERIES
    ]
    return KnownDocument(
        name,
        frozenset(str(r["textHash"]) for r in records if "textHash" in r),
        frozenset(str(r.get("earliest"))[:10] for r in about if r.get("type") == "TimeExtent"),
        frozenset(str(r.get(end)) for r in numbers for end in ("from", "to")),
        frozenset(str(r.get("from")) for r in numbers),
        _parties(about, "sender", names) | _parties(about, "author", names),
        _parties(about, "addressee", names),
    )


def _parties(about: Iterable[Mapping[str, Any]], property_: str, names: Names) -> frozenset[str]:
    """Return the names of the senders or addressees, and their last words, in small letters."""
    actors = [str(r.get("value")).partition(":")[2] for r in about if r.get("property") == property_]
    written = [name for actor in actors for name in names.get(actor, ())]
    called = [name for one in written for name in (one, re.sub(r"\s*\([^()]*\)$", "", one)) if name]
    return frozenset(form.lower() for name in called for form in (name, family(name)))


def _names(record: Mapping[str, Any]) -> list[str]:
    """Return the names of a thing in all languages."""
    languages = [record[key] for key in ("label", "variant") if isinstance(record.get(key), dict)]
    texts = [text for by_language in languages for text in by_language.values()]
    names = [name for text in texts for name in (text if isinstance(text, list) else [text])]
    return [name for name in map(str, names) if name.strip()]


def _records(file: Traversable) -> Iterator[tuple[str, dict[str, Any]]]:
    loaded = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}
    yield from ((str(key), record) for key, record in loaded.items() if isinstance(record, dict))


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


def new_documents(
    drafts: Iterable[Draft], held: Sequence[KnownDocument], records: Path
) -> tuple[list[Draft], list[str]]:
    """Return the drafts of documents that are not `held` in the folder `records`, and why not the others."""
    kept, refused, seen = list[Draft](), list[str](), dict[str, str]()
    for draft in drafts:
        digest = hashlib.sha256(draft.source.text.encode()).hexdigest()
        names, told = same_telegrams(draft, held)
        if names:
            place = records / names[0].replace(":", "/", 1)
            refused.append(f"{draft.id}: {told[0]}; that is in {place}, so nothing was written")
        elif digest in seen:
            refused.append(f"{draft.id}: the same text as {seen[digest]}, which was given before it")
        else:
            kept.append(draft)
            seen[digest] = draft.id
    return kept, refused
