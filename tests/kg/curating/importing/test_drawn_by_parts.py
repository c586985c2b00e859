"""What follows from documents on disk, part by part, against the same from all data in memory."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import product

import pyoxigraph as ox
import pytest

from kg import build
from kg.curating.importing.runs.drawn_quads import DrawnQuads
from kg.inference.columns import inferring
from kg.namespaces import BASE, CG, GRAPH, ID, PREFIXES, RDF, XSD, is_inferred
from kg.reading.collection.collection import Collection
from tests.kg.inference.columns.test_inferring import KINDS, LINKS, SHARED, VALUES

NAMES = "abcd"
GRAPHS = ("shared", "links", *(f"telegram/{name}" for name in NAMES))
PARTS = ("s", "t", "anchor", "passage", "text", "date")
OWN = {name: [f"{ID}telegram/{name}", *(f"{ID}telegram/{name}/{part}" for part in PARTS)] for name in NAMES}
THINGS = [*SHARED, *(thing for things in OWN.values() for thing in things)]
PROPERTIES = [CG + name for name in (*LINKS, "expands", "names", "fromPosition", "alternative")]
OTHERS = (f"{PREFIXES['prov']}used", f"{PREFIXES['prov']}wasGeneratedBy", f"{PREFIXES['skos']}exactMatch")
CLASSES = [CG + name for name in (*KINDS, "Naming", "Curation", "Rendering", "Position")]
DEPTHS = [f"{ID}depth/{name}" for name in ("catalogue", "statements", "mentions")]
LISTED = {**VALUES, "depth": DEPTHS}
# In one part, and each part looked at alone; all parts looked at together.
GROUPS = (1, 1_000_000)


def graph(chosen: random.Random, size: int) -> list[str]:
    """Return some lines of N-Quads, most of them of things in their own document."""
    return sorted({line(chosen) for _ in range(size)})


def line(chosen: random.Random) -> str:
    where = chosen.choice(GRAPHS)
    is_own = where.startswith("telegram/") and chosen.random() < 0.8
    subject = chosen.choice(OWN[where[-1]] if is_own else THINGS)
    predicate, target = chosen.choices(
        [related, listed, classed, other, dated, numbered], [50, 20, 15, 7, 4, 4]
    )[0](chosen)
    return f"<{subject}> <{predicate}> {target} <{GRAPH}{where}> .\n"


def related(chosen: random.Random) -> tuple[str, str]:
    return chosen.choice(PROPERTIES), f"<{chosen.choice(THINGS)}>"


def listed(chosen: random.Random) -> tuple[str, str]:
    name = chosen.choice(list(LISTED))
    return CG + name, f"<{chosen.choice(LISTED[name])}>"


def classed(chosen: random.Random) -> tuple[str, str]:
    return RDF.type, f"<{chosen.choice(CLASSES)}>"


def other(chosen: random.Random) -> tuple[str, str]:
    return chosen.choice(OTHERS), f"<{chosen.choice(THINGS)}>"


def dated(chosen: random.Random) -> tuple[str, str]:
    day = chosen.randint(2, 4)
    return CG + chosen.choice(["earliest", "latest"]), f'"1962-10-2{day}T02:00:00-05:00"^^<{XSD.dateTime}>'


def numbered(chosen: random.Random) -> tuple[str, str]:
    return CG + chosen.choice(["numberFrom", "numberTo"]), f'"{chosen.randint(1, 4)}"^^<{XSD.integer}>'


def in_parts(lines: Iterable[str], part_of: Mapping[str, int]) -> Iterator[bytes]:
    """Yield the lines part by part, those of one graph in one part."""
    parts: dict[int, list[str]] = {}
    for one in lines:
        parts.setdefault(part_of[one.rsplit(" ", 2)[1]], []).append(one)
    yield from ("".join(parts[number]).encode() for number in sorted(parts))


def drawn(parts: Iterable[bytes], group: int, said: list[str], at_once: int = 0) -> tuple[str, list[str]]:
    """Return the lines that are drawn and the findings, `group` statements being looked at together."""
    with closing(DrawnQuads(Collection.in_base(BASE), said.append, at_once=at_once)) as drawing:
        drawing.stored.group = group
        for part in parts:
            drawing.read(part)
        layers, findings = drawing.drawn()
        return "".join(one for name, found in layers for one in inferring.lines({name: found})), [
            *map(str, findings)
        ]


def together(parts: list[bytes]) -> tuple[str, list[str]]:
    """Return the same from all data at once, since an empty document stands in two parts."""
    said: list[str] = []
    again = f'<{ID}telegram/z> <{CG}note> "z" <{GRAPH}telegram/z> .\n'.encode()
    found = drawn([*parts, again, again], 1, said)
    assert any("all data are looked at together" in one for one in said)
    return found


def by_parts(parts: list[bytes], group: int) -> tuple[str, list[str]]:
    said: list[str] = []
    once = f'<{ID}telegram/z> <{CG}note> "z" <{GRAPH}telegram/z> .\n'.encode()
    found = drawn([*parts, once], group, said)
    assert not any("all data" in one for one in said)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_random_documents_that_name_each_others_things_give_the_same(seed: int) -> None:
    chosen = random.Random(seed)  # noqa: S311 - the same graphs each time
    lines = graph(chosen, chosen.choice([30, 80, 200, 400]))
    part_of = {f"<{GRAPH}{name}>": chosen.randint(0, 3) for name in GRAPHS}
    parts = [*in_parts(lines, part_of)]

    whole = together(parts)

    assert whole[0]
    assert whole[1]
    assert by_parts(parts, GROUPS[seed % 2]) == whole


def test_the_two_telegrams_give_the_same(graph: build.Build) -> None:
    stated = [q for q in graph.quads if not is_inferred(q.graph_name.value)]
    own = (f"{GRAPH}shared", f"{GRAPH}links", f"{GRAPH}telegram/")
    lines = [f"{quad} .\n" for quad in stated if quad.graph_name.value.startswith(own)]
    names = sorted({one.rsplit(" ", 2)[1] for one in lines})
    parts = [*in_parts(lines, {name: number for number, name in enumerate(names)})]

    by_each = by_parts(parts, 1)
    of_documents = {q for q in graph.quads if is_inferred(q.graph_name.value)}

    assert {*ox.parse(by_each[0].encode(), ox.RdfFormat.N_QUADS)} == of_documents
    assert by_each == together(parts)


def test_what_axioms_draw_across_documents_is_kept() -> None:
    """No document is closed together with a graph like this; who opposes an issue in part opposes it."""
    holder, issue = f"<{ID}actor/p>", f"<{ID}issue/i>"
    part = f"{holder} <{CG}partlyOpposes> {issue} <{GRAPH}extra> .\n".encode()

    found = by_parts([part], 1)

    assert f"{holder} <{CG}opposes> {issue} <{GRAPH}inferred/across> .\n" in found[0]
    assert found == together([part])


def told_in_any(terms: list[str], graphs: list[str]) -> Iterator[str]:
    """Yield the lines of statements that several documents tell together, in every way to share them out.

    Each way has things of its own: `{n}` in `terms` and `graphs` stands for its number.
    """
    for number, chosen in enumerate(product(graphs, repeat=len(terms))):
        for said, where in zip(terms, chosen, strict=True):
            yield f"{said} <{GRAPH}{where}> .\n".replace("{n}", str(number))


DATED = [
    f"<{{thing}}> <{CG}when> <{ID}telegram/a{{n}}/date>",
    f"<{ID}telegram/a{{n}}/date> <{CG}certainty> <{ID}certainty/certain>",
    f"<{ID}telegram/a{{n}}/date> <{CG}voice> <{ID}voice/header>",
    f"<{ID}telegram/a{{n}}/date> <{CG}precision> <{ID}precision/day>",
    f"<{{thing}}> <{RDF.type}> <{CG}Document>",
]
HIGHER, LOWER = (f"<{ID}telegram/{name}{{n}}/number>" for name in "ab")
NUMBERED = [
    f"{HIGHER} <{CG}numberOf> <{ID}telegram/a{{n}}>",
    f"{HIGHER} <{CG}inSeries> <{ID}series/s{{n}}>",
    f'{HIGHER} <{CG}numberFrom> "2"^^<{XSD.integer}>',
    f"{HIGHER} <{CG}certainty> <{ID}certainty/certain>",
    f"{LOWER} <{CG}numberOf> <{ID}telegram/b{{n}}>",
    f"{LOWER} <{CG}inSeries> <{ID}series/s{{n}}>",
    f'{LOWER} <{CG}numberTo> "1"^^<{XSD.integer}>',
    f"{LOWER} <{CG}certainty> <{ID}certainty/certain>",
    f"<{ID}series/s{{n}}> <{CG}seriesFrom> <{ID}actor/p>",
]


@pytest.mark.slow
@pytest.mark.parametrize("thing", [f"{ID}telegram/a{{n}}", f"{ID}telegram/b{{n}}", f"{ID}document/d{{n}}"])
def test_a_date_that_several_documents_tell_of_is_the_best(thing: str) -> None:
    """Whoever tells which part of it: its own document, another, or what is shared."""
    lines = told_in_any(
        [said.replace("{thing}", thing) for said in DATED], ["telegram/a{n}", "telegram/b{n}", "shared"]
    )
    agree(lines, f"<{CG}bestDate>", 3 ** len(DATED))


@pytest.mark.slow
def test_numbers_that_several_documents_tell_of_are_in_order() -> None:
    lines = told_in_any(NUMBERED, ["telegram/a{n}", "telegram/b{n}"])
    agree(lines, f"<{CG}laterThan>", 2 ** len(NUMBERED))


def agree(lines: Iterable[str], predicate: str, number: int) -> None:
    """Assert that parts draw what all data draw, and at least one statement of `predicate` for each way."""
    parts: dict[str, list[str]] = {}
    for one in lines:
        parts.setdefault(one.rsplit(" ", 2)[1].rstrip("0123456789>").rpartition("/")[2], []).append(one)
    stored = ["".join(parts[name]).encode() for name in sorted(parts)]

    whole = together(stored)

    assert whole[0].count(f" {predicate} ") >= number
    assert by_parts(stored, 1) == whole
