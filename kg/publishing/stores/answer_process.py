"""Answers the questions whose answers a store keeps: here, or of a large graph each in a process of its own.

`python -m kg.publishing.stores.answer_process STORE FILE` reads from standard input what to answer. A process
can be stopped when its question takes too long or too much memory; then the store is without that answer.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.asking.questions.filled_query import fill_query
from kg.asking.questions.saved_queries import SavedQuery
from kg.publishing.stores import answer_writer
from kg.publishing.stores.kept_questions import KeptQuestion, counted, counting, kept_questions
from kg.publishing.stores.store_folder import DiskStore

SECONDS = 120.0  # for one question
MEMORY = 4 << 30  # bytes for one question
_PROGRAM = (sys.executable, "-m", "kg.publishing.stores.answer_process")


@dataclass(frozen=True)
class Answering:
    """Where the store and the file of its answers are; `apart` if each question has a process of its own.

    `progress` is told what is not kept; `seconds` is the time of a question in a process of its own.
    """

    store: Path
    file: Path
    apart: bool
    progress: Callable[[str], None] = lambda _: None
    seconds: float = SECONDS

    def answer(
        self, queries: Mapping[str, SavedQuery], questions: Iterable[KeptQuestion] | None = None
    ) -> None:
        """Add the answers to `questions`, by default all that are kept and are among `queries`.

        Raises OSError if the file cannot be written.
        """
        named = kept_questions() if questions is None else questions
        asked = [kept for kept in named if kept.question in queries]
        texts = [(kept, fill_query(queries[kept.question], kept.given, _nothing).text) for kept in asked]
        if questions is None:
            texts += [(counted(part), text) for part, text in counting(queries).items()]
        store = None if self.apart else DiskStore(self.store).open()
        for kept, text in texts:
            if store:
                answer_writer.keep(self.file, kept, text, store)
            else:
                self._ask(kept, text)

    def _ask(self, kept: KeptQuestion, text: str) -> None:
        """Answer one question in a process of its own."""
        given = json.dumps({"kept": kept.to_json(), "text": text})
        command = [*_PROGRAM, str(self.store), str(self.file)]
        try:
            ended = subprocess.run(  # noqa: S603 - our own program
                command, input=given.encode(), timeout=self.seconds, check=False
            ).returncode
        except subprocess.TimeoutExpired:
            self.progress(f"{kept.question} had no answer within {self.seconds:.0f} s, and none is kept")
        else:
            if ended:
                self.progress(f"{kept.question} could not be answered, and no answer is kept")


def main(store: str, file: str, given: str) -> None:
    """Answer one question, as `given` says in JSON, from the folder `store` into `file`."""
    asked = json.loads(given)
    answer_writer.keep(
        Path(file), KeptQuestion.from_json(asked["kept"]), asked["text"], DiskStore(Path(store)).open()
    )


def _nothing(_query: str) -> list[object]:
    """Return no rows: values of these questions are texts, which are looked for nowhere."""
    return []


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    main(sys.argv[1], sys.argv[2], sys.stdin.read())
