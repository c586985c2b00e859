"""What `cablegraph query` tells of saved questions: lists of them, and one with its parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

import click
from pyoxigraph import NamedNode

from kg.asking.questions import saved_queries
from kg.asking.questions.parameters import Parameter
from kg.asking.questions.saved_queries import SavedQuery
from kg.asking.searching.search_file import QUESTION, THING
from kg.asking.searching.search_index import Search, SearchIndex
from kg.asking.searching.typed_words import TypedWords
from kg.cache import CachedBuild
from kg.errors import CablegraphError, UnknownNameError, did_you_mean
from kg.namespaces import ID, Namespaces
from kg.reading.collection.collection import Collection
from kg.terms import short
from server.cli.store_places import GraphPlace
from server.site.other_services import options

SHOWN = 10  # questions found by words
_THINGS, _OF_EACH = 3, 2  # things found by words, and questions for each
_NO_INDEX = (
    "a store elsewhere has no index of words; leave out --store, or the words to list all saved questions"
)
_WORD = "word"  # the parameter that takes words


def listed(asked: GraphPlace, tags: tuple[str, ...], words: str) -> None:
    """List the saved questions that answer `words`, or all that have all of `tags`.

    Raises CablegraphError for words where the graph has no index of words, else as the two functions below.
    """
    if words and isinstance(asked.place, str):
        raise CablegraphError(_NO_INDEX)
    if words:
        by_words(asked.collection, words, asked.built)
    else:
        list_all(asked.collection, tags)


def list_all(collection: Collection, tags: tuple[str, ...]) -> None:
    """List the saved questions that have all of `tags`; raises UnknownNameError for a tag that none has."""
    entries = saved_queries.load(collection.queries, collection.names)
    known = sorted({tag for entry in entries.values() for tag in entry.tags})
    for tag in tags:
        if tag not in known:
            raise UnknownNameError("tag", tag, known)
    for name, entry in entries.items():
        if set(tags) <= set(entry.tags):
            click.echo(_line(name, entry))


def by_words(
    collection: Collection, words: str, built: CachedBuild, *, most: int = SHOWN, err: bool = False
) -> None:
    """List at most `most` questions that answer `words`, and some with values for the things they name.

    With `err` the list is written on standard error. Raises ParameterError if there are too many words.
    """
    index = SearchIndex.of(built.search, built.version, collection.names)
    entries = saved_queries.load(collection.queries, collection.names)
    if index is None:  # the graph was built without one
        return
    typed = index.words(words)
    found = [hit.iri.rpartition("/")[2] for hit in index.find(typed, QUESTION, Search(most=most)).shown]
    lines = [_line(name, entries[name]) for name in found if name in entries]
    filled = _filled(index, typed, entries, collection.names)
    lines += [f"{f'{name} -p {value}':36} {entries[name].title}" for name, value in filled]
    for line in lines:
        click.echo(line, err=err)
    for word in typed.unknown:
        click.echo(f"nothing has the word {word.word}; {did_you_mean(word.near)}".rstrip("; "), err=True)


def _filled(
    index: SearchIndex, words: TypedWords, entries: Mapping[str, SavedQuery], names: Namespaces
) -> Iterator[tuple[str, str]]:
    """Yield questions that take a thing with these words, or the words themselves, each with that value."""
    for hit in index.find(words, THING, Search(most=_THINGS)).shown:
        folder = names.in_ours(hit.iri).removeprefix(ID).partition("/")[0]
        asking = (
            (name, parameter.name)
            for name, entry in entries.items()
            for parameter in entry.parameters
            if parameter.default and parameter.choices == ("class", f"cg:{folder.capitalize()}")
        )
        for name, parameter in islice(asking, _OF_EACH):
            yield name, f"{parameter}={short(NamedNode(hit.iri), names)}"
    known = " ".join(word.word for word in words.known)
    for name, entry in entries.items():
        if known and any(parameter.name == _WORD for parameter in entry.parameters):
            yield name, f'"{_WORD}={known}"'


def _line(name: str, entry: SavedQuery) -> str:
    services = ", ".join(entry.services)
    mark = f" (asks {services}; needs {options(entry.services)})" if services else ""
    return f"{name:36} {entry.question}{mark}"


def with_parameters(saved: SavedQuery) -> str:
    """Return the text of a query with its parameters below, as comments, so that it stays SPARQL."""
    lines = [f"# --param {p.name}={p.default or '…'}   {_about(p)}" for p in saved.parameters]
    return "\n".join([saved.text.rstrip("\n"), *lines])


def _about(parameter: Parameter) -> str:
    optional = "" if parameter.default else "; may be left out"
    return f"{parameter.hint}{optional}" + (f". {parameter.about}" if parameter.about else "")
