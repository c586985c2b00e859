"""The finders, made once, and the drafts of the invented texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.curating.drafting.composing.finders import Finders
from kg.curating.drafting.finding.word_tables import WordTables

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def finders() -> Finders:
    return Finders(WordTables())


@pytest.fixture(scope="session")
def texts_to_draft() -> Path:
    return HERE / "texts"
