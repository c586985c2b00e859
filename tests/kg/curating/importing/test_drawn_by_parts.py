"""What follows from documents on disk, part by part, against the same from all data in memory."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing

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
