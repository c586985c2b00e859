"""The command `cablegraph link`: from an identifier of another catalogue to our thing, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict

import click

from kg import graph
from kg.asking.links.link_table import Link
from kg.cli.group import takes_collections
from kg.namespaces import THINGS
from kg.reading.collection.collection import Collection

_BASE = "https://w3id.org/"


@takes_collections
@click.command()
@click.argument("name", required=False, default="")
@click.option("--json", "as_json", is_flag=True, help="Write the links as JSON, with their evidence.")
def link(name: str, as_json: bool, collection: Collection) -> None:
    """Show the links of a thing, or the thing of an identifier.

    NAME is a thing or an identifier; without it all links are shown.

    \b
    cablegraph link Q11256
    cablegraph link viaf:102325430
    cablegraph link https://www.wikidata.org/wiki/Q11256
    cablegraph link actor:fidel-castro
    """  # noqa: D301 - click leaves the lines after this mark as they are
    opened = graph.of(collection)
    if not name:
        links: Iterable[Link] = opened.link_table.links
    elif _is_thing(name):
        links = opened.links(name)
    else:
        links = opened.link_table.to(name)
    if as_json:
        click.echo(json.dumps([asdict(entry) for entry in links], default=str, ensure_ascii=False, indent=2))
        return
    for entry in links:
        click.echo(_line(entry))


def _is_thing(name: str) -> bool:
    """Return whether `name` is written as a thing of ours, and not as an identifier of a catalogue."""
    prefix, colon, _ = name.partition(":")
    return (bool(colon) and prefix in THINGS) or name.startswith(_BASE) or ("/" in name and "." not in name)


def _line(entry: Link) -> str:
    if entry.item is None:
        cells = (f"none in {entry.catalogue}", f"looked for and not found on {entry.checked}")
    else:
        cells = (f"{entry.relation} {entry.catalogue}:{entry.identifier}", f"{entry.certainty}, {entry.page}")
    return "\t".join((entry.thing, *cells, entry.label))
