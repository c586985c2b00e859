"""Closing of documents, of which those for which nothing has changed since an earlier build are kept.

What a document draws depends on its own statements, the axioms and rules, and what these can read of the
context: statements with a property that one of them reads, or that one of them may draw. Of the context's
other statements, labels and notes among them, it depends only in that their subjects are known. So a shared
thing may get another label, and no document is closed again; if one of its relations changes, all are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from kg.inference.columns.compiled_query import CompiledQuery
from kg.inference.columns.graph_closing import Closed, Closing, NewColumns
from kg.inference.columns.statement_columns import Columns, Statement
from kg.inference.rules import Rule
from kg.namespaces import CG
from kg.reading.again.step_results import StepResults

_OURS = f"<{CG}"


class KeptClosing:
    """Closes documents in one `context` by the compiled `rules`, with the `results` of an earlier build.

    `ontology` is that of the axioms. The context must not change afterwards.
    """

    def __init__(
        self,
        closing: Closing,
        rules: Sequence[Rule],
        ontology: Columns,
        context: Columns,
        results: StepResults,
    ) -> None:
        self._closing, self._results = closing, results
        relevant = [name for name in context.out if reads(closing, name)]
        self._shared = b"\0".join(
            (
                repr(closing.names).encode(),
                repr([(rule.name, rule.stage, rule.text, rule.program) for rule in rules]).encode(),
                _digest(ontology),
                _digest(_of(context, relevant)),
            )
        )

    def document(self, new: NewColumns) -> Closed:
        """Return what `Closing.document` does; `new` may be without what was drawn."""
        made: list[Closed] = []

        def make() -> bytes | None:
            made.append(self._closing.document(new))
            return None if made[0].clashes else _lines(made[0].drawn)

        own = new.columns
        known = "\n".join(sorted(own.subjects() & new.known))
        content = self._results.result((b"closed", self._shared, known.encode(), _digest(own)), make)
        return made[0] if made or content is None else Closed(list(_statements(content)))


def reads(closing: Closing, name: str) -> bool:
    """Return whether what a document draws may depend on statements of its context with a property."""
    queries = (rule.query for rules in closing.stages.values() for rule in rules)
    # A program in place of a pattern, such as the one for numbers, reads our properties alone.
    return (
        name.startswith(_OURS)
        or closing.axioms.reads(name)
        or any(name in query.reads for query in queries if isinstance(query, CompiledQuery))
    )


def _of(columns: Columns, names: Iterable[str]) -> Iterator[Statement]:
    for name in names:
        for subject, targets in columns.out[name].items():
            yield from ((subject, name, target) for target in targets)


def _digest(statements: Iterable[Statement]) -> bytes:
    return hashlib.sha256(_lines(sorted(statements))).digest()


def _lines(statements: Iterable[Statement]) -> bytes:
    return "\n".join(f"{subject} {name} {target}" for subject, name, target in statements).encode()


def _statements(lines: bytes) -> Iterator[Statement]:
    # Terms have no line end of N-Triples in them, but may have what else Unicode calls a line end.
    for line in lines.decode().split("\n") if lines else ():
        subject, name, target = line.split(" ", 2)
        yield subject, name, target
