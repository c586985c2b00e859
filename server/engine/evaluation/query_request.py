"""One query with its limits, as the pool is asked it, and the answer that comes back."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from server.web.formats import Kind


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may use.

    `timeout` and `wait` are seconds: for one query, and for a worker to become free. `memory` is
    the address space in bytes that a worker may take beyond the store; `result` is the largest
    answer in bytes; `workers` is how many queries run at once.
    """

    timeout: float = 10.0
    memory: int = 512 << 20
    result: int = 32 << 20
    workers: int = field(default_factory=lambda: max(2, os.cpu_count() or 2))
    wait: float = 2.0


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """One query and how it is to be answered.

    `types` gives the wanted media type for each kind of result; a kind that is left out cannot
    be answered. `default_graphs` and `named_graphs` are the dataset of the protocol (SPARQL 1.1
    Protocol section 2.1.4): both None leaves the choice to the query. `timeout` in seconds can
    only lower the limit. `base` resolves relative IRIs (section 2.3). `services` are the exact
    addresses that the query may call; ServiceCallsError then tells the calls to make.
    """

    query: str
    types: Mapping[Kind, str]
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    timeout: float | None = None
    base: str | None = None
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """One complete result, serialised.

    `version` is that of the data it was made from. `volatile`: the next may differ all the same.
    """

    body: bytes
    kind: Kind
    media_type: str
    version: str = ""
    volatile: bool = False
