"""The page `/quality`: what the validation found, and how far, how surely and by whom the texts were read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask, Response, render_template, request

from kg.errors import Finding
from server.pages.about import question_sections
from server.pages.about.question_sections import QuestionSection
from server.site import documents
from server.site.first_answers import FirstAnswers, in_time
from server.site.site import PerVersion, Site

FindingsOf = Callable[[str], Sequence[Finding] | None]  # by data version
PAGE = "quality"
MOST = 20  # findings of a kind that are named; the report has them all


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """The findings with one message: how severe, and where; `total` counts those that are not named, too."""

    severity: str
    message: str
    places: tuple[str, ...]
    total: int


def register(app: Flask, site: Site, answers: FirstAnswers, findings: FindingsOf) -> None:
    """Give `app` the page, made of `answers` about all of the data.

    `findings` returns those of the validation of a version, or None if none was.
    """
    page = QualityPage(site, answers, findings)
    app.add_url_rule("/quality", "quality", page.show)


class QualityPage:
    """The page of one site; its questions are asked once for each version of the data and root."""

    def __init__(self, site: Site, answers: FirstAnswers, findings: FindingsOf) -> None:
        self._site, self._findings = site, findings
        self._sections: PerVersion[tuple[QuestionSection, ...]] = PerVersion(
            lambda: question_sections.gather(site, answers, PAGE, request.script_root), keep=_whole
        )

    def show(self) -> Response:
        """Return the page; what had no answer in time is left out, and the page says so."""
        version = self._site.data_version
        state, none = f"{version} {request.script_root}", tuple[QuestionSection, ...]()
        sections = in_time(lambda: self._sections.get(state), none)
        found = self._findings(version)
        text = render_template(
            "quality.html",
            validated=found is not None,
            groups=groups(found or ()),
            severities=Counter(finding.severity for finding in found or ()),
            sections=sections,
        )
        return documents.html(self._site, text) if _whole(sections) else documents.unfinished_html(text)


def _whole(sections: Sequence[QuestionSection]) -> bool:
    """Return whether all `sections` are there with their answers."""
    return bool(sections) and not any(section.late for section in sections)


def groups(findings: Sequence[Finding]) -> tuple[FindingGroup, ...]:
    """Return `findings` grouped by severity and message, in the order of their first places."""
    places: dict[tuple[str, str], list[str]] = {}
    for finding in sorted(findings):
        place = f"{finding.file}:{finding.line}" if finding.line else finding.file
        places.setdefault((finding.severity, finding.message), []).append(place)
    return tuple(
        FindingGroup(severity, message, tuple(every[:MOST]), len(every))
        for (severity, message), every in places.items()
    )
