"""References in CSL-JSON, the input of the Citation Style Language (schema csl-data.json of CSL 1.0.2).

A telegram is a `personal_communication`, as Zotero has letters, with its `genre`: CSL has no telegrams.
An answer is a `dataset`; statements and things are an `entry` of a database.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from kg.asking.citing.reference import CitedName, Kind, Reference

_TYPES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.TELEGRAM: "personal_communication",
        Kind.STATEMENT: "entry",
        Kind.THING: "entry",
        Kind.ANSWER: "dataset",
    }
)


def write(reference: Reference) -> str:
    """Return `reference` as a list with one item, in JSON."""
    return json.dumps([item(reference)], ensure_ascii=False, indent=1) + "\n"


def item(reference: Reference) -> dict[str, Any]:
    """Return `reference` as one item, without empty fields."""
    telegram = reference.kind is Kind.TELEGRAM
    fields: dict[str, Any] = {
        "id": reference.key,
        "type": _TYPES[reference.kind],
        "title": reference.title,
        "author": _names(reference.authors),
        "recipient": _names(reference.recipients),
        "translator": _names(reference.translators),
        "issued": _day(reference.day),
        "accessed": _day(reference.seen),
        "genre": "Telegram" if telegram else "",
        "archive": reference.archive,
        "publisher": reference.publisher,
        "container-title": "" if reference.kind is Kind.ANSWER else reference.about.title,
        "source": reference.about.title,
        "version": reference.version,
        "URL": reference.page or reference.address,
        "note": reference.note + (f". {reference.address}" if reference.page else ""),
    }
    return {name: value for name, value in fields.items() if value}


def _names(names: Iterable[CitedName]) -> list[dict[str, str]]:
    return [
        {key: part for key, part in (("family", name.family), ("given", name.given)) if part}
        or {"literal": name.whole}
        for name in names
    ]


def _day(day: date | None) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day]]} if day else {}
