"""The option `--store` of commands: a store on disk by its folder, one elsewhere by its address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg import cache
from kg.asking.questions.choices import Ask
from kg.cache import CachedBuild
from kg.cli.group import Progress
from kg.publishing.stores import store_folder
from kg.publishing.stores.kept_answers import KeptAnswers
from kg.reading.collection.collection import Collection
from kg.store.statistics import Statistics
from server.engine.evaluation.query_request import Limits
from server.engine.remote import store_address
from server.engine.workers import graph_file, upkeep
from server.engine.workers.pool import Pool

if TYPE_CHECKING:
    from server.cli.store_elsewhere import Elsewhere

Place = Path | str | None  # a folder, an address, or the built graph of the collection
_HELP = (
    "{verb} the store on disk in this folder, which `cablegraph build --store DIR` wrote, or the one at this "
    "address of the SPARQL 1.1 Protocol, which `cablegraph load` has loaded."
)


def store_option(verb: str) -> click.Option:
    """Return the option `--store`, whose value is a Place; its help begins with `verb`."""
    return click.Option(["--store"], callback=_place, metavar="DIR|URL", help=_HELP.format(verb=verb))


def _place(_context: click.Context, _option: click.Parameter, given: str | None) -> Place:
    if given is None or store_address.is_address(given):
        return given
    return Path(given)


def takes_store(verb: str) -> Callable[[click.Command], click.Command]:
    """Return what adds the option `--store` to a command."""

    def add(command: click.Command) -> click.Command:
        command.params.append(store_option(verb))
        return command

    return add


def collection_of(place: Place, collection: Collection) -> Collection:
    """Return `collection`, or that of the store on disk at `place` if no folder of a collection was given.

    Raises CablegraphError if there is no store.
    """
    if not isinstance(place, Path) or any(collection.places):
        return collection
    return Collection.in_base(store_folder.read(place).base)


@dataclass(frozen=True)
class GraphPlace:
    """What a command asks: the store at `place`, the file `graph`, or the built graph of `collection`."""

    place: Place
    collection: Collection
    graph: Path | None = None

    @cached_property
    def built(self) -> CachedBuild:
        """The graph, which is built if it is not there; that of a store elsewhere has no files beside it.

        Raises CablegraphError if there is no store, or one that cannot be asked.
        """
        if isinstance(self.place, Path):
            return store_folder.built(self.place, self.collection.names.base)
        if self.place:
            with closing(self._elsewhere(Limits())) as elsewhere:
                return elsewhere.build()
        return graph_file.at(self.graph) if self.graph else cache.current(None, Progress(), self.collection)

    @property
    def counts(self) -> Statistics | None:
        """The counts of the graph, if it is not too large a file or a store elsewhere."""
        return graph_file.count(self.built) if self.graph else cache.counts(self.built)

    def kept(self, version: str) -> KeptAnswers | None:
        """Return the answers to saved questions that a store on disk keeps, None if it keeps none."""
        built = isinstance(self.place, Path) and self.built
        return KeptAnswers.of(built.answers, version) if built else None

    def called(self, ask: Ask, text: str) -> list[str]:
        """Return the names of things that `text` may stand for.

        `ask` runs SELECT queries on the graph, whose names are read unless the store has a file of them.
        """
        # imported only for a message: an answer needs none of its libraries
        from kg.asking.reconciling.index.kept_index import KeptIndex  # noqa: PLC0415
        from kg.asking.reconciling.index.memory_index import things_called  # noqa: PLC0415

        names = self.collection.names
        known = KeptIndex.opened(self.built.names, self.built.version, names)
        return things_called(ask, text, names, known)

    @contextmanager
    def pool(self, limits: Limits) -> Iterator[Pool]:
        """Open a pool on the graph; raises what `built` raises."""
        if isinstance(self.place, str):
            with closing(self._elsewhere(limits)) as elsewhere:
                version = elsewhere.build().version
                with elsewhere.pool(lambda _: elsewhere.build(), version) as there:
                    yield there
        else:
            built = self.built
            with Pool(lambda: graph_file.load(built), limits, built.version, self.collection.names) as here:
                yield here

    @contextmanager
    def watched(self, pool: Pool) -> Iterator[None]:
        """While the context lasts, look whether other data were loaded into a store elsewhere.

        Enter it from the main thread.
        """
        with ExitStack() as stack:
            if isinstance(self.place, str):
                elsewhere = stack.enter_context(closing(self._elsewhere(Limits())))
                stack.enter_context(upkeep.maintain(pool, elsewhere.build, _log, lambda: None))
            yield

    def _elsewhere(self, limits: Limits) -> Elsewhere:
        # A client of HTTP, which nobody needs who asks a store of this machine.
        from server.cli.store_elsewhere import Elsewhere  # noqa: PLC0415

        assert isinstance(self.place, str)  # noqa: S101 - it was asked before
        return Elsewhere(self.place, limits, self.collection.names, _log)


def _log(message: str) -> None:
    click.echo(message, err=True)
