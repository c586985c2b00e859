"""The options that name the folders of records, drafts and texts, for the commands that curate."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from kg.curating.drafts.curation_folders import CurationFolders

_FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)
_NEW_FOLDER = click.Path(path_type=Path, file_okay=False)
_RECORDS = click.option(
    "--records", type=_FOLDER, default=Path("kg/records"), show_default=True, help="Folder of the records."
)
_DRAFTS = click.option(
    "--drafts", type=_NEW_FOLDER, help="Folder of the drafts; by default `drafts` beside the records."
)
_TEXTS = click.option("--texts", type=_FOLDER, help="Folder with your copies of the texts.")


def curation_folders(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the three options, and to its function `folders` in place of their values."""

    @wraps(command)
    def with_folders(*args: Any, records: Path, drafts: Path | None, texts: Path | None, **given: Any) -> Any:
        return command(*args, folders=folders_of(records, drafts, texts), **given)

    return _RECORDS(_DRAFTS(_TEXTS(with_folders)))


def folders_of(records: Path, drafts: Path | None = None, texts: Path | None = None) -> CurationFolders:
    """Return the folders to curate in; the drafts are by default in `drafts` beside the records."""
    return CurationFolders.of(records, drafts or records.absolute().parent / "drafts", texts)
