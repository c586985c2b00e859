"""A build with the results of earlier ones against a whole one, after changes of all kinds in a row."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kg import build, cache
from kg.errors import DataError, Finding
from kg.reading.again.step_results import StepResults
from kg.reading.collection.collection import Collection
from tests.kg.asking.searching.test_search_update import said

ALPHA = "1900-01-02-alpha-1"
Change = Callable[[Path, random.Random], object]


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def toggled(file: Path, one: str, other: str) -> None:
    """Put one text in place of the other, whichever is there."""
    edit(file, *((one, other) if one in file.read_text(encoding="utf-8") else (other, one)))


def copied(place: Path, number: int) -> None:
    name = f"1900-01-02-alpha-{number}"
    target = shutil.copytree(place / "records" / "telegram" / ALPHA, place / "records" / "telegram" / name)
    for file in target.iterdir():
        text = file.read_text(encoding="utf-8").replace(ALPHA, name)
        file.write_text(text.replace("from: 1\n", f"from: {number}\n"), encoding="utf-8")
    edit(target / "header-1.yaml", "to: 1\n", f"to: {number}\n")


def document(place: Path, chance: random.Random) -> Path:
    return chance.choice(sorted((place / "records" / "telegram").iterdir()))


def more(place: Path, chance: random.Random) -> None:
    number = chance.randint(50, 1000)
    if not (place / "records" / "telegram" / f"1900-01-02-alpha-{number}").exists():
        copied(place, number)


def less(place: Path, chance: random.Random) -> None:
    others = [one for one in sorted((place / "records" / "telegram").iterdir()) if one.name != ALPHA]
    if others:
        shutil.rmtree(chance.choice(others))


CHANGES: dict[str, Change] = {
    "a relation of a person": lambda place, _: toggled(
        place / "records/actor.yaml", "countedWith: actor:land", "countedWith: actor:ministry"
    ),
    "a label of a person": lambda place, chance: (
        toggled(place / "records/actor.yaml", "en: Ben}", f"en: Ben\u2028\u0085{chance.random()}}}")
        if "Ben}" in (place / "records/actor.yaml").read_text(encoding="utf-8")
        else None
    ),
    "an issue and the one around it": lambda place, _: toggled(
        place / "records/issue.yaml", "  broader: issue:dispute\n", "  note: It stands alone.\n"
    ),
    "a place and the one around it": lambda place, _: toggled(
        place / "records/place.yaml", "  partOf: place:alpha\n", "  note: It stands alone.\n"
    ),
    "who holds a claim": lambda place, chance: toggled(
        document(place, chance) / "body-1.yaml", "heldBy: actor:ben", "heldBy: actor:ann"
    ),
    "a certainty": lambda place, chance: toggled(
        document(place, chance) / "body-1.yaml", "mode: present", "mode: silent"
    ),
    "a sender": lambda place, chance: toggled(
        document(place, chance) / "header-1.yaml", "value: actor:ann", "value: actor:editor"
    ),
    "a document more": more,
    "a document less": less,
    "a rule": lambda place, _: toggled(
        place / "queries/rules/after/own.rq", "cg:spokeAt ?event }", "cg:tookPartIn ?event }"
    ),
    "a shape": lambda place, _: toggled(place / "shapes/graph/own.ttl", "sh:minCount 9", "sh:minCount 1"),
    "the ontology": lambda place, _: toggled(
        place / "ontology/own.ttl", "rdfs:subPropertyOf cg:partOf", "rdfs:seeAlso cg:partOf"
    ),
}
RULE = """#+ title: Of whom one is counted
#+ why: A document draws more by what is said elsewhere of a person.
PREFIX cg: <https://w3id.org/cablegraph/ontology#>
CONSTRUCT { ?all cg:spokeAt ?event }
WHERE { ?position cg:heldBy ?who ; cg:voicedAt ?event . ?who cg:countedWith ?all }
"""
SHAPE = """@prefix cg: <https://w3id.org/cablegraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <https://w3id.org/cablegraph/shape/> .
shape:Own a sh:NodeShape ; sh:targetClass cg:Person ; sh:severity sh:Warning ; sh:message "few names" ;
  sh:property [ sh:path rdfs:label ; sh:minCount 9 ; sh:severity sh:Warning ; sh:message "few names" ] .
"""
AXIOM = """@prefix cg: <https://w3id.org/cablegraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
cg:countedWith rdfs:subPropertyOf cg:partOf .
"""


@pytest.fixture
def own(small_sources: Collection, tmp_path: Path) -> Collection:
    """A collection of three documents, in folders that a test may write into."""
    for name in ("ontology", "shapes", "queries", "records"):
        shutil.copytree(str(getattr(small_sources, name)), tmp_path / name)
    (tmp_path / "queries/rules/after/own.rq").write_text(RULE, encoding="utf-8")
    (tmp_path / "shapes/graph/own.ttl").write_text(SHAPE, encoding="utf-8")
    (tmp_path / "ontology/own.ttl").write_text(AXIOM, encoding="utf-8")
    for number in (2, 3):
        copied(tmp_path, number)
    folders = {name: tmp_path / name for name in ("ontology", "shapes", "queries", "records")}
    return replace(small_sources, **folders)


def outcome(sources: Collection, results: StepResults | None = None) -> tuple[bytes, list[Finding]]:
    """Return the bytes and findings of a build, no bytes if it is refused."""
    try:
        built = build.build(sources, results=results)
    except DataError as error:
        return b"", list(error.findings)
    return built.content, built.findings


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_builds_after_changes_in_a_row_are_those_of_a_whole_one(
    own: Collection, tmp_path: Path, seed: int
) -> None:
    chance, made = random.Random(seed), set[bytes]()  # noqa: S311 - chance, no secret
    changes = [*CHANGES]
    chance.shuffle(changes)
    for name in ["nothing", *changes]:
        CHANGES.get(name, lambda _, __: None)(tmp_path, chance)
        results = StepResults(tmp_path / "steps.db")

        again = outcome(own, results)

        results.save()
        assert again == outcome(own), name
        made.add(again[0])
        assert again[0], (name, again[1][:3])
    assert len(made) > len(CHANGES) - 3  # most changes change the graph


class Counted(StepResults):
    """Results that count the documents that are closed."""

    closed = 0

    def result(self, inputs, make):  # type: ignore[no-untyped-def]
        """Count a closing that is made."""
        given = list(inputs)

        def counted() -> bytes | None:
            self.closed += given[0] == b"closed"
            return make()

        return super().result(given, counted)


@pytest.mark.parametrize(
    ("change", "closed"),
    [
        ("nothing", 0),
        ("a label of a person", 0),
        ("a shape", 0),
        ("who holds a claim", 1),
        ("a document less", 0),
        ("a relation of a person", 3),
        ("a rule", 3),
        ("the ontology", 3),
    ],
)
def test_only_documents_whose_closure_may_be_another_are_closed(
    own: Collection, tmp_path: Path, change: str, closed: int
) -> None:
    first = StepResults(tmp_path / "steps.db")
    build.build(own, results=first)
    first.save()
    CHANGES.get(change, lambda _, __: None)(tmp_path, random.Random(1))  # noqa: S311 - no secret
    results = Counted(tmp_path / "steps.db")

    build.build(own, results=results)

    assert results.closed == closed


# The whole way, with the index for the search.


def files(built: cache.CachedBuild) -> list[bytes]:
    return [file.read_bytes() for file in (built.nquads, built.findings, built.statistics)]


@pytest.mark.slow
def test_files_and_index_of_a_build_after_a_change_are_those_of_a_whole_one(
    own: Collection, tmp_path: Path
) -> None:
    for number in range(4, 24):
        copied(tmp_path, number)
    cache.current(None, lambda _: None, own, tmp_path / "home")
    chance, told = random.Random(3), list[str]()  # noqa: S311 - chance, no secret
    for name in (
        "who holds a claim",
        "a document more",
        "a label of a person",
        "a document less",
        "a sender",
    ):
        CHANGES[name](tmp_path, chance)

        again = cache.current(None, told.append, own, tmp_path / "home")

        whole = cache.current(None, lambda _: None, own, tmp_path / f"home of {name}")
        assert files(again) == files(whole), name
        assert said(again.search) == said(whole.search), name
    assert told.count("indexing what has changed for the search") == 5
    assert "indexing all words for the search" not in told


@pytest.mark.slow
def test_an_index_is_made_anew_after_a_change_of_questions_or_without_the_last_one(
    own: Collection, tmp_path: Path
) -> None:
    home, told = tmp_path / "home", list[str]()
    first = cache.current(None, told.append, own, home)
    edit(tmp_path / "queries/shared-things.rq", "#+ title: ", "#+ title: Other ")
    second = cache.current(None, told.append, own, home)
    for built in (first, second):
        shutil.rmtree(built.nquads.parent)
    cache.current(None, told.append, own, home)

    assert [one for one in told if "for the search" in one] == ["indexing all words for the search"] * 3


BUILD = """
import sys
from dataclasses import replace
from pathlib import Path
from kg import cache
from kg.reading.collection.collection import Collection
place = Path(sys.argv[1])
names = ("ontology", "shapes", "queries", "records")
own = replace(Collection.shipped(), **{name: place / name for name in names})
cache.current(None, lambda text: print(text, flush=True), own, place / "home")
"""


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["validating", "inferring", "indexing"])
def test_a_build_that_was_killed_leaves_what_the_next_one_can_use(
    own: Collection, tmp_path: Path, moment: str
) -> None:
    cache.current(None, lambda _: None, own, tmp_path / "home")
    CHANGES["who holds a claim"](tmp_path, random.Random(1))  # noqa: S311 - no secret
    command = [sys.executable, "-c", BUILD, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        next(line for line in process.stdout if line.startswith(moment))
        process.kill()
    assert process.returncode == -signal.SIGKILL

    again = cache.current(None, lambda _: None, own, tmp_path / "home")

    whole = cache.current(None, lambda _: None, own, tmp_path / "another home")
    assert files(again) == files(whole)
    assert said(again.search) == said(whole.search)
