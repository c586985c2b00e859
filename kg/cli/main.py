"""The command line: what `cablegraph` does; layers above add to it.

Exit codes: 0 done; 1 `check` or `locate` found something, or `why` knows no such triple; 2 the
command was not used rightly; 3 the data is wrong.
"""

from __future__ import annotations

import click

from kg.cli.group import Commands

# Each is imported when it is named, so that no command waits for what only another needs.
_COMMANDS = {
    "build": "kg.cli.build:build",
    "changes": "kg.cli.changes:changes",
    "check": "kg.cli.check:check",
    "dump": "kg.cli.dump:dump",
    "link": "kg.cli.links:link",
    "locate": "kg.cli.locate:locate",
    "reconcile": "kg.cli.reconcile:reconcile",
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

    Things are written actor:fidel-castro, event:ori-session, telegram/…/body-7/…; see ontology/README.md.
    """  # noqa: D301 - click leaves the lines after this mark as they are
