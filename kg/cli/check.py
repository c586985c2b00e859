"""The command `cablegraph check`: findings in the records, and counts, as text or JSON."""

from __future__ import annotations

import json
from collections import Counter
from functools import partial
from pathlib import Path

import click

from kg.asking.links.link_table import read as read_links
from kg.build import build as build_graph
from kg.build import store_of
from kg.checking.quotes import CheckReport
from kg.cli.group import FINDINGS, Progress
from kg.errors import DataError
from kg.resources import Sources
from kg.store.sparql import rows

_FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)


@click.command()
@click.option("--texts", type=_FOLDER, help="Check every quote against your copies of the texts here.")
@click.option("--json", "as_json", is_flag=True, help="Write counts and findings as JSON.")
@click.option("--records", type=_FOLDER,
              help="Check the records in this folder, not those that came with cablegraph.")  # fmt: skip
@click.pass_context
def check(ctx: click.Context, texts: Path | None, as_json: bool, records: Path | None) -> None:
    """Check records, quotes, coverage and shapes.

    Exits with 1 if there is a violation.
    """
    sources = Sources.shipped()
    if records:
        sources = Sources(sources.ontology, sources.shapes, sources.queries, records)
    report = CheckReport()
    links = Counter[bool]()
    try:
        built = build_graph(sources, texts, Progress(), report)
        findings = built.findings
        links.update(entry.item is not None for entry in read_links(partial(rows, store_of(built))))
    except DataError as error:
        findings = list(error.findings)
    violations = [f for f in findings if f.severity == "violation"]
    counts = {
        "anchors": report.anchors,
        "anchors_verified": report.verified,
        "sentences": report.sentences,
        "sentences_covered": report.covered,
        **{f"held_at_{depth}": number for depth, number in report.depths.items()},
        "links": links[True],
        "links_not_found": links[False],
        "violations": len(violations),
        "warnings": len(findings) - len(violations),
    }
    if as_json:
        listed = [
            {"file": f.file, "line": f.line, "severity": f.severity, "message": f.message} for f in findings
        ]
        click.echo(json.dumps({**counts, "findings": listed}, ensure_ascii=False, indent=2))
    else:
        _show(counts, [str(finding) for finding in findings], texts, report.depths)
    ctx.exit(FINDINGS if violations else 0)


def _show(counts: dict[str, int], findings: list[str], texts: Path | None, depths: dict[str, int]) -> None:
    for finding in findings:
        click.echo(finding)
    if texts:
        share = 100 * counts["sentences_covered"] / max(counts["sentences"], 1)
        click.echo(f"anchors: {counts['anchors_verified']} of {counts['anchors']} verified")
        click.echo(
            f"coverage: {counts['sentences_covered']} of {counts['sentences']} sentences ({share:.0f} %)"
        )
    else:
        click.echo(
            f"anchors: {counts['anchors']}, not re-verified; use --texts DIR with your copies of the texts"
        )
    if set(depths) - {"statements"}:
        click.echo(f"documents: {', '.join(f'{depth} {number}' for depth, number in depths.items())}")
    if counts["links"]:
        click.echo(f"links: {counts['links']}, looked for and not found: {counts['links_not_found']}")
    click.echo(f"violations: {counts['violations']}, warnings: {counts['warnings']}")
