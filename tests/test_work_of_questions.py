"""The work of a saved question grows with its answer, not with telegrams that it does not tell of.

Work is counted, not timed: the engine calls a function of ours for each label, each text and each quote
that it looks at. A clock would tell more of the machine than of the query.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

import pyoxigraph as ox
import pytest

from kg import build
from kg.asking.questions import parameters, saved_queries
from kg.namespaces import CG, ID, PREFIXES
from kg.resources import folder
from kg.store import unasserted

from .benchmark.corpus import quads

SAVED = saved_queries.load(folder("queries"))
FEW, MANY = 4, 16  # further telegrams, which the questions do not ask about
A_ROW = 25  # calls for each further row: labels of its columns, its quotes
SPARE = 30
# Questions about all telegrams, whose rows are fewer than what they look at.
WHOLE: Mapping[str, str] = MappingProxyType(
    {
        "certainty-counted": "counts all statements",
        "dates-of-documents": "a row for each document, from all its dates",
        "events-in-order": "a row for each event, from all its dates and statuses",
        "letters-in-order": "a row for each letter and telegram, from all its dates and relations",
        "positions-by-actor-and-issue": "all positions; a made telegram has some that no row shows",
        "silent-or-absent": "all participations of two modes; a made telegram has some that no row shows",
        "stance-over-time": "all positions of somebody; a made telegram has some that no row shows",
        "stances-at-an-event": "a position voiced elsewhere may be a rival reading of one voiced there",
        "statements-by-choice": "all statements, unless something is chosen; /statements pages it",
        "statements-counted-by-choice": "counts all statements",
        "statements-by-word": "all texts; the search has an index of words",
    }
)
# Their work still grows with telegrams that they do not tell of: to be mended.
GROWING = frozenset({"claims-about-an-actor", "description-of-a-telegram"})
# What the page of a thing asks, with a value, though the whole answer grows: parameter, thing.
OF_A_THING: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "dates-of-documents": ("document", "telegram/1962-10-23-havana-1643"),
        "description-of-a-telegram": ("telegram", "telegram/1962-10-23-havana-1643"),
        "events-in-order": ("event", "event/night-visit-of-27-october"),
        "letters-in-order": ("document", "telegram/1962-10-23-havana-1643"),
    }
)
TABLES = [
    name
    for name, query in SAVED.items()
    if query.columns and not query.federated and name not in {*WHOLE, *GROWING}
]
# Questions about all of the data that read all names, too.
NAMING = frozenset(
    {"actors-without-link", "documents-by-depth", "stances-and-silences", "two-telegrams-compared"}
)
_JOINED = re.compile(
    r"GROUP_CONCAT *\((?:DISTINCT )?((?:[^()]|\((?:[^()]|\([^()]*\))*\))*?)(?: ?; ?separator ?= ?\"[^\"]*\")?\)",
    re.IGNORECASE,
)


class Joined:
    """A function that joins texts, and counts them."""

    def __init__(self, called: Callable[[], None]) -> None:
        self._called, self._texts = called, list[str]()

    def accumulate(self, term: ox.Literal) -> None:
        """Take one text."""
        self._called()
        self._texts.append(term.value)

    def finish(self) -> ox.Literal:
        """Return all of them."""
        return ox.Literal(" ".join(self._texts))


class Work:
    """Counts the labels, texts and quotes that the engine looks at."""

    def __init__(self) -> None:
        self.calls = 0

    def of(self, store: ox.Store, query: str) -> tuple[int, int]:
        """Return how many rows `query` has, and how many calls they took."""
        self.calls = 0
        counted = _JOINED.sub(r"<urn:joined>(\1)", query)
        counted = re.sub(r"\blang\(", "<urn:lang>(", re.sub(r"\bSTR\(", "<urn:str>(", counted))
        rows = store.query(
            counted,
            use_default_graph_as_union=True,
            custom_functions={ox.NamedNode("urn:lang"): self._lang, ox.NamedNode("urn:str"): self._str},
            custom_aggregate_functions={ox.NamedNode("urn:joined"): lambda: Joined(self._called)},
        )
        assert isinstance(rows, ox.QuerySolutions)
        return sum(1 for _ in rows), self.calls

    def _called(self) -> None:
        self.calls += 1

    def _lang(self, term: ox.Literal) -> ox.Literal:
        self._called()
        return ox.Literal(getattr(term, "language", None) or "")

    def _str(self, term: ox.Literal | ox.NamedNode) -> ox.Literal:
        self._called()
        return ox.Literal(term.value)


@pytest.fixture(scope="module")
def stores(graph: build.Build) -> tuple[ox.Store, ox.Store]:
    """The real graph with few further telegrams, and with many."""
    few, many = build.store_of(graph), build.store_of(graph)
    few.extend(quads(FEW))
    many.extend(quads(MANY))
    return few, many


@pytest.mark.parametrize("name", TABLES)
def test_the_work_grows_with_the_answer_alone(name: str, stores: tuple[ox.Store, ox.Store]) -> None:
    text = "\n".join(line for line in SAVED[name].text.splitlines() if not line.startswith("#+"))
    few, many = stores

    rows, work = Work().of(few, text)
    more_rows, more_work = Work().of(many, text)

    assert more_work - work <= A_ROW * (more_rows - rows) + SPARE


@pytest.mark.parametrize("name", OF_A_THING)
def test_the_work_for_one_thing_does_not_grow_with_others(
    name: str, stores: tuple[ox.Store, ox.Store]
) -> None:
    parameter, thing = OF_A_THING[name]
    text = parameters.fill(SAVED[name].text, {parameter: ox.NamedNode(f"{ID}{thing}")})
    text = "\n".join(line for line in text.splitlines() if not line.startswith("#+"))
    few, many = stores

    rows, work = Work().of(few, text)
    more_rows, more_work = Work().of(many, text)

    assert rows == more_rows > 0
    assert more_work == work


@pytest.mark.parametrize("name", [name for name in TABLES if name not in NAMING])
def test_the_names_of_others_are_not_read(name: str, stores: tuple[ox.Store, ox.Store]) -> None:
    text = "\n".join(line for line in SAVED[name].text.splitlines() if not line.startswith("#+"))
    few = stores[0]
    named = ox.Store()
    named.extend(few)
    label, graph = ox.NamedNode(f"{PREFIXES['rdfs']}label"), ox.NamedNode("urn:g")
    named.extend(
        ox.Quad(ox.NamedNode(f"{ID}actor/made-{n}"), label, ox.Literal(f"Made {n}", language="en"), graph)
        for n in range(500)
    )

    rows, work = Work().of(few, text)

    assert Work().of(named, text) == (rows, work)


def test_what_is_not_asserted_is_found_without_all_that_a_program_found() -> None:
    store = ox.Store()
    found, sure = ox.NamedNode(f"{ID}certainty/found"), ox.NamedNode(f"{CG}certainty")
    graph = ox.NamedNode("urn:g")
    statements = [ox.NamedNode(f"urn:s{n}") for n in range(MANY)]
    store.extend(ox.Quad(one, sure, found, graph) for one in statements)

    asked: list[str] = []

    def ask(query: str) -> list[ox.QuerySolution]:
        asked.append(query)
        rows = store.query(query, use_default_graph_as_union=True)
        assert isinstance(rows, ox.QuerySolutions)
        return list(rows)

    one = unasserted.read(ask, [statements[0].value])

    assert list(one) == [statements[0].value]
    assert all("VALUES (" not in query for query in asked)  # of signs: the engine would begin with them
    branches = asked[1].split("SELECT")[1].count("VALUES ?s")
    assert branches == 5  # one in each branch of the second
