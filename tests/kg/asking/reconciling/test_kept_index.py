"""A file of all names gives the same as memory, for each thing, name, word, form, prefix and query."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import cast

import pyoxigraph as ox
import pytest

from kg import build
from kg.asking.questions.choices import Ask
from kg.asking.reconciling import gather
from kg.asking.reconciling.conditions import value_forms
from kg.asking.reconciling.index import frequent_prefixes, name_file
from kg.asking.reconciling.index.kept_index import KeptIndex
from kg.asking.reconciling.index.memory_index import MemoryIndex
from kg.asking.reconciling.index.name_parts import parts_of
from kg.asking.reconciling.match import Reconciler
from kg.asking.reconciling.reconciliation_query import Condition, ReconciliationQuery
from kg.asking.reconciling.suggest import Suggester, called
from kg.checking.quotes import CheckReport
from kg.errors import BusyError
from kg.namespaces import SHIPPED, Namespaces
from kg.reading.collection import together
from kg.store import sparql
from tests.test_together import embassy

from .conftest import SMALL

Both = tuple[KeptIndex, MemoryIndex]
QUANTIFIERS = ("any", "all", "none")


def asking(text: str) -> Ask:
    store = ox.Store()
    store.load(text.encode(), ox.RdfFormat.TURTLE)
    return partial(sparql.rows, store)


def both_of(ask: Ask, file: Path, names: Namespaces = SHIPPED) -> Both:
    name_file.write(file, "v1", ask, names)
    kept = KeptIndex.opened(file, "v1", names)
    assert kept
    return kept, MemoryIndex(gather.gather(ask, names))


@pytest.fixture(scope="module", params=["small", "shipped", "together"])
def both(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    graph: build.Build,
    store: ox.Store,
) -> Both:
    """All things of the small and the shipped graph, and of the shipped one with a collection of another base."""
    place = tmp_path_factory.mktemp("names")
    if request.param == "small":
        return both_of(asking(SMALL), place / "names.db")
    if request.param == "shipped":
        return both_of(partial(sparql.rows, store), place / "names.db")
    several = together.read((None, embassy(place / "embassy")))
    (other,) = several.others
    joined = build.store_of(build.joined(several, [graph, build.build(other)], CheckReport()))
    return both_of(partial(sparql.rows, joined), place / "names.db", several.names)


def texts(memory: MemoryIndex) -> list[str]:
    return sorted({name.text for thing in memory.things.values() for name in thing.names})


def misspelt(text: str) -> str:
    """Return `text` with two letters in its middle exchanged, and the last one left out."""
    half = len(text) // 2
    return text[: half - 1] + text[half : half + 1] + text[half - 1 : half] + text[half + 1 : -1]


def conditions(memory: MemoryIndex) -> Iterator[Condition]:
    """Yield one with each property and the values of its first things, and one with a value that none has."""
    for key in memory.properties:
        held = sorted(memory.holders(key))[:3]
        values = [value for number in held for value in memory.of(memory.id_of(number), key)]
        wanted = [value.thing or value.text for value in values][:4]
        yield from (Condition(key, (*wanted, "Pope"), quantifier=one) for one in QUANTIFIERS)  # type: ignore[arg-type]
        yield Condition(key, ("Pope",), required=True)


def test_things_types_and_values_are_the_same(both: Both) -> None:
    kept, memory = both

    assert kept.types == memory.types
    assert kept.size == memory.size > 5
    for thing, entity in memory.things.items():
        assert kept.things[thing] == entity
        assert kept.number(thing) == memory.number(thing)
        assert kept.id_of(kept.number(thing)) == thing
        assert kept.description(entity, "ru") == memory.description(entity, "ru")
        assert {key: kept.of(thing, key) for key in memory.properties} == {
            key: memory.of(thing, key) for key in memory.properties
        }
    assert "actor/nobody" not in kept.things
    assert kept.of("actor/nobody", "wikidata") == ()


def test_each_word_sound_and_spelling_leads_to_the_same_names(both: Both) -> None:
    kept, memory = both

    assert list(kept.words) == list(memory.words)
    for name in (name for thing in memory.things.values() for name in thing.names):
        parts = parts_of(name)
        assert list(kept.spelt(parts.letters)) == list(memory.spelt(parts.letters)) != []
        for word in parts.words:
            assert kept.count(word) == memory.count(word) > 0
            assert list(kept.entries(word)) == list(memory.entries(word))
        for sounds, _ in parts.sounds:
            assert set(kept.sounding(sounds)) == set(memory.sounding(sounds)) != set()
    assert [kept.name(number) for number in range(kept.size)] == [memory.name(n) for n in range(memory.size)]
    assert (kept.count("zzz"), kept.entries("zzz"), kept.spelt("zzz"), kept.sounding("zzz")) == (
        0,
        (),
        (),
        [],
    )


def test_each_form_of_a_value_leads_to_the_same_things(both: Both) -> None:
    kept, memory = both

    for key in memory.properties:
        holders = set(memory.holders(key))
        values = [value for number in holders for value in memory.of(memory.id_of(number), key)]
        forms = {form for value in values for form in value_forms(value, memory.things.get(value.thing))}
        assert set(kept.holders(key)) == holders
        assert {form: set(kept.having(key, form)) for form in forms} == {
            form: set(memory.having(key, form)) for form in forms
        }
        assert set(kept.shared_types(key)) == set(memory.shared_types(key))
    assert set(kept.used_types()) == memory.used_types()
    assert all(kept.properties_of(name) == memory.properties_of(name) for name in ("", *memory.types))


def test_each_name_and_what_it_is_misspelt_has_the_same_candidates(both: Both) -> None:
    kept, memory = (Reconciler(known) for known in both)

    found = 0
    several = bool(both[1].names.others)  # of whose names most are those of the shipped graph
    asked = texts(both[1])[:: 8 if several else 1]
    for text in asked:
        for typed in (text, misspelt(text)):
            query = ReconciliationQuery(typed, limit=100)
            candidates = kept.reconcile(query)
            assert candidates == memory.reconcile(query), typed
            found += len(candidates)
    assert found > len(asked)


def test_conditions_have_the_same_candidates(both: Both) -> None:
    kept, memory = (Reconciler(known) for known in both)
    queries = [
        ReconciliationQuery(name, conditions=(one,)) for one in conditions(both[1]) for name in ("", "Castro")
    ]
    answers = [memory.reconcile(query) for query in queries]

    assert [kept.reconcile(query) for query in queries] == answers
    assert any(answers)


def test_prefixes_and_pages_of_them_have_the_same_suggestions(both: Both) -> None:
    kept, memory = (Suggester(Reconciler(known)) for known in both)

    for prefix in {"", "Q1", *(text[:end] for text in texts(both[1])[::3] for end in (1, 2, 4, 9))}:
        assert kept.things(prefix, 20) == memory.things(prefix, 20)
        assert kept.things(prefix, 3, 2) == memory.things(prefix, 3, 2) == memory.things(prefix, 20)[2:5]
        assert kept.things(prefix, 3, 10_000) == memory.things(prefix, 3, 10_000) == []
    assert called(Reconciler(both[0]), "actor:castro") == called(Reconciler(both[1]), "actor:castro")


@pytest.mark.parametrize("first", [2, 1000])
def test_a_prefix_of_many_names_has_the_best_of_them_kept(
    store: ox.Store, tmp_path: Path, first: int
) -> None:
    kept, memory = both_of(partial(sparql.rows, store), tmp_path / "names.db")
    with closing(sqlite3.connect(tmp_path / "names.db", isolation_level=None)) as base:
        frequent_prefixes.write_begun(base, many=20, first=first)
        (kept_prefixes,) = base.execute("SELECT COUNT(*) FROM begun").fetchone()
    kept = KeptIndex(tmp_path / "names.db")

    assert kept_prefixes > 50
    for prefix in {text[:end].lower() for text in texts(memory)[::4] for end in (1, 2, 3, 6, 12)}:
        assert kept.completed(prefix, 2) == memory.completed(prefix, 2)
        assert kept.completed(prefix, 40) == memory.completed(prefix, 40)
        assert kept.completed(prefix, 2, 1) == memory.completed(prefix, 3)[1:]


def test_a_word_of_very_many_names_finds_none_by_itself(tmp_path: Path) -> None:
    head = "@prefix cg: <https://w3id.org/cablegraph/ontology#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
    classes = "@prefix owl: <http://www.w3.org/2002/07/owl#> . cg:Event a owl:Class ; rdfs:label 'event'@en ."
    things = "".join(
        f"<https://w3id.org/cablegraph/id/event/{n:05}> a cg:Event ; rdfs:label 'telegram No. {5 + n // 5_001}'@en ."
        for n in range(5_002)
    )
    kept, memory = both_of(asking(f"{head}{classes}{things}"), tmp_path / "names.db")

    assert (kept.count("telegram"), kept.entries("telegram")) == (5_002, ())
    assert (memory.count("telegram"), memory.entries("telegram")) == (5_002, ())
    assert Reconciler(kept).reconcile(ReconciliationQuery("telegram")) == []
    assert [one.id for one in Reconciler(kept).reconcile(ReconciliationQuery("telegram 6"))] == [
        "event/05001"
    ]


def test_only_a_whole_file_of_these_data_and_tables_is_used(tmp_path: Path) -> None:
    file = tmp_path / "names.db"
    (tmp_path / "other.db").write_bytes(b"no database" * 1000)
    name_file.write(file, "v1", asking(SMALL))

    assert KeptIndex.opened(tmp_path / "none.db", "v1") is None
    assert KeptIndex.opened(tmp_path / "other.db", "v1") is None
    assert KeptIndex.opened(file, "v2") is None
    assert KeptIndex.opened(file, "v1") is not None
    with closing(sqlite3.connect(file)) as base, base:
        base.execute("UPDATE origin SET rules = 'others'")
    assert KeptIndex.opened(file, "v1") is None


def test_a_file_that_is_interrupted_leaves_the_one_before(tmp_path: Path) -> None:
    file = tmp_path / "names.db"
    name_file.write(file, "v1", asking(SMALL))
    ask = asking(SMALL)

    def interrupted(query: str) -> object:
        if "definition" in query:
            raise BusyError("too much to do")
        return ask(query)

    with pytest.raises(BusyError):
        name_file.write(file, "v2", cast("Ask", interrupted))
    assert KeptIndex.opened(file, "v1") is not None
    assert [one.name for one in tmp_path.iterdir()] == ["names.db"]
