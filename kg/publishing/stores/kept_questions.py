"""The saved questions whose answers a store on disk keeps: those that pages ask about all of the data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Self

import yaml


@dataclass(frozen=True, slots=True)
class KeptQuestion:
    """An entry of `kept_questions.yaml`, which says what each key means."""

    question: str
    given: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    rows: int | None = None
    different: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    entries: str = ""

    def to_json(self) -> str:
        """Return the entry as JSON, for a process that answers it."""
        return json.dumps(asdict(replace(self, given=dict(self.given))))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the entry that `to_json` wrote."""
        return cls(**_tuples(json.loads(text)))


@cache
def kept_questions() -> tuple[KeptQuestion, ...]:
    """Return the questions whose answers are kept, in the order of the file."""
    file = files("kg").joinpath("publishing/stores/kept_questions.yaml")
    return tuple(map(_question, yaml.safe_load(file.read_text(encoding="utf-8"))))


def key_of(given: Mapping[str, str]) -> str:
    """Return the text by which an answer with the values `given` is found."""
    return json.dumps(dict(sorted(given.items())), ensure_ascii=False)


def _question(entry: dict[str, Any]) -> KeptQuestion:
    return KeptQuestion(given=entry.pop("with", {}), **_tuples(entry))


def _tuples(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
