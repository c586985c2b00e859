"""The Python API of cablegraph: open the knowledge graph of diplomatic telegrams and query it.

>>> import kg
>>> graph = kg.open()
>>> for row in graph.query("who-criticised", issue="issue:soviet-decisions-on-the-crisis"):
...     print(row.holder, row.extent)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.asking.hints.hint import HintWarning
    from kg.graph import Graph, open  # noqa: A004 - it is called as kg.open

__all__ = ["Graph", "HintWarning", "open"]


def __getattr__(name: str) -> Any:
    """Return a name of `__all__`, imported on first use, so that `import kg` loads no library (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from kg import graph  # noqa: PLC0415 - imported on first use

    return getattr(graph, name)
