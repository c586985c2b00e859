"""Hints on the empty answer to a saved question: which value no row has, and which other values have rows.

The question is asked again with other values of its parameters, so often and so long as the limits allow.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

import pyoxigraph as ox

from kg.asking.hints.hint import Hint, hint_at
from kg.asking.query_parts import shorter_query
from kg.asking.query_parts.tokens import tokenize
from kg.asking.questions import choices, parameters
from kg.asking.questions.choices import Ask
from kg.asking.questions.filled_query import FilledQuery
from kg.asking.questions.parameters import UNDEF, Parameter, Term
from kg.errors import CablegraphError, did_you_mean, near
from kg.namespaces import SHIPPED, Namespaces
from kg.store import keywords, sparql
from kg.terms import Suggest, no_names, short, value

SECONDS, _ASKED = 2.0, 24  # after which nothing more is asked
_TRIED = 12  # other values of one parameter
_OTHERS = 6  # of these, at least, that are not spelt alike
_SHOWN = 3  # of these, and hints
_READ = 1_000  # values that are compared with the one that was given
_ALIKE = 0.6  # from 0 to 1
_FREE = {"integer", "date"}  # types whose values are shown from the lowest to the highest


def on_empty(
    filled: FilledQuery,
    ask: Ask,
    suggest: Suggest = no_names,
    names: Namespaces = SHIPPED,
    seconds: float = SECONDS,
) -> list[Hint]:
    """Return the hints on `filled`, whose answer is empty, by their places in its text.

    `ask` runs a SELECT query, within limits of the caller; what it raises ends the search for hints.
    `suggest` returns words of the graph that are spelt like those of a text. `names` has the
    namespaces of the collection. After `seconds` nothing more is asked.
    """
    found: list[Hint] = []
    with suppress(CablegraphError, SyntaxError):  # the hints that were found so far remain
        if filled.values and sparql.projection(filled.text) is not None:
            trials = _Trials(filled, ask, suggest, names, time.monotonic() + seconds)
            found.extend(islice(trials.hints(), _SHOWN))
    return sorted(found, key=lambda hint: (hint.line, hint.column))


@dataclass(slots=True)
class _Trials:
    filled: FilledQuery
    ask: Ask
    suggest: Suggest
    names: Namespaces
    end: float
    asked: int = 0

    def hints(self) -> Iterator[Hint]:
        """Yield a hint for each value that stands in the way; else one on all of them."""
        given = [p for p in self.filled.query.parameters if p.name in self.filled.values]
        optional = [parameter for parameter in given if not parameter.default]
        found = False
        for on, some in ((self._on_optional, optional), (self._on_needed, given)):
            for parameter in some:
                for hint in on(parameter):
                    found = True
                    yield hint
            if found:
                return
        yield from self._on_all(optional, given)

    def _on_optional(self, parameter: Parameter) -> Iterator[Hint]:
        """Yield a hint if there are rows without the value of `parameter`."""
        rows = self._rows({parameter.name: UNDEF})
        if rows:
            others = self._with_rows(parameter, self._beside(parameter))
            message = f"no row has {self._given(parameter)}; without it there {_are(rows)}"
            yield self._hint(parameter, message + _among(others), others)

    def _on_needed(self, parameter: Parameter) -> Iterator[Hint]:
        """Yield a hint if there are rows with another value of `parameter`, or words are spelt alike."""
        if not parameter.default:
            return
        others = self._with_rows(parameter, self._candidates(parameter))
        if others:
            message = f"no row has {self._given(parameter)}; there are rows with {_or(others)}"
            yield self._hint(parameter, message, others)
        elif self._is_missing(parameter):
            what = parameter.choices[1] if parameter.choices else "thing"
            message = f"the graph has no {what} called {self.filled.values[parameter.name]}"
            yield self._hint(parameter, f"{message}, which the question has by default")
        elif alike := self.suggest(self.filled.values[parameter.name]) if _free_text(parameter) else ():
            message = f"no text has {self._given(parameter)}; {did_you_mean(alike)}"
            yield self._hint(parameter, message, alike)

    def _is_missing(self, parameter: Parameter) -> bool:
        """Return whether `parameter` has its value by default, which is that of another collection."""
        given = self.filled.values[parameter.name]
        return given == parameter.default and not choices.holds(parameter, parameter.term(given), self.ask)

    def _on_all(self, optional: list[Parameter], given: list[Parameter]) -> Iterator[Hint]:
        """Yield a hint on all values together: there are rows without them, or with those of the question."""
        if len(optional) > 1 and (rows := self._rows({p.name: UNDEF for p in optional})):
            every = " and ".join(map(self._given, optional))
            yield self._hint(optional[0], f"no row has {every}; without all of them there {_are(rows)}")
            return
        own = {p.name: p.term(p.default) if p.default else UNDEF for p in given}
        if rows := self._rows(own):
            begins = " and ".join(f"{p.name} = {p.default}" for p in given if p.default) or "no value"
            message = f"no row has {' and '.join(map(self._given, given))}; with {begins} there {_are(rows)}"
            yield self._hint(given[0], message)

    def _given(self, parameter: Parameter) -> str:
        return f"{parameter.name} = {self.filled.values[parameter.name]}"

    def _hint(self, parameter: Parameter, message: str, instead: Iterable[str] = ()) -> Hint:
        written = [f"{parameter.name}={other}" for other in instead]
        start = parameters.place(self.filled.text, parameter.name)
        return hint_at(self.filled.text, start, "parameter-value", message, written)

    def _rows(self, terms: Mapping[str, Term | str]) -> int:
        """Return the number of rows with other `terms` in place of those of the question, 0 after the end."""
        if self._spent():
            return 0
        counted = self.ask(sparql.counting(parameters.fill(self.filled.text, terms)))
        return int(value(next(iter(counted))[sparql.TOTAL]))

    def _any(self, terms: Mapping[str, Term | str]) -> bool:
        """Return whether there are rows with other `terms`, without counting them; no after the end."""
        short_one = shorter_query.any_row(parameters.fill(self.filled.text, terms))
        if not short_one:
            return self._rows(terms) > 0
        return not self._spent() and any(True for _ in self.ask(short_one))

    def _spent(self) -> bool:
        """Count one more question; return whether none is to be asked any more."""
        self.asked += 1
        return self.asked > _ASKED or time.monotonic() > self.end

    def _with_rows(self, parameter: Parameter, values: Iterable[str]) -> list[str]:
        """Return the first of `values` with which there are rows."""
        given = self.filled.values[parameter.name]
        others = (other for other in dict.fromkeys(values) if other and other != given)
        fitting = (
            other for other in islice(others, _TRIED) if self._any({parameter.name: parameter.term(other)})
        )
        return list(islice(fitting, _SHOWN))

    def _candidates(self, parameter: Parameter) -> list[str]:
        """Return values that `parameter` may have: those that are spelt alike, and that of the question."""
        given = self.filled.values[parameter.name]
        if parameter.listed:
            return [*near(given, parameter.listed), *parameter.listed]
        if _free_text(parameter):
            return list(self.suggest(given))
        known = choices.some(parameter, self.ask, _READ)
        others = known[:: max(1, len(known) // _OTHERS)]  # from the first to the last
        return [*near(given, known, _TRIED - _OTHERS, _ALIKE), parameter.default, *others]

    def _beside(self, parameter: Parameter) -> list[str]:
        """Return values that `parameter` has in rows without its value, else those that it may have."""
        text, name = parameters.fill(self.filled.text, {parameter.name: UNDEF}), f"?{parameter.name}"
        around = group_around(text, parameters.place(text, parameter.name))
        query = (
            f"{keywords.prologue(text)}\nSELECT {name} (COUNT(*) AS ?rows) {around} "
            f"GROUP BY {name} ORDER BY DESC(?rows) {name} LIMIT {_READ}"
        )
        bound = [row[parameter.name] for row in self.ask(query) if _has(row, parameter.name)]
        values = [value(term) if isinstance(term, ox.Literal) else short(term, self.names) for term in bound]
        if parameter.type in _FREE:
            ordered = sorted(values, key=lambda one: parameter.term(one).value.zfill(20))
            return [*ordered[:1], *ordered[-1:]]
        given = self.filled.values[parameter.name]
        return [*near(given, values, alike=_ALIKE), *(values or self._candidates(parameter))]


def group_around(query: str, start: int) -> str:
    """Return the innermost pattern of `query` around the character at `start`, in its braces."""
    open_: list[int] = []
    for token in tokenize(query):
        if token.text == "{":
            open_.append(token.start)
        elif token.text == "}" and (begin := open_.pop()) < start < token.start:
            return query[begin : token.start + 1]  # inner braces are closed before outer ones
    return "{}"


def _has(row: object, name: str) -> bool:
    """Return whether `row`, a dict or a solution of the engine, binds the variable `name`."""
    return row.get(name) is not None if isinstance(row, dict) else row[name] is not None  # type: ignore[index]


def _free_text(parameter: Parameter) -> bool:
    return parameter.type == "text" and not parameter.listed


def _are(rows: int) -> str:
    return "is one row" if rows == 1 else f"are {rows:,} rows"


def _among(others: list[str]) -> str:
    return f", for example with {_or(others)}" if others else ""


def _or(names: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))
