"""Providers of the files that a release has beside the graph: tables, links and projections."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import pyoxigraph as ox

from kg.asking.links import link_files
from kg.publishing.dumps import rdf12_files
from kg.publishing.projections import projection_files
from kg.publishing.tables import table_files
from kg.reading.collection.collection import Collection


def _always(_store: ox.Store, _path: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider of files; `name` is the plural name of its files, such as "tables".

    `files` is a pure function of the store and the data version that returns bytes by path in the
    release. It raises DataError if the data do not fit; the release is made without its files then.
    `titles` returns the title of each file, a sentence, by its path; it may have files that these data
    do not give. `gives` tells of a path in `titles` whether they do, without making any file.
    """

    name: str
    files: Callable[[ox.Store, str], dict[str, bytes]]
    titles: Callable[[], Mapping[str, str]]
    gives: Callable[[ox.Store, str], bool] = _always

    def paths(self, store: ox.Store) -> list[str]:
        """Return the paths of the files that the data in `store` give, sorted, without making the files."""
        return sorted(path for path in self.titles() if self.gives(store, path))


def of(collection: Collection) -> tuple[Provider, ...]:
    """Return the providers of the files of `collection`."""
    about, queries = collection.about, collection.queries
    rdf12 = partial(rdf12_files.files, about=about, queries=queries)
    return (
        Provider(
            "tables", partial(table_files.files, about=about, queries=queries), table_files.descriptions
        ),
        Provider("links", partial(link_files.files, about=about), link_files.titles, link_files.gives),
        Provider("files in RDF 1.2", rdf12, rdf12_files.titles, rdf12_files.gives),
        Provider(
            "projections",
            partial(projection_files.files, about=about, queries=queries),
            projection_files.titles,
        ),
    )


PROVIDERS = of(Collection.shipped())
