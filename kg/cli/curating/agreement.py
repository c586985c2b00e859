"""The command `cablegraph agreement`: how far two drafts of one text agree, and what is to be decided."""

from __future__ import annotations

import json

import click

from kg.cli.curating.folder_options import curation_folders
from kg.cli.group import takes_collection
from kg.curating.agreement import agreement_report
from kg.curating.agreement.compare_drafts import compare
from kg.curating.drafts.curation_folders import CurationFolders


@takes_collection
@click.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option("--json", "as_json", is_flag=True, help="Write measures and disagreements as JSON.")
@curation_folders
def agreement(first: str, second: str, as_json: bool, folders: CurationFolders) -> None:
    """Show how far the drafts A and B of one text agree, and each point to be decided.

    One of them may be `records`, for the records themselves. Kappa is over all pairs of sentence and kind;
    without the text, of passage and kind. Two assertions are on the same words if their quotes share more
    than half of the shorter.
    """
    found = compare(folders, first, second)
    if as_json:
        click.echo(json.dumps(agreement_report.as_json(found), ensure_ascii=False, indent=1))
    else:
        for line in agreement_report.lines(found):
            click.echo(line)
