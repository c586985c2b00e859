"""What ontology/README.md shows is so: its tables are made from the Turtle, its queries have answers.

`python tests/test_ontology_readme.py` writes the tables anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.namespaces import PREFIXES
from kg.terms import value

ROOT = Path(__file__).parents[1]
FILE = ROOT / "ontology" / "README.md"
README = FILE.read_text(encoding="utf-8")
CG, ID, OWL = PREFIXES["cg"], PREFIXES["id"], PREFIXES["owl"]
QUERIES = re.findall(r"```sparql\n(.*?)```", README, re.DOTALL)
SHOWN = re.findall(r"```sparql-prefixes\n(.*?)```", README, re.DOTALL)
TABLE = r"(<!-- {} -->\n)(.*?)(<!-- end -->)"
DATATYPES = {"xsd:integer": "integer", "xsd:decimal": "decimal",
             "xsd:dateTime": "date and time", "xsd:date": "date"}  # fmt: skip


class Turtle:
    """The triples of Turtle files, looked up by subject and property; English texts only."""

    def __init__(self, files: Iterable[Path]) -> None:
        self.triples = [
            q.triple for f in sorted(files) for q in ox.parse(f.read_bytes(), ox.RdfFormat.TURTLE)
        ]

    def of(self, subject: str, name: str) -> list[str]:
        prefix, _, local = name.partition(":")
        return [value(t.object) for t in self.triples
                if value(t.subject) == subject and t.predicate.value == PREFIXES[prefix] + local
                and getattr(t.object, "language", None) in (None, "en")]  # fmt: skip

    def typed(self, kind: str) -> list[str]:
        return [value(t.subject) for t in self.triples
                if t.predicate.value == PREFIXES["rdf"] + "type" and value(t.object) == kind]  # fmt: skip


def rows(head: str, body: Iterable[tuple[str, ...]]) -> str:
    """Return a Markdown table; `head` has the column names, separated by blanks."""
    names = head.split()
    lines = [names, ["---"] * len(names), *([cell.replace("|", "\\|") for cell in row] for row in body)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def local(iri: str) -> str:
    return iri.removeprefix(CG).removeprefix(PREFIXES["skos"]).removeprefix(ID)


def names(iris: Iterable[str], otherwise: str = "") -> str:
    ours = [f"`{local(iri)}`" for iri in iris if iri.startswith((CG, PREFIXES["skos"]))]
    return ", ".join(ours) or otherwise


def classes(ontology: Turtle) -> str:
    return rows("class kind-of meaning example", (
        (f"`{local(c)}`", names(ontology.of(c, "rdfs:subClassOf")), *meaning(ontology, c))
        for c in ontology.typed(f"{OWL}Class")))  # fmt: skip


def meaning(ontology: Turtle, term: str) -> tuple[str, str]:
    return ontology.of(term, "skos:definition")[0], ontology.of(term, "skos:example")[0]


def properties(ontology: Turtle) -> str:
    context = json.loads((ROOT / "ontology" / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    entries = {entry["@id"]: entry for entry in context.values() if isinstance(entry, dict)}
    paths = {value(t.object) for t in Turtle((ROOT / "shapes" / "stated").glob("*.ttl")).triples
             if t.predicate.value.endswith("shacl#path")}  # fmt: skip

    def row(term: str) -> tuple[str, ...]:
        entry = entries[f"cg:{local(term)}"]
        text = "text, English" if "@language" in entry else "text"
        target = names(ontology.of(term, "rdfs:range"), DATATYPES.get(entry.get("@type", ""), text))
        if term in things and not ontology.of(term, "rdfs:range"):
            target = "any"
        source = "record" if term in paths else "list" if term in on_values else "inferred"
        joined = f"{names(ontology.of(term, 'rdfs:domain'), 'any')} → {target}"
        return f"`{local(term)}`", joined, *meaning(ontology, term), source

    on_values = {t.predicate.value for t in ontology.triples if value(t.subject).startswith(ID)}
    things = set(ontology.typed(f"{OWL}ObjectProperty"))
    every = [*things, *ontology.typed(f"{OWL}DatatypeProperty")]
    return rows("property domain→range meaning example from", map(row, sorted(every, key=str.lower)))


def lists(ontology: Turtle) -> str:
    found = []
    for scheme in ontology.typed(PREFIXES["skos"] + "ConceptScheme"):
        words = [
            c
            for c in ontology.typed(PREFIXES["skos"] + "Concept")
            if ontology.of(c, "skos:inScheme") == [scheme]
        ]
        found.append((f"`{local(scheme)}`", ", ".join(f"`{c.rpartition('/')[2]}`" for c in words)))
    return rows("list values", found)


TABLES = {"classes": classes, "properties": properties, "lists": lists}


@pytest.fixture(scope="module")
def ontology() -> Turtle:
    return Turtle((ROOT / "ontology").glob("*.ttl"))


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_what_the_turtle_says(name: str, ontology: Turtle) -> None:
    shown = re.search(TABLE.format(name), README, re.DOTALL)
    made = TABLES[name](ontology)

    assert shown
    assert made.count("\n") > 2  # rows below the head
    assert shown.group(2) == made


def test_the_prefixes_are_those_of_the_code() -> None:
    shown = dict(re.findall(r"PREFIX (\w+): <(.*)>", SHOWN[0]))

    assert shown
    assert {prefix: PREFIXES[prefix] for prefix in shown} == shown


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_a_query_has_an_answer_with_the_prefixes_that_are_shown(query: str, store: ox.Store) -> None:
    found = store.query(SHOWN[0] + query, use_default_graph_as_union=True)

    assert isinstance(found, ox.QuerySolutions)
    assert list(found)


def asked(number: int, column: str, store: ox.Store) -> set[str]:
    found = store.query(SHOWN[0] + QUERIES[number], use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return {row[column].value for row in found}


def test_the_first_query_finds_the_critics_of_the_session(store: ox.Store) -> None:
    names_found = asked(0, "holder", store)

    assert {"Guillermo García Frías", "Haydée Santamaría Cuadrado"} <= names_found
    assert not [name for name in names_found if "Ordoqui" in name or "Guevara" in name]


def test_the_query_of_silence_and_absence_finds_three_men(store: ox.Store) -> None:
    assert len(asked(3, "name", store)) == 3


def test_a_term_of_ours_that_the_text_names_exists(ontology: Turtle) -> None:
    declared = {
        local(t)
        for kind in ("Class", "ObjectProperty", "DatatypeProperty")
        for t in ontology.typed(OWL + kind)
    }
    text = re.sub(r"```mermaid.*?```", "", README, flags=re.DOTALL)
    used = set(re.findall(r"\bcg:(\w+)", text))

    assert len(used) > 30
    assert used <= declared


def renewed(text: str) -> str:
    """Return the README with its tables made anew."""
    turtle = Turtle((ROOT / "ontology").glob("*.ttl"))
    for title, table in TABLES.items():
        before, start, rest = text.partition(f"<!-- {title} -->\n")
        _, end, after = rest.partition("<!-- end -->")
        text = before + start + table(turtle) + end + after
    return text


if __name__ == "__main__":
    FILE.write_text(renewed(README), encoding="utf-8")
