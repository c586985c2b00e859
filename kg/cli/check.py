"""The command `cablegraph check`: findings in the records, and counts, as text or JSON."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from kg import cache
from kg.asking.links.link_table import read as read_links
from kg.build import build as build_graph
from kg.checking.quotes import CheckReport
from kg.cli.group import FINDINGS, Progress, takes_collections
from kg.errors import DataError
from kg.reading.collection.collection import Collection
from kg.store.sparql import rows

_FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)


@takes_collections
@click.command()
@click.option("--texts", type=_FOLDER, help="Check every quote against your copies of the texts here.")
@click.option("--json", "as_json", is_flag=True, help="Write counts and findings as JSON.")
@click.option("--records", type=_FOLDER,
              help="Check the records in this folder, not those of the collection.")  # fmt: skip
@click.pass_context
def check(
    ctx: click.Context, texts: Path | None, as_json: bool, records: Path | None, collection: Collection
) -> None:
    """Check records, quotes, coverage and shapes.

    Exits with 1 if there is a violation.
    """
    sources = replace(collection, records=records) if records else collection
    report = CheckReport()
    links = Counter[bool]()
    try:
        results = cache.step_results(sources)
        built = build_graph(sources, texts, Progress(), report, results=results)
        results.save()
        findings = built.findings
        links.update(entry.item is not None for entry in read_links(partial(rows, built.store)))
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


def _coverage(counts: dict[str, int], share: float, depths: dict[str, int]) -> str:
    """Return what of the texts was looked at: each sentence, or what a shallower depth promises."""
    asked = {
        "catalogue": "each line of the head has a record",
        "mentions": "each sentence stands in a passage, and each line of the head has a record",
    }
    said = [
        f"of {number} at the depth {depth}, whether {asked[depth]}"
        for depth, number in depths.items()
        if depth in asked
    ]
    if not depths:
        return "coverage: no text was compared"
    if counts["sentences"] or not said:
        whole = f"{counts['sentences_covered']} of {counts['sentences']} sentences ({share:.0f} %)"
        said.insert(0, f"{whole} of those at the depth statements" if said else whole)
    return f"coverage: {'; '.join(said)}"


def _show(counts: dict[str, int], findings: list[str], texts: Path | None, depths: dict[str, int]) -> None:
    for finding in findings:
        click.echo(finding)
    if texts:
        share = 100 * counts["sentences_covered"] / max(counts["sentences"], 1)
        click.echo(f"anchors: {counts['anchors_verified']} of {counts['anchors']} verified")
        click.echo(_coverage(counts, share, depths))
    else:
        click.echo(
            f"anchors: {counts['anchors']}, not re-verified; use --texts DIR with your copies of the texts"
        )
    if set(depths) - {"statements"}:
        click.echo(f"documents: {', '.join(f'{depth} {number}' for depth, number in depths.items())}")
    if counts["links"]:
        click.echo(f"links: {counts['links']}, looked for and not found: {counts['links_not_found']}")
    if not counts["anchors"] and not counts["violations"]:
        click.echo('there are no telegrams yet; README.md says under "Add a telegram" how to write one')
    click.echo(f"violations: {counts['violations']}, warnings: {counts['warnings']}")
