"""Answers in Python: rows of typed values, a truth value or a graph, each with its citation."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator, Sequence
from functools import cached_property
from html import escape
from importlib import import_module
from typing import Any, overload

import pyoxigraph as ox
import rdflib

from kg.asking.hints.hint import Hint
from kg.asking.questions import grounds, sources
from kg.asking.questions.citation import Citation
from kg.asking.questions.grounds import Grounds
from kg.asking.questions.sources import Ask, Source
from kg.errors import CablegraphError, QueryError
from kg.store import known_prefixes
from kg.store.sparql import Result
from kg.terms import python_value, short, value

_SHOWN = 20  # rows, or triples, in a notebook


class Answer(Sequence[Any]):
    """Answer to one query: `query` is its SPARQL text, `citation` the text for a footnote.

    `hints` say why the answer to a query of the caller is empty or odd.

    The answer to a SELECT is the sequence of its rows. They are named tuples: a text or an IRI is a
    str, a number an int or a float, a date a date or datetime, and an unbound variable None.
    """

    def __init__(self, result: Result, query: str, citation: Citation, ask: Ask) -> None:
        self.query = query
        self._ask = ask
        self.citation = citation
        self._own = citation.about.names
        self.hints: tuple[Hint, ...] = ()
        self.boolean: bool | None = bool(result) if isinstance(result, ox.QueryBoolean) else None
        self._triples = list(dict.fromkeys(result)) if isinstance(result, ox.QueryTriples) else None
        self.columns: tuple[str, ...] = ()
        self._solutions: list[tuple[Any, ...]] | None = None
        if isinstance(result, ox.QuerySolutions):
            self.columns = tuple(variable.value for variable in result.variables)
            self._solutions = [tuple(solution) for solution in result]

    @cached_property
    def rows(self) -> list[Any]:
        """Return the rows; a column whose name Python does not allow is called by its place, such as `_1`."""
        if self._solutions is None:
            raise QueryError(
                "This query returns no table; use .graph() for a CONSTRUCT and .boolean for an ASK."
            )
        row: Any = namedtuple("Row", self.columns, rename=True)  # type: ignore[misc]
        return [row._make(map(python_value, solution)) for solution in self._solutions]

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """Return what the rows rest on: statements, quoted words, passages and telegrams.

        Each source has the places of its rows in `rows`. There are at most 200, and none for an answer
        without rows.
        """
        bound = [dict(zip(self.columns, row, strict=True)) for row in self._solutions or ()]
        known = [{name: term for name, term in row.items() if term is not None} for row in bound]
        return (
            sources.of_rows(
                self._ask, known_prefixes.complete(self.query, known=self._own.prefixes), known
            ).sources
            if known
            else ()
        )

    @cached_property
    def grounds(self) -> Grounds:
        """Return in numbers what the rows rest on: statements, through whom, how and how surely known."""
        texts = (value(term) for row in self._solutions or () for term in row if term is not None)
        return grounds.count(self._ask, grounds.named("\n".join(texts), self._own), self._own)

    def __repr__(self) -> str:
        """Return what kind of answer it is, with its size and its columns."""
        if self._triples is not None:
            return f"<Answer: {len(self._triples)} triples>"
        if self.boolean is not None:
            return f"<Answer: {str(self.boolean).lower()}>"
        rows = len(self._solutions or ())
        return f"<Answer: {rows} {'row' if rows == 1 else 'rows'} of {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        """Return the answer as HTML for notebooks: first rows, their number, what they rest on, citation."""
        if self._solutions is None:
            return f"<p>{escape(repr(self))}</p><p><small>{escape(str(self.citation))}</small></p>"
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        body = "".join(f"<tr>{''.join(map(_html_cell, row))}</tr>" for row in self._solutions[:_SHOWN])
        total = len(self._solutions)
        shown = f"{_SHOWN} of {total} rows. " if total > _SHOWN else ""
        return (
            f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
            f"<p><small>{shown}{escape(self._rests)}{escape(str(self.citation))}</small></p>"
        )

    @property
    def _rests(self) -> str:
        return f"It rests on {self.grounds}. " if self.grounds.statements else ""

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    @overload
    def __getitem__(self, place: int) -> Any: ...
    @overload
    def __getitem__(self, place: slice) -> list[Any]: ...
    def __getitem__(self, place: int | slice) -> Any:
        """Return the row at the index `place`, or a list of the rows of a slice."""
        return self.rows[place]

    def __iter__(self) -> Iterator[Any]:
        """Return an iterator over the rows."""
        return iter(self.rows)

    def __bool__(self) -> bool:
        """Return the truth value of an ASK, and for other queries whether there is any row or triple."""
        return bool(self.boolean or self._triples or self._solutions)

    def texts(self) -> dict[str, list[str | None]]:
        """Return the texts of each column, None for an unbound variable; no column for a graph or an ASK."""
        table = self._solutions or ()
        return {
            name: [None if row[n] is None else value(row[n]) for row in table]
            for n, name in enumerate(self.columns)
        }

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return the rows as dicts from column name to value."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def to_pandas(self) -> Any:
        """Return the rows as a pandas DataFrame; raises CablegraphError where pandas is not installed."""
        try:
            pandas = import_module("pandas")
        except ImportError:
            raise CablegraphError(
                "pandas is not installed; install it with: pip install 'cablegraph[pandas]'"
            ) from None
        return pandas.DataFrame.from_records(self.rows, columns=list(self.columns))

    def graph(self) -> rdflib.Graph:
        """Return the graph of a CONSTRUCT or DESCRIBE as an rdflib graph."""
        if self._triples is None:
            raise QueryError("This query returns no graph; use the rows of a SELECT and .boolean for an ASK.")
        written = ox.serialize(self._triples, format=ox.RdfFormat.N_TRIPLES)
        return rdflib.Graph().parse(data=written, format="nt")


def _html_cell(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> str:
    if isinstance(term, ox.NamedNode):
        name = escape(short(term))
        web = term.value.startswith(("https:", "http:"))  # no other scheme may become a link
        return f'<td><a href="{escape(term.value)}">{name}</a></td>' if web else f"<td>{name}</td>"
    return f"<td>{'' if term is None else escape(str(python_value(term)))}</td>"
