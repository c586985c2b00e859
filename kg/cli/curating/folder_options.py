"""The options that name the folders of records, drafts and texts, for the commands that curate."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from kg.curating.drafts.curation_folders import CurationFolders
from kg.errors import CablegraphError
from kg.reading.collection.collection import Collection

_FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)
_NEW_FOLDER = click.Path(path_type=Path, file_okay=False)
# Records of an installed package are not edited, those of a checkout are.
_CHECKOUT = Path("kg/records")
_OPTIONS = (
    click.option(
        "--records",
        type=_FOLDER,
        help=f"Folder of the records; by default those of the collection, or {_CHECKOUT}.",
    ),
    click.option("--drafts", type=_NEW_FOLDER, help="Folder of the drafts; by default beside the records."),
    click.option("--texts", type=_FOLDER, help="Folder with your copies of the texts."),
)


def folder_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options --records, --drafts and --texts."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def curation_folders(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the three options, and its function `folders` in place of these and `collection`."""

    @wraps(command)
    def with_folders(
        *args: Any,
        records: Path | None,
        drafts: Path | None,
        texts: Path | None,
        collection: Collection,
        **given: Any,
    ) -> Any:
        return command(*args, folders=folders_of(records, drafts, texts, collection), **given)

    return folder_options(with_folders)


def folders_of(
    records: Path | None,
    drafts: Path | None = None,
    texts: Path | None = None,
    collection: Collection | None = None,
) -> CurationFolders:
    """Return the folders to curate in: by default the records of `collection`, and `drafts` beside them.

    Raises CablegraphError if no records are named and none are where a checkout has them.
    """
    place = collection.place if collection else None
    own = (records or (place / "records" if place else _CHECKOUT)).absolute()
    if not own.is_dir():
        raise CablegraphError(f"there is no folder {own}; name that of your records with --records")
    return CurationFolders.of(own, drafts or own.parent / "drafts", texts, collection)
