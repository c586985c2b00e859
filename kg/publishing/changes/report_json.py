"""Change report as JSON, with bounded lists and full totals, and the two files of a report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import pyoxigraph as ox

from kg.publishing.changes import report_markdown
from kg.publishing.changes.change_report import ChangedProperty, ChangedThing, ChangeKind, ChangeReport
from kg.publishing.changes.compare import changes

MARKDOWN, JSON = "changes.md", "changes.json"


def files(old: ox.Store, new: ox.Store) -> dict[str, bytes]:
    """Return `changes.md` and `changes.json` by name: what changed from the release `old` to `new`."""
    report = changes(old, new)
    return {MARKDOWN: report_markdown.write(report), JSON: write(report)}


def write(report: ChangeReport, limit: int = 1000) -> bytes:
    """Return the report as JSON: each list has its `total` and at most `limit` entries under `shown`.

    The lists of properties of a thing and of values of a property are written in the same way.
    """
    members = {
        "old": asdict(report.old),
        "new": asdict(report.new),
        "empty": report.empty,
        "layers": [asdict(layer) for layer in report.layers],
        "stated": asdict(report.stated),
        "inferred": asdict(report.inferred),
        "now_stated": report.now_stated,
        "now_inferred": report.now_inferred,
        **{f"things_{kind}": _things(report.of(kind), limit) for kind in ChangeKind},
        "standings": _list(report.standings, limit),
        "positions": _list(report.positions, limit),
        "links": _list(report.links, limit),
        "retired": _list(report.retired, limit),
    }
    return (json.dumps(members, ensure_ascii=False, indent=2) + "\n").encode()


def _list(entries: Sequence[Any], limit: int) -> dict[str, Any]:
    return {"total": len(entries), "shown": [asdict(entry) for entry in entries[:limit]]}


def _things(things: Sequence[ChangedThing], limit: int) -> dict[str, Any]:
    shown = [
        {**asdict(replace(thing, properties=())), "properties": _properties(thing.properties, limit)}
        for thing in things[:limit]
    ]
    return {"total": len(things), "shown": shown}


def _properties(properties: Sequence[ChangedProperty], limit: int) -> dict[str, Any]:
    shown = [
        {**asdict(one), **{side: _values(getattr(one, side), limit) for side in ("before", "after")}}
        for one in properties[:limit]
    ]
    return {"total": len(properties), "shown": shown}


def _values(values: Sequence[str], limit: int) -> dict[str, Any]:
    return {"total": len(values), "shown": list(values[:limit])}
