"""Proposals of a draft under the words of the passages that they quote, for people who read and decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.curating.drafts import open_passages
from kg.curating.drafts.curation_folders import CurationFolders
from kg.curating.drafts.draft_file import DraftFile, line_numbers
from kg.curating.drafts.open_passages import OpenPassage
from kg.errors import DataError, TextError


@dataclass(frozen=True, slots=True)
class ProposalGroup:
    """The proposals that quote one passage first: its path and words, both empty for all others together.

    `proposals` maps the paths of the records to their lines.
    """

    passage: str
    words: str
    proposals: Mapping[str, str]


def groups(folders: CurationFolders, draft: str, files: Mapping[str, DraftFile]) -> list[ProposalGroup]:
    """Return the proposals by passage, in the order of the texts.

    Before them stand things, and what quotes a passage whose text is not there.
    """
    texts = {passage.passage: passage.words for passage in _passages(folders, draft)}
    found: dict[str, dict[str, str]] = {"": {}, **{passage: {} for passage in texts}}
    for stem, file in files.items():
        for key, node in file.nodes.items():
            named = next((name for _, name in line_numbers(node, "in")), "")
            passage = f"{stem.rpartition('/')[0]}/{named}"
            found[passage if passage in texts else ""][f"{stem}/{key}"] = file.text(key)
    return [ProposalGroup(name, texts.get(name, ""), own) for name, own in found.items() if own]


def _passages(folders: CurationFolders, draft: str) -> list[OpenPassage]:
    """Return the passages with their words; none without texts, or where the records cannot be read."""
    for name in (draft, ""):
        try:
            return open_passages.passages(folders, name)
        except TextError:
            return []
        except DataError:  # of the draft, perhaps, so that the records are tried alone
            continue
    return []
