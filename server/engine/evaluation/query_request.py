"""Messages between the pool and its callers: a query with its options, its limits, its answer."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.asking.hints.hint import Hint
from kg.namespaces import SHIPPED, Namespaces
from server.web.formats import Kind


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one query, and the number of queries at once.

    `timeout` is the time of a query and `wait` the time until one more worker is free, in seconds. `memory`
    is the address space that a worker may use beyond the store, and `result` the largest answer, in
    bytes. `workers` is how many queries run at once. Without `hints` the workers give none, and start sooner.

    A query that runs for `patience` seconds is long: it gives way to others, and does not count among those.
    At most `long` of them run at once, `long_of_client` of one client, in `long_memory` bytes together.
    """

    timeout: float = 10.0
    memory: int = 512 << 20
    result: int = 32 << 20
    workers: int = field(default_factory=lambda: max(2, os.cpu_count() or 2))
    wait: float = 2.0
    hints: bool = True
    patience: float = 0.1
    long: int = 96
    long_of_client: int = 64
    long_memory: int = 2 << 30


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """One query and its options.

    `types` maps each kind of result to the media type to write it in; a kind that is left out cannot
    be answered. `default_graphs` and `named_graphs` are the dataset of the protocol (SPARQL 1.1
    Protocol section 2.1.4); if both are None, the query chooses. `timeout` in seconds can
    only lower the limit. `base` resolves relative IRIs (section 2.3). `services` are the exact
    addresses that the query may call; ServiceCallsError then has the calls to make. With `hints` the answer
    has the hints on the query, if it is empty or odd or uses prefixes undeclared. `names` has the prefixes
    that need no declaration; the pool sets it. `fetched` are the results that a store elsewhere has given so
    far, by the keys of StoreCallError, which then has what to ask it next; None is for a store of our own.
    Of a table only the rows of `part` are written, but all are counted: so many rows are left out before it,
    and it has at most so many, or all that are left. Without it all are written, and none counted.
    """

    query: str
    types: Mapping[Kind, str]
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    timeout: float | None = None
    base: str | None = None
    services: tuple[str, ...] = ()
    hints: bool = False
    names: Namespaces = SHIPPED
    fetched: tuple[tuple[str, bytes], ...] | None = None
    part: tuple[int, int | None] | None = None


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """One complete result, serialised.

    `version` is the version of its data. `volatile` is whether the next answer may differ even so. `hints`
    say why it is empty or odd, where the request asks for them. `total` is the number of all rows of a table
    of which a part was asked for.
    """

    body: bytes
    kind: Kind
    media_type: str
    version: str = ""
    volatile: bool = False
    hints: tuple[Hint, ...] = ()
    total: int | None = None
