"""The command `cablegraph review`: a person reads what is proposed, passage by passage, and decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import click

from kg.cli.curating.folder_options import curation_folders
from kg.cli.group import FINDINGS, takes_collection
from kg.curating.drafts import accept, by_passage, draft_check, propose
from kg.curating.drafts.curation_folders import CurationFolders
from kg.curating.drafts.draft_file import DraftFile
from kg.errors import DataError, Finding

_CHOICES = click.Choice(("a", "r", "s", "q"))
_ASKED = "[a]ccept, [r]eject, [s]kip, [q]uit"


@dataclass
class _Decisions:
    accepted: list[str] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)


@takes_collection
@click.command()
@click.argument("draft")
@click.option("--reviewer", prompt="Your name", help="Who decides; the records will say so.")
@curation_folders
@click.pass_context
def review(ctx: click.Context, draft: str, reviewer: str, folders: CurationFolders) -> None:
    """Decide on the proposals of DRAFT, passage by passage, with the words of the text.

    What you accept moves into the records at the end, all of it or, if the check then finds a violation,
    nothing. What you reject is taken out of the draft. What you skip stays. Exits with 1 if nothing moved
    because of findings.
    """
    propose.check_name(reviewer, "reviews")
    files = accept.proposals(folders, draft)
    report = draft_check.check(folders, draft)
    click.echo(f"{len(accept.paths(files))} proposals, {len(report.violations)} violations")
    decisions = _decide(folders, draft, files, report.findings)
    if decisions.rejected:
        propose.withdraw(folders, draft, decisions.rejected)
    if decisions.accepted:
        _move(ctx, folders, draft, decisions.accepted, reviewer)
    left = len(accept.paths(files)) - len(decisions.accepted) - len(decisions.rejected)
    click.echo(f"accepted: {len(decisions.accepted)}, rejected: {len(decisions.rejected)}, left: {left}")


def _move(
    ctx: click.Context, folders: CurationFolders, draft: str, records: list[str], reviewer: str
) -> None:
    """Accept the records, or write the findings that forbid it and exit."""
    try:
        accept.accept(folders, draft, records, reviewer, datetime.now(UTC).date())
    except DataError as error:
        click.echo(error)
        click.echo(f"nothing was accepted: {len(error.findings)} findings; the proposals stay in the draft")
        ctx.exit(FINDINGS)


def _decide(
    folders: CurationFolders, draft: str, files: Mapping[str, DraftFile], findings: tuple[Finding, ...]
) -> _Decisions:
    """Show each proposal under the words of its passage, and ask."""
    decisions = _Decisions()
    for group in by_passage.groups(folders, draft, files):
        click.echo(f"\n{group.passage}\n{group.words}" if group.passage else "\nnot in a text that is here")
        for record, lines in group.proposals.items():
            stem, _, key = record.rpartition("/")
            click.echo(f"\n{lines}", nl=False)
            _show_findings(folders.prefix(draft), stem, files[stem].spans[key], findings)
            choice = click.prompt(_ASKED, type=_CHOICES, show_choices=False, prompt_suffix=": ")
            if choice == "q":
                return decisions
            if choice in "ar":
                (decisions.accepted if choice == "a" else decisions.rejected).append(record)
    return decisions


def _show_findings(prefix: str, stem: str, lines: range, findings: tuple[Finding, ...]) -> None:
    """Write the findings in the lines of one proposal."""
    for finding in findings:
        if finding.file == f"{prefix}{stem}.yaml" and finding.line - 1 in lines:
            click.echo(f"! {finding}")
