"""The command `cablegraph why`: the proof of a triple, down to the quoted words."""

from __future__ import annotations

import click

from kg import cache, terms
from kg.cli.group import FINDINGS, Progress
from kg.inference import proofs
from kg.inference.rules import load as load_rules
from kg.resources import folder


@click.command()
@click.argument("subject")
@click.argument("property", metavar="PROPERTY")
@click.argument("value")
@click.pass_context
def why(ctx: click.Context, subject: str, property: str, value: str) -> None:  # noqa: A002
    """Show the proof of SUBJECT PROPERTY VALUE.

    The proof has the rule and its premises, down to the quoted words.

    \b
    cablegraph why actor:che-guevara silentAt event:ori-session
    cablegraph why event:ori-session eventStatus id:status/occurred
    """  # noqa: D301 - click leaves the lines after this mark as they are
    store = cache.store(cache.current(progress=Progress()))
    triple = terms.triple(store, subject, property, value)
    step = proofs.explain(store, load_rules(folder("queries") / "rules"), triple)
    if step is None:
        click.echo(f"the graph does not contain: {' '.join(map(terms.short, triple))}", err=True)
        ctx.exit(FINDINGS)
    for line in proofs.lines(step, terms.short):
        click.echo(line)
