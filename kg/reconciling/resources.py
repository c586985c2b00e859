"""The tables that lie beside this code."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files


def read(name: str) -> str:
    """Return the text of the table `name`."""
    return (files("kg.reconciling") / name).read_text(encoding="utf-8")


def rows(name: str) -> Iterator[tuple[str, str]]:
    """Yield the two columns of the table `name`, without its comments."""
    for line in read(name).splitlines():
        if line and not line.startswith("#"):
            left, _, right = line.partition("\t")
            yield left, right
