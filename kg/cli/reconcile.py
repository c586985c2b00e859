"""The command `cablegraph reconcile`: adds identifiers to names or to a CSV column of names."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from kg import graph
from kg.asking.reconciling.match import FoundEntity
from kg.cli.group import takes_collections
from kg.errors import CablegraphError, UnknownNameError
from kg.reading.collection.collection import Collection

_ADDED = ("id", "name", "score", "match", "wikidata")
_PREFIX = "cablegraph_"  # before a column that the file already has


@takes_collections
@click.command("reconcile")
@click.argument("names", nargs=-1, metavar="[NAME...|FILE]")
@click.option("--column", help="Read the names from this column of a CSV file, which is the argument.")
@click.option("--type", "type_", help="Only things of this type, such as Person, Place or Office.")
@click.option("--delimiter", default=",", show_default=True, help="The character between the columns.")
@click.option("--json", "as_json", is_flag=True, help="Write all candidates as JSON.")
def reconcile(
    *,
    names: tuple[str, ...],
    column: str | None,
    type_: str | None,
    delimiter: str,
    as_json: bool,
    collection: Collection,
) -> None:
    """Find the things that names stand for, in whatever spelling.

    Writes CSV with the best candidate of each name, its score from 0 to 100, whether it is a certain
    match, and if so its Wikidata identifier. Without an argument, each line of standard input is a name.

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
        if header.count(column) > 1:
            raise CablegraphError(f"{names[0]}:1: the column {column!r} is there twice; rename one")
        place = header.index(column)
    queries = [row[place] for row in rows]
    results = graph.of(collection).reconcile(queries, type=type_)
    if as_json:
        entries = [_json_entry(name, candidates) for name, candidates in zip(queries, results, strict=True)]
        click.echo(json.dumps(entries, ensure_ascii=False, indent=1))
    else:
        click.echo(_csv(header, rows, results, delimiter), nl=False)


def _lines() -> list[str]:
    try:
        text = sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CablegraphError(f"standard input is not UTF-8: byte {error.start} is not valid") from None
    lines = io.StringIO(text, newline=None)  # splitlines() also splits at U+2028, which a name may have
    return [name for line in lines if (name := line.removesuffix("\n"))]


def _read(names: Sequence[str], delimiter: str) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of the CSV file, without empty lines.

    Raises CablegraphError, with the line, for a row with another number of cells than the header has.
    """
    if len(names) != 1:
        raise CablegraphError("--column needs one CSV file as the argument, as in people.csv --column name")
    if len(delimiter) != 1:
        raise CablegraphError(f"--delimiter must be a single character such as ';', not {delimiter!r}")
    try:
        text = Path(names[0]).read_bytes().decode("utf-8-sig")
        lines, (header, *rows) = _cells(text, delimiter)
    except OSError as error:
        raise CablegraphError(f"{names[0]} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise CablegraphError(f"{names[0]} is not UTF-8: byte {error.start} is not valid") from None
    except (ValueError, csv.Error) as error:
        raise CablegraphError(f"{names[0]} is not a CSV file with a header: {error}") from None
    for line, row in zip(lines[1:], rows, strict=True):
        if len(row) != len(header):
            raise CablegraphError(
                f"{names[0]}:{line}: this row has {len(row)} cells, not {len(header)} as the header; "
                f"put a cell that holds {delimiter!r} in quotation marks, or add or delete cells"
            )
    return header, rows


def _cells(text: str, delimiter: str) -> tuple[list[int], list[list[str]]]:
    """Return the line on which each row begins, and its cells; empty lines are left out."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines, rows, line = [], [], 1
    for row in reader:
        if row:
            lines.append(line)
            rows.append(row)
        line = reader.line_num + 1
    return lines, rows


def _csv(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    results: Iterable[Sequence[FoundEntity]],
    delimiter: str,
) -> str:
    output = io.StringIO(newline="")
    writer = csv.writer(output, delimiter=delimiter, lineterminator="\n")
    writer.writerow([*header, *(f"{_PREFIX}{name}" if name in header else name for name in _ADDED)])
    for row, candidates in zip(rows, results, strict=True):
        writer.writerow([*row, *_best(candidates)])
    return output.getvalue()


def _best(candidates: Sequence[FoundEntity]) -> tuple[str, ...]:
    if not candidates:
        return ("",) * len(_ADDED)
    first = candidates[0]
    sure = "true" if first.match else "false"
    return first.id, first.name, f"{first.score:g}", sure, first.wikidata if first.match else ""


def _json_entry(name: str, candidates: Iterable[FoundEntity]) -> dict[str, object]:
    keys = ("id", "iri", "name", "score", "match", "types", "description", "wikidata")
    return {
        "name": name,
        "candidates": [{key: getattr(entity, key) for key in keys} for entity in candidates],
    }
