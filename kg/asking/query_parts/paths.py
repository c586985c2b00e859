"""Property paths as trees, and as triple patterns that the path needs (SPARQL 1.1 section 18.2.2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pyoxigraph as ox

from kg.asking.query_parts.token_stream import TokenStream

Node = ox.NamedNode | ox.Literal
Slot = Node | str  # a term, or the name of a variable
Fresh = Iterator[str]


@dataclass(frozen=True, slots=True)
class Path:
    """One path; its kinds are `iri`, `variable`, `inverse`, `sequence`, `either`, `times` and `other`."""

    kind: str
    start: int
    parts: tuple[Path, ...] = ()
    slot: Slot = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A triple pattern that must match: its terms or variables, and the place where it is written.

    `graph` is the graph it is asked of: a name, a variable, or None for the default graph. `groups` are the
    groups around it, from the outermost; `needed` tells whether they are empty if it matches nothing.
    """

    subject: Slot
    predicate: Slot
    object: Slot
    start: int
    graph: Slot | None = None
    groups: tuple[int, ...] = ()
    needed: bool = True

    @property
    def slots(self) -> tuple[Slot, Slot, Slot]:
        """Subject, predicate and object."""
        return self.subject, self.predicate, self.object

    def joins(self, other: Pattern) -> bool:
        """Return whether each solution must match both patterns."""
        shorter = min(len(self.groups), len(other.groups))
        return self.groups[:shorter] == other.groups[:shorter]


def fresh_names() -> Fresh:
    """Return names of variables that no query has."""
    return (f" {n}" for n in count())


def read_path(stream: TokenStream) -> Path:
    """Return the path at the present place of `stream`, which is then behind it."""
    parts = [_sequence(stream)]
    while stream.take("|"):
        parts.append(_sequence(stream))
    return parts[0] if len(parts) == 1 else Path("either", parts[0].start, tuple(parts))


def _sequence(stream: TokenStream) -> Path:
    parts = [_step(stream)]
    while stream.take("/"):
        parts.append(_step(stream))
    return parts[0] if len(parts) == 1 else Path("sequence", parts[0].start, tuple(parts))


def _step(stream: TokenStream) -> Path:
    start = stream.start
    if stream.take("^"):
        return Path("inverse", start, (_step(stream),))
    step = _primary(stream)
    token = stream.next
    if token.word in ("*", "+") or token.text == "?":
        stream.take(token.text)
        return Path("times" if token.word == "+" else "other", start, (step,))
    return step


def _primary(stream: TokenStream) -> Path:
    start = stream.start
    if stream.take("("):
        path = read_path(stream)
        stream.expect(")")
        return path
    if stream.take("!"):
        stream.skip_term_or_brackets()
        return Path("other", start)
    if stream.next.word == "A":
        stream.take("A")
        return Path("iri", start, slot=stream.type)
    slot = stream.variable_or_iri()
    return Path("variable" if isinstance(slot, str) else "iri", start, slot=slot)


def properties(path: Path) -> Iterator[int]:
    """Yield the places of the properties in `path`."""
    if path.kind == "iri":
        yield path.start
    for part in path.parts:
        yield from properties(part)


def needed_patterns(path: Path, subject: Slot, target: Slot, fresh: Fresh) -> Iterator[Pattern]:
    """Yield the triple patterns without which `path` cannot lead from `subject` to `target`."""
    if path.kind in ("iri", "variable"):
        yield Pattern(subject, path.slot, target, path.start)
    elif path.kind == "inverse":
        yield from needed_patterns(path.parts[0], target, subject, fresh)
    elif path.kind == "times":  # the first step and the last
        yield from needed_patterns(path.parts[0], subject, next(fresh), fresh)
        yield from needed_patterns(path.parts[0], next(fresh), target, fresh)
    elif path.kind == "sequence":
        ends = [subject, *(next(fresh) for _ in path.parts[1:]), target]
        for n, part in enumerate(path.parts):
            yield from needed_patterns(part, ends[n], ends[n + 1], fresh)
