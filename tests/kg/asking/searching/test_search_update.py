"""An index made of that of an earlier graph against one made anew, after changes of all kinds in a row."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg import build
from kg.asking.query_parts.paths import Path as PropertyPath
from kg.asking.questions import saved_queries
from kg.asking.searching import search_fields, search_file
from kg.asking.searching.search_paths import Reach, parse
from kg.asking.searching.search_update import SPACING, EarlierIndex, IndexedGraph
from kg.namespaces import PREFIXES, SHIPPED
from kg.store import nquads, sparql

QUERY = """#+ title: Names
#+ question: What are things called?
#+ why: A test.
#+ columns:
#+   - {name: name, label: "Name", type: text, about: "Its name."}
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?name { ?thing rdfs:label ?name FILTER (strstarts(?name, "N")) } ORDER BY ?name
"""
QUERIES = {"names": saved_queries.parse("names", QUERY)}


def store_of(content: bytes) -> ox.Store:
    store = ox.Store()
    store.bulk_load(content, ox.RdfFormat.N_QUADS)
    return store


def made(content: bytes, file: Path) -> Path:
    ask = partial(sparql.rows, store_of(content))
    search_file.write(file, nquads.version(content), QUERIES, ask, spacing=SPACING)
    return file


def updated(earlier: Path, before: bytes, content: bytes, file: Path) -> bool:
    store = store_of(content)
    graph = IndexedGraph(content, store, QUERIES, partial(sparql.rows, store), SHIPPED)
    is_changed = graph.change(EarlierIndex(earlier, before), file, nquads.version(content))
    assert nquads.serialize(store, "nq") == content  # the store is left as it was
    return is_changed


def said(file: Path) -> dict[str, Any]:
    """Return all that an index says, with the names of tokens, and hits in their order in place of numbers."""
    with closing(sqlite3.connect(file)) as base:
        base.execute("INSERT INTO words (words) VALUES ('integrity-check')")
        marks = {
            token: (name, iri) for name, iri, token in base.execute("SELECT filter, iri, token FROM mark")
        }
        columns = ", ".join(search_fields.fields())
        hits = base.execute(f"""SELECT iri, part, kind, title, asserted, quotes, {columns}, marks
            FROM hit JOIN words ON words.rowid = hit.id ORDER BY hit.id""").fetchall()  # noqa: S608
        assert base.execute("SELECT COUNT(*) FROM words").fetchone() == (len(hits),)
        vocabulary = base.execute("SELECT term, doc, cnt FROM vocabulary")
        return {
            "hits": [(*hit[:-1], [marks.get(one, one) for one in hit[-1].split()]) for hit in hits],
            "vocabulary": sorted((str(marks.get(term, term)), *counts) for term, *counts in vocabulary),
            "spelling": base.execute("SELECT word, hits FROM spelling ORDER BY word").fetchall(),
            "headings": sorted((s, marks[t]) for s, t in base.execute("SELECT stem, token FROM heading")),
            "marks": sorted(marks.values()),
            "origin": base.execute("SELECT version FROM origin").fetchall(),
        }


# Changes of the lines of a graph.


def less(lines: list[str], chance: random.Random) -> list[str]:
    gone = set(chance.sample(lines, chance.randint(1, 12)))
    return [line for line in lines if line not in gone]


def without_a_thing(lines: list[str], chance: random.Random) -> list[str]:
    thing = chance.choice(lines).split(" ")[0]
    return [line for line in lines if not line.startswith(f"{thing} ")]


def other_texts(lines: list[str], chance: random.Random) -> list[str]:
    written = [n for n, line in enumerate(lines) if '"@en' in line and "/graph/ontology" not in line]
    chosen = {*chance.sample(written, 3)}
    new = f' "Nelson of {chance.randint(1, 9)} harbours'
    return [line.replace(' "', new, 1) if n in chosen else line for n, line in enumerate(lines)]


def copied_things(lines: list[str], chance: random.Random) -> list[str]:
    things = {chance.choice(lines).split(" ")[0] for _ in range(2)}
    own = [line for line in lines if line.split(" ")[0] in things and "#" not in line.split(" ")[0]]
    return [*lines, *(line.replace("> ", f"-{n}> ", 1) for line in own for n in range(3))]


def another_end(lines: list[str], chance: random.Random) -> list[str]:
    linked = [
        n for n, line in enumerate(lines) if re.search(r"ontology#(heldBy|about|mode|participant)> ", line)
    ]
    one, other = chance.sample(linked, 2)
    new = [*lines]
    new[one] = lines[one].replace(lines[one].split(" ")[2], lines[other].split(" ")[2])
    return new


CHANGES: tuple[Callable[[list[str], random.Random], list[str]], ...] = (
    less, without_a_thing, other_texts, copied_things, another_end,
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_an_index_after_changes_in_a_row_says_what_one_made_anew_says(
    graph: build.Build, tmp_path: Path, seed: int
) -> None:
    chance, content = random.Random(seed), graph.content  # noqa: S311 - chance, no secret
    whole = content.decode().splitlines(keepends=True)
    current, count = made(content, tmp_path / "0.db"), 0
    for number in range(1, 7):
        lines = content.decode().split("\n")[:-1]
        new = [f"{line}\n" for line in chance.choice(CHANGES)(lines, chance)]
        after = nquads.of_lines([*new, *chance.sample(whole, 5)])
        file = tmp_path / f"{number}.db"
        anew = made(after, tmp_path / f"anew-{number}.db")

        if updated(current, content, after, file):
            count += 1
            assert said(file) == said(anew), (seed, number)
        current, content = (file if file.exists() else anew), after
    assert count > 3


def test_an_index_is_made_anew_where_it_cannot_be_changed(graph: build.Build, tmp_path: Path) -> None:
    content = graph.content
    earlier, file = made(content, tmp_path / "earlier.db"), tmp_path / "new.db"
    lines = content.splitlines(keepends=True)

    assert not updated(earlier, content, b"".join(lines[: len(lines) // 2]), file)  # too much is gone
    assert not updated(earlier, b"".join(lines[1:]), content, file)  # it is that of another graph
    assert not updated(tmp_path / "none.db", content, content, file)
    (tmp_path / "text.db").write_text("no data base, and long enough to be read as one")
    assert not updated(tmp_path / "text.db", content, content, file)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["earlier.db", "text.db"]
    assert updated(earlier, content, content, file)
    assert said(file) == said(earlier)


# From where paths lead over changed statements.


Edge = tuple[str, str, str]
Way = tuple[str, frozenset[Edge]]  # the end, and the edges that are walked on


def walked(path: PropertyPath, start: str, edges: set[Edge], *, back: bool = False) -> Iterator[Way]:
    """Yield the end of each way along a path from a node."""
    if path.kind == "iri":
        ways = ((o, s, (s, p, o)) if back else (s, o, (s, p, o)) for s, p, o in edges if p == path.slot.value)  # type: ignore[union-attr]
        yield from ((end, frozenset({edge})) for first, end, edge in ways if first == start)
    elif path.kind == "inverse":
        yield from walked(path.parts[0], start, edges, back=not back)
    elif path.kind == "either":
        yield from (way for part in path.parts for way in walked(part, start, edges, back=back))
    elif path.kind == "sequence":
        ends: list[Way] = [(start, frozenset())]
        for part in path.parts[::-1] if back else path.parts:
            ends = [(e, way | w) for end, way in ends for e, w in walked(part, end, edges, back=back)]
        yield from ends
    else:  # as often as it leads on, over no edge twice
        yield start, frozenset()
        for end, way in walked(path.parts[0], start, edges, back=back):
            yield from ((e, way | w) for e, w in walked(path, end, edges - way, back=back))


@pytest.mark.parametrize(
    "text",
    [
        "skos:a",
        "^skos:a",
        "skos:a/skos:b",
        "^skos:a*/(skos:b|skos:a)",
        "(skos:a|^skos:b)/skos:a?/skos:b",
        "^(skos:a/skos:b)",
        "skos:a*",
        "^(skos:a*/^skos:b)",
        "skos:a+/skos:b",
    ],
)
def test_all_things_whose_way_leads_over_a_changed_statement_are_reached(text: str) -> None:
    chance, names = random.Random(text), [f"{PREFIXES['skos']}{name}" for name in "ab"]  # noqa: S311
    path = parse(text)
    for _ in range(40):
        nodes = [f"https://example.org/{n}" for n in range(5)]
        every = {(chance.choice(nodes), chance.choice(names), chance.choice(nodes)) for _ in range(7)}
        changed = set(chance.sample(sorted(every), 2))
        gone = {edge for edge in changed if chance.random() < 0.5}
        store = ox.Store()
        store.extend(ox.Quad(*map(ox.NamedNode, edge)) for edge in every - gone)
        triples = [ox.Triple(*map(ox.NamedNode, edge)) for edge in changed]

        reached = {node.value for node in Reach(store, triples).over(path) if isinstance(node, ox.NamedNode)}

        for edges in (every - gone, every - (changed - gone)):  # after and before
            for node in nodes:
                if any(way & changed for _, way in walked(path, node, edges)):
                    assert node in reached, (node, every, changed)


@pytest.mark.parametrize(
    "text", ["skos:a/", "(skos:a", "skos:a)", "x:a", "!skos:a", "?a", "skos:a skos:b", ""]
)
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(SyntaxError):
        parse(text)


def test_each_path_of_the_search_is_read() -> None:
    assert {parse(path).kind for path in search_fields.paths()} == {"iri", "either", "sequence", "inverse"}
