"""The texts that are searched, read from the graph and the saved questions as rows of one table.

A row is the name of a hit, a field or filter, a text, and its language. Rows come in the order in which
they are read, so that no graph, however large, is held in memory.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import pyoxigraph as ox

from kg.asking.questions.choices import Ask
from kg.asking.questions.saved_queries import SavedQuery
from kg.asking.searching import search_fields, word_forms
from kg.errors import CablegraphError
from kg.namespaces import SHIPPED, Namespaces
from kg.terms import value

CLASS, TOPIC, SCHEME = "a", "topic", "scheme"
# Statements up to which the search has the words of the answers to saved questions: with more, some of them
# take minutes, and nothing stops them in a build.
MOST_ANSWERED = 300_000
_MOST = 400  # different words of the answer to one saved question
_CELL = 200  # characters of a cell; a longer one says what the words of others say, too


class TextRow(NamedTuple):
    """One text, or one thing, of the hit `iri`; `field` is a name of `search_fields` or one of the above.

    The texts of one field come in the order of their `place`.
    """

    iri: str
    field: str
    text: str
    language: str = ""
    place: int = 0


def of_graph(ask: Ask, things: Collection[str] | None = None) -> Iterator[TextRow]:
    """Yield the rows of all things and statements of the graph, or of some; raises what `ask` raises."""

    def rows(query: str) -> Iterable[Mapping[str, Any]]:
        return ask(query if things is None else search_fields.narrowed(query, things))

    for field in search_fields.fields().values():
        for number, query in enumerate(field.queries):
            for row in rows(query):
                text = row["text"]
                place = _text(row, "place")
                order = int(place) if place.isdecimal() else number
                yield TextRow(value(row["s"]), field.name, text.value, text.language or "", order)
    for name in search_fields.FILTERS:
        for query in search_fields.filter_queries(name):
            yield from _things(rows, name, query)
    yield from headings(rows)
    yield from _things(rows, SCHEME, search_fields.scheme_query())


def headings(ask: Ask) -> Iterator[TextRow]:
    """Yield the rows of all things that have subject headings."""
    return _things(ask, TOPIC, search_fields.topic_query())


def of_questions(
    queries: Mapping[str, SavedQuery], ask: Ask, names: Namespaces = SHIPPED
) -> Iterator[TextRow]:
    """Yield the rows of the saved queries: what they ask, their columns, and the words of their answers.

    A query that calls another service, that answers with all statements, or whose answer `ask` refuses or
    gives no rows for, has no answer.
    `names` has the namespaces of the collection.
    """
    for query in queries.values():
        iri = names.queries + query.name
        yield TextRow(iri, "name", f"{query.title} {query.name}", "en")
        yield TextRow(iri, "content", query.question, "en")
        yield TextRow(iri, "remark", query.why, "en")
        yield from (TextRow(iri, "tag", tag, "en") for tag in query.tags)
        yield from (TextRow(iri, "column", f"{one.label} {one.about}", "en") for one in query.columns)
        yield from (TextRow(iri, "column", one.about, "en") for one in query.parameters)
        yield TextRow(iri, "answer", " ".join(_answer(query, ask)), "en")


def answering(ask: Ask, statements: int, most: int = MOST_ANSWERED) -> Ask:
    """Return what answers saved queries in a graph of so many statements: `ask`, or with too many nothing."""
    return ask if statements <= most else _refuse


def broader(ask: Ask) -> set[tuple[str, str]]:
    """Return each class with a class above it."""
    return {(value(row["s"]), value(row["thing"])) for row in ask(search_fields.broader_query())}


def _refuse(_query: str) -> Iterator[ox.QuerySolution]:
    raise CablegraphError("the graph is too large for the answers to all saved questions")


def _things(ask: Ask, field: str, query: str) -> Iterator[TextRow]:
    for row in ask(query):
        yield TextRow(value(row["s"]), field, value(row["thing"]))


def _answer(query: SavedQuery, ask: Ask) -> list[str]:
    """Return the different words of the texts in the answer, in their order."""
    names = [column.name for column in query.columns if column.type == "text"]
    if query.federated or not names or query.name in search_fields.unanswered():
        return []
    found: dict[str, None] = {}
    try:
        for row in ask(query.text):
            for name in names:
                found |= dict.fromkeys(word_forms.words(_text(row, name)[:_CELL]))
            if len(found) >= _MOST:
                break
    except CablegraphError:  # too slow or too large with this graph
        return []
    return list(found)[:_MOST]


def _text(row: Any, name: str) -> str:
    """Return the text of a cell; some rows lack the key of an unbound variable, others have None."""
    try:
        term = row[name]
    except KeyError:
        return ""
    return term.value if isinstance(term, ox.Literal) else ""
