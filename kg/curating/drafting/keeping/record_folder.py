"""Record folders of drafts on disk: `records` as `cablegraph check` reads them, `texts` with their copies."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from kg import resources
from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.keeping.draft_records import ProgramTerms, program_terms, records_of
from kg.curating.drafting.keeping.matching import NameMatch
from kg.curating.drafting.keeping.passages import RENDERING, Record, slug_of, unique
from kg.errors import CablegraphError

_LONGEST = 200  # characters of a label
_MATCHED = ("persons", "organisations", "places")
Matcher = Callable[[Sequence[str]], Mapping[str, NameMatch]]


@dataclass
class _Folder:
    """A folder of records in the making: where it lies, and the things that its documents name."""

    out: Path
    match: Matcher
    day: str
    terms: ProgramTerms
    things: dict[str, dict[str, Record]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)


def write_records(drafts: Sequence[Draft], out: Path, match: Matcher, day: str) -> list[str]:
    """Write the records and texts of drafts below `out`; return the names of the documents.

    Raises CablegraphError if `out` has records already: nothing there is changed.
    """
    if out.exists() and any(out.iterdir()):
        raise CablegraphError(
            f"{out}: the folder is not empty; name a new one, and add its records to yours by hand"
        )
    context = (resources.folder("ontology") / "context.jsonld").read_text(encoding="utf-8")
    folder = _Folder(out, match, day, program_terms(context))
    documents = [_write_document(draft, folder) for draft in drafts]
    for file, records in folder.things.items():
        _write(out / "records" / f"{file}.yaml", records)
    return documents


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


def _write_document(draft: Draft, folder: _Folder) -> str:
    """Write the folder of one document and the copy of its text; return its name."""
    kind, name = _kind(draft), unique(folder.taken, document_name(draft))
    document = f"{kind.lower()}:{name}"
    names = [f.value for member in _MATCHED for f in draft.lists.get(member, [])]
    names += [p.name or p.role for p in (*draft.sender, *draft.recipient)]
    files, form = records_of(draft, document, folder.match(list(dict.fromkeys(names))), folder.terms)
    files["rendering"] = {RENDERING.partition("/")[2]: _rendering(draft, document)}
    files["curation"] = {"found-by-program": _curation(folder)}
    below = folder.out / "records" / kind.lower() / name
    anchored = [
        anchor for records in (files.get("namings"), files.get("references")) for anchor in _anchors(records)
    ]
    deep = any(not str(anchor["in"]).startswith("passage/archive") for anchor in anchored)
    depth = {"depth": folder.terms.depth if deep else "catalogue"} if folder.terms.depth else {}
    _write(below / "index.yaml", {**_index(draft, kind, name), **depth})
    for file, records in files.items():
        _write(below / f"{file}.yaml", records)
    for file, records in form.things.items():
        known = folder.things.setdefault(file, {})
        known |= {slug: record for slug, record in records.items() if slug not in known}
    text = folder.out / "texts" / f"{name}.txt"
    text.parent.mkdir(parents=True, exist_ok=True)
    text.write_bytes(draft.source.text.encode())
    return document


def _anchors(records: Mapping[str, Record] | None) -> list[Record]:
    """Return the anchors of some records."""
    found = []
    for record in (records or {}).values():
        evidence = record.get("evidence")
        found += evidence if isinstance(evidence, list) else []
    return found


def _index(draft: Draft, kind: str, name: str) -> Record:
    title = draft.single.get("title")
    label = _shortened(title.value) if title else name
    source = "archive-page" if title else "curator"
    return {"type": kind, "label": {"en": label}, "labelSource": source, "holding": "held"}


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
    text = yaml.dump(dict(content), Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=120)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
