"""The questions of the front page: those that the collection chooses, or general ones that have an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import url_for

from kg.asking.questions.saved_queries import SavedQuery
from kg.reading.collection.pages_text import ChosenQuestion
from server.site.pool_queries import Row

START = "start"  # the tag of questions to begin with
MOST = 3  # general questions
# Questions without values of parameters that any collection may answer, in the order of a story: what was,
# how views moved, who said nothing, and what is not there.
GENERAL = (
    "events-in-order",
    "changes-of-position",
    "silent-or-absent",
    "who-disagreed-with-whom",
    "withheld",
    "documents-not-held",
    "telegrams-held",
)


@dataclass(frozen=True, slots=True)
class FirstQuestion:
    """One question of the page: its words, its saved query, and values of parameters for its address."""

    asks: str
    name: str
    given: tuple[tuple[str, str], ...] = ()

    @property
    def address(self) -> str:
        """Return the address of the answer; only while there is a request."""
        values = f"?{urlencode(self.given)}" if self.given else ""
        return f"{url_for('query', file=self.name)}{values}"


def choose(
    chosen: Sequence[ChosenQuestion],
    queries: Mapping[str, SavedQuery],
    ask: Callable[[str], Sequence[Row]],
) -> tuple[FirstQuestion, ...]:
    """Return the questions that the collection has `chosen`, in its words, or else general ones.

    `ask` returns the rows of a saved query; those that have none are left out of the general ones. After
    them come others that are tagged for it. A query that an operator's own folder lacks is left out, too.
    """
    own = [one for one in chosen if one.name in queries]
    if own:
        return tuple(
            FirstQuestion(one.asks or queries[one.name].question, one.name, one.given) for one in own
        )
    found: list[FirstQuestion] = []
    for name in dict.fromkeys((*GENERAL, *_tagged(queries))):
        if len(found) < MOST and name in queries and ask(name):
            found.append(FirstQuestion(queries[name].question, name))
    return tuple(found)


def _tagged(queries: Mapping[str, SavedQuery]) -> list[str]:
    """Return the names of those to begin with that have no parameters."""
    return [name for name, query in queries.items() if START in query.tags and not query.parameters]
