"""Record folders of drafts on disk: `records` as `cablegraph check` reads them, `texts` with their copies."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from kg import resources
from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.keeping.cited_before import cited_documents, joined
from kg.curating.drafting.keeping.draft_records import ProgramTerms, program_terms, records_of
from kg.curating.drafting.keeping.held_texts import KnownDocument
from kg.curating.drafting.keeping.named_things import SHARED, Matcher, NamedThings
from kg.curating.drafting.keeping.passages import RENDERING, Record, slug_of, unique
from kg.curating.drafts.draft_file import ended
from kg.errors import CablegraphError
from kg.resources import write_atomically

_PROBE = "a-record-at-the-end"
_LONGEST = 200  # characters of a label


@dataclass
class _Folder:
    """Folders of records and texts to which documents are added, and the things that they name."""

    records: Path
    texts: Path
    things: NamedThings
    day: str
    terms: ProgramTerms


def write_records(drafts: Sequence[Draft], out: Path, match: Matcher, day: str) -> list[str]:
    """Write the records and texts of drafts below `out`; return the names of the documents.

    Raises CablegraphError if `out` has records already: nothing there is changed.
    """
    if out.exists() and any(out.iterdir()):
        raise CablegraphError(
            f"{out}: the folder is not empty; name a new one, and add its records to yours by hand"
        )
    return add_records(drafts, out, match, day, ())


def add_records(
    drafts: Sequence[Draft], place: Path, match: Matcher, day: str, held: Collection[KnownDocument]
) -> list[str]:
    """Add the records and texts of drafts to those below `place`; return the names of the documents.

    References to documents that are `held` there name these. Records that are there stay as they are; what is
    new in a shared file comes at its end. Raises CablegraphError if a shared file cannot be added to.
    """
    shared = {name: _SharedFile.read(place / "records" / f"{name}.yaml") for name in SHARED}
    taken = {one.name.partition(":")[2] for one in held} | shared["document"].names
    cited = joined(drafts, cited_documents(place / "records", held))
    names = [
        cited.get(n) or f"{_kind(draft).lower()}:{unique(taken, document_name(draft))}"
        for n, draft in enumerate(drafts)
    ]
    targets = {one.name: one.name for one in held} | _drafted(drafts, names)
    things = NamedThings(match, {name: file.names for name, file in shared.items()}, targets)
    context = (resources.folder("ontology") / "context.jsonld").read_text(encoding="utf-8")
    folder = _Folder(place / "records", place / "texts", things, day, program_terms(context))
    for draft, name in zip(drafts, names, strict=True):
        _write_document(draft, name, folder)
    for name in cited.values():  # the folder of the draft has it now
        shared["document"].remove(name.partition(":")[2])
    for file, records in things.new.items():
        shared[file].add(records)
    return names


def _drafted(drafts: Sequence[Draft], names: Sequence[str]) -> dict[str, str]:
    """Return the names of drafted documents by identifier, without identifiers that several have."""
    counts = Counter(draft.id for draft in drafts)
    return {draft.id: name for draft, name in zip(drafts, names, strict=True) if counts[draft.id] == 1}


@dataclass
class _SharedFile:
    """A file of things that documents share: where it is, its text, and the names in it."""

    path: Path
    text: str
    names: set[str]

    @classmethod
    def read(cls, path: Path) -> _SharedFile:
        text = ended(path.read_text(encoding="utf-8")) if path.is_file() else ""
        try:
            loaded = yaml.load(f"{text}{_PROBE}: 0\n", Loader=yaml.CSafeLoader)
        except yaml.YAMLError:
            problem = "nothing can be added at its end; write each record in lines below its name"
            raise CablegraphError(f"{path}: {problem}") from None
        return cls(path, text, set(loaded) - {_PROBE})

    def remove(self, key: str) -> None:
        """Take the record `key` out of the file."""
        record = re.compile(rf"^{re.escape(key)}:.*\n(?:[ \t].*\n|\n)*", re.MULTILINE)
        self.text = record.sub("", self.text, count=1)
        write_atomically(self.path, self.text.encode())

    def add(self, records: Mapping[str, Record]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self.path, (self.text + _yaml(records)).encode())


def _kind(draft: Draft) -> str:
    called = draft.single.get("document_type")
    words = called.value if called else ""
    return (
        "Telegram"
        if any(word in words for word in ("telegram", "cable", "телеграмм", "шифровк"))
        else "Document"
    )


def document_name(draft: Draft) -> str:
    """Return the name of a document in a collection: day, place, first number, or the id in its file."""
    date, place = draft.single.get("date"), draft.single.get("place")
    number = next(
        (n.numbers[0] for n in draft.numbers if n.series not in ("file", "edition_document", "stamp")), ""
    )
    parts = [date.value if date else "", place.value if place else "", number]
    return slug_of(" ".join(filter(None, parts if date and number else [*parts[:2], draft.id])))


def _write_document(draft: Draft, document: str, folder: _Folder) -> None:
    """Write the folder of one document and the copy of its text."""
    name = document.partition(":")[2]
    files = records_of(draft, document, folder.things, folder.terms)
    files["rendering"] = {RENDERING.partition("/")[2]: _rendering(draft, document)}
    files["curation"] = {"found-by-program": _curation(folder)}
    below = folder.records / document.replace(":", "/", 1)
    anchored = [
        anchor for records in (files.get("namings"), files.get("references")) for anchor in _anchors(records)
    ]
    deep = any(not str(anchor["in"]).startswith("passage/archive") for anchor in anchored)
    depth = {"depth": folder.terms.depth if deep else "catalogue"} if folder.terms.depth else {}
    _write(below / "index.yaml", {**_index(draft, name), **depth})
    for file, records in files.items():
        _write(below / f"{file}.yaml", records)
    _write_text(draft, name, folder.texts)


def _write_text(draft: Draft, name: str, texts: Path) -> None:
    """Write the text of a document unless a file has it; another text of that name stays as it is."""
    texts.mkdir(parents=True, exist_ok=True)
    content, files = draft.source.text.encode(), [file for file in texts.iterdir() if file.is_file()]
    same_size = (file for file in files if file.stat().st_size == len(content))
    if not any(file.read_bytes() == content for file in same_size):
        called = unique({file.stem for file in files}, name)
        (texts / f"{called}.txt").write_bytes(content)


def _anchors(records: Mapping[str, Record] | None) -> list[Record]:
    """Return the anchors of some records."""
    found = []
    for record in (records or {}).values():
        evidence = record.get("evidence")
        found += evidence if isinstance(evidence, list) else []
    return found


def _index(draft: Draft, name: str) -> Record:
    title = draft.single.get("title")
    label = _shortened(title.value) if title else name
    source = "archive-page" if title else "curator"
    return {"type": _kind(draft), "label": {"en": label}, "labelSource": source, "holding": "held"}


def _rendering(draft: Draft, document: str) -> Record:
    digest = hashlib.sha256(draft.source.text.encode()).hexdigest()
    record: Record = {"type": "Rendering", "label": {"en": "text as it was found"}, "renders": document}
    record |= {"textHash": digest, "textLength": len(draft.source.text)}
    remarks = [*draft.source.remarks, *draft.remarks]
    return record | ({"note": f"The text {'; '.join(remarks)}."} if remarks else {})


def _curation(folder: _Folder) -> Record:
    note = "What the program found; nobody has compared it with the words."
    program = "cablegraph draft, a program"
    record: Record = {"type": "Curation", "curatedBy": program, "curatedOn": folder.day, "curates": RENDERING}
    return record | ({"certainty": folder.terms.certainty} if folder.terms.depth else {}) | {"note": note}


def _shortened(title: str) -> str:
    """Return a title that is no longer than a label may be."""
    return title if len(title) <= _LONGEST else f"{title[: _LONGEST - 1].rsplit(' ', 1)[0]}…"


class _PlainDumper(yaml.SafeDumper):
    """Writes what stands in several places each time, for records have no anchors."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - as PyYAML calls it
        """Return that nothing is written as an alias."""
        return True


def _write(path: Path, content: Mapping[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_yaml(content), encoding="utf-8")


def _yaml(content: Mapping[str, object]) -> str:
    return yaml.dump(dict(content), Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=120)
