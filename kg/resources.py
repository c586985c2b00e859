"""Find the folders and files that travel with the code, in a wheel or in a checkout."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


def folder(name: str) -> Traversable:
    """Return the folder `ontology`, `shapes`, `queries` or `records`, whichever way kg was installed.

    A wheel carries the first three under `kg/_data`; in a checkout they lie beside `kg`.
    """
    if name == "records":
        return files("kg") / "records"
    shipped = files("kg") / "_data" / name
    return shipped if shipped.is_dir() else Path(__file__).parent.parent / name


def document(name: str) -> Traversable:
    """Return the file `CITATION.cff` or `LICENSE-DATA`, from the same places."""
    shipped = files("kg") / "_data" / name
    return shipped if shipped.is_file() else Path(__file__).parent.parent / name
