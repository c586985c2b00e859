"""Proposals: records written into a draft, in the name of who proposes them, with places of their quotes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from kg.checking import quote_places
from kg.curating.drafts import draft_curation, draft_reading
from kg.curating.drafts.curation_folders import CurationFolders
from kg.curating.drafts.draft_curation import DraftCuration
from kg.curating.drafts.draft_file import DraftFile, ended, read_file, serialized, value_of
from kg.curating.drafts.draft_reading import DraftReading, kinds_below
from kg.errors import CablegraphError, DataError, Finding, UnknownNameError
from kg.namespaces import THINGS
from kg.reading.characters import not_in_xml
from kg.reading.patterns import wrong_slug
from kg.resources import write_atomically

LARGEST = 64 << 10  # bytes of one proposal
_NAME = 100  # characters of who proposes, as the shape of curatedBy allows
_FILE = re.compile(r"telegram/(?P<telegram>[a-z0-9-]+)/(?P<stem>[a-z0-9-]+)\.yaml|(?P<shared>[a-z]+)\.yaml")
_WHOLE = frozenset({"index", "rendering", "passage", "curation"})
_SHARED = tuple(kind for kind in THINGS if kind != "telegram")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Records as text of a record file, for `file` of the draft `draft`, proposed by `by`."""

    draft: str
    by: str
    file: str
    text: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """The paths of the records that were written, and a finding for each quote that has no place."""

    records: tuple[str, ...]
    findings: tuple[Finding, ...]


def propose(folders: CurationFolders, proposal: Proposal, today: date) -> Proposed:
    """Write records into a draft; one with the path of an earlier proposal there replaces it.

    Raises CablegraphError, and DataError with findings, if the records cannot be written; then nothing is.
    """
    folder = folders.draft(proposal.draft)
    telegram = _telegram(folders, proposal.file)
    check_name(proposal.by, "proposes")
    alone = draft_reading.read(folders)
    given = _given(proposal)
    _refuse_known(alone, proposal.file, given)
    draft_curation.refuse_other_name(folder, proposal.by)
    path = folder / proposal.file
    old = read_file(path, proposal.file)
    path.parent.mkdir(parents=True, exist_ok=True)
    if telegram:
        reading = DraftCuration(f"{proposal.draft}-{today.isoformat()}", proposal.by, today)
        reading.name_in(given.values(), kinds_below(alone.schema, "Statement"))
        reading.write(
            path.with_name("curation.yaml"), draft_curation.renderings(alone, telegram, given.values())
        )
    write_atomically(path, (ended(old.without(given.keys())) + serialized(given)).encode())
    findings = _place_quotes(folders, path, proposal, alone) if telegram and folders.texts else []
    stem = proposal.file.removesuffix(".yaml")
    return Proposed(tuple(f"{stem}/{key}" for key in given), tuple(findings))


def withdraw(folders: CurationFolders, draft: str, records: list[str]) -> None:
    """Take records out of a draft; raises UnknownNameError, and takes none out, if one is not in it."""
    folder = folders.existing(draft)
    by_file: dict[Path, list[str]] = {}
    for record in records:
        stem, _, key = record.rpartition("/")
        by_file.setdefault(file_of(folder, stem), []).append(key)
    files = {path: read_file(path, path.relative_to(folder).as_posix()) for path in by_file}
    for path, keys in by_file.items():
        unknown = [key for key in keys if key not in files[path].spans]
        if unknown:
            raise UnknownNameError("record of this file in the draft", unknown[0], files[path].spans)
    for path, keys in by_file.items():
        remove(path, files[path], keys)


def remove(path: Path, file: DraftFile, keys: list[str]) -> None:
    """Write the file without these records, or delete it if none is left."""
    left = file.without(keys)
    if left:
        write_atomically(path, left.encode())
    else:
        path.unlink()


def file_of(folder: Path, stem: str) -> Path:
    """Return the record file of a draft for a path without ending; raises CablegraphError for any other."""
    file = f"{stem}.yaml"
    if not _FILE.fullmatch(file):
        raise CablegraphError(f"{file!r} is no file of a draft; write for example {_EXAMPLES}")
    return folder / file


_EXAMPLES = f"telegram/NAME/body-7.yaml, or {', '.join(f'{kind}.yaml' for kind in _SHARED)}"


def _telegram(folders: CurationFolders, file: str) -> str:
    """Return the telegram of a file, empty for shared things; raises CablegraphError for any other file."""
    found = _FILE.fullmatch(file)
    if not found or (found["shared"] and found["shared"] not in _SHARED) or found["stem"] in _WHOLE:
        raise CablegraphError(f"{file!r} is no file for proposals; write {_EXAMPLES}")
    telegram = found["telegram"] or ""
    if telegram and not (folders.records / "telegram" / telegram / "index.yaml").is_file():
        there = folders.records / "telegram"
        raise UnknownNameError(
            "telegram", telegram, [p.name for p in there.iterdir()] if there.is_dir() else []
        )
    return telegram


def check_name(name: str, does: str) -> None:
    """Raise CablegraphError if `name` is none of somebody who `does` something, as in “proposes”."""
    if not name.strip() or len(name) > _NAME or not name.isprintable() or not_in_xml(name):
        raise CablegraphError(f"say who {does}, on one line of at most {_NAME} characters")


def _given(proposal: Proposal) -> dict[str, yaml.Node]:
    """Return the records of the proposal by key; raises CablegraphError or DataError if they are none."""
    content = proposal.text.encode()
    if len(content) > LARGEST:
        raise CablegraphError(f"the proposal has {len(content):,} bytes, more than {LARGEST:,}; divide it")
    nodes = dict(DraftFile.read(proposal.file, content).nodes)
    wrong = [problem for key in nodes if (problem := wrong_slug(key))]
    wrong += [
        f"{key} must be a record: lines under it" for key, node in nodes.items() if not _is_record(node)
    ]
    if wrong or not nodes:
        raise DataError([Finding(proposal.file, 0, message) for message in wrong or ["there is no record"]])
    return nodes


def _is_record(node: yaml.Node) -> bool:
    return isinstance(node, yaml.MappingNode) and bool(value_of(node, "type"))


def _refuse_known(alone: DraftReading, file: str, given: Mapping[str, yaml.Node]) -> None:
    stem = file.removesuffix(".yaml")
    known = [key for key in given if f"{alone.base}{stem}/{key}" in alone.records.things]
    if known:
        raise CablegraphError(f"{stem}/{known[0]} is already in the records; choose another key")


def _place_quotes(
    folders: CurationFolders, path: Path, proposal: Proposal, alone: DraftReading
) -> list[Finding]:
    base = f"{alone.base}{proposal.file.rpartition('/')[0]}/"
    passages = alone.passages(folders.texts).items()
    names = {iri.removeprefix(base): passage for iri, passage in passages}
    return quote_places.fill(path, folders.prefix(proposal.draft) + proposal.file, names)[1]
