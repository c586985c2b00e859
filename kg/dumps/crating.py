"""The release described as an RO-Crate, over all files that were made before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

import pyoxigraph as ox

from kg.dumps.manifest import Entry
from kg.dumps.media import MEDIA
from kg.dumps.pieces import Piece
from kg.errors import DataError
from kg.resources import folder
from kg.tables import about, crate, rows, table

NAME = crate.NAME
_TELEGRAMS = "telegrams"


def piece(store: ox.Store, version: str, entries: Iterable[Entry]) -> Piece:
    """Return the file that describes `entries` and their twins, for the release of `version` from `store`."""
    described = [one for entry in entries for one in _described(entry)]
    content = partial(crate.crate, described, version, sources(store))
    return Piece(NAME, "about", "All files of the release, described as an RO-Crate.", "", content)


def sources(store: ox.Store) -> tuple[about.Source, ...]:
    """Return the texts on which the data rest; none where the data do not fit the table of telegrams."""
    text = (folder("queries") / "tables" / f"{_TELEGRAMS}.rq").read_text(encoding="utf-8")
    try:
        return about.sources([rows.alone(store, table.parse(_TELEGRAMS, text))])
    except DataError:
        return ()


def _described(entry: Entry) -> Iterator[crate.Entry]:
    yield crate.Entry(entry.name, entry.media_type, entry.size, entry.sha256, entry.title)
    if entry.gzip:
        packed = f"{entry.title} In gzip." if entry.title else ""
        yield crate.Entry(
            f"{entry.name}.gz", MEDIA[".gz"].media_type, entry.gzip.size, entry.gzip.sha256, packed
        )
