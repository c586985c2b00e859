"""From which things the paths of `fields.yaml` lead over statements that have changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.asking.query_parts.paths import Path, read_path
from kg.asking.query_parts.token_stream import TokenStream
from kg.namespaces import PREFIXES

_KNOWN = frozenset({"iri", "inverse", "sequence", "either", "times", "other"})
Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def parse(text: str) -> Path:
    """Return the property path that `text` says; raises SyntaxError for what is no path of names."""
    stream = TokenStream(text, PREFIXES)
    path = read_path(stream)
    if stream.next.kind != "end" or not _is_known(path):
        raise SyntaxError(f"{text!r} is no path of the search")
    return path


def _is_known(path: Path) -> bool:
    is_read = isinstance(path.slot, ox.NamedNode) if path.kind == "iri" else bool(path.parts)
    return path.kind in _KNOWN and is_read and all(map(_is_known, path.parts))


@dataclass
class Reach:
    """Finds from where paths lead over `changed` statements, in a store that holds those that were added.

    A statement that was taken away is reached by what leads to it: of all statements of a path that are gone,
    the first one is found so. Where a path may take a step once or not at all, it is followed as often as it
    leads on, so that some more may be found.
    """

    store: ox.Store
    changed: Iterable[ox.Triple]
    _by_name: dict[str, list[ox.Triple]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sort the statements by property."""
        for triple in self.changed:
            self._by_name.setdefault(triple.predicate.value, []).append(triple)

    def over(self, path: Path, *, back: bool = False) -> set[Node]:
        """Return the nodes from which `path` leads over a changed statement, `back` from its end."""
        if path.kind == "iri":
            assert isinstance(path.slot, ox.NamedNode)  # noqa: S101 - see `parse`
            changed = self._by_name.get(path.slot.value, ())
            return {triple.object if back else triple.subject for triple in changed}
        if path.kind == "inverse":
            return self.over(path.parts[0], back=not back)
        if path.kind == "sequence":
            found = set[Node]()
            for part in _from_last(path, back=back):
                found = self._before(part, found, back=back) | self.over(part, back=back)
            return found
        over = set[Node]().union(*(self.over(part, back=back) for part in path.parts))
        return over if path.kind == "either" else self._before(path, over, back=back) | over

    def _before(self, path: Path, ends: set[Node], *, back: bool) -> set[Node]:
        """Return the nodes from which `path`, or `back` along it, leads to one of `ends`."""
        if path.kind == "iri":
            return {start for end in ends for start in self._starts(path, end, back=back)}
        if path.kind == "inverse":
            return self._before(path.parts[0], ends, back=not back)
        if path.kind == "sequence":
            for part in _from_last(path, back=back):
                ends = self._before(part, ends, back=back)
            return ends
        if path.kind == "either":
            return set[Node]().union(*(self._before(part, ends, back=back) for part in path.parts))
        found, new = set(ends), ends
        while new := self._before(path.parts[0], new, back=back) - found:
            found |= new
        return found

    def _starts(self, path: Path, end: Node, *, back: bool) -> list[Node]:
        name = path.slot
        assert isinstance(name, ox.NamedNode)  # noqa: S101 - see `parse`
        if not back:
            return [quad.subject for quad in self.store.quads_for_pattern(None, name, end)]
        if isinstance(end, ox.Literal):
            return []
        return [quad.object for quad in self.store.quads_for_pattern(end, name, None)]


def _from_last(path: Path, *, back: bool) -> Sequence[Path]:
    return path.parts if back else path.parts[::-1]
