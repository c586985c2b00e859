"""Answers to saved questions that a store on disk keeps, as a client wants them, and why some have no rows.

The service reads them, and the command `cablegraph query`, which loads nothing else of the pages for them.
"""

from __future__ import annotations

from collections.abc import Mapping

from kg.asking.hints.hint import Hint
from kg.asking.questions.filled_query import FilledQuery
from kg.asking.questions.saved_queries import SavedQuery
from kg.publishing.stores import empty_answers
from kg.publishing.stores.kept_answers import KeptAnswers
from kg.publishing.stores.kept_questions import kept_values
from server.engine.evaluation.bounded_output import table
from server.engine.evaluation.query_request import QueryAnswer


def answer(
    file: KeptAnswers,
    question: FilledQuery,
    media_type: str,
    largest: int,
    most: int | None = None,
    skip: int = 0,
) -> tuple[QueryAnswer, int] | None:
    """Return `most` rows after the first `skip`, by default all, and the number of all, if `file` has them.

    Raises SizeLimitError for more than `largest` bytes.
    """
    given = _given(file, question)
    if given is None:
        return None
    found = file.page(question.query.name, given, question.text, most, skip)
    if found is None:
        return None
    return QueryAnswer(
        table(found.body, media_type, largest), "solutions", media_type, file.version
    ), found.total


def hints(file: KeptAnswers, question: FilledQuery) -> list[Hint] | None:
    """Return why a question has no row with its values by default; None if `file` does not tell it of these.

    There are no hints if the build looked for some and found none.
    """
    own = question.values == _with(question.query, {})
    empty = empty_answers.of(file, question.query) if own else None
    return list(empty.hints) if empty else None


def _given(file: KeptAnswers, question: FilledQuery) -> Mapping[str, str] | None:
    """Return the values under which `file` may have the answer to `question`, None if it has none."""
    given = kept_values(question.query, question.values)
    if given is not None:
        return given
    empty = empty_answers.of(file, question.query)
    first = empty.first if empty else {}
    return first if first and _with(question.query, first) == question.values else None


def _with(query: SavedQuery, values: Mapping[str, str]) -> Mapping[str, str]:
    """Return the values by default of `query`, and `values` in place of theirs."""
    return {**{one.name: one.default for one in query.parameters if one.default}, **values}
