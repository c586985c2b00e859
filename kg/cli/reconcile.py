"""The command `cablegraph reconcile`: a column of names takes identifiers home."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from kg.asking.reconciling.match import FoundEntity
from kg.errors import CablegraphError, UnknownNameError
from kg.graph import open as open_graph

_ADDED = ("id", "name", "score", "match", "wikidata")
_PREFIX = "cablegraph_"  # before a column that the file already has


@click.command("reconcile")
@click.argument("names", nargs=-1, metavar="[NAME...|FILE]")
@click.option("--column", help="The argument is a CSV file; its names stand in this column.")
@click.option("--type", "type_", help="Only things of this type, such as Person, Place or Office.")
@click.option("--delimiter", default=",", show_default=True, help="Between the columns of the file.")
@click.option("--json", "as_json", is_flag=True, help="Write all candidates as JSON.")
def reconcile(
    names: tuple[str, ...], column: str | None, type_: str | None, delimiter: str, as_json: bool
) -> None:
    """Find which things of the graph names stand for, however they are spelt.

    Writes CSV with the best candidate of each name, its score from 0 to 100, whether it is surely the
    one, and then its Wikidata number. Without an argument, names are lines of standard input.

    \b
    cablegraph reconcile "Hruščëv" "Castro, Fidel" "Castro"
    cablegraph reconcile people.csv --column name --type Person
    """  # noqa: D301 - click leaves the lines after this mark as they are
    if column is None:
        rows = [[name] for name in names or _lines()]
        header, place = ["query"], 0
    else:
        header, rows = _read(names, delimiter)
        if column not in header:
            raise UnknownNameError("column", column, header)
        place = header.index(column)
    asked = [row[place] for row in rows]
    results = open_graph().reconcile(asked, type=type_)
    if as_json:
        listed = [_listed(name, found) for name, found in zip(asked, results, strict=True)]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=1))
    else:
        click.echo(_written(header, rows, results, delimiter), nl=False)


def _lines() -> list[str]:
    try:
        text = sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CablegraphError(f"standard input is not UTF-8: byte {error.start} is wrong") from None
    return [line for line in text.splitlines() if line]


def _read(names: Sequence[str], delimiter: str) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of the file; rows that are too short are filled, empty ones left out."""
    if len(names) != 1:
        raise CablegraphError("--column needs one CSV file as the argument, as in people.csv --column name")
    if len(delimiter) != 1:
        raise CablegraphError(f"--delimiter is one sign, such as ';', not {delimiter!r}")
    try:
        text = Path(names[0]).read_text(encoding="utf-8-sig")
        header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except OSError as error:
        raise CablegraphError(f"{names[0]} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise CablegraphError(f"{names[0]} is not UTF-8: byte {error.start} is wrong") from None
    except (ValueError, csv.Error) as error:
        raise CablegraphError(f"{names[0]} is no CSV file with a header: {error}") from None
    return header, [row + [""] * (len(header) - len(row)) for row in rows if row]


def _written(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    results: Iterable[Sequence[FoundEntity]],
    delimiter: str,
) -> str:
    output = io.StringIO(newline="")
    writer = csv.writer(output, delimiter=delimiter, lineterminator="\n")
    writer.writerow([*header, *(f"{_PREFIX}{name}" if name in header else name for name in _ADDED)])
    for row, found in zip(rows, results, strict=True):
        writer.writerow([*row, *_best(found)])
    return output.getvalue()


def _best(found: Sequence[FoundEntity]) -> tuple[str, ...]:
    if not found:
        return ("",) * len(_ADDED)
    first = found[0]
    sure = "true" if first.match else "false"
    return first.id, first.name, f"{first.score:g}", sure, first.wikidata if first.match else ""


def _listed(name: str, found: Iterable[FoundEntity]) -> dict[str, object]:
    keys = ("id", "iri", "name", "score", "match", "types", "description", "wikidata")
    return {"name": name, "candidates": [{key: getattr(one, key) for key in keys} for one in found]}
