"""The HTML page with the changes from one release to another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import render_template

from kg.namespaces import SHIPPED, Namespaces
from kg.publishing.changes.change_report import ChangeKind
from server.web import addresses

Link = Callable[[str], str]

_SHOWN = 100  # entries of a list and values of a property on the page; the JSON has more
_LISTS = (
    ("retired", "Terms of the ontology that were retired"),
    ("standings", "Statements that are asserted no longer, or only now"),
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
    """One thing, position or link that changed; `href` is the address of its page, or empty."""

    title: str
    href: str
    remark: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangesSection:
    """One list of the report: the total, and the entries that the page shows."""

    name: str
    title: str
    total: int
    entries: tuple[ChangesEntry, ...]


def render(report: Mapping[str, Any], old: str, new: str, root: str, names: Namespaces = SHIPPED) -> str:
    """Return the page for `report`, the content of `changes.json`; local addresses begin with `root`.

    `names` has the namespaces of the collection.
    """
    shown = sections(report, partial(addresses.link, root=root, names=names))
    return render_template("changes.html", report=report, old=old, new=new, sections=shown, shown=_SHOWN)


def sections(report: Mapping[str, Any], link: Link) -> list[ChangesSection]:
    """Return the lists of `report`; `link` returns the address of an IRI."""
    makers: Mapping[str, Callable[[Mapping[str, Any], Link], ChangesEntry]] = {
        "retired": _retired,
        "standings": _standing,
        "positions": _position,
        "links": _link,
    }
    return [
        ChangesSection(
            name,
            title,
            report[name]["total"],
            tuple(makers.get(name, _thing)(item, link) for item in report[name]["shown"][:_SHOWN]),
        )
        for name, title in _LISTS
        if name in report  # reports of earlier versions lack some lists
    ]


def _retired(item: Mapping[str, Any], link: Link) -> ChangesEntry:
    successors = f"use {', '.join(item['successors'])}" if item["successors"] else "no successor"
    return ChangesEntry(item["label"], link(item["iri"]), successors)


def _standing(item: Mapping[str, Any], link: Link) -> ChangesEntry:
    change = Change("what it is", (item["before"],), (item["after"],))
    return ChangesEntry(item["label"], link(item["iri"]), "", (change,))


def _thing(item: Mapping[str, Any], link: Link) -> ChangesEntry:
    changes = tuple(
        Change(
            ", ".join(filter(None, (use["part"], use["label"]))) + (" (inferred)" if use["inferred"] else ""),
            _values(use["before"]),
            _values(use["after"]),
        )
        for use in item["properties"]["shown"][:_SHOWN]
    )
    remark = ", ".join((*item["classes"], f"{item['statements']:,} statements"))
    gone = item["kind"] == ChangeKind.DISAPPEARED
    return ChangesEntry(item["label"], "" if gone else link(item["iri"]), remark, changes)


def _values(values: Mapping[str, Any]) -> tuple[str, ...]:
    more = values["total"] - len(values["shown"][:_SHOWN])
    return (*values["shown"][:_SHOWN], *([f"and {more:,} more"] if more else ()))


def _position(item: Mapping[str, Any], link: Link) -> ChangesEntry:
    changes = tuple(
        Change(name.replace("_", " "), *((text,) if text else () for text in pair))
        for name, pair in item["columns"].items()
    )
    gone = item["kind"] == ChangeKind.DISAPPEARED
    title, now = f"{item['holder']} on {item['issue']}", item.get("now", "")
    remark = f"{item['kind']}; now: {now}" if now else item["kind"]
    return ChangesEntry(title, "" if gone else link(item["iri"]), remark, changes)


def _link(item: Mapping[str, Any], link: Link) -> ChangesEntry:
    action = "added" if item["kind"] == ChangeKind.APPEARED else "removed"
    return ChangesEntry(item["label"], link(item["thing"]), f"{action}: {item['relation']} {item['item']}")
