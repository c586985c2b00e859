"""What stands in the repository and is made from something else there.

    python -m tests.regenerate

writes the tables of the READMEs anew, each below its mark `<!-- name -->`, and records the rows of saved
queries that have none. Recorded rows are expectations: read new ones against the texts; to record rows again,
delete their file. `test_regenerate.py` compares all of it.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox

from kg import cache, terms
from kg.asking.questions import query_header, saved_queries
from kg.asking.questions.columns import QUERY_COLUMN, TYPES
from kg.checking import shacl
from kg.errors import CablegraphError
from kg.inference import rules
from kg.namespaces import CG, GRAPH, ID, PREFIXES, RDF
from kg.publishing.tables import sqlite, table_definition
from kg.resources import folder
from kg.store import sparql
from kg.terms import value

from . import ontology_uses
from .test_structure import ORDER

ROOT = Path(__file__).parents[1]
ROWS = ROOT / "tests" / "queries"
OWL, SKOS, SH = PREFIXES["owl"], PREFIXES["skos"], "http://www.w3.org/ns/shacl#"
DATATYPES = {"xsd:integer": "integer", "xsd:decimal": "decimal",
             "xsd:dateTime": "date and time", "xsd:date": "date"}  # fmt: skip
TARGETS = (("targetClass", ""), ("targetSubjectsOf", "what has "), ("targetObjectsOf", "what is named by "))
Row = tuple[str, ...]
SHARED = ("topic", "issue", "event", "actor", "document", "telegram", "office", "place", "series")  # prefixes
JOINED = " … "  # between the quotes of one statement


class Turtle:
    """The triples of Turtle files, looked up by subject and property; English texts only."""

    def __init__(self, *files: Path) -> None:
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
                if t.predicate.value == RDF.type and value(t.object) == kind]  # fmt: skip


def ontology() -> Turtle:
    return Turtle(*(ROOT / "ontology").glob("*.ttl"))


def local(iri: str) -> str:
    return iri.removeprefix(CG).removeprefix(SKOS).removeprefix(ID)


def names(iris: Iterable[str], otherwise: str = "") -> str:
    ours = [f"`{local(iri)}`" for iri in iris if iri.startswith((CG, SKOS))]
    return ", ".join(ours) or otherwise


def meaning(own: Turtle, term: str) -> tuple[str, str]:
    return own.of(term, "skos:definition")[0], own.of(term, "skos:example")[0]


def classes(_: ox.Store) -> Iterator[Row]:
    own = ontology()
    for term in own.typed(f"{OWL}Class"):
        yield f"`{local(term)}`", names(own.of(term, "rdfs:subClassOf")), *meaning(own, term)


def properties(_: ox.Store) -> Iterator[Row]:
    own = ontology()
    context = json.loads((ROOT / "ontology" / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    entries = {entry["@id"]: entry for entry in context.values() if isinstance(entry, dict)}
    shapes = Turtle(*(ROOT / "shapes" / "stated").glob("*.ttl"))
    paths = {value(t.object) for t in shapes.triples if t.predicate.value == f"{SH}path"}
    on_values = {t.predicate.value for t in own.triples if value(t.subject).startswith(ID)}
    things = set(own.typed(f"{OWL}ObjectProperty"))
    for term in sorted([*things, *own.typed(f"{OWL}DatatypeProperty")], key=str.lower):
        entry = entries[f"cg:{local(term)}"]
        text = "text, English" if "@language" in entry else "text"
        otherwise = "any" if term in things else DATATYPES.get(entry.get("@type", ""), text)
        target = names(own.of(term, "rdfs:range"), otherwise)
        source = "record" if term in paths else "list" if term in on_values else "inferred"
        joined = f"{names(own.of(term, 'rdfs:domain'), 'any')} → {target}"
        yield f"`{local(term)}`", joined, *meaning(own, term), source


def uses(_: ox.Store) -> Iterator[Row]:
    for term, needed in ontology_uses.needs(ontology().triples).items():
        yield f"`{local(term)}`", needed


def lists(_: ox.Store) -> Iterator[Row]:
    own = ontology()
    concepts = own.typed(f"{SKOS}Concept")
    for scheme in own.typed(f"{SKOS}ConceptScheme"):
        words = [c for c in concepts if own.of(c, "skos:inScheme") == [scheme]]
        yield f"`{local(scheme)}`", ", ".join(f"`{c.rpartition('/')[2]}`" for c in words)


def things(store: ox.Store) -> Iterator[Row]:
    """Yield for each kind of thing that several telegrams share its prefix and the names below it."""
    kinds: dict[str, set[str]] = {}
    for quad in store.quads_for_pattern(None, ox.NamedNode(RDF.type), None):
        prefix, colon, name = terms.short(quad.subject).partition(":")
        if colon and prefix in SHARED:
            kinds.setdefault(prefix, set()).add(name)
    for prefix in SHARED:
        yield f"`{prefix}:`", ", ".join(f"`{name}`" for name in sorted(kinds[prefix]))


def guards(_: ox.Store) -> Iterator[Row]:
    for place in shacl.FOLDERS:
        for file in sorted((ROOT / "shapes" / place).glob("*.ttl")):
            shapes = Turtle(file)
            for shape in sorted(s for s in shapes.typed(f"{SH}NodeShape") if s.startswith("http")):
                yield f"`{shape.rpartition('#')[2]}`", targets(shapes, shape), f"`{place}/{file.name}`"


def targets(shapes: Turtle, shape: str) -> str:
    """Return what a shape looks at, in the words of the table."""
    found = []
    for key, words in TARGETS:
        own = (t for t in shapes.triples if (value(t.subject), t.predicate.value) == (shape, f"{SH}{key}"))
        if looked_at := sorted(terms.short(t.object) for t in own):
            found.append(words + ", ".join(looked_at))
    return "; ".join(found)


def queries(_: ox.Store) -> Iterator[Row]:
    for name, query in saved_queries.load(folder("queries")).items():
        given = " ".join(f"`{parameter.name}={parameter.default}`" for parameter in query.parameters)
        columns = ", ".join(column.name for column in query.columns) or "a graph"
        yield f"[{name}]({name}.rq)", query.question, given, columns


def keys(of: Mapping[str, str]) -> Callable[[ox.Store], Iterator[Row]]:
    return lambda _: ((f"`{key}`", about) for key, about in of.items())


def rule_files(_: ox.Store) -> Iterator[Row]:
    for rule in rules.load(folder("queries") / "rules"):
        yield f"`{rule.stage}/{rule.name}.rq`", rule.title


def inferences(store: ox.Store) -> Iterator[Row]:
    """Yield the kinds that the table names, by what makes them, with their number in the graph."""
    drawn = {quad.triple for quad in store if value(quad.graph_name).startswith(f"{GRAPH}inferred/")}
    counts = Counter(terms.short(t.object if t.predicate.value == RDF.type else t.predicate) for t in drawn)
    for kind, _, source, question in shown("queries/rules/README.md", "inferences"):
        yield kind, str(counts[kind.strip("`")]), source, question


def csv_tables(_: ox.Store) -> Iterator[Row]:
    source, way = folder("queries") / "tables", "../../../queries/tables"
    for table in table_definition.load(source):
        yield f"[{table.name}]({way}/{table.name}.rq)", table.description
    for view in sqlite.load_views(source / "views"):
        yield f"[{view.name}]({way}/views/{view.name}.sql)", view.description


def first_line(file: Path) -> str:
    """Return the first line of the docstring of a module, without its full stop."""
    described = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return described.split("\n")[0].removesuffix(".")


def rooms(_: ox.Store) -> Iterator[Row]:
    for package, order in ORDER.items():
        for name in order:
            place = ROOT / package / name.replace(".", "/")
            if place.is_dir():
                yield f"`{place.relative_to(ROOT)}`", first_line(place / "__init__.py")
            elif not name.startswith("__"):
                module = place.with_suffix(".py")
                yield f"`{module.relative_to(ROOT)}`", first_line(module)


# The file and the mark of each table -> what makes its rows.
TABLES: Mapping[tuple[str, str], Callable[[ox.Store], Iterator[Row]]] = {
    ("README.md", "folders"): rooms,
    ("kg/publishing/tables/README.md", "tables"): csv_tables,
    ("ontology/README.md", "classes"): classes,
    ("ontology/README.md", "properties"): properties,
    ("ontology/README.md", "uses"): uses,
    ("ontology/README.md", "lists"): lists,
    ("queries/README.md", "keys"): keys(query_header.KEYS),
    ("queries/README.md", "column keys"): keys(QUERY_COLUMN.meanings),
    ("queries/README.md", "types"): keys({name: type_.about for name, type_ in TYPES.items()}),
    ("queries/README.md", "queries"): queries,
    ("queries/README.md", "things"): things,
    ("queries/rules/README.md", "rules"): rule_files,
    ("queries/rules/README.md", "inferences"): inferences,
    ("shapes/README.md", "shapes"): guards,
}


def parts(text: str, mark: str) -> tuple[str, str, str]:
    """Return what stands before the rows of a table, its rows, and the rest; raises ValueError without it."""
    found = re.search(rf"<!-- {mark} -->\n\|.*\n\|[-|]+\n((?:\|.*\n)*)", text)
    if found is None:
        raise ValueError(f"there is no table below <!-- {mark} -->")
    return text[: found.start(1)], found[1], text[found.end(1) :]


def shown(file: str, mark: str) -> list[Row]:
    """Return the cells of each row of a table as it stands."""
    lines = parts((ROOT / file).read_text(encoding="utf-8"), mark)[1].splitlines()
    return [tuple(re.split(r" \| ", line.removeprefix("| ").removesuffix(" |"))) for line in lines]


def renewed(text: str, mark: str, rows: Iterable[Row]) -> str:
    """Return `text` with `rows` in its table."""
    before, _, after = parts(text, mark)
    lines = [" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows]
    return before + "".join(f"| {line} |\n" for line in lines) + after


def recorded(store: ox.Store, query: str) -> str:
    """Return the rows of a query as its file of expected rows has them, joined quotes abridged."""
    written, short = io.BytesIO(), io.StringIO()
    sparql.rows(store, query).serialize(written, ox.QueryResultsFormat.CSV)
    rows = csv.reader(io.StringIO(written.getvalue().decode()))
    csv.writer(short, lineterminator="\n").writerows([abridged(cell) for cell in row] for row in rows)
    return short.getvalue()


def abridged(cell: str) -> str:
    """Return a cell with the first and the last word of each of its joined quotes, or with up to three words.

    Quotes that adjoin in a source would otherwise stand as a long run of its words in the repository.
    """
    if JOINED not in cell:
        return cell
    pieces = [piece.split(" ") for piece in cell.split(JOINED)]
    return JOINED.join(" ".join(p if len(p) < 4 else [p[0], "..", p[-1]]) for p in pieces)


def main() -> None:
    """Write what has changed and name each file."""
    store = cache.store(cache.current())
    for (name, mark), make in TABLES.items():
        file = ROOT / name
        before = file.read_text(encoding="utf-8")
        if (after := renewed(before, mark, make(store))) != before:
            file.write_text(after, encoding="utf-8")
            sys.stdout.write(f"{name}: {mark}\n")
    for name, query in saved_queries.load(folder("queries")).items():
        file = ROWS / f"{name}.csv"
        if not (file.exists() or query.federated) and sparql.projection(query.text):
            file.write_text(rows := recorded(store, query.text), encoding="utf-8")
            repeated = len(rows.splitlines()) - len(set(rows.splitlines()))
            doubt = f"; {repeated} rows are repeated, SELECT DISTINCT?" if repeated else ""
            sys.stdout.write(f"tests/queries/{file.name}: read these rows against the texts{doubt}\n")


if __name__ == "__main__":
    try:
        main()
    except CablegraphError as error:
        sys.exit(str(error))
