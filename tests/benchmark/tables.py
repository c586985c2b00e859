"""Write what was measured as tables of Markdown: ratios first, the base in milliseconds."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .measuring import Cell

Table = Mapping[str, Mapping[str, Cell]]
PEERS = ("cold", "warm", "rdflib")


def ratios(table: Table) -> str:
    """Return minima and medians as ratios to the native server, whose own times are in ms."""
    head = "| question | rows | native ms: min, p50, p99 | cold | warm | rdflib-endpoint | rdflib / cold |\n"
    lines = [head + "|---" * 7 + "|"]
    for name, cells in table.items():
        base = cells["native"]
        times = " | ".join(_ratio(cells.get(peer), base) for peer in PEERS)
        own = base.problem or f"{base.best:.3g}, {base.p50:.3g}, {base.p99:.3g}"
        slow = _single(cells.get("rdflib"), cells["cold"])
        lines.append(f"| {name} | {_rows(cells)} | {own} | {times} | {slow} |")
    return "\n".join(lines)


def absolute(table: Table, value: Callable[[Cell], float], form: str) -> str:
    """Return `value` of each cell, written in `form`."""
    peers = list(next(iter(table.values())))
    lines = [f"| question | {' | '.join(peers)} |", "|---" * (len(peers) + 1) + "|"]
    for name, cells in table.items():
        shown = (cells[peer].problem or format(value(cells[peer]), form) for peer in peers)
        lines.append(f"| {name} | {' | '.join(shown)} |")
    return "\n".join(lines)


def _ratio(cell: Cell | None, base: Cell) -> str:
    """Return minimum, median and p99 of `cell` as multiples of those of `base`."""
    if cell is None or cell.problem or base.problem:
        return cell.problem if cell else "–"
    return ", ".join(
        f"{mine / theirs:.2g}"
        for mine, theirs in ((cell.best, base.best), (cell.p50, base.p50), (cell.p99, base.p99))
    )


def _single(cell: Cell | None, base: Cell) -> str:
    if cell is None or cell.problem or base.problem:
        return cell.problem if cell else "–"
    return f"{cell.best / base.best:.3g}"


def _rows(cells: Mapping[str, Cell]) -> str:
    counts = {cell.rows for cell in cells.values() if not cell.problem}
    return str(counts.pop()) if len(counts) == 1 else "differ: " + ", ".join(map(str, sorted(counts)))
