"""Sections of a page that are answers to saved questions, as `sections.yaml` plans them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

from kg.asking.questions.saved_queries import SavedQuery
from server.pages.questions import answer_table, views
from server.pages.questions.answer_table import AnswerRow, AnswerTable
from server.pages.questions.views import PLAIN, View
from server.site.first_answers import FirstAnswers
from server.site.site import Site

MOST = 30  # rows of a table; the question has them all
_FILE = "pages/about/sections.yaml"


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """An entry of `sections.yaml`, which says what each key means."""

    page: str
    title: str
    says: str
    question: str
    none: str
    given: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    links: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    leave_out: tuple[str, ...] = ()
    counts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class QuestionSection:
    """One section: its plan, the number of all rows, and a table in a view or counts; late without any."""

    plan: SectionPlan
    total: int
    table: AnswerTable
    view: View
    counts: tuple[tuple[int, str], ...]
    late: bool = False


def gather(site: Site, answers: FirstAnswers, page: str, root: str) -> tuple[QuestionSection, ...]:
    """Return the sections of `page`, made of `answers`; local addresses begin with `root`.

    A section whose saved question an operator's own folder lacks is left out.
    """
    asked = ((plan, site.queries.get(plan.question)) for plan in _plans() if plan.page == page)
    return tuple(_section(site, answers, plan, query, root) for plan, query in asked if query is not None)


@cache
def _plans() -> tuple[SectionPlan, ...]:
    return tuple(map(_plan, yaml.safe_load(files("server").joinpath(_FILE).read_text(encoding="utf-8"))))


def _plan(entry: dict[str, Any]) -> SectionPlan:
    given, left_out = entry.pop("with", {}), tuple(entry.pop("leave_out", ()))
    return SectionPlan(**entry, given=given, leave_out=left_out)


def _section(
    site: Site, answers: FirstAnswers, plan: SectionPlan, query: SavedQuery, root: str
) -> QuestionSection:
    first = answers.first(site.data_version, query.name, MOST, plan.given, tuple(plan.counts))
    table = linked(answer_table.table(query, first.body, root, site.names), plan.links, plan.leave_out)
    shown = PLAIN if plan.counts or first.late else query.show
    counts = tuple((first.different.get(name, 0), words) for name, words in plan.counts.items())
    return QuestionSection(plan, first.total, table, views.view(shown, table), counts, first.late)


def linked(table: AnswerTable, links: Mapping[str, str], left_out: Sequence[str] = ()) -> AnswerTable:
    """Return `table` with the texts of the columns in `links` leading to the thing in the other column.

    The columns that they lead to, and those `left_out`, are not in it.
    """
    place = {column.name: n for n, column in enumerate(table.columns)}
    targets = {place[text]: place[thing] for text, thing in links.items() if {text, thing} <= set(place)}
    hidden = {place[name] for name in left_out if name in place} | set(targets.values())
    kept = [n for n in range(len(table.columns)) if n not in hidden]
    return AnswerTable(
        tuple(table.columns[n] for n in kept),
        tuple(
            AnswerRow(tuple(row.values[n] for n in kept), tuple(_cells(row, kept, targets)))
            for row in table.rows
        ),
    )


def _cells(row: AnswerRow, kept: Sequence[int], targets: Mapping[int, int]) -> Iterator[Any]:
    for n in kept:
        cell, thing = row.cells[n], row.cells[targets[n]] if n in targets else None
        yield replace(cell, text=cell.text or thing.text, href=thing.href, full=thing.full) if thing else cell
