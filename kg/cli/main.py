"""The main command `cablegraph` and the table of its commands; `server` adds others by entry points.

Exit codes: 0 success; 1 findings of `check` or `locate`, or `why` for a triple that is not in the graph;
2 wrong usage; 3 wrong data.
"""

from __future__ import annotations

import click

from kg.cli.group import Commands

# Each is imported on use, so that no command loads the libraries of another.
_COMMANDS = {
    "agreement": "kg.cli.curating.agreement:agreement",
    "build": "kg.cli.build:build",
    "changes": "kg.cli.changes:changes",
    "check": "kg.cli.check:check",
    "draft": "kg.cli.draft:draft",
    "dump": "kg.cli.dump:dump",
    "import": "kg.cli.curating.import_volumes:import_",
    "link": "kg.cli.links:link",
    "locate": "kg.cli.locate:locate",
    "new": "kg.cli.new:new",
    "reconcile": "kg.cli.reconcile:reconcile",
    "review": "kg.cli.curating.review:review",
    "why": "kg.cli.why:why",
}


@click.group(cls=Commands, own=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
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

    Write things as actor:fidel-castro, event:ori-session, telegram/…/body-7/…; see ontology/README.md.
    """  # noqa: D301 - click leaves the lines after this mark as they are
