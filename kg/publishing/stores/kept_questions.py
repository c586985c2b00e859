"""The saved questions whose answers a store on disk keeps: those that pages ask about all of the data."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Self

import yaml

from kg.asking.questions.saved_queries import SavedQuery
from kg.namespaces import CG, PREFIXES

MOST_TERMS = 3_000  # names that an editor completes; a longer list would be slow to fetch and to search
COMPLETED = "names-to-complete"  # the name under which they are kept; no saved question
# The terms of the ontology come first, then lists and shared things; statements are no names to ask with.
TERMS = f"""
PREFIX cg: <{CG}>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?thing (MIN(?name) AS ?label) WHERE {{
  ?thing rdfs:label|skos:prefLabel ?name . FILTER (ISIRI(?thing) && lang(?name) = "en")
  FILTER NOT EXISTS {{ ?thing a cg:Statement }}
}} GROUP BY ?thing ORDER BY DESC(STRSTARTS(STR(?thing), STR(cg:))) ?thing LIMIT {MOST_TERMS}"""
IN_ORDER = "telegrams-in-order"  # the same for the telegrams that are held; no saved question
# By day, those of unknown date last. The saved question of those that are held counts the claims of each. A
# day that a program found and nobody confirmed counts where there is no other: it only says which is next.
TELEGRAMS = f"""
PREFIX cg: <{CG}>
SELECT ?telegram (MIN(?known) AS ?day) WHERE {{
  ?telegram cg:holding <{PREFIXES["holding"]}held> ; a cg:Telegram .
  OPTIONAL {{ ?telegram cg:bestDate/cg:firstDay ?sure }}
  OPTIONAL {{
    ?date cg:about ?telegram ; cg:property cg:when ; cg:firstDay ?found ;
      cg:certainty <{PREFIXES["certainty"]}found> FILTER NOT EXISTS {{ ?telegram cg:bestDate ?best }}
  }}
  BIND (COALESCE(STR(?sure), STR(?found), "~") AS ?known)
}} GROUP BY ?telegram ORDER BY ?day ?telegram"""
COUNTED = "statements-counted-by-choice"  # the saved query whose parts are kept for the page of statements
EVERY = "every"
_CHOICE = re.compile(r"SELECT DISTINCT \?statement \?class \?meant WHERE \{.*?\n    \}\n", re.DOTALL)
_TEST = re.compile(r"\{ UNDEF \}|!BOUND\(")
_READING = re.compile(r"VALUES \?reading \{ [^}]* \}")
_POINT = re.compile(
    r'\{ VALUES \?facet \{ "(\w+)" \}\s*((?:(?!VALUES \?facet).)*?)\s*\}'
    r"\s*(?=UNION \{ VALUES \?facet|BIND \(IF\(\?facet)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class KeptQuestion:
    """An entry of `kept_questions.yaml`, which says what each key means.

    Without `always` its answer is kept only if it takes long.
    """

    question: str
    given: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    rows: int | None = None
    different: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    entries: str = ""
    always: bool = True

    def to_json(self) -> str:
        """Return the entry as JSON, for a process that answers it."""
        return json.dumps(asdict(replace(self, given=dict(self.given))))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the entry that `to_json` wrote."""
        return cls(**_tuples(json.loads(text)))


@cache
def kept_questions() -> tuple[KeptQuestion, ...]:
    """Return the questions whose answers are kept, in the order of the file."""
    file = files("kg").joinpath("publishing/stores/kept_questions.yaml")
    return tuple(map(_question, yaml.safe_load(file.read_text(encoding="utf-8"))))


def other_questions(queries: Mapping[str, SavedQuery]) -> list[KeptQuestion]:
    """Return all other questions among `queries` that a table answers, with their values by default.

    Those that call other services are left out.
    """
    named = {kept.question for kept in kept_questions() if not kept.given}
    return [
        KeptQuestion(name, always=False)
        for name, query in queries.items()
        if query.columns and not query.federated and name not in named
    ]


def kept_values(query: SavedQuery, values: Mapping[str, str]) -> Mapping[str, str] | None:
    """Return the values under which the answer to `query` with all its `values` is kept, if it is at all.

    It is None if these are neither those by default nor those of an entry in the file.
    """
    defaults = {one.name: one.default for one in query.parameters if one.default}
    entries = (kept.given for kept in kept_questions() if kept.question == query.name)
    return next((given for given in (*entries, {}) if {**defaults, **given} == values), None)


def counting(queries: Mapping[str, SavedQuery]) -> dict[str, str]:
    """Return the parts of the saved question COUNTED as queries by name: EVERY, and that of each point.

    EVERY has each statement with its class and reading, a point each statement with a value there.
    """
    if COUNTED not in queries:
        return {}
    text = "\n".join(line for line in queries[COUNTED].text.split("\n") if not line.startswith("#+"))
    prefixes = "\n".join(line for line in text.split("\n") if line.startswith("PREFIX "))
    chosen = _CHOICE.search(text)
    assert chosen  # noqa: S101 - a test holds the query to it
    # What it tests of a point is left out: no point is chosen, and the tests take half of the time.
    every = "\n".join(line for line in chosen[0].split("\n") if not _TEST.search(line))
    every = _READING.sub('VALUES ?reading { "any" }', every)
    points = {
        point: f"{prefixes}\nSELECT ?statement ?worth {{ {pattern} }}"
        for point, pattern in _POINT.findall(text)
        if pattern
    }
    return {EVERY: f"{prefixes}\n{every}", **points}


def counted(part: str) -> KeptQuestion:
    """Return the part of COUNTED as a question whose answer is kept."""
    return KeptQuestion(COUNTED, {"part": part})


def key_of(given: Mapping[str, str]) -> str:
    """Return the text by which an answer with the values `given` is found."""
    return json.dumps(dict(sorted(given.items())), ensure_ascii=False)


def hash_of(text: str) -> str:
    """Return the SHA-256 of the text of a query, by which an answer to another text is told from its own."""
    return hashlib.sha256(text.encode()).hexdigest()


def _question(entry: dict[str, Any]) -> KeptQuestion:
    return KeptQuestion(given=entry.pop("with", {}), **_tuples(entry))


def _tuples(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
