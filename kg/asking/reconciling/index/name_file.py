"""Writes a file of all things of a graph with their names and values, so that none are read into memory.

It is in SQLite. Things have numbers in the order of their ids, and so have names, which are in the order of
their things; of each word, form of a value and so on it has the numbers of what has it.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from kg.asking.questions.choices import Ask
from kg.asking.reconciling import gather
from kg.asking.reconciling.entities import Entity, EntityType
from kg.asking.reconciling.index.frequent_prefixes import write_begun
from kg.asking.reconciling.index.name_parts import by_label, packed, parts_of, rules, tails_of
from kg.asking.reconciling.index.thing_table import grouped, thing_texts
from kg.asking.reconciling.index.value_rows import write_values
from kg.asking.reconciling.known_things import COMMON, MOST
from kg.asking.reconciling.names import Name
from kg.namespaces import SHIPPED, Namespaces
from kg.resources import replaced_database

_SCHEMA = """
CREATE TABLE origin (version TEXT NOT NULL, rules TEXT NOT NULL, names INTEGER NOT NULL, types TEXT NOT NULL);
CREATE TABLE thing (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, types TEXT NOT NULL,
  labels TEXT NOT NULL, names TEXT NOT NULL, first INTEGER NOT NULL);
CREATE INDEX first ON thing (first);
CREATE TABLE word (word TEXT PRIMARY KEY, count INTEGER NOT NULL, names BLOB NOT NULL);
CREATE TABLE sound (sounds TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (sounds, word)) WITHOUT ROWID;
CREATE TABLE spelt (letters TEXT PRIMARY KEY, names BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE tail (text TEXT NOT NULL, heading INTEGER NOT NULL, rank INTEGER NOT NULL,
  thing INTEGER NOT NULL, PRIMARY KEY (text, heading, rank, thing)) WITHOUT ROWID;
CREATE TABLE begun (prefix TEXT PRIMARY KEY, things BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE listed (place INTEGER PRIMARY KEY, thing INTEGER NOT NULL);
CREATE TABLE held (property TEXT NOT NULL, thing INTEGER NOT NULL, content TEXT NOT NULL,
  PRIMARY KEY (property, thing)) WITHOUT ROWID;
CREATE TABLE form (property TEXT NOT NULL, form TEXT NOT NULL, things BLOB NOT NULL,
  PRIMARY KEY (property, form)) WITHOUT ROWID;
CREATE TABLE property (id TEXT PRIMARY KEY, holders BLOB NOT NULL, shared TEXT NOT NULL);
CREATE TABLE used (type TEXT NOT NULL, property TEXT NOT NULL, PRIMARY KEY (type, property)) WITHOUT ROWID;
"""
_TEMPORARY = """
CREATE TEMP TABLE class (thing TEXT, type TEXT);
CREATE TEMP TABLE naming (thing TEXT, text TEXT, language TEXT, kind TEXT);
CREATE TEMP TABLE name_word (word TEXT, name INTEGER);
CREATE TEMP TABLE name_sound (sounds TEXT, word TEXT, PRIMARY KEY (sounds, word)) WITHOUT ROWID;
CREATE TEMP TABLE name_letters (letters TEXT, name INTEGER);
CREATE TEMP TABLE name_tail (text TEXT, heading INTEGER, rank INTEGER, thing INTEGER);
CREATE TEMP TABLE thing_type (thing INTEGER, type TEXT, PRIMARY KEY (thing, type)) WITHOUT ROWID;
CREATE TEMP TABLE labelled (heading INTEGER, label TEXT, thing INTEGER);
"""
_NAMED = """
SELECT thing, type, '', '' FROM class
UNION ALL SELECT thing, text, language, kind FROM naming WHERE thing IN (SELECT thing FROM class)
ORDER BY 1
"""
_TAILS = "INSERT OR IGNORE INTO tail SELECT * FROM name_tail ORDER BY text, heading, rank, thing"


def write(path: Path, version: str, ask: Ask, names: Namespaces = SHIPPED) -> None:
    """Write the file of the graph on which `ask` runs SELECT queries; a reader sees a whole one or none.

    `version` is that of its data, `names` has the namespaces of the collection. Raises what `ask` raises, and
    OSError if the file cannot be written.
    """
    with replaced_database(path, "the file of all names") as base:
        base.executescript(f"{_SCHEMA}{_TEMPORARY}BEGIN")
        types = gather.read_types(ask)
        base.executemany("INSERT INTO class VALUES (?, ?)", gather.read_classes(ask, types, names))
        named = (
            (thing, name.text, name.language, name.kind) for thing, name in gather.read_names(ask, names)
        )
        base.executemany("INSERT INTO naming VALUES (?, ?, ?, ?)", named)
        size = _write_things(base, types)
        _write_names(base)
        write_begun(base)
        write_values(base, ask, names)
        told = json.dumps({name: asdict(one) for name, one in types.items()}, ensure_ascii=False)
        base.execute("INSERT INTO origin VALUES (?, ?, ?, ?)", (version, rules(), size, told))
        base.execute("COMMIT")


def _write_things(base: sqlite3.Connection, types: dict[str, EntityType]) -> int:
    """Write all things that have a name, and what their names have; return the number of names."""
    number = first = 0
    rows = base.cursor().execute(_NAMED)
    for thing, group in groupby(rows, key=itemgetter(0)):
        given = list(group)
        named = [Name(text, language, kind) for _, text, language, kind in given if kind]
        if named:
            entity = gather.entity(thing, {text for _, text, _, kind in given if not kind}, named, types)
            _write_thing(base, entity, number, first)
            number, first = number + 1, first + len(entity.names)
    return first


def _write_thing(base: sqlite3.Connection, thing: Entity, number: int, first: int) -> None:
    row = (number, thing.id, *thing_texts(thing), first)
    base.execute("INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?)", row)
    base.executemany("INSERT INTO thing_type VALUES (?, ?)", ((number, name) for name in thing.types))
    heading, label, _ = by_label(thing)
    base.execute("INSERT INTO labelled VALUES (?, ?, ?)", (heading, label, number))
    tails = ((tail, heading, rank, number) for tail, rank in tails_of(thing))
    base.executemany("INSERT INTO name_tail VALUES (?, ?, ?, ?)", tails)
    for name, parts in enumerate(map(parts_of, thing.names), first):
        base.execute("INSERT INTO name_letters VALUES (?, ?)", (parts.letters, name))
        base.executemany("INSERT INTO name_word VALUES (?, ?)", ((word, name) for word in parts.words))
        base.executemany("INSERT OR IGNORE INTO name_sound VALUES (?, ?)", parts.sounds)


def _write_names(base: sqlite3.Connection) -> None:
    """Write which names have each word, sound and letters, the tails of all names, and the things by name."""
    words = grouped(base, "SELECT word, name FROM name_word ORDER BY word, name")
    rows = ((word, len(all_), packed(all_ if len(all_) <= COMMON else ())) for word, all_ in words)
    base.executemany("INSERT INTO word VALUES (?, ?, ?)", rows)
    base.execute("INSERT INTO sound SELECT sounds, word FROM name_sound ORDER BY sounds, word")
    spelt = grouped(base, "SELECT letters, name FROM name_letters ORDER BY letters, name")
    base.executemany("INSERT INTO spelt VALUES (?, ?)", ((one, packed(all_[:MOST])) for one, all_ in spelt))
    base.execute(_TAILS)
    base.execute(
        "INSERT INTO listed (place, thing) "
        "SELECT row_number() OVER (ORDER BY heading, label, thing) - 1, thing FROM labelled"
    )
    base.execute("INSERT INTO used SELECT DISTINCT type, '' FROM thing_type ORDER BY type")
