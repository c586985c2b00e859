"""Collections that are read together: what is refused, with the file and what to write, and their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import DataError
from kg.namespaces import BASE, Namespaces
from kg.reading.collection import together
from kg.resources import listed
from kg.terms import expand, short
from tests.kg.reading.collection.test_collection import GOOD, OWN

OTHER = "https://example.org/lisbon/"
BOTH = Namespaces(OWN, (("lisbon", OTHER), ("cablegraph", BASE)))
# The IRI of a thing, its path below the root of a service, its name below `id/` and its short name.
NAMED = [
    (f"{OWN}id/actor/ann", "id/actor/ann", "actor/ann", "actor:ann"),
    (f"{OTHER}id/actor/ann", "id/in/lisbon/actor/ann", "in/lisbon/actor/ann", "lisbon-actor:ann"),
    (f"{BASE}id/actor/ann", "id/in/cablegraph/actor/ann", "in/cablegraph/actor/ann", "cablegraph-actor:ann"),
]


def collection(place: Path, base: str) -> Path:
    """Make a collection without records in the folder `place` and return the folder."""
    (place / "records").mkdir(parents=True)
    (place / "collection.yaml").write_text(GOOD.replace(OWN, base))
    return place


def refused(*places: Path | None) -> str:
    """Return the message about collections that cannot be read together."""
    with pytest.raises(DataError) as raised:
        together.read(places)
    return str(raised.value)


@pytest.mark.parametrize(("iri", "path", "name", "shown"), NAMED)
def test_a_thing_of_each_collection_has_a_path_and_a_short_name(
    iri: str, path: str, name: str, shown: str
) -> None:
    from pyoxigraph import NamedNode

    assert (BOTH.path(iri), BOTH.iri(path)) == (path, iri)
    assert (BOTH.name(iri), BOTH.thing(name)) == (name, iri)
    assert (short(NamedNode(iri), BOTH), expand(shown, BOTH)) == (shown, iri)
    assert BOTH.in_ours(iri) == f"{BASE}id/actor/ann"


@pytest.mark.parametrize("term", ["ontology#Person", "id/voice/writer", "graph/ontology"])
def test_our_terms_stay_where_they_are(term: str) -> None:
    assert BOTH.path(BASE + term) == term
    assert BOTH.iri(term) == BASE + term


def test_the_first_gives_title_base_and_prefixes(tmp_path: Path) -> None:
    first, second = collection(tmp_path / "a", OWN), collection(tmp_path / "b", OTHER)
    (second / "queries").mkdir()
    (second / "queries" / "who.rq").write_text("")

    read = together.read((first, second, None))

    assert (read.about.base, read.names) == (OWN, BOTH)
    assert [other.about.base for other in read.others] == [OTHER, BASE]
    assert read.places == (first, second, None)
    assert together.again(read).about == read.about
    assert "who.rq" in {file.name for file in listed(read.queries, ".rq")}
    assert [read.about.of(f"{base}id/actor/ann").base for base in (OWN, OTHER, BASE)] == [OWN, OTHER, BASE]


def test_one_alone_is_read_as_ever(tmp_path: Path) -> None:
    place = collection(tmp_path / "a", OWN)

    assert together.read((place,)).others == ()
    assert together.read(()) == together.read((Path("shipped"),)) == together.read((None,))


def test_bases_with_one_end_are_named_in_full(tmp_path: Path) -> None:
    bases = (OWN, "https://example.org/a/lisbon/", "https://example.org/b/lisbon/")
    places = [collection(tmp_path / str(n), base) for n, base in enumerate(bases)]

    names = together.read(places).names.others

    assert [name for name, _ in names] == ["example-org-a-lisbon", "example-org-b-lisbon"]


@pytest.mark.parametrize("base", [OWN, f"{OWN}more/"])
def test_a_base_that_another_has_is_refused_at_its_line(tmp_path: Path, base: str) -> None:
    first, second = collection(tmp_path / "a", OWN), collection(tmp_path / "b", base)

    message = refused(first, second)

    assert message.startswith(f"{second}/collection.yaml:2: the base <{base}> is, or is within, <{OWN}>")
    assert f"write another, as in `base: {base.rstrip('/')}-2/`" in message


def test_a_term_that_two_describe_differently_is_refused(tmp_path: Path) -> None:
    places = [collection(tmp_path / name, f"https://example.org/{name}/") for name in ("a", "b", "c")]
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    for place, text in zip(places, ("local time", "local time", "our time"), strict=True):
        (place / "ontology").mkdir()
        (place / "ontology" / "own.ttl").write_text(f'<{BASE}id/zone/own> {label} "{text}" .\n')
    (places[0] / "ontology" / "wrong.ttl").write_text("no Turtle")

    assert together.read(places[:2]).others
    message = refused(*places)
    assert message.startswith(
        f"{places[2]}/ontology/own.ttl: <{BASE}id/zone/own> is described differently in"
    )
    assert "give one of the two another name" in message
