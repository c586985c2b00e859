"""Answers the questions whose answers a store keeps: here, or of a large graph in a process of its own.

`python -m kg.publishing.stores.answer_process STORE FILE SECONDS SLOW` reads from standard input what to
answer, a line of JSON for each question, and writes a line when it is done with one. The process ends when a
question takes too long or too much memory; then the store is without that answer, and another process has
the next.
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
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from kg.asking.questions.filled_query import fill_query
from kg.asking.questions.saved_queries import SavedQuery
from kg.publishing.stores import answer_writer
from kg.publishing.stores.kept_questions import (
    KeptQuestion,
    counted,
    counting,
    kept_questions,
    other_questions,
)
from kg.publishing.stores.store_folder import DiskStore

SECONDS = 120.0  # of processor time for one question
_BY_THE_CLOCK = 10  # times as long: on a machine that does much else, too
MEMORY = 4 << 30  # bytes for one question
_PROGRAM = (sys.executable, "-m", "kg.publishing.stores.answer_process")
_Asked = tuple[KeptQuestion, str]  # with the text of the query


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
        texts = [(kept, fill_query(queries[kept.question], kept.given, _nothing).text) for kept in asked]
        if questions is None:
            texts += [(counted(part), text) for part, text in counting(queries).items()]
        if self.apart:
            self._answer_apart(texts)
            return
        store = DiskStore(self.store).open()
        for kept, text in texts:
            answer_writer.keep(self.file, kept, text, store, self.slow)

    def _answer_apart(self, texts: Iterable[_Asked]) -> None:
        """Answer the questions in a process, and those after one that fails in another."""
        left = iter(texts)
        while (first := next(left, None)) is not None:
            with self._process() as process:
                asked: _Asked | None = first
                while asked is not None and self._answered(process, *asked):
                    asked = next(left, None)

    @contextmanager
    def _process(self) -> Iterator[subprocess.Popen[bytes]]:
        """Yield a process that answers, which has ended afterwards."""
        command = [*_PROGRAM, str(self.store), str(self.file), str(self.seconds), str(self.slow)]
        with subprocess.Popen(  # noqa: S603 - our own program
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def _answered(self, process: subprocess.Popen[bytes], kept: KeptQuestion, text: str) -> bool:
        """Have `process` answer one question; return whether it can answer another."""
        assert process.stdin is not None  # noqa: S101 - it was started with both
        assert process.stdout is not None  # noqa: S101
        given = json.dumps({"kept": kept.to_json(), "text": text})
        with suppress(BrokenPipeError):  # of one that could not begin; its end is read below
            process.stdin.write(f"{given}\n".encode())
            process.stdin.flush()
        ready = select.select([process.stdout], [], [], self.seconds * _BY_THE_CLOCK)[0]
        if ready and process.stdout.readline():
            return True
        if not ready or process.wait() == -signal.SIGXCPU:
            self.progress(f"{kept.question} had no answer within {self.seconds:.0f} s, and none is kept")
        else:
            self.progress(f"{kept.question} could not be answered, and no answer is kept")
        return False


def main(
    store: str, file: str, slow: float, given: Iterable[str], done: IO[str], begin: Callable[[], None]
) -> None:
    """Answer each question that a line of `given` has in JSON from the folder `store` into `file`.

    `begin` is called before each, and a line is written to `done` after it.
    """
    opened = DiskStore(Path(store)).open()
    for line in given:
        begin()
        asked = json.loads(line)
        kept = KeptQuestion.from_json(asked["kept"])
        answer_writer.keep(Path(file), kept, asked["text"], opened, slow)
        done.write("done\n")
        done.flush()


def _allow(seconds: float) -> None:
    """Let this process have so much more processor time; the kernel ends it after that (SIGXCPU)."""
    until = math.ceil(time.process_time() + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def _nothing(_query: str) -> list[object]:
    """Return no rows: values of these questions are texts, which are looked for nowhere."""
    return []


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    _seconds, _slow = map(float, sys.argv[3:5])
    main(sys.argv[1], sys.argv[2], _slow, sys.stdin, sys.stdout, lambda: _allow(_seconds))
