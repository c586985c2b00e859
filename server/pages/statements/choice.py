"""Choice of statements in an address: values by the points of the saved query, the view, the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from kg.asking.questions.choices import Ask
from kg.asking.questions.filled_query import FilledQuery, fill_query
from kg.asking.questions.saved_queries import SavedQuery
from kg.errors import ParameterError
from server.site.result_pages import without_header

STATEMENTS, COUNTS = "statements-by-choice", "statements-counted-by-choice"  # the saved queries of the page
TABLE = "table"
SHOWS = (TABLE, "timeline", "matrix")
READING, ANY = "reading", "any"
ROWS, DRAWN = 50, 500  # statements on a page as a table, and in a drawing
_OWN = ("show", "offset", "format")
# Where the text of the query has the statements in their order, before their words are looked up.
_ORDERED = re.compile(r"^ *\} ORDER BY .*\?statement$", re.MULTILINE)

# Where a group of it begins with the statement, other than one that only tests.
_GROUP = re.compile(r"((?:(?<!EXISTS )\{ |^ +))(?=\?statement )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The values by point, as the address has them, the view, and the number of rows before the page."""

    values: Mapping[str, str]
    show: str = TABLE
    offset: int = 0

    @property
    def rows(self) -> int:
        """How many statements the page shows at most."""
        return ROWS if self.show == TABLE else DRAWN

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of the address: values, and the view and place where they are not the first."""
        own = {"show": self.show if self.show != TABLE else "", "offset": str(self.offset or "")}
        return {**self.values, **{name: given for name, given in own.items() if given}}

    def href(self, path: str) -> str:
        """Return the address of this choice at `path`."""
        return f"{path}?{urlencode(self.parameters)}" if self.parameters else path

    def narrowed(self, point: str, value: str) -> Chosen:
        """Return this choice with `value` for `point`, or without `point` if that is empty."""
        others = {name: given for name, given in self.values.items() if name != point}
        return replace(self, values={**others, **({point: value} if value else {})}, offset=0)

    def shown(self, show: str) -> Chosen:
        """Return this choice in another view, from its first row."""
        return replace(self, show=show, offset=0)


def read(given: Mapping[str, Sequence[str]], query: SavedQuery) -> Chosen:
    """Return the choice in the parameters `given`, by name; empty ones count as not given.

    Raises ParameterError, which says what is allowed.
    """
    for name, several in given.items():
        if len(several) > 1:
            raise ParameterError(f"{name} is given twice; send one request for each value", name)
    values = {name: several[0].strip() for name, several in given.items() if several[0].strip()}
    for parameter in query.parameters:
        allowed, value = parameter.listed, values.get(parameter.name, "")
        if value and allowed and value not in allowed:
            raise ParameterError(
                f"{parameter.name} must be {' or '.join(allowed)}, not {value!r}", parameter.name, allowed
            )
    show = values.get("show", TABLE)
    if show not in SHOWS:
        raise ParameterError(f"show must be {' or '.join(SHOWS)}, not {show!r}", "show", SHOWS)
    chosen = {name: value for name, value in values.items() if name not in _OWN}
    return Chosen(chosen, show, _offset(values.get("offset", "")))


def filled(choice: Chosen, query: SavedQuery, ask: Ask) -> FilledQuery:
    """Return `query` with the values of `choice`; raises ParameterError for one that is not in the graph."""
    return fill_query(query, choice.values, ask)


def canonical(choice: Chosen, question: FilledQuery) -> Chosen:
    """Return `choice` with the values as `question`, filled with them, writes them."""
    return replace(choice, values={name: question.values[name] for name in choice.values})


def page_text(text: str, choice: Chosen) -> str:
    """Return the query `text` for the page of `choice` alone: words are looked up for its statements only."""
    bounds = f" LIMIT {choice.rows} OFFSET {choice.offset}"
    return _ORDERED.sub(lambda ordered: ordered[0] + bounds, without_header(text), count=1)


def text_of(text: str, statements: Iterable[str]) -> str:
    """Return the query `text` about `statements` alone, IRIs, which is as fast in a large collection.

    The engine looks up each of its groups by itself, so each is told them.
    """
    chosen = f"VALUES ?statement {{ {' '.join(f'<{iri}>' for iri in statements)} }} "
    return _GROUP.sub(lambda found: f"{found[1]}{chosen}", without_header(text))


def _offset(given: str) -> int:
    if not given:
        return 0
    if given.isascii() and given.isdecimal() and len(given) < 10:
        return int(given)
    raise ParameterError(f"offset must be a whole number, not {given!r}", "offset", ("a whole number",))
