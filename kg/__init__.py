"""cablegraph: diplomatic telegrams as a knowledge graph that people can question.

>>> import kg
>>> graph = kg.open()
>>> for row in graph.query("who-criticised", issue="issue:soviet-decisions-on-the-crisis"):
...     print(row.holder, row.extent)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.graph import Graph, open  # noqa: A004 - it is called as kg.open

__all__ = ["Graph", "open"]


def __getattr__(name: str) -> Any:
    """Return what is in `__all__`, imported only now: `import kg` alone loads no library (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from kg import graph  # noqa: PLC0415 - see above  # noqa: PLC0415 - see above

    return getattr(graph, name)
