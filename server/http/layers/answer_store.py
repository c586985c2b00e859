"""Complete answers in memory: as many as fit into a number of bytes, the longest unused leave first.

An answer is kept under what was asked and its strong entity tag, which stands for data version,
query, dataset parameters, format and coding at once (RFC 9110 section 8.8.3). Beside it are the
requests, as they came over the wire, that it has answered, so that the same request again needs no
reading at all.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field

Headers = tuple[tuple[str, str], ...]

_LARGEST = 8  # an answer may take this part of the whole, so that one cannot drive out all others
_FORMS = 16  # requests that are remembered for one answer
_OVERHEAD = 2048  # bytes for headers and for Python's own bookkeeping, measured and rounded up


@dataclass(frozen=True, slots=True)
class Stored:
    """One answer: what was asked with the entity tag of the answer, its headers, its bytes."""

    name: tuple[Hashable, str]
    headers: Headers
    body: bytes


@dataclass(slots=True)
class _Entry:
    stored: Stored
    size: int
    forms: dict[Hashable, int] = field(default_factory=dict)


class Answers:
    """Answers of at most `capacity` bytes together; every method may be called from any thread."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.size = 0
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._names: dict[Hashable, Hashable] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Return how many answers there are."""
        return len(self._entries)

    def find(self, name: Hashable) -> Stored | None:
        """Return the answer of that `name`, or None."""
        with self._lock:
            entry = self._entries.get(name)
            if entry is None:
                return None
            self._entries.move_to_end(name)
            return entry.stored

    def recall(self, form: Hashable) -> Stored | None:
        """Return the answer that the request `form` has had, or None."""
        name = self._names.get(form)
        return None if name is None else self.find(name)

    def keep(self, form: Hashable, size: int, stored: Stored) -> None:
        """Keep `stored` as the answer to the request `form`, which takes `size` bytes.

        What is too large is not kept; what no longer fits leaves.
        """
        if len(stored.body) + size + _OVERHEAD > self.capacity // _LARGEST:
            return
        with self._lock:
            entry = self._entries.get(stored.name)
            if entry is None:
                entry = self._entries[stored.name] = _Entry(stored, len(stored.body) + _OVERHEAD)
                self.size += entry.size
            self._remember(entry, form, size)
            self._entries.move_to_end(stored.name)
            while self.size > self.capacity:
                self._forget(self._entries.popitem(last=False)[1])

    def _remember(self, entry: _Entry, form: Hashable, size: int) -> None:
        if form in entry.forms:
            return
        if len(entry.forms) == _FORMS:
            oldest = next(iter(entry.forms))
            self._shrink(entry, oldest)
        entry.forms[form] = size
        entry.size += size
        self.size += size
        self._names[form] = entry.stored.name

    def _shrink(self, entry: _Entry, form: Hashable) -> None:
        size = entry.forms.pop(form)
        entry.size -= size
        self.size -= size
        del self._names[form]

    def _forget(self, entry: _Entry) -> None:
        self.size -= entry.size
        for form in entry.forms:
            del self._names[form]
