"""Drafts of forms: what labels, formulas and cells of a head say goes where the title said nothing."""

from __future__ import annotations

from dataclasses import replace

from kg.curating.drafting.composing.draft import Draft
from kg.curating.drafting.composing.finders import Finders
from kg.curating.drafting.composing.form_parties import put_form_parties
from kg.curating.drafting.forms.form_head import FormHead, numbered
from kg.curating.drafting.heads.page_layout import Layout
from kg.curating.drafting.heads.signatures import Signature
from kg.curating.drafting.source.found import PROBABLE, Found

_LINE = 40  # characters
_SERIES = ("infotel", "circular", "airgram", "despatch", "note", "letter", "protocol", "special")


def put_form(draft: Draft, form: FormHead, layout: Layout, signature: Signature, finders: Finders) -> None:
    """Fill a draft by the head of a form; a complete title is kept, with its sides."""
    titled = layout.title is not None and layout.title.complete
    _marks_and_dates(draft, form, titled)
    if titled:
        _numbers(draft, form)
        return
    draft.form = form.shown
    draft.form_end = _end(form) if form.shown else 0
    _called(draft, form, layout)
    _numbers(draft, form)
    put_form_parties(draft, form, layout, signature, finders)


def _end(form: FormHead) -> int:
    """Return the end of the labels of the head, and of the mark that stands on the line behind them."""
    ends = [cell.end for cells in form.labels.values.values() for cell in cells]
    end = max(ends, default=0)
    marks = (mark.end for found in form.head.marks.values() for mark in found)
    return max([end, *(mark for mark in marks if mark <= end + _LINE)]) if end else 0


def _marks_and_dates(draft: Draft, form: FormHead, titled: bool) -> None:
    for kind, marks in form.head.marks.items():
        if kind and (not titled or not draft.lists.get(kind)):
            draft.add(kind, marks)
    draft.put("copy_number", form.head.copy_number)
    dates = [*form.head.dates, *form.head.table_dates]
    if not titled and dates:
        draft.single["date"] = dates[0]
    for found in dates:
        draft.put("date", found)
    for found in form.received:
        draft.put("received", found)


def _called(draft: Draft, form: FormHead, layout: Layout) -> None:
    """Set what the document is called, and its title: a subject, a line that names the sides, or none."""
    kind = form.courtesy.kind
    if form.title:
        draft.single["title"] = form.title
    elif (
        layout.title
        and not (layout.title.senders or layout.title.recipients or layout.title.subject)
        and form.shown
    ):
        draft.single.pop("title", None)
    if kind and kind.value not in ("despatch", "letter"):
        draft.single["document_type"] = replace(kind, value="note")
    elif kind:
        draft.put("document_type", kind)
    elif form.head.kind:
        found = form.head.kind
        draft.single["document_type"] = replace(found, value=" ".join(found.value.lower().split()))
    elif form.senders or form.recipients:
        place = (form.senders or form.recipients)[0]
        draft.put("document_type", Found("telegram", place.start, place.end, PROBABLE))


def _numbers(draft: Draft, form: FormHead) -> None:
    known = {n.series for n in draft.numbers}
    draft.numbers += [n for n in form.head.numbers if n.series not in known]
    called = draft.single.get("document_type")
    named = next((s for s in _SERIES if called and s in called.value), "telegram")
    for found in form.numbers[:1]:
        if {n.series for n in draft.numbers} <= {"incoming"}:
            draft.numbers.append(numbered(named, found))
    if form.file:
        draft.numbers.append(numbered("file", form.file))
