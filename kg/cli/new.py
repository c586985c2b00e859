"""The command `cablegraph new DIR`: a folder for a collection of one's own, ready to check and to serve."""

from __future__ import annotations

from pathlib import Path

import click

from kg.reading.collection import starter
from kg.reading.collection.description import Description

_LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@click.command()
@click.argument("place", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--base", required=True, help="IRI that the names of its things begin with; ends with a slash.")
@click.option("--title", required=True, help="Title, for pages and citations.")
@click.option("--curator", required=True, help="Name of whoever answers for the records.")
@click.option("--licence", default=_LICENCE, show_default=True, help="IRI of the licence of the records.")
@click.option("--language", "languages", multiple=True, default=("en",), show_default=True,
              help="Language of the telegrams, as in ru; repeatable.")  # fmt: skip
def new(
    *, place: Path, base: str, title: str, curator: str, licence: str, languages: tuple[str, ...]
) -> None:
    """Make the folder DIR for a collection of your own.

    \b
    cablegraph new havana --base https://w3id.org/havana/ --title "Telegrams from Havana" --curator "Jane Doe"
    cablegraph serve --collection havana
    """  # noqa: D301 - click leaves the lines after this mark as they are
    about = Description(title, base, licence, curator, languages)
    starter.check(about)
    for file in starter.write(place, about):
        click.echo(file)
