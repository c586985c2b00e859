"""A small collection for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.curating.drafts.curation_folders import CurationFolders

from .curating import collection


@pytest.fixture
def folders(tmp_path: Path) -> CurationFolders:
    return collection(tmp_path / "collection")
