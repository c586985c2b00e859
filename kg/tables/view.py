"""Views of the SQLite file: `queries/tables/views/NAME.sql`, each a SELECT with a `--+` header."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from kg.errors import DataError, Finding


@dataclass(frozen=True, slots=True)
class View:
    """One view: its name, what it is for people, and its SELECT."""

    name: str
    title: str
    description: str
    text: str


def load(folder: Traversable) -> tuple[View, ...]:
    """Return the views of `folder` in the order of names; raises DataError for one without a header."""
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql"))
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in names}
    findings = list(_findings(texts))
    if findings:
        raise DataError(findings)
    return tuple(_view(name, text) for name, text in texts.items())


def _view(file: str, text: str) -> View:
    head = _header(text)
    return View(file.removesuffix(".sql"), head["title"], head["description"], text)


def _findings(texts: Mapping[str, str]) -> Iterator[Finding]:
    for name, text in texts.items():
        try:
            wrong = not set(_header(text)) >= {"title", "description"}
        except (TypeError, ValueError, yaml.YAMLError):
            wrong = True
        if wrong:
            message = "a view needs the lines `--+ title:` and `--+ description:`"
            yield Finding(f"queries/tables/views/{name}", 1, message)


def _header(text: str) -> dict[str, Any]:
    lines = [line[3:] for line in text.splitlines() if line.startswith("--+")]
    return dict(yaml.load("\n".join(lines), Loader=yaml.BaseLoader) or {})  # noqa: S506 (text only)
