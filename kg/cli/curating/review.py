"""The command `cablegraph review`: a person reads what is proposed, passage by passage, and decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import click

from kg.cli.curating.folder_options import curation_folders
from kg.cli.group import FINDINGS
from kg.curating.drafts import accept, draft_check, open_passages, propose
from kg.curating.drafts.curation_folders import CurationFolders
from kg.curating.drafts.draft_file import DraftFile, line_numbers
from kg.errors import DataError, Finding

_CHOICES = click.Choice(("a", "r", "s", "q"))
_ASKED = "[a]ccept, [r]eject, [s]kip, [q]uit"


@dataclass
class _Decisions:
    accepted: list[str] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)


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
    for words, records in _by_passage(folders, draft, files):
        click.echo(f"\n{words}")
        for record in records:
            stem, _, key = record.rpartition("/")
            click.echo(f"\n{files[stem].text(key)}", nl=False)
            _show_findings(folders.prefix(draft), stem, files[stem].spans[key], findings)
            choice = click.prompt(_ASKED, type=_CHOICES, show_choices=False, prompt_suffix=": ")
            if choice == "q":
                return decisions
            if choice in "ar":
                (decisions.accepted if choice == "a" else decisions.rejected).append(record)
    return decisions


def _by_passage(
    folders: CurationFolders, draft: str, files: Mapping[str, DraftFile]
) -> Iterator[tuple[str, list[str]]]:
    """Yield the words of each passage with the proposals that quote it first, in the order of the text.

    Things come before, under no words, and so does what quotes a passage whose text is not there.
    """
    texts = {passage.passage: passage for passage in _passages(folders, draft)}
    groups: dict[str, list[str]] = {"": [], **{passage: [] for passage in texts}}
    for stem, file in files.items():
        for key, node in file.nodes.items():
            named = next((name for _, name in line_numbers(node, "in")), "")
            passage = f"{stem.rpartition('/')[0]}/{named}"
            groups[passage if passage in texts else ""].append(f"{stem}/{key}")
    for passage, records in groups.items():
        if records:
            yield f"{passage}\n{texts[passage].words}" if passage else "not in a text that is here", records


def _passages(folders: CurationFolders, draft: str) -> list[open_passages.OpenPassage]:
    """Return the passages with their words; none where records and draft cannot be read together."""
    try:
        return open_passages.passages(folders, draft)
    except DataError:
        return open_passages.passages(folders)


def _show_findings(prefix: str, stem: str, lines: range, findings: tuple[Finding, ...]) -> None:
    """Write the findings in the lines of one proposal."""
    for finding in findings:
        if finding.file == f"{prefix}{stem}.yaml" and finding.line - 1 in lines:
            click.echo(f"! {finding}")
