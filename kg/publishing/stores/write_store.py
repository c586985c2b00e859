"""Stores on disk, written from a built graph or from quads in files, completely or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from kg.asking.questions import query_triples, saved_queries
from kg.asking.questions.saved_queries import SavedQuery
from kg.asking.reconciling.index import name_file
from kg.asking.searching import search_file
from kg.asking.searching.search_texts import MOST_ANSWERED, answering
from kg.build import Build
from kg.cache import GRAPH, CachedBuild
from kg.errors import CablegraphError, Finding
from kg.namespaces import layer_name
from kg.publishing.stores import answer_writer, sorted_quads, statement_index, store_folder
from kg.publishing.stores.answer_process import Answering
from kg.publishing.stores.kept_answers import KeptAnswers
from kg.publishing.stores.sorted_quads import SortedQuads
from kg.publishing.stores.store_folder import MANIFEST, QUADS, DiskStore, StoreManifest
from kg.reading import ontology
from kg.reading.collection.collection import Collection
from kg.reading.ontology import ONTOLOGY_GRAPH
from kg.resources import write_atomically
from kg.store import dataset_summary, layers, sparql, statistics

Progress = Callable[[str], None]

_MAKING = ".making-"
_SHOWN = 16  # characters of the data version in the name of a folder


@dataclass(frozen=True)
class StoreWriter:
    """Writes stores into the folder `place`, with the names and saved questions of the collection `sources`.

    `progress` is told each step. With more statements than `most_answered` a process answers each question of
    the pages, and the search has no words of answers.
    """

    place: Path
    sources: Collection
    progress: Progress = lambda _: None
    most_answered: int = MOST_ANSWERED

    def write_build(self, built: Build) -> StoreManifest:
        """Write the store of a built graph; raises CablegraphError if `place` has other files."""
        with self._making() as folder:
            quads = SortedQuads(_new(folder / "parts"))
            quads.add(built.quads)
            return self._written(folder, quads, built.findings)

    def write_files(self, files: Sequence[Path]) -> StoreManifest:
        """Write the store of the quads in `files`.

        Unless they describe themselves, as releases do, ontology, saved questions and the description of the
        graphs are added. Raises CablegraphError if a file cannot be read, has nothing in the base of the
        collection, or `place` has other files.
        """
        with self._making() as folder:
            quads, graphs = SortedQuads(_new(folder / "parts")), set[str]()
            for file in files:
                self.progress(f"reading {file}")
                quads.add(_noting(graphs, sorted_quads.quads_of(file)))
            self._refuse_other_base(graphs, files)
            if not any(layer_name(graph) == "meta" for graph in graphs):
                self.progress("describing the graphs")
                self._describe(quads)
            return self._written(folder, quads, None)

    @contextmanager
    def _making(self) -> Iterator[Path]:
        """Yield a new folder beside the stores in `place`, which is removed afterwards."""
        others = [file.name for file in self.place.iterdir()] if self.place.is_dir() else []
        if others and MANIFEST not in others and not all(name.startswith(_MAKING) for name in others):
            raise CablegraphError(f"{self.place} has other files, as {sorted(others)[0]}; name a new folder")
        self.place.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(self.place)
        folder = self.place / f"{_MAKING}{os.getpid()}"
        try:
            yield _new(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _refuse_other_base(self, graphs: Iterable[str], files: Sequence[Path]) -> None:
        own = self.sources.names.graph
        if any(graph.startswith(own) for graph in graphs):
            return
        other = min((graph for graph in graphs if "/graph/" in graph), default="")
        there = f"they begin with <{other.partition('/graph/')[0]}/>" if other else "there is none of a base"
        raise CablegraphError(
            f"{', '.join(map(str, files))}: no graph begins with <{own}>, {there}; say it with --base, "
            "or name the collection with --collection DIR"
        )

    def _describe(self, quads: SortedQuads) -> None:
        """Add ontology, saved questions and description to the quads of files."""
        terms = ontology.load(self.sources.ontology, self.sources.names)
        quads.add(ox.Quad(t.subject, t.predicate, t.object, ONTOLOGY_GRAPH) for t in terms.triples)
        queries = saved_queries.load(self.sources.queries, self.sources.names).values()
        quads.add(query_triples.quads(queries, self.sources.names))
        found = dataset_summary.facts_of_lines(quads.lines(), self.sources.names.id)
        quads.add(layers.described(found, self.sources.about))

    def _written(self, folder: Path, quads: SortedQuads, findings: Sequence[Finding] | None) -> StoreManifest:
        """Write what belongs to the store of `quads`, and put it in place of the present one."""
        made = _new(folder / "made")
        self.progress("sorting")
        built = CachedBuild(made / GRAPH, _write_lines(made / GRAPH, quads.lines()))
        shutil.rmtree(folder / "parts")  # as much as the sorted lines
        self.progress("counting")
        counts = statistics.count_lines(lambda: _lines(built.nquads))
        built.statistics.write_bytes(statistics.to_json(counts))
        if findings is not None:
            listed = [astuple(finding) for finding in findings]
            built.findings.write_text(json.dumps(listed, ensure_ascii=False), encoding="utf-8")
        count = self._load(made / QUADS, built)
        self._keep_answers(made / QUADS, built, count)
        return self._put(made, built.version, count)

    def _load(self, folder: Path, built: CachedBuild) -> int:
        """Write the store in `folder` and the indexes of words and names; return the number of statements."""
        self.progress("loading")
        store = ox.Store(str(folder))
        count = sorted_quads.load(store, _lines(built.nquads))
        store.optimize()
        self.progress("indexing all words for the search")
        queries = saved_queries.load(self.sources.queries, self.sources.names)
        ask = partial(sparql.rows, store)
        answer = answering(ask, count, self.most_answered)
        search_file.write(built.search, built.version, queries, ask, answer, self.sources.names)
        self.progress("indexing all names for the reconciliation")
        name_file.write(built.names, built.version, ask, self.sources.names)
        store.flush()
        return count

    def _keep_answers(self, folder: Path, built: CachedBuild, count: int) -> None:
        """Write the names of all things, and the answers to the questions of whole pages."""
        self.progress("answering the questions of the pages")
        things = sorted_quads.things(_lines(built.nquads), self.sources.names.homes)
        answer_writer.begin(built.answers, built.version, things)
        queries = saved_queries.load(self.sources.queries, self.sources.names)
        apart = count > self.most_answered
        Answering(folder, built.answers, apart, self.progress).answer(queries)
        self._keep_index(folder, built, queries, apart=apart)

    def _keep_index(
        self, folder: Path, built: CachedBuild, queries: Mapping[str, SavedQuery], *, apart: bool
    ) -> None:
        """Write the index of the statements, made of answers of which nothing else is kept."""
        self.progress("counting the statements")
        parts = built.answers.with_suffix(".parts")
        answer_writer.begin(parts, built.version, ())
        Answering(folder, parts, apart, self.progress).count(queries)
        ask = partial(sparql.rows, DiskStore(folder).open())
        if index := statement_index.of_parts(KeptAnswers(parts), queries, ask, self.sources.names):
            answer_writer.keep_made(built.answers, statement_index.name_of(queries), index.to_bytes())
        parts.unlink()

    def _put(self, made: Path, version: str, count: int) -> StoreManifest:
        """Put the folder `made` in place of the present store, which is kept for services that use it."""
        before = _present(self.place)
        taken = {file.name for file in self.place.iterdir()}
        name = next(name for name in _names(version) if name not in taken)
        found = store_folder.manifest(name, version, self.sources.names.base, count, store_folder.sizes(made))
        made.rename(self.place / name)
        write_atomically(self.place / MANIFEST, found.to_json())
        for file in self.place.iterdir():
            if file.is_dir() and file.name not in (name, before) and not file.name.startswith(_MAKING):
                shutil.rmtree(file, ignore_errors=True)
        return found


def _noting(graphs: set[str], quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Yield `quads`, and add the names of their graphs to `graphs`."""
    for quad in quads:
        if isinstance(quad.graph_name, ox.NamedNode):
            graphs.add(quad.graph_name.value)
        yield quad


def _remove_abandoned(place: Path) -> None:
    """Remove what builds left that were killed: their folders have the process ID in their names."""
    for folder in place.glob(f"{_MAKING}*"):
        try:
            os.kill(int(folder.name.removeprefix(_MAKING)), 0)
        except (ProcessLookupError, ValueError):
            shutil.rmtree(folder, ignore_errors=True)
        except OSError:  # it runs, for another user
            continue


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _lines(file: Path) -> Iterator[bytes]:
    with file.open("rb") as lines:
        yield from lines


def _write_lines(file: Path, lines: Iterable[bytes]) -> str:
    """Write `lines` and return the data version: their SHA-256."""
    digest = hashlib.sha256()
    with file.open("wb") as output:
        for line in lines:
            digest.update(line)
            output.write(line)
    return digest.hexdigest()


def _present(place: Path) -> str:
    """Return the name of the folder of the store that is in `place` now; empty if there is none."""
    try:
        return str(json.loads((place / MANIFEST).read_bytes())["folder"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _names(version: str) -> Iterator[str]:
    """Yield names for the folder of a store of the data `version`, the first that is free to be taken."""
    number = 1
    while True:
        yield version[:_SHOWN] + (f"-{number}" if number > 1 else "")
        number += 1
