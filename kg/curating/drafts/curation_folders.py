"""The folders in which texts are curated: records, the drafts beside them and the texts; nothing outside.

A draft is a folder `DRAFTS/NAME` with record files in the places that they have in the records, such as
`telegram/…/body-7.yaml`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kg.errors import CablegraphError, UnknownNameError
from kg.reading.collection.collection import Collection
from kg.reading.patterns import wrong_slug

RECORDS = "records"  # in place of the name of a draft, where drafts are compared
_LARGEST = 8 << 20  # bytes of all files of a draft


@dataclass(frozen=True, slots=True)
class CurationFolders:
    """The folders of one collection: what a build reads, its records, the drafts, the texts.

    Every file that is read or written lies below `root`, where there is one, and else below the folder in
    which it was looked for. Symbolic links count by what they lead to.
    """

    sources: Collection
    records: Path
    drafts: Path
    texts: Path | None = None
    root: Path | None = None

    @classmethod
    def of(
        cls, records: Path, drafts: Path, texts: Path | None = None, collection: Collection | None = None
    ) -> CurationFolders:
        """Return the folders of records that use the ontology, shapes and queries of `collection`.

        Without one they use the shipped ones.
        """
        return cls(replace(collection or Collection.shipped(), records=records), records, drafts, texts)

    def names(self) -> list[str]:
        """Return the names of the drafts."""
        if not self.drafts.is_dir():
            return []
        return sorted(
            entry.name for entry in self.drafts.iterdir() if entry.is_dir() and _is_name(entry.name)
        )

    def draft(self, name: str) -> Path:
        """Return the folder of the draft `name`, which need not be there.

        Raises CablegraphError if it cannot be the name of a draft, or if a folder has a link that leads out.
        """
        problem = f"{RECORDS!r} stands for the records" if name == RECORDS else wrong_slug(name)
        if problem:
            raise CablegraphError(f"a draft cannot be called so: {problem}")
        self.refuse_links_outside()
        return self.drafts / name

    def existing(self, name: str) -> Path:
        """Return the folder of a draft; raises UnknownNameError if there is none, and as `draft` does."""
        folder = self.draft(name)
        if not folder.is_dir():
            raise UnknownNameError("draft", name, self.names())
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        if size > _LARGEST:
            raise CablegraphError(f"the draft {name} has {size:,} bytes, more than {_LARGEST:,}; divide it")
        return folder

    def started(self, name: str) -> str:
        """Return `name` if there is a draft of that name, else an empty text; raises as `draft` does."""
        return name if name and self.draft(name).is_dir() else ""

    def prefix(self, name: str) -> str:
        """Return what stands before the path of a file of the draft in findings."""
        return f"{self.drafts.name}/{name}/"

    def refuse_links_outside(self) -> None:
        """Raise CablegraphError for the first folder or symbolic link that leads out."""
        for folder in filter(None, (self.records, self.drafts, self.texts)):
            allowed = (self.root or folder).resolve()
            for path in (folder, *_links(folder)):
                if not path.resolve().is_relative_to(allowed):
                    raise CablegraphError(
                        f"{path} leads out of {self.root or folder}; put the file itself there"
                    )


def _is_name(name: str) -> bool:
    return name != RECORDS and not wrong_slug(name)


def _links(folder: Path) -> Iterator[Path]:
    for at, folders, files in os.walk(folder):  # follows no link
        for name in (*folders, *files):
            path = Path(at, name)
            if path.is_symlink():
                yield path
