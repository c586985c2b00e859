"""Answers to saved questions from the worker pool: the rows, how many there are, and why there are none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from kg.asking.hints.hint import Hint
from kg.asking.questions import grounds, question_hints
from kg.asking.searching.search_texts import MOST_ANSWERED
from kg.errors import BusyError
from kg.publishing.stores import empty_answers
from kg.publishing.stores.kept_answers import KeptAnswers
from kg.store import sparql
from kg.store.statistics import StatisticsOf
from kg.terms import Suggest
from server.engine.evaluation.query_request import QueryAnswer, QueryRequest
from server.pages.questions import kept_rows, paging
from server.pages.questions.paging import Page
from server.pages.questions.question_request import QuestionRequest
from server.site import pool_queries
from server.site.first_answers import FirstAnswers
from server.site.site import Site
from server.web.formats import worker_type
from server.web.negotiation import Types

ROWS_TYPE = "application/sparql-results+json"
MATCHES = 1_000  # from which the page of a graph is made that is drawn from a large one
_ROWS_FOR_GROUNDS = 4 * grounds.MOST  # of which most name a thing that no other does
_HINT_SECONDS = 0.25  # for each question that is asked for a hint
_ALL_HINTS_SECONDS = 0.5  # after which no other is asked
_ATTEMPTS = 3  # to get an answer and its number of rows from the same data


class QuestionAnswers:
    """The answers to the saved questions of one site.

    `near_words` returns words of the graph that are spelt like those of a text. A store may keep some of the
    `answers`. `statistics` returns the counts of a data version.
    """

    def __init__(
        self,
        site: Site,
        near_words: Suggest,
        answers: FirstAnswers | None = None,
        statistics: StatisticsOf = lambda _: None,
    ) -> None:
        self._site, self._near_words, self._answers = site, near_words, answers
        self._statistics = statistics

    def ask(self, query: str) -> list[pool_queries.Row]:
        """Return the rows of a SELECT over the union of all graphs."""
        return pool_queries.rows(self._site.pool, query)

    def evaluate(self, requested: QuestionRequest, types: Types) -> tuple[QueryAnswer, int | None]:
        """Return the answer and the number of rows that it has without paging, None if unknown."""
        text = requested.question.text
        wanted = {kind: worker_type(kind, media_type) for kind, media_type in types.items()}
        if kept := self._kept(requested, wanted.get("solutions", "")):
            return kept
        page = requested.page
        if requested.question.query.services:  # call another service once, not twice
            answer = self._site.services.answer(QueryRequest(text + page.clause, wanted))
            return answer, paging.size(answer) if page == Page() else None
        if not self._site.pool.counts_rows:
            return self._counted_apart(text, page, wanted)
        text += f"\nLIMIT {requested.matches}" if requested.matches else ""
        answer = self._site.services.answer(QueryRequest(text, wanted, part=(page.offset, page.limit)))
        return answer, answer.total

    def _counted_apart(self, text: str, page: Page, wanted: Types) -> tuple[QueryAnswer, int | None]:
        """Return the rows of a page, and the number of all rows, by two queries."""
        for _ in range(_ATTEMPTS):
            answer = self._site.services.answer(QueryRequest(text + page.clause, wanted))
            if answer.kind != "solutions":
                return answer, None
            counting = QueryRequest(sparql.counting(text), {"solutions": ROWS_TYPE})
            count = self._site.services.answer(counting)
            if count.version == answer.version:
                return answer, paging.total(count.body)
        raise BusyError("The graph keeps changing; try again in a moment.")

    def on_a_page(self, requested: QuestionRequest, rows: int) -> QuestionRequest:
        """Return `requested` for a page: with so many `rows`, or of a large graph the first matches alone."""
        counted = self._statistics(self._site.data_version)
        most = MATCHES if counted and counted.statements > MOST_ANSWERED else None
        return requested.for_a_page(rows, most)

    def size(self, requested: QuestionRequest) -> int | None:
        """Return how many rows the answer has without paging.

        It is None for a graph, and for what other services are asked, which are not called for this.
        """
        if requested.question.query.services or not paging.pageable(requested.question.text):
            return None
        return self.evaluate(replace(requested, page=Page(1)), {"solutions": ROWS_TYPE})[1]

    def with_grounds(self, requested: QuestionRequest, types: Types) -> QueryAnswer:
        """Return the answer; of a long one its first rows, if they name more things than grounds look at."""
        page = Page(_ROWS_FOR_GROUNDS, requested.page.offset)
        if requested.page.limit is None and not requested.question.query.services:
            first, total = self.evaluate(replace(requested, page=page), types)
            named = grounds.named(first.body.decode(), self._site.names)
            if len(named) > grounds.MOST or (total is not None and total <= page.offset + _ROWS_FOR_GROUNDS):
                return first
        return self.evaluate(requested, types)[0]

    def _kept(self, requested: QuestionRequest, media_type: str) -> tuple[QueryAnswer, int] | None:
        """Return the requested answer and the number of all rows if the store keeps it."""
        file = self._file if media_type else None
        if file is None:
            return None
        page, most = requested.page, self._site.pool.limits.result
        return kept_rows.answer(file, requested.question, media_type, most, page.limit, page.offset)

    @property
    def _file(self) -> KeptAnswers | None:
        """Return the answers that the store of the present data keeps."""
        return self._answers.kept(self._site.data_version) if self._answers else None

    def first_values(self, requested: QuestionRequest) -> Mapping[str, str]:
        """Return the values with which a page is to begin whose question has no row with those by default.

        There are none if the request has values or bounds, or the store keeps no answer with others.
        """
        query, whole = requested.question.query, not requested.given and requested.page == Page()
        file = self._file if whole else None
        empty = empty_answers.of(file, query) if file else None
        return empty.first if file and empty and file.answer(query.name, empty.first, 0) else {}

    def hints(self, requested: QuestionRequest, total: int | None) -> list[Hint]:
        """Return why the requested answer has no row; nothing unless `total`, their number, is 0."""
        if total != 0 or requested.question.query.services:
            return []
        question, file = requested.question, self._file
        if file and (kept := kept_rows.hints(file, question)) is not None:
            return kept
        ask = partial(pool_queries.rows, self._site.pool, timeout=_HINT_SECONDS)
        return question_hints.on_empty(
            question, ask, self._near_words, self._site.names, seconds=_ALL_HINTS_SECONDS
        )
