"""What else a release holds beside the graph: files that something made of it, each with its title."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kg.asking.links import link_files
from kg.publishing.projections import projection_files
from kg.publishing.tables import table_files


@dataclass(frozen=True, slots=True)
class Provider:
    """One maker of files; `name` is what they are together, such as "tables".

    `files` is a pure function of the store and the data version that returns bytes by path within the
    release. It raises DataError when the data lack what it needs; then the release is made without.
    `titles` returns what each file is, in a sentence, by its path; it may name files that these data
    do not give.
    """

    name: str
    files: Callable[[ox.Store, str], dict[str, bytes]]
    titles: Callable[[], Mapping[str, str]]


PROVIDERS: tuple[Provider, ...] = (
    Provider("tables", table_files.files, table_files.descriptions),
    Provider("links", link_files.files, link_files.titles),
    Provider("projections", projection_files.files, projection_files.titles),
)
