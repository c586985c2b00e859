"""The page that tells people what changed from one release to another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template

from kg.publishing.changes.change_report import ChangeKind
from server.web import addresses

_SHOWN = 100  # entries of a list, and values of a property; the JSON has more, and the true totals
_LISTS = (
    ("things_appeared", "Things that appeared"),
    ("things_disappeared", "Things that disappeared"),
    ("things_changed", "Things that changed"),
    ("positions", "Positions"),
    ("links", "Links to other catalogues"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """One line: the name of a property or column, and its values before and after."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangesEntry:
    """One thing, position or link that changed; `href` is where one reads about it, or empty."""

    title: str
    href: str
    remark: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangesSection:
    """One list of the report: its true total, and the entries that the page shows."""

    name: str
    title: str
    total: int
    entries: tuple[ChangesEntry, ...]


def render(report: Mapping[str, Any], old: str, new: str, root: str) -> str:
    """Return the page of `report`, the content of `changes.json`; addresses here begin with `root`."""
    return render_template(
        "changes.html", report=report, old=old, new=new, sections=sections(report, root), shown=_SHOWN
    )


def sections(report: Mapping[str, Any], root: str) -> list[ChangesSection]:
    """Return the lists of the report."""
    makers: Mapping[str, Callable[[Mapping[str, Any], str], ChangesEntry]] = {
        "positions": _position,
        "links": _link,
    }
    return [
        ChangesSection(
            name,
            title,
            report[name]["total"],
            tuple(makers.get(name, _thing)(told, root) for told in report[name]["shown"][:_SHOWN]),
        )
        for name, title in _LISTS
    ]


def _thing(told: Mapping[str, Any], root: str) -> ChangesEntry:
    changes = tuple(
        Change(
            ", ".join(filter(None, (one["part"], one["label"]))) + (" (inferred)" if one["inferred"] else ""),
            _values(one["before"]),
            _values(one["after"]),
        )
        for one in told["properties"]["shown"][:_SHOWN]
    )
    remark = ", ".join((*told["classes"], f"{told['statements']:,} statements"))
    gone = told["kind"] == ChangeKind.DISAPPEARED
    return ChangesEntry(told["label"], "" if gone else addresses.link(told["iri"], root), remark, changes)


def _values(told: Mapping[str, Any]) -> tuple[str, ...]:
    more = told["total"] - len(told["shown"][:_SHOWN])
    return (*told["shown"][:_SHOWN], *([f"and {more:,} more"] if more else ()))


def _position(told: Mapping[str, Any], root: str) -> ChangesEntry:
    changes = tuple(
        Change(name.replace("_", " "), *((text,) if text else () for text in pair))
        for name, pair in told["columns"].items()
    )
    gone = told["kind"] == ChangeKind.DISAPPEARED
    title = f"{told['holder']} on {told['issue']}"
    return ChangesEntry(title, "" if gone else addresses.link(told["iri"], root), told["kind"], changes)


def _link(told: Mapping[str, Any], root: str) -> ChangesEntry:
    done = "added" if told["kind"] == ChangeKind.APPEARED else "removed"
    return ChangesEntry(
        told["label"], addresses.link(told["thing"], root), f"{done}: {told['relation']} {told['item']}"
    )
