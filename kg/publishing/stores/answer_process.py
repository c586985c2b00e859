"""Answers the questions whose answers a store keeps: here, or of a large graph in a process of its own.

`python -m kg.publishing.stores.answer_process STORE FILE SLOW` reads from standard input what to answer, a
line of JSON for each question, and writes a line when it is done with one. The process ends when a question
takes too long or too much memory; then the store is without that answer, and another process has the next.
"""

from __future__ import annotations

import json
import math
import resource
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from kg.asking.questions import saved_queries
from kg.asking.questions.filled_query import fill_query
from kg.asking.questions.saved_queries import SavedQuery
from kg.namespaces import Namespaces
from kg.publishing.stores import answer_writer, empty_answers
from kg.publishing.stores.kept_answers import KeptAnswers
from kg.publishing.stores.kept_questions import (
    COMPLETED,
    IN_ORDER,
    TELEGRAMS,
    TERMS,
    KeptQuestion,
    counted,
    counting,
    kept_questions,
    other_questions,
)
from kg.publishing.stores.store_folder import DiskStore
from kg.store import sparql

SECONDS = 120.0  # of processor time for one question
EXPLAINED = 30.0  # the same to say why one has no rows
SOME = 10_000  # rows that are kept of an answer with these values
_BY_THE_CLOCK = 10  # times as long: on a machine that does much else, too
MEMORY = 4 << 30  # bytes for one question
_PROGRAM = (sys.executable, "-m", "kg.publishing.stores.answer_process")


@dataclass(frozen=True, slots=True)
class Task:
    """A question whose answer is kept, with the `text` of its query.

    With a `base`, of its collection, and `others`, as namespaces have them, it is said why it has no rows.
    After `seconds` of processor time the process is ended.
    """

    kept: KeptQuestion
    text: str
    seconds: float = SECONDS
    base: str = ""
    others: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> str:
        """Return it as JSON, for a process."""
        told = (self.kept.to_json(), self.text, self.seconds, self.base, self.others)
        return json.dumps(told)

    @classmethod
    def from_json(cls, text: str) -> Task:
        """Return the task that `to_json` wrote."""
        kept, query, seconds, base, others = json.loads(text)
        pairs = tuple((name, of) for name, of in others)
        return cls(KeptQuestion.from_json(kept), query, seconds, base, pairs)


@dataclass(frozen=True)
class Answering:
    """Where the store and the file of its answers are; `apart` if questions are answered in other processes.

    `progress` is told what is not kept; `seconds` is the processor time of a question in such a process. All
    rows are kept of an answer that takes `slow` of them.
    """

    store: Path
    file: Path
    apart: bool
    progress: Callable[[str], None] = lambda _: None
    seconds: float = SECONDS
    slow: float = answer_writer.SLOW

    def answer(
        self, queries: Mapping[str, SavedQuery], questions: Iterable[KeptQuestion] | None = None
    ) -> None:
        """Add the answers to `questions`, by default all that are kept and are among `queries`.

        Of a large graph, whose questions are answered apart, these are also all that take long. Raises
        OSError if the file cannot be written.
        """
        named = [*kept_questions(), *(other_questions(queries) if self.apart else ())]
        some = named if questions is None else questions
        asked = [kept for kept in some if kept.question in queries]
        tasks = [self._task(kept, queries[kept.question]) for kept in asked]
        if questions is None:
            tasks.append(Task(KeptQuestion(COMPLETED), TERMS, self.seconds))
            tasks.append(Task(KeptQuestion(IN_ORDER, parts=("telegram",)), TELEGRAMS, self.seconds))
        self._run(tasks)
        if questions is None and self.apart:
            self._explain(queries)

    def count(self, queries: Mapping[str, SavedQuery]) -> None:
        """Add the parts of the question from which statements are counted; raises as `answer` does."""
        self._run(Task(counted(part), text, self.seconds) for part, text in counting(queries).items())

    def _explain(self, queries: Mapping[str, SavedQuery]) -> None:
        """Add why answers have no rows with the values by default, and the answers with other values."""
        some = [query for query in queries.values() if empty_answers.may_be_empty(query)]
        self._run(_explaining(query, min(self.seconds, EXPLAINED)) for query in some)
        file = KeptAnswers(self.file)
        known = [(query, found) for query in some if (found := empty_answers.of(file, query))]
        begins = [
            (KeptQuestion(query.name, found.first, rows=SOME), query) for query, found in known if found.first
        ]
        self._run(replace(self._task(*one), seconds=min(self.seconds, EXPLAINED)) for one in begins)

    def _task(self, kept: KeptQuestion, query: SavedQuery) -> Task:
        return Task(kept, fill_query(query, kept.given, _held).text, self.seconds)

    def _run(self, tasks: Iterable[Task]) -> None:
        """Do `tasks` here or apart, and those after one that fails in another process."""
        if not self.apart:
            store = DiskStore(self.store).open()
            for task in tasks:
                answer_writer.keep(self.file, task.kept, task.text, store, self.slow)
            return
        left = iter(tasks)
        while (first := next(left, None)) is not None:
            with self._process() as process:
                asked: Task | None = first
                while asked is not None and self._done(process, asked):
                    asked = next(left, None)

    @contextmanager
    def _process(self) -> Iterator[subprocess.Popen[bytes]]:
        """Yield a process that answers, which has ended afterwards."""
        command = [*_PROGRAM, str(self.store), str(self.file), str(self.slow)]
        with subprocess.Popen(  # noqa: S603 - our own program
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def _done(self, process: subprocess.Popen[bytes], task: Task) -> bool:
        """Have `process` do one task; return whether it can do another."""
        assert process.stdin is not None  # noqa: S101 - it was started with both
        assert process.stdout is not None  # noqa: S101
        with suppress(BrokenPipeError):  # of one that could not begin; its end is read below
            process.stdin.write(f"{task.to_json()}\n".encode())
            process.stdin.flush()
        ready = select.select([process.stdout], [], [], task.seconds * _BY_THE_CLOCK)[0]
        if ready and process.stdout.readline():
            return True
        if task.base:
            return False  # what was found until then is kept
        name = task.kept.question
        if not ready or process.wait() == -signal.SIGXCPU:
            self.progress(f"{name} had no answer within {task.seconds:.0f} s, and none is kept")
        else:
            self.progress(f"{name} could not be answered, and no answer is kept")
        return False


def main(
    store: str, file: str, slow: float, given: Iterable[str], done: IO[str], begin: Callable[[float], None]
) -> None:
    """Do each task that a line of `given` has in JSON with the folder `store`, and write into `file`.

    `begin` is called before each with its seconds, and a line is written to `done` after it.
    """
    opened = DiskStore(Path(store)).open()
    for line in given:
        task = Task.from_json(line)
        begin(task.seconds)
        if task.base:
            _explain(Path(file), task, opened)
        else:
            limit = math.inf if task.kept.rows == SOME else slow
            answer_writer.keep(Path(file), task.kept, task.text, opened, limit)
        done.write("done\n")
        done.flush()


def _explain(file: Path, task: Task, store: ox.Store) -> None:
    """Write why the answer to a question has no rows, unless it has some."""
    kept = KeptAnswers(file).answer(task.kept.question, {}, 0)
    if kept.total if kept else next(sparql.rows(store, task.text), None):
        return
    names = Namespaces(task.base, task.others)
    query = saved_queries.parse(task.kept.question, task.text, names=names)
    found = empty_answers.explained(query, partial(sparql.rows, store))
    answer_writer.keep_made(file, empty_answers.name_of(query), found.to_json())


def _explaining(query: SavedQuery, seconds: float) -> Task:
    names = query.parameters[0].names
    return Task(KeptQuestion(query.name), query.text, seconds, names.base, names.others)


def _allow(seconds: float) -> None:
    """Let this process have so much more processor time; the kernel ends it after that (SIGXCPU)."""
    until = math.ceil(time.process_time() + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def _held(_query: str) -> list[object]:
    """Return a row: values of these questions are in the graph, or texts, which are looked for nowhere."""
    return [{}]


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.stdin, sys.stdout, _allow)
