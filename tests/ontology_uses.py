"""What asks for each class and property of the ontology: questions, READMEs, rules, tables of a release, shapes.

A question asks for what its text names, for the class of its choices, and for all narrower classes where it
names `rdfs:subClassOf` of a class. A rule asks for what its pattern reads, not for what it draws. The shapes
that only list the keys of records (`shapes/stated`) ask for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox

from kg.asking.questions import saved_queries
from kg.asking.questions.query_triples import iris_named
from kg.inference import rules
from kg.namespaces import CG, PREFIXES
from kg.resources import folder
from kg.terms import expand, value

ROOT = Path(__file__).parents[1]
SHOWN = 3  # names in a cell; the rest is counted
NARROWER = re.compile(r"rdfs:subClassOf[*+?]?\s+cg:(\w+)")
Asking = tuple[str, set[str]]  # who asks, as a link, and the IRIs that he names


def named(text: str, narrower: Mapping[str, set[str]]) -> set[str]:
    """Return the IRIs that a query names, with the narrower classes of those of which it asks for all."""
    query = "\n".join(line for line in text.splitlines() if not line.startswith("#+"))
    kinds = (narrower.get(f"{CG}{name}", set()) for name in NARROWER.findall(query))
    return set(iris_named(query)).union(*kinds)


def questions(narrower: Mapping[str, set[str]], projections: bool) -> Iterator[Asking]:
    for name, query in saved_queries.load(folder("queries")).items():
        if name.startswith("projection-") == projections:
            choices = {expand(p.choices[1]) for p in query.parameters if p.choices}
            yield f"[{name}](../queries/{name}.rq)", named(query.text, narrower) | choices


def readme(narrower: Mapping[str, set[str]]) -> Iterator[Asking]:
    text = (ROOT / "ontology" / "README.md").read_text(encoding="utf-8")
    (prefixes,) = re.findall(r"```sparql-prefixes\n(.*?)```", text, re.DOTALL)
    queries = re.findall(r"```sparql\n(.*?)```", text, re.DOTALL)
    yield "this page", set().union(*(named(prefixes + query, narrower) for query in queries))


def patterns() -> Iterator[Asking]:
    for rule in rules.load(folder("queries") / "rules"):
        yield (
            f"rule [{rule.name}](../queries/rules/{rule.stage}/{rule.name}.rq)",
            {CG + n for n in rule.reads},
        )


def tables(narrower: Mapping[str, set[str]]) -> Iterator[Asking]:
    for file in sorted((ROOT / "queries" / "tables").glob("*.rq")):
        yield f"table [{file.stem}](../queries/tables/{file.name})", named(file.read_text("utf-8"), narrower)


def shapes() -> Iterator[Asking]:
    for file in sorted((ROOT / "shapes" / "graph").glob("*.ttl")):
        triples = [q.triple for q in ox.parse(file.read_bytes(), ox.RdfFormat.TURTLE)]
        yield f"shapes [{file.stem}](../shapes/graph/{file.name})", {value(t.object) for t in triples}


def asking(narrower: Mapping[str, set[str]]) -> list[Asking]:
    """Return all that ask, the questions first; of two questions first the one that names fewer terms."""
    specific = sorted(questions(narrower, projections=False), key=lambda one: (len(one[1]), one[0]))
    rest = (readme(narrower), patterns(), tables(narrower), shapes(), questions(narrower, projections=True))
    return [*specific, *(one for kind in rest for one in kind)]


def needed_by(term: str, asked: list[Asking], ranges: Mapping[str, str]) -> str:
    """Return who asks for a term, else through which properties, asked for themselves, its things are reached."""
    found = [who for who, names in asked if term in names]
    if found:
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        return ", ".join(found[:SHOWN]) + more
    reached = [p for p, range_ in ranges.items() if range_ == term and any(p in names for _, names in asked)]
    return ", ".join(f"through `{p.removeprefix(CG)}`" for p in sorted(reached))


def needs(triples: list[ox.Triple]) -> dict[str, str]:
    """Return who needs each class and property that the triples of an ontology declare."""
    owl, rdfs = PREFIXES["owl"], PREFIXES["rdfs"]
    of_type = [
        (value(t.subject), value(t.object)) for t in triples if t.predicate.value == f"{PREFIXES['rdf']}type"
    ]
    ranges = {value(t.subject): value(t.object) for t in triples if t.predicate.value == f"{rdfs}range"}
    narrower: dict[str, set[str]] = {}
    for t in triples:
        if t.predicate.value == f"{rdfs}subClassOf":
            narrower.setdefault(value(t.object), set()).add(value(t.subject))
    asked = asking(narrower)
    classes = [term for term, kind in of_type if kind == f"{owl}Class"]
    properties = [t for t, kind in of_type if kind in (f"{owl}ObjectProperty", f"{owl}DatatypeProperty")]
    return {term: needed_by(term, asked, ranges) for term in (*classes, *sorted(properties, key=str.lower))}
