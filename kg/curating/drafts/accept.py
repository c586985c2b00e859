"""Acceptance of proposals: records move from a draft into the record files, all or none, for a person."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml
from anyascii import anyascii

from kg.curating.drafts import draft_check, propose
from kg.curating.drafts.curation_folders import CurationFolders
from kg.curating.drafts.draft_curation import FILE
from kg.curating.drafts.draft_file import DraftFile, ended, line_numbers, put, read_file, serialized
from kg.errors import CablegraphError, DataError, Finding, UnknownNameError
from kg.resources import walk, write_atomically


@dataclass(frozen=True, slots=True)
class Accepted:
    """What was accepted: the paths of the records, and the record files that have them now."""

    records: tuple[str, ...]
    files: tuple[str, ...]


def proposals(folders: CurationFolders, draft: str) -> dict[str, DraftFile]:
    """Return the files of a draft by their paths without ending, those of curations left out.

    Raises DataError with the findings of all files that cannot be read.
    """
    folder = folders.existing(draft)
    found, findings = {}, list[Finding]()
    for name, file in walk(folder):
        if name.endswith(".yaml") and not name.endswith(f"/{FILE}"):
            try:
                found[name.removesuffix(".yaml")] = DraftFile.read(
                    folders.prefix(draft) + name, file.read_bytes()
                )
            except DataError as error:
                findings += error.findings
    if findings:
        raise DataError(findings)
    return found


def paths(files: Mapping[str, DraftFile]) -> list[str]:
    """Return the paths of all records of these files."""
    return [f"{stem}/{key}" for stem, file in files.items() for key in file.spans]


def accept(
    folders: CurationFolders, draft: str, records: Sequence[str], reviewer: str, today: date
) -> Accepted:
    """Move `records` of a draft into the record files, with who proposed them, when, and who reviewed them.

    Raises UnknownNameError for a record that the draft does not have, and DataError with the findings if the
    records would have a violation with them; then nothing is written.
    """
    propose.check_name(reviewer, "reviews")
    files = proposals(folders, draft)
    chosen = _chosen(files, records)
    staged = Path(tempfile.mkdtemp(prefix=".accepting-", dir=folders.drafts))
    try:
        curations = _stage(folders.existing(draft), staged, files, chosen)
        _refuse_violations(folders, draft, staged)
        added = _added(files, chosen, curations, reviewer, today)
    finally:
        shutil.rmtree(staged)
    _write_all({folders.records / f"{stem}.yaml": text for stem, text in added.items()})
    for stem, keys in chosen.items():
        propose.remove(folders.existing(draft) / f"{stem}.yaml", files[stem], keys)
    _clear(folders.existing(draft), curations)
    return Accepted(tuple(dict.fromkeys(records)), tuple(f"{stem}.yaml" for stem in added))


def _chosen(files: Mapping[str, DraftFile], records: Iterable[str]) -> dict[str, list[str]]:
    """Return the keys of the records by file."""
    known = paths(files)
    unknown = [record for record in records if record not in known]
    if unknown or not known:
        raise UnknownNameError("record in the draft", unknown[0] if unknown else "", known)
    chosen: dict[str, list[str]] = {}
    for record in dict.fromkeys(records):
        stem, _, key = record.rpartition("/")
        chosen.setdefault(stem, []).append(key)
    return chosen


def _stage(
    folder: Path, staged: Path, files: Mapping[str, DraftFile], chosen: Mapping[str, list[str]]
) -> dict[str, DraftFile]:
    """Write the chosen records and their curations into `staged`; return the files of curations by folder."""
    curations = {}
    for stem, keys in chosen.items():
        path = staged / f"{stem}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[stem].only(keys), encoding="utf-8", newline="")
        telegram = stem.rpartition("/")[0]
        if telegram:
            curations[telegram] = read_file(folder / telegram / FILE, f"{telegram}/{FILE}")
            (staged / telegram / FILE).write_text(
                "".join(curations[telegram].lines), encoding="utf-8", newline=""
            )
    return curations


def _refuse_violations(folders: CurationFolders, draft: str, staged: Path) -> None:
    report = draft_check.check(folders, draft, staged)
    if report.violations:
        raise DataError(report.violations)
    if report.verified != report.anchors:
        raise CablegraphError(
            f"{report.anchors - report.verified} of {report.anchors} quotes were not compared with a text; "
            "put a copy of it into the folder of the texts"
        )


def _added(
    files: Mapping[str, DraftFile],
    chosen: Mapping[str, list[str]],
    curations: Mapping[str, DraftFile],
    reviewer: str,
    today: date,
) -> dict[str, str]:
    """Return the text to add to each record file, by its path without ending."""
    ending = f"{_slug(reviewer)}-{today.isoformat()}"
    added, named = {}, dict[str, set[str]]()
    for stem, keys in chosen.items():
        telegram = stem.rpartition("/")[0]
        texts = []
        for key in keys:
            text, used = _renamed(files[stem], key, ending)
            texts.append(text)
            named.setdefault(telegram, set()).update(used)
        added[stem] = "".join(texts)
    for telegram, file in curations.items():
        nodes = {f"{key}-{ending}": node for key, node in file.nodes.items() if key in named[telegram]}
        for node in nodes.values():
            assert isinstance(node, yaml.MappingNode)  # noqa: S101 (the check found a record)
            put(node, "reviewer", reviewer, after="curatedBy")
            put(node, "note", f"Accepted on {today.isoformat()}.", after="")
        added[f"{telegram}/{FILE.removesuffix('.yaml')}"] = serialized(nodes)
    return added


def _renamed(file: DraftFile, key: str, ending: str) -> tuple[str, set[str]]:
    """Return the lines of a record whose statements name the reviewed curation, and its old names."""
    lines = {n: file.lines[n] for n in file.spans[key]}
    used = set()
    for number, written in line_numbers(file.nodes[key], "writtenIn"):
        used.add(written.removeprefix("curation/"))
        # Not what is renamed already: a line may have several, as that of a record in braces.
        lines[number] = re.sub(rf"{re.escape(written)}(?![\w-])", f"{written}-{ending}", lines[number])
    return ended("".join(lines.values()).rstrip()), used


def _clear(folder: Path, telegrams: Iterable[str]) -> None:
    """Delete the curations of telegrams of which the draft has nothing else."""
    for telegram in telegrams:
        if [path.name for path in (folder / telegram).iterdir()] == [FILE]:
            shutil.rmtree(folder / telegram)


def _slug(name: str) -> str:
    return "-".join(re.findall("[a-z0-9]+", anyascii(name).lower())) or "reviewer"


def _write_all(added: Mapping[Path, str]) -> None:
    """Add text to the ends of the record files; if one cannot be written, the others are as before."""
    written: dict[Path, bytes | None] = {}
    try:
        for path, text in added.items():
            old = path.read_bytes() if path.exists() else None
            # A curation is there already if the same person accepted others of the same day before.
            again = DraftFile.read(path.name, text.encode()).spans
            before = read_file(path, path.name).without(again) if old else ""
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, (ended(before) + text).encode())
            written[path] = old
    except OSError as error:
        for path, content in written.items():
            if content is None:
                path.unlink(missing_ok=True)
            else:
                write_atomically(path, content)
        raise CablegraphError(f"nothing was accepted: {error}") from None
