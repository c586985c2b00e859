"""The command line: what `cablegraph` does; layers above add to it.

Exit codes: 0 done; 1 `check` or `locate` found something, or `why` knows no such triple; 2 the
command was not used rightly; 3 the data is wrong.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import partial
from pathlib import Path

import click

from kg import cache, terms
from kg.asking.links.link_table import read as read_links
from kg.build import Sources, store_of
from kg.build import build as build_graph
from kg.checking.quotes import CheckReport
from kg.cli.changes import changes
from kg.cli.dump import dump
from kg.cli.group import FINDINGS, Commands, Progress
from kg.cli.links import link
from kg.cli.locate import complete
from kg.errors import DataError
from kg.inference import proofs
from kg.inference.rules import load as load_rules
from kg.resources import folder
from kg.store import nquads
from kg.store.sparql import rows

_FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cablegraph")
def main() -> None:
    """Build, check and question a knowledge graph of diplomatic telegrams.

    \b
    Start here:
      cablegraph serve                     a SPARQL endpoint on this machine
      cablegraph query                     the saved questions
      cablegraph query who-criticised      ask one of them
      cablegraph why actor:che-guevara silentAt event:ori-session
      cablegraph link Q11256               what an identifier of Wikidata means here

    Things are written actor:fidel-castro, event:ori-session, telegram/…/body-7/…; see ontology/README.md.
    """  # noqa: D301 - click leaves the lines after this mark as they are


main.add_command(link)


@main.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default="out", show_default=True,
              help="Folder for cablegraph.ttl, .nt, .nq, .trig, .jsonld and .rdf.")  # fmt: skip
@click.option("--texts", type=_FOLDER, help="Folder with your copies of the texts: check every quote.")
def build(out: Path, texts: Path | None) -> None:
    """Build the graph and write it in six syntaxes."""
    result = build_graph(Sources.shipped(), texts, Progress())
    for file in nquads.write(result.quads, out):
        click.echo(file)
    for finding in result.findings:
        click.echo(finding, err=True)
    click.echo(f"{len(result.quads)} statements, data version {result.version}", err=True)


@main.command()
@click.option("--texts", type=_FOLDER, help="Folder with your copies of the texts: check every quote.")
@click.option("--json", "as_json", is_flag=True, help="Write counts and findings as JSON.")
@click.option("--records", type=_FOLDER,
              help="Check this folder of records instead of the one that came with cablegraph.")  # fmt: skip
@click.pass_context
def check(ctx: click.Context, texts: Path | None, as_json: bool, records: Path | None) -> None:
    """Check records, quotes, coverage and shapes; exit with 1 if anything is wrong."""
    sources = Sources.shipped()
    if records:
        sources = Sources(sources.ontology, sources.shapes, sources.queries, records)
    report = CheckReport()
    links = Counter[bool]()
    try:
        built = build_graph(sources, texts, Progress(), report)
        findings = built.findings
        links.update(one.item is not None for one in read_links(partial(rows, store_of(built))))
    except DataError as error:
        findings = list(error.findings)
    violations = [f for f in findings if f.severity == "violation"]
    counts = {
        "anchors": report.anchors,
        "anchors_verified": report.verified,
        "sentences": report.sentences,
        "sentences_covered": report.covered,
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
        _show(counts, [str(finding) for finding in findings], texts)
    ctx.exit(FINDINGS if violations else 0)


def _show(counts: dict[str, int], findings: list[str], texts: Path | None) -> None:
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
            f"anchors: {counts['anchors']}, not re-verified; give --texts DIR with your copies of the texts"
        )
    if counts["links"]:
        click.echo(f"links: {counts['links']}, looked for and not found: {counts['links_not_found']}")
    click.echo(f"violations: {counts['violations']}, warnings: {counts['warnings']}")


main.add_command(dump)


@main.command()
@click.option("--texts", type=_FOLDER, required=True, help="Folder with your copies of the texts.")
@click.option("--records", type=_FOLDER, default=Path("kg/records"),
              show_default=True, help="Folder of records to complete.")  # fmt: skip
@click.pass_context
def locate(ctx: click.Context, texts: Path, records: Path) -> None:
    """Write start and end under each quote in the records that has none."""
    added, findings = complete(records, Sources.shipped(), texts)
    for finding in findings:
        click.echo(finding)
    click.echo(f"{added} quotes placed", err=True)
    ctx.exit(FINDINGS if findings else 0)


@main.command("why")
@click.argument("subject")
@click.argument("property", metavar="PROPERTY")
@click.argument("value")
@click.pass_context
def why_(ctx: click.Context, subject: str, property: str, value: str) -> None:  # noqa: A002
    """Show why SUBJECT PROPERTY VALUE holds: the rule and its premises, down to quoted words.

    \b
    cablegraph why actor:che-guevara silentAt event:ori-session
    cablegraph why actor:fidel-castro changedStanceOn issue:soviet-decisions-on-the-crisis
    """  # noqa: D301 - click leaves the lines after this mark as they are
    store = cache.store(cache.current(progress=Progress()))
    triple = terms.triple(store, subject, property, value)
    step = proofs.explain(store, load_rules(folder("queries") / "rules"), triple)
    if step is None:
        click.echo(f"the graph does not say: {' '.join(map(terms.short, triple))}", err=True)
        ctx.exit(FINDINGS)
    for line in proofs.lines(step, terms.short):
        click.echo(line)


main.add_command(changes)
